"""The board: what waits and why, in a constant number of queries, the same in page and push."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from dispatch.actions import hand_off
from dispatch.models import Unit
from dispatch.needs import standings
from dispatch.queue_actions import own
from dispatch.states import RunStatus
from heart.accounts.actions import log_read
from heart.desks.layout import PANELS
from heart.journal.models import Entry
from heart.live.audiences import BOARD
from heart.live.registry import render, stale_ids
from heart.pages.queries import board, board_snapshot
from heart.pages.queries.board import BoardCall, board_calls, ranges
from heart.pages.queries.board_events import RECENT, board_events
from heart.pages.queries.board_teams import BoardUnit, board_units
from intake.models import Call
from tests.builders import NO_DANGER, Given, last_entry
from tests.pages.screen import Screen, problems, said
from tests.people import People

pytestmark = pytest.mark.django_db
QUERIES = 25


def only() -> BoardCall:
    (row,) = board_calls()
    return row


def test_board_of_a_call_being_taken(given: Given) -> None:
    given.taking()

    row = only()

    assert (row.place, row.state, row.level) == ("waiting", "being taken", None)


def test_board_of_a_call_that_needs_a_team(given: Given) -> None:
    given.call()

    row = only()

    assert (row.place, row.state, row.route, row.level) == ("waiting", "CRT", "CRT", 2)
    assert row.due is not None
    assert row.due.at == row.call.answered_at + timedelta(minutes=10)
    assert row.due.soon_seconds == 200


def test_board_of_a_call_with_everything_on_it(given: Given) -> None:
    given.run(RunStatus.EN_ROUTE)

    row = only()

    assert (row.place, row.state) == ("active", "")
    assert [(h.name, h.status, h.code) for h in row.holders] == [("CRT1", "en_route", "ER")]


def test_board_of_a_level_4_call_names_each_agency_it_still_needs(
    given: Given, people: People
) -> None:
    call = given.call("OVERDOSE", {**NO_DANGER, "medical": "serious"})
    before = only().state
    hand_off(call_id=call.pk, agency="EMS", by=people.dev.actor("console"))

    after = only().state

    assert before == "EMS, clinician"
    assert after == "clinician"


def test_board_of_a_call_that_is_ready_to_close(given: Given) -> None:
    given.run(RunStatus.CLEARED)

    assert only().state == "ready to close"


def test_board_of_a_closed_call_is_empty(given: Given) -> None:
    given.closed_call()

    assert board_calls() == []


def test_board_order_is_level_then_age_and_not_triaged_is_not_low(given: Given) -> None:
    taking, low = given.taking(), given.call()
    high, lower = given.high_call(), given.call()

    assert [row.call.number for row in board_calls()] == [
        taking.number,
        high.number,
        low.number,
        lower.number,
    ]


def test_board_of_a_wanted_team_that_cannot_go_says_what_comes_instead(
    given: Given, people: People
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        call = given.call()
        for code in ("CRT1", "CRT2", "CRT3", "CRT4"):
            _take_out(code, people)
        hand_off(call_id=call.pk, agency="988", by=people.dev.actor("console"))

        row = only()

    assert row.planned != ""
    assert row.fallback != ""


def _take_out(code: str, people: People) -> None:
    from dispatch.actions import out_of_service

    out_of_service(unit_id=Unit.objects.get(code=code).pk, by=people.dev.actor("console"))


@pytest.mark.parametrize("calls", [1, 3])
def test_board_page_takes_the_same_queries_for_one_and_three_rows(
    calls: int,
    given: Given,
    people: People,
    at: Callable[..., Screen],
    django_assert_num_queries: Callable[..., object],
) -> None:
    for unit in ("CRT1", "CRT2", "COR1")[:calls]:
        given.waiting_consult()
        given.run(unit=unit)
    screen = at(people.dev)

    with django_assert_num_queries(QUERIES):
        page = screen.get("/board/")

    assert page.status_code == 200


def test_page_and_push_are_the_same_bytes(
    given: Given, people: People, at: Callable[..., Screen]
) -> None:
    run = given.run()

    page = at(people.dev).get("/board/").content.decode()
    items = render(BOARD, [f"call-{run.call_id}", f"unit-{run.unit_id}"])

    assert [item["html"] in page for item in items] == [True, True]


def test_push_of_a_closed_call_takes_it_off_the_board(given: Given) -> None:
    call = given.closed_call()

    assert [item["html"] for item in render(BOARD, [f"call-{call.pk}"])] == [""]


def test_a_team_is_taken_out_of_service_and_back(
    people: People, at: Callable[..., Screen]
) -> None:
    screen = at(people.dev)

    out = screen.press("/units/CRT1/service/out/")
    twice = screen.press("/units/CRT1/service/out/")
    back = screen.press("/units/CRT1/service/in/")

    assert said(out) == "CRT1 is out of service."
    assert (twice.status_code, problems(twice)) == (
        409,
        {"": "unit is out of service: cannot go out of service"},
    )
    assert said(back) == "CRT1 is in service."


def test_team_lines_say_hours_and_crew() -> None:
    line = next(row for row in board_units() if row.unit.code == "CRT1")

    assert (line.code, line.hours, line.crew) == ("AV", "on all day", "clinician · peer · EMT")


def test_snapshot_for_other_systems_has_the_cursor_and_the_needs(given: Given) -> None:
    given.call()

    snapshot = board_snapshot()

    assert [call["needs"] for call in snapshot["calls"]] == [["CRT"]]
    assert {unit["code"] for unit in snapshot["units"]} == {
        "COR1",
        "COR2",
        "CRT1",
        "CRT2",
        "CRT3",
        "CRT4",
    }
    assert snapshot["cursor"].count("-") == 2


def test_changes_after_a_cursor_of_nobody_ask_for_a_new_page(
    people: People, at: Callable[..., Screen]
) -> None:
    answer = at(people.dev).get("/board/changes/", {"after": "nonsense"})

    assert answer.json()["type"] == "reset"


# --- the part of a list that a page brings ------------------------------------------------------------


def test_page_brings_the_beginning_and_names_what_is_beyond(
    given: Given, people: People, at: Callable[..., Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "FIRST", 2)
    calls = [given.call() for _ in range(4)]

    page = at(people.dev).get("/board/").content.decode()

    assert shown(page) == [call.pk for call in calls[:2]]
    edge = board_calls([calls[1].pk])[0].order
    assert f'data-feed-edge="{edge}" data-feed-beyond="{calls[2].pk}-{calls[3].pk}"' in page
    assert '<span class="badge" data-feed-count="waiting">4</span>' in page


def test_scrolling_brings_what_follows_as_it_would_be_pushed(
    given: Given, people: People, at: Callable[..., Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "MORE", 2)
    calls = [given.call() for _ in range(4)]
    after = board_calls([calls[0].pk])[0].order

    piece = at(people.dev).get("/board/rows/", {"list": "waiting", "after": after}).json()

    assert piece["items"] == render(BOARD, [f"call-{call.pk}" for call in calls[1:3]])
    assert piece["edge"] == board_calls([calls[2].pk])[0].order
    assert piece["beyond"] == str(calls[3].pk)


def test_end_of_a_list_has_no_edge(
    given: Given, people: People, at: Callable[..., Screen]
) -> None:
    given.call()

    piece = at(people.dev).get("/board/rows/", {"list": "active", "after": ""}).json()

    assert piece == {"items": [], "edge": "", "beyond": ""}


@pytest.mark.parametrize("name", ["", "units", "waiting\x01"])
def test_rows_of_no_list_are_refused(name: str, people: People, at: Callable[..., Screen]) -> None:
    answer = at(people.dev).get("/board/rows/", {"list": name})

    assert (answer.status_code, answer.json()) == (
        422,
        {"problems": {"list": "waiting or active"}},
    )


def test_short_look_and_whole_line_agree_on_place_and_order(given: Given) -> None:
    given.taking()
    given.lowering()
    given.waiting_consult()
    given.ended_consult()
    given.run(RunStatus.EN_ROUTE)
    given.run(RunStatus.CANCELLED, unit="CRT2")
    given.handoff()
    given.call("OVERDOSE", {**NO_DANGER, "medical": "serious"})

    short = [(each.pk, each.place, each.order) for each in standings()]

    assert short == [(row.call.pk, row.place, row.order) for row in board_calls()]


@pytest.mark.parametrize("calls", [1, 3])
def test_short_look_takes_four_queries(
    calls: int, given: Given, django_assert_num_queries: Callable[..., object]
) -> None:
    for unit in ("CRT1", "CRT2", "COR1")[:calls]:
        given.run(unit=unit)

    with django_assert_num_queries(4):
        standings()


@pytest.mark.parametrize(
    ("ids", "text"),
    [([], ""), ([3], "3"), ([7, 3, 4, 5], "3-5 7"), ([1, 3, 5], "1 3 5")],
)
def test_ids_in_few_characters(ids: list[int], text: str) -> None:
    assert ranges(ids) == text


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li id="call-(\d+)"', page)]


# --- what a line says ---------------------------------------------------------------------------------


def line(call_id: int) -> str:
    (item,) = render(BOARD, [f"call-{call_id}"])
    return item["html"]


def test_line_of_a_held_call_says_until_when_and_why(given: Given) -> None:
    call = given.held_call(minutes=20)
    until = timezone.localtime(call.holds.get().until)

    assert f"held to {until:%H:%M}, no unit can go yet" in line(call.pk)


def test_line_of_a_waiting_call_says_when_its_caller_is_to_hear_from_us(given: Given) -> None:
    call = given.watched_call()
    since = call.watches.get(kind="recontact").since

    (row,) = board_calls([call.pk])

    assert row.recontact is not None
    assert row.recontact.at == since + timedelta(seconds=1200)
    assert row.recontact.soon_seconds == 300
    assert 'class="recontact"' in line(call.pk)


def test_line_names_the_owner_by_initials(given: Given, people: People) -> None:
    call = given.call()
    own(call_id=call.pk, owner_id=people.omar.pk, by=people.dev.actor("console"))
    initials = f"{people.omar.first_name[0]}{people.omar.last_name[0]}"

    assert f'<span class="unseen">owner </span>{initials}</span>' in line(call.pk)


def test_line_of_a_synthetic_call_says_so(given: Given) -> None:
    call = given.call()
    before = line(call.pk)
    Call.objects.filter(pk=call.pk).update(is_synthetic=True)

    assert ("synthetic" in before, "synthetic" in line(call.pk)) == (False, True)


def test_team_without_its_three_roles_says_so(people: People) -> None:
    crew = Unit.objects.get(code="CRT1").crew
    crew.filter(duty="peer").update(on_since=None)
    partly = team("CRT1")
    crew.update(on_since=None)

    assert (partly.missing, partly.crew) == ("no peer", "clinician · EMT")
    assert team("CRT1").missing == "nobody signed on"


def test_team_out_of_service_need_not_be_complete(people: People) -> None:
    unit = Unit.objects.get(code="CRT1")
    unit.crew.update(on_since=None)
    _take_out("CRT1", people)

    assert team("CRT1").missing == ""


def team(code: str) -> BoardUnit:
    return next(row for row in board_units() if row.unit.code == code)


# --- panels and recent events ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PANELS)
def test_each_panel_has_a_window_of_its_own_on_the_same_feed(
    name: str, people: People, at: Callable[..., Screen]
) -> None:
    page = at(people.dev).get(f"/board/{name}/").content.decode()

    assert re.findall(r'data-panel="(\w+)"', page) == [name]
    assert 'data-feed="/ws/board/"' in page


def test_there_is_no_other_panel(people: People, at: Callable[..., Screen]) -> None:
    assert at(people.dev).get("/board/nothing/").status_code == 404


def test_recent_events_are_told_newest_first_with_their_call(
    given: Given, people: People, at: Callable[..., Screen]
) -> None:
    run = given.run(RunStatus.EN_ROUTE)
    page = at(people.dev).get("/board/").content.decode()

    events = board_events()

    assert [event.words for event in events[:2]] == ["CRT1 is on the way", "sent CRT1 to the call"]
    assert {event.number for event in events} == {run.call.number}
    assert [item["html"] in page for item in render(BOARD, [f"event-{events[0].pk}"])] == [True]


def test_reading_and_typing_are_no_events(given: Given, people: People) -> None:
    call = given.taking()
    before = [event.pk for event in board_events()]
    log_read(by=people.dev.actor("console"), call_id=call.pk, what="call", screen="call")

    assert [event.pk for event in board_events()] == before
    assert not [i for i in stale_ids(BOARD, [last_entry()]) if i.startswith("event-")]


def test_burst_makes_stale_no_more_events_than_are_shown(given: Given) -> None:
    entry = Entry(pk=7, call_id=1, verb="note.written", payload={})

    stale = [i for i in stale_ids(BOARD, [entry] * 500) if i.startswith("event-")]

    assert len(stale) <= RECENT
