"""The board: what waits and why, in a constant number of queries, the same in page and push."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from dispatch.actions import hand_off
from dispatch.models import Unit
from dispatch.states import RunStatus
from heart.live.audiences import BOARD
from heart.live.registry import render
from heart.pages.queries import board_snapshot
from heart.pages.queries.board import BoardCall, board_calls
from heart.pages.queries.board_teams import board_units
from tests.builders import NO_DANGER, Given
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
