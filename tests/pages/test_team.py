"""A team's phone page: safety first, one press once, only one's own team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch.models import Encounter, Unit, Watch
from dispatch.states import RunStatus
from heart.journal.models import Entry
from heart.live.audiences import Audience, Kind
from heart.live.registry import render, stale_ids
from heart.pages.queries.team import team_view
from intake.actions import add_note
from intake.neighbor_actions import Agreed, add_neighbor, write_care_plan
from intake.place_actions import write_premise_note
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

    assert len(queries) == 14


def test_big_button_walks_the_run(given: Given, people: People, at: At) -> None:
    run, screen = given.run(), at(people.imani)
    base = f"/team/CRT1/runs/{run.pk}"

    for step in ("acknowledgement", "start", "arrival", "check", "transport", "clearing"):
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

    assert f"Police asked for {timezone.localtime(backup.requested_at):%H:%M:%S}" in asked
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


def test_new_dispatch_asks_to_be_acknowledged_until_it_is(
    given: Given, people: People, at: At
) -> None:
    run, screen = given.run(), at(people.imani)
    new = screen.get("/team/").content.decode()

    screen.press(f"/team/CRT1/runs/{run.pk}/acknowledgement/")
    read = screen.get("/team/").content.decode()

    assert f'data-new="{run.pk}"' in new
    assert 'id="step-acknowledgement"' in new
    assert 'data-new=""' in read
    assert 'id="step-acknowledgement"' not in read


def test_clear_can_be_pressed_from_on_scene_on(given: Given, people: People, at: At) -> None:
    run, screen = given.run(RunStatus.EN_ROUTE), at(people.imani)
    assert 'id="step-clear"' not in screen.get("/team/").content.decode()

    screen.press(f"/team/CRT1/runs/{run.pk}/arrival/")

    assert 'id="step-clear"' in screen.get("/team/").content.decode()


def test_next_check_counts_from_we_are_fine(given: Given, people: People, at: At) -> None:
    run, screen = given.run(RunStatus.ON_SCENE), at(people.imani)
    first = team_view(run.unit_id)
    assert first is not None
    assert first.current is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        screen.press(f"/team/CRT1/runs/{run.pk}/check/")
    second = team_view(run.unit_id)
    assert second is not None
    assert second.current is not None

    due = first.current.check_due_at, second.current.check_due_at
    assert due[0] is not None
    assert due[1] is not None
    assert due[1] - due[0] > timedelta(minutes=4)


def test_what_is_known_of_the_place_stands_before_the_address(
    given: Given, people: People, at: At
) -> None:
    run = given.run()
    write_premise_note(
        call_id=run.call_id,
        kind="hazard",
        text="loose boards on the stairs",
        source="crew",
        by=people.dev.actor("console"),
    )

    page = at(people.imani).get("/team/").content.decode()

    assert page.index("loose boards") < page.index("tap for the map")
    assert "a crew" in page
    assert "counts until" in page


def test_care_plan_is_shown_by_permission_and_its_reading_written_down(
    given: Given, people: People, at: At
) -> None:
    run = given.run()
    by = people.noor.actor("console")
    add_neighbor(call_id=run.call_id, name="Rowan Teal", by=by)
    agreed = Agreed(helps="speak slowly", harms="sirens", whom_to_call="sister, 555-0177")
    write_care_plan(call_id=run.call_id, agreed=agreed, by=by)

    theirs = at(people.imani).get("/team/").content.decode()
    not_theirs = at(people.dev).get("/team/CRT1/").content.decode()

    assert theirs.index("speak slowly") < theirs.index("sirens") < theirs.index("tap for the map")
    assert "speak slowly" not in not_theirs
    read = Entry.objects.filter(verb="record.read", payload__what="care plan")
    assert list(read.values_list("actor_id", flat=True)) == [people.imani.pk]


def test_encounter_is_written_up_at_clearing(given: Given, people: People, at: At) -> None:
    run = given.run(RunStatus.ON_SCENE)

    answer = at(people.imani).press(
        f"/team/CRT1/runs/{run.pk}/clear/",
        outcome="transported",
        felt_safe="no",
        transported_to="Crisis centre",
        injuries="neighbor",
        referrals="clinic shelter",
        supplies="water",
        consent="yes",
        consent_language="es",
        consent_phone="555-0199",
        by_call="on",
        preferred_time="after 18:00",
    )

    written = Encounter.objects.get(run=run)
    assert answer.status_code == 200
    assert (written.transported_to, written.injuries) == ("Crisis centre", "neighbor")
    assert (written.referrals, written.supplies) == (["clinic", "shelter"], ["water"])
    assert (written.consent, written.consent_language) == ("yes", "es")
    assert (written.by_call, written.by_voicemail, written.by_text) == (True, False, False)
    assert (written.consent_phone, written.preferred_time) == ("555-0199", "after 18:00")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "vanished"),
        ("felt_safe", "\x00"),
        ("injuries", "everybody"),
        ("referrals", "clinic <script>"),
        ("supplies", "gold"),
        ("consent", "perhaps"),
        ("transported_to", "x" * 5000),
        ("consent_phone", "5" * 41),
        ("preferred_time", "\x00"),
        ("consent_language", "x" * 13),
    ],
)
def test_hostile_encounter_is_refused_by_field_and_nothing_moves(
    given: Given, people: People, at: At, field: str, value: str
) -> None:
    run = given.run(RunStatus.ON_SCENE)
    good = {"outcome": "resolved", "felt_safe": "yes", "consent": "no"}

    answer = at(people.imani).press(f"/team/CRT1/runs/{run.pk}/clear/", **(good | {field: value}))

    run.refresh_from_db()
    assert (answer.status_code, set(answer.json()["problems"])) == (422, {field})
    assert run.status == "on_scene"


def test_panic_is_one_alarm_however_often_it_is_pressed(
    given: Given, people: People, at: At
) -> None:
    run, screen = given.run(RunStatus.ON_SCENE), at(people.imani)

    answers = [screen.press("/team/CRT1/panic/", command_id=str(uuid4())) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert Watch.objects.filter(kind="panic").count() == 1
    assert "Panic since" in screen.get("/team/").content.decode()
    assert run.backups.get().agency == "POLICE"


def test_backup_that_is_not_needed_is_stood_down(given: Given, people: People, at: At) -> None:
    backup, screen = given.backup(), at(people.imani)

    assert screen.press(f"/team/CRT1/backups/{backup.pk}/end/").status_code == 200

    backup.refresh_from_db()
    assert backup.status == "stood_down"
