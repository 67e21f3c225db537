"""The pages in the panel: for supervisors only, with nothing, one and many, in constant queries."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heart.journal.models import Entry
from heart.replay import actions
from heart.replay.models import Flip, Replay
from heart.replay.states import ReplayStatus
from tests.builders import CLOCK, Given, said
from tests.pages.screen import Screen
from tests.people import People
from tests.replay_jobs.history import imported, version_with
from tests.replay_jobs.test_comparing import send_co_response

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
Replayed = Callable[..., Replay]
LIST = "/admin/replay/replay/"


@pytest.fixture
def flipped(given: Given, replayed: Replayed) -> Replay:
    """Two calls that the draft sends elsewhere."""
    given.call()
    given.call()
    imported("ASSAULT", tier="no", shows_police=True)
    draft = version_with(send_co_response, "R20", by=given.people.sam.actor("admin"))
    return replayed(version=draft.version, against=1)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("who", ["kai", "dev", "noor"])
def test_only_supervisors_replay(who: str, flipped: Replay, people: People, at: At) -> None:
    screen = at(getattr(people, who))
    own = f"{LIST}{flipped.pk}/"
    pages = [LIST, own, f"{own}progress/", f"{own}calls/", f"{own}calls.csv", f"{own}shares.csv"]
    pages += [f"{LIST}in-use/", f"{LIST}in-use/overrides.csv", f"{LIST}of-version/1/"]

    answers = [screen.get(page).status_code for page in pages]
    answers += [screen.post(page).status_code for page in (f"{LIST}start/", f"{own}stop/")]

    assert set(answers) == ({403} if who == "kai" else {302}), (
        "the panel itself is closed to others"
    )
    assert Replay.objects.count() == 1


def test_the_panel_shows_the_way_to_those_who_may(people: People, at: At) -> None:
    sees = {who.role: LIST in text(at(who).get("/admin/")) for who in (people.sam, people.kai)}

    assert sees == {"supervisor": True, "administrator": False}


def test_list_with_nothing_says_so(people: People, at: At) -> None:
    page = text(at(people.sam).get(LIST))

    assert "Nothing was replayed yet." in page
    assert "synthetic defaults" in page


def test_list_asks_the_database_as_often_for_nine_as_for_one(
    given: Given, people: People, at: At
) -> None:
    screen, counts = at(people.sam), []
    for n in (1, 8):
        for _ in range(n):
            given.replay()
        with CaptureQueriesContext(connection) as queries:
            screen.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_form_queues_a_replay_and_shows_it(given: Given, people: People, at: At) -> None:
    given.call()

    answer = at(people.sam).post(
        f"{LIST}start/", {"version": "1", "source": "here", "since": "", "until": ""}
    )

    row = Replay.objects.get()
    assert answer.headers["Location"] == f"{LIST}{row.pk}/"
    assert (row.status, row.source, row.requested_by) == ("queued", "here", people.sam)


def test_form_keeps_what_was_typed_and_says_what_is_wrong(people: People, at: At) -> None:
    answer = at(people.sam).post(
        f"{LIST}start/",
        {"version": "1", "against": "1", "since": "2026-05-02", "until": "2026-05-03"},
    )

    page = text(answer)
    assert answer.status_code == 422
    assert "is the same version: choose another, or none" in page
    assert 'value="2026-05-02"' in page
    assert 'value="2026-05-03"' in page


def test_version_page_leads_to_the_form_with_both_versions_chosen(
    given: Given, people: People, at: At
) -> None:
    draft = given.rule_set()

    answer = at(people.sam).get(f"{LIST}of-version/{draft.version}/", follow=True)

    assert f'<option value="{draft.version}" selected' in text(answer)
    assert '<option value="1" selected' in text(answer)


def test_progress_asks_for_itself_until_the_report_takes_its_place(
    given: Given, people: People, at: At
) -> None:
    screen, row = at(people.sam), given.replay(ReplayStatus.RUNNING)
    address = f"{LIST}{row.pk}/progress/"

    running = screen.get(address, headers={"HX-Request": "true"})
    actions.run_replays(limit=9, by=CLOCK)
    done = screen.get(address, headers={"HX-Request": "true"})

    assert f'hx-get="{address}" hx-trigger="every 1s"' in text(running)
    assert '<b class="number">100 %</b>' in text(running)
    assert done.headers["HX-Retarget"] == "#replay"
    assert "hx-get" not in text(done)
    assert "To a HEART response" in text(done)


def test_stopping_is_confirmed_and_final(given: Given, people: People, at: At) -> None:
    screen, row = at(people.sam), given.replay()
    page = text(screen.get(f"{LIST}{row.pk}/"))

    screen.post(f"{LIST}{row.pk}/stop/")
    again = screen.post(f"{LIST}{row.pk}/stop/", follow=True)

    row.refresh_from_db()
    assert "Stop for good" in page
    assert row.status == ReplayStatus.CANCELLED
    assert "Not stopped: the replay is cancelled" in text(again)


@pytest.mark.parametrize("status", list(ReplayStatus))
def test_a_replay_in_every_status_has_its_page(
    status: ReplayStatus, given: Given, people: People, at: At
) -> None:
    row = given.replay(status)

    answer = at(people.sam).get(f"{LIST}{row.pk}/")

    assert answer.status_code == 200
    if status == ReplayStatus.FAILED:
        assert "stopped by a fault" in text(answer)


def test_report_has_every_figure_with_its_definition_and_its_file(
    flipped: Replay, people: People, at: At
) -> None:
    from heart.replay.results import tables

    screen = at(people.sam)
    page = text(screen.get(f"{LIST}{flipped.pk}/"))

    for table in tables(flipped):
        assert f'id="{table.name}-title"' in page
        assert page.count("<svg") > 5
        if table.rows:
            file = screen.get(f"{LIST}{flipped.pk}/{table.name}.csv")
            rows = list(csv.reader(StringIO(text(file))))
            assert rows[0] == [column.key for column in table.columns]
            assert len(rows) == len(table.rows) + 1
    assert "Two figures, never one." in page
    assert "(metric 5)" in page


def test_report_asks_the_database_as_often_whatever_was_counted(
    flipped: Replay, replayed: Replayed, people: People, at: At
) -> None:
    screen = at(people.sam)
    small = replayed(
        version=flipped.rule_set.version, against=1, since="1999-01-01", until="1999-01-02"
    )
    counts = []
    for row in (small, flipped):
        with CaptureQueriesContext(connection) as queries:
            screen.get(f"{LIST}{row.pk}/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_flipped_calls_are_linked_and_reading_them_is_written_down(
    flipped: Replay, people: People, at: At
) -> None:
    screen = at(people.sam)
    number = Flip.objects.first().call.number

    page = text(screen.get(f"{LIST}{flipped.pk}/calls/"))
    screen.get(f"{LIST}{flipped.pk}/calls.csv")

    assert f'<a href="/calls/{number}/">{number}</a>' in page
    entries = Entry.objects.filter(verb="replay.listed")
    assert [said(entry) for entry in entries] == [
        "read the list of 2 calls that two versions part"
    ] * 2


def test_calls_of_a_replay_without_comparison_are_not_there(
    replayed: Replayed, people: People, at: At
) -> None:
    assert at(people.sam).get(f"{LIST}{replayed().pk}/calls/").status_code == 404


def test_a_page_of_the_list_holds_fifty(flipped: Replay, people: People, at: At) -> None:
    flip = flipped.flips.first()
    assert flip is not None
    for _ in range(58):
        flip.pk, flip.call = None, imported()
        flip.save(force_insert=True)
    screen = at(people.sam)

    first, second = (text(screen.get(f"{LIST}{flipped.pk}/calls/?page={n}")) for n in (1, 2))
    beyond = screen.get(f"{LIST}{flipped.pk}/calls/?page=nothing")

    assert (first.count('href="/calls/'), second.count('href="/calls/')) == (50, 10)
    assert "Page 1 of 2" in first
    assert beyond.status_code == 200


def test_files_are_harmless_to_a_spreadsheet(replayed: Replayed, people: People, at: At) -> None:
    imported(tier="=1+1")

    file = text(at(people.sam).get(f"{LIST}{replayed().pk}/tiers.csv"))

    assert "'=1+1,1,1" in file


@pytest.mark.parametrize("name", ["nothing.csv", "calls.csv"])
def test_a_table_that_is_not_there_is_not_found(
    name: str, replayed: Replayed, people: People, at: At
) -> None:
    assert at(people.sam).get(f"{LIST}{replayed().pk}/{name}").status_code == 404


@pytest.mark.parametrize("address", ["parts/controls.css/change/", "77777/change/", "x/change/"])
def test_an_address_of_no_replay_is_not_found(people: People, at: At, address: str) -> None:
    assert at(people.sam).get(f"{LIST}{address}").status_code == 404
