"""A team's phone page: safety first, one press once, only one's own team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch.models import Unit
from dispatch.states import RunStatus
from heart.journal.models import Entry
from heart.live.audiences import Audience, Kind
from heart.live.registry import render, stale_ids
from heart.pages.queries.team import team_view
from intake.actions import add_note
from tests.builders import NO_DANGER, Given
from tests.pages.screen import Screen
from tests.people import People
from triage.actions import write_clinical_note

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def unit_id(code: str = "CRT1") -> int:
    return Unit.objects.get(code=code).pk


def test_team_without_a_call_sees_its_crew(people: People, at: At) -> None:
    page = at(people.imani).get("/team/").content.decode()

    assert "Free" in page
    assert str(people.imani) in page
    assert not Entry.objects.filter(verb="record.read").exists()


def test_safety_stands_first_in_words(given: Given, people: People, at: At) -> None:
    answers = {
        **NO_DANGER,
        "weapon": "elsewhere",
        "weapon_type": "axe in the shed",
        "violence": "physical_past",
    }
    del answers["hazard"]
    run = given.run(call=given.call(answers=answers), unit="COR1")

    view = team_view(run.unit_id)

    assert view is not None
    assert view.current is not None
    told = [(danger.asked, danger.answer, danger.tone) for danger in view.current.dangers]
    assert told[:2] == [
        ("Weapon", "Elsewhere, out of reach: axe in the shed", "soon"),
        ("Violence", "Physical, over now", "late"),
    ]
    assert view.current.not_asked == ["Hazard"]


def test_page_of_a_run_has_place_notes_and_no_clinical_note(
    given: Given, people: People, at: At
) -> None:
    run = given.run()
    by = people.dev.actor("console")
    add_note(call_id=run.call_id, text="dog in the yard", by=by)
    write_clinical_note(
        call_id=run.call_id, text="clinical words", by=people.noor.actor("console")
    )

    page = at(people.imani).get("/team/").content.decode()

    assert page.index("Safety first") < page.index("12 Thimble Street") < page.index("dog in the")
    assert 'href="geo:' in page
    assert "clinical words" not in page


def test_reading_a_run_is_written_down_once_while_it_stays_open(
    given: Given, people: People, at: At
) -> None:
    run, screen = given.run(), at(people.imani)

    screen.get("/team/")
    screen.get("/team/CRT1/current/")

    entry = Entry.objects.get(verb="record.read")
    assert (entry.call_id, entry.payload["screen"]) == (run.call_id, "team page")


@pytest.mark.parametrize("notes", [1, 3])
def test_page_asks_the_database_as_often_for_three_notes_as_for_one(
    given: Given, people: People, at: At, notes: int
) -> None:
    run = given.run()
    for number in range(notes):
        add_note(call_id=run.call_id, text=f"note {number}", by=people.dev.actor("console"))
    screen = at(people.imani)
    screen.get("/team/CRT1/current/")

    with CaptureQueriesContext(connection) as queries:
        screen.get("/team/CRT1/current/")

    assert len(queries) == 12


def test_big_button_walks_the_run(given: Given, people: People, at: At) -> None:
    run, screen = given.run(), at(people.imani)
    base = f"/team/CRT1/runs/{run.pk}"

    for step in ("start", "arrival", "transport", "clearing"):
        assert screen.press(f"{base}/{step}/").json() == {"problems": {}}
    answer = screen.press(f"{base}/clear/", outcome="transported", felt_safe="yes")

    run.refresh_from_db()
    assert answer.status_code == 200
    assert (run.status, run.outcome, run.felt_safe) == ("cleared", "transported", "yes")


def test_clearing_without_the_felt_safe_answer_is_refused(
    given: Given, people: People, at: At
) -> None:
    run = given.run(RunStatus.CLEARING)

    answer = at(people.imani).press(f"/team/CRT1/runs/{run.pk}/clear/", outcome="resolved")

    assert (answer.status_code, set(answer.json()["problems"])) == (422, {"felt_safe"})


def test_press_sent_again_is_answered_as_done_and_done_once(
    given: Given, people: People, at: At
) -> None:
    run, screen, press = given.run(), at(people.imani), str(uuid4())

    first = screen.press(f"/team/CRT1/runs/{run.pk}/start/", command_id=press)
    second = screen.press(f"/team/CRT1/runs/{run.pk}/start/", command_id=press)

    assert (first.status_code, second.status_code) == (200, 200)
    assert Entry.objects.filter(command_id=press).count() == 1


def test_press_without_signal_keeps_its_own_time_beside_ours(
    given: Given, people: People, at: At
) -> None:
    run, pressed = given.run(), timezone.now() - timedelta(minutes=3)

    at(people.imani).press(f"/team/CRT1/runs/{run.pk}/start/", pressed_at=pressed.isoformat())

    run.refresh_from_db()
    entry = Entry.objects.get(verb="run.started")
    assert entry.happened_at == pressed
    assert run.en_route_at is not None
    assert run.en_route_at > pressed


@pytest.mark.parametrize("told", ["", "yesterday", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
def test_time_that_cannot_be_true_is_ours(given: Given, people: People, at: At, told: str) -> None:
    run, before = given.run(), timezone.now()

    at(people.imani).press(f"/team/CRT1/runs/{run.pk}/start/", pressed_at=told)

    assert Entry.objects.get(verb="run.started").happened_at >= before


def test_backup_is_asked_for_and_arrives(given: Given, people: People, at: At) -> None:
    run, screen = given.run(RunStatus.ON_SCENE), at(people.imani)

    screen.press(f"/team/CRT1/runs/{run.pk}/backup/", agency="POLICE")
    asked = screen.get("/team/").content.decode()
    backup = run.backups.get()
    screen.press(f"/team/CRT1/backups/{backup.pk}/arrival/")
    there = screen.get("/team/").content.decode()

    assert f"Police requested {timezone.localtime(backup.requested_at):%H:%M:%S}" in asked
    assert "arrived" in there


def test_unit_goes_out_of_service_and_back(people: People, at: At) -> None:
    screen = at(people.imani)

    screen.press("/team/CRT1/duty/out/")
    off = screen.get("/team/").content.decode()
    screen.press("/team/CRT1/duty/in/")

    assert "Out of service" in off
    assert "Free" in screen.get("/team/").content.decode()


def test_another_team_is_not_there(given: Given, people: People, at: At) -> None:
    run, screen = given.run(unit="CRT2"), at(people.imani)

    assert screen.get("/team/CRT2/").status_code == 404
    assert screen.get("/team/CRT2/current/").status_code == 404
    assert screen.get("/team/CRT2/changes/?after=1-1-1").status_code == 404
    assert screen.press(f"/team/CRT2/runs/{run.pk}/start/").status_code == 404
    assert screen.press(f"/team/CRT1/runs/{run.pk}/start/").status_code == 404


def test_dispatch_opens_any_team(given: Given, people: People, at: At) -> None:
    given.run(unit="CRT2")

    assert at(people.dev).get("/team/CRT2/").status_code == 200
    assert at(people.ana).get("/team/CRT2/").status_code == 403


def test_feed_tells_the_phone_that_something_changed_and_nothing_about_the_person(
    given: Given, people: People
) -> None:
    run = given.run()
    audience = Audience(Kind.UNIT, run.unit_id)

    ids = stale_ids(audience, list(Entry.objects.filter(verb="run.assigned")))
    (item,) = render(audience, ids)

    assert item["id"] == "duty"
    assert "dispatched" in item["html"]
    assert "Thimble" not in item["html"]


def test_notes_on_the_teams_call_reach_it_and_others_do_not(given: Given, people: People) -> None:
    run, other = given.run(), given.call()
    by: Any = people.dev.actor("console")
    add_note(call_id=run.call_id, text="for CRT1", by=by)
    add_note(call_id=other.pk, text="for nobody", by=by)
    mine, theirs = Entry.objects.filter(verb="call.noted").order_by("id")

    assert stale_ids(Audience(Kind.UNIT, run.unit_id), [mine]) == ["duty"]
    assert stale_ids(Audience(Kind.UNIT, run.unit_id), [theirs]) == []
    assert stale_ids(Audience(Kind.UNIT, unit_id("CRT2")), [mine]) == []


def test_door_opens_to_ones_own_team_only(people: People) -> None:
    from heart.live.registry import DOORS

    assert DOORS[Kind.UNIT](people.imani, "CRT1") == unit_id("CRT1")
    assert DOORS[Kind.UNIT](people.imani, "CRT2") is None
    assert DOORS[Kind.UNIT](people.dev, "CRT2") == unit_id("CRT2")
    assert DOORS[Kind.UNIT](people.ana, "CRT2") is None
