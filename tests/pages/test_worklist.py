"""The worklist: least time left first, one promise beside it, every opening written down."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.models import FollowUp
from followup.states import FollowUpStatus
from heart.journal.models import Entry
from heart.live.audiences import WORKLIST
from heart.live.registry import render, stale_ids
from heart.pages.queries.worklist import work_rows
from heart.pages.scripts import SCRIPTS, scripts_for
from tests.builders import Given
from tests.pages.screen import Screen, problems, said
from tests.people import People
from triage.actions import write_clinical_note

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def test_least_time_left_stands_first_and_reached_apart(given: Given) -> None:
    late = given.followup(due_in=timedelta(hours=-2), status=FollowUpStatus.OVERDUE)
    reached = given.followup(due_in=timedelta(hours=10), status=FollowUpStatus.REACHED)
    soon = given.followup(due_in=timedelta(hours=3))

    rows = work_rows()

    assert [row.followup for row in rows if row.place == "unreached"] == [late, soon]
    assert [row.followup for row in rows if row.place == "reached"] == [reached]


def test_row_shows_how_to_reach_but_no_number(given: Given, people: People, at: At) -> None:
    row = given.followup()

    page = at(people.ana).get("/worklist/").content.decode()

    line = page[page.index(f'id="followup-{row.pk}"') :]
    line = line[: line.index("</li>")]
    assert "call · voicemail" in line
    assert "unassigned" in line
    assert "555-0142" not in page
    assert not Entry.objects.filter(verb="record.read").exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_worklist_asks_the_database_as_often_for_three_rows_as_for_one(
    given: Given, people: People, at: At, rows: int
) -> None:
    for _ in range(rows):
        given.followup(status=FollowUpStatus.DUE)
    screen = at(people.ana)
    screen.get("/worklist/")

    with CaptureQueriesContext(connection) as queries:
        screen.get("/worklist/")

    assert len(queries) == 7  # session, person, keys, cursor, follow-ups, attempts, notices


def test_page_and_push_are_the_same_bytes(given: Given, people: People, at: At) -> None:
    row = given.followup(status=FollowUpStatus.DUE)
    page = at(people.ana).get("/worklist/").content.decode()

    items = render(WORKLIST, stale_ids(WORKLIST, list(Entry.objects.filter(call_id=row.call_id))))

    assert sorted(item["id"].partition("-")[0] for item in items) == ["followup", "notice"]
    assert all(item["html"] in page for item in items)


def test_opening_a_persons_followup_is_written_down(given: Given, people: People, at: At) -> None:
    row, screen = given.followup(), at(people.ana)

    panel = screen.get(f"/worklist/{row.pk}/", headers={"HX-Request": "true"}).content.decode()
    screen.get(f"/worklist/{row.pk}/live/")

    entry = Entry.objects.get(verb="record.read")
    assert (entry.call_id, entry.payload["what"]) == (row.call_id, "follow-up")
    assert 'href="tel:555-0142"' in panel
    assert "voicemail: yes" in panel
    assert "text: no" in panel


def test_script_begins_with_the_persons_language_and_names_nothing() -> None:
    assert [script.code for script in scripts_for("es-MX")] == ["es", "en"]
    for script in SCRIPTS:
        before_they_answer = f"{script.opening} {script.voicemail} {script.to_others}".lower()
        for word in ("heart", "911", "crisis", "police", "health", "salud", "emergencia"):
            assert word not in before_they_answer


def test_no_voicemail_text_where_voicemail_was_not_agreed(
    given: Given, people: People, at: At
) -> None:
    row = given.followup()
    row.call.consent.by_voicemail = False
    row.call.consent.save()

    panel = at(people.ana).get(f"/worklist/{row.pk}/").content.decode()

    assert "voicemail: leave none" in panel
    assert SCRIPTS[0].voicemail not in panel


def test_taking_makes_it_mine(given: Given, people: People, at: At) -> None:
    row = given.followup()

    answer = at(people.ana).press(f"/worklist/{row.pk}/owner/")

    row.refresh_from_db()
    assert said(answer) == "It is yours."
    assert row.owner == people.ana
    assert f'data-owner="{people.ana.pk}"' in answer.content.decode()


def test_attempt_is_logged_with_outcome_and_note(given: Given, people: People, at: At) -> None:
    row = given.followup()

    answer = at(people.ana).press(
        f"/worklist/{row.pk}/attempts/", channel="call", outcome="no_answer", note="rang 8 times"
    )

    assert said(answer) == "Attempt logged."
    assert "rang 8 times" in answer.content.decode()


def test_reached_in_crisis_goes_back_to_the_clinicians(
    given: Given, people: People, at: At
) -> None:
    row = given.followup()

    answer = at(people.ana).press(
        f"/worklist/{row.pk}/attempts/", channel="call", outcome="reached_crisis"
    )

    row.call.refresh_from_db()
    assert said(answer).startswith("Logged. The call is back with the clinicians")
    assert row.call.status == "open"
    assert row.call.consults.filter(status="waiting", kind="call_back").exists()


def test_attempt_without_an_outcome_is_refused_by_field(
    given: Given, people: People, at: At
) -> None:
    row = given.followup()

    answer = at(people.ana).press(f"/worklist/{row.pk}/attempts/", channel="call")

    assert (answer.status_code, set(problems(answer))) == (422, {"outcome"})


def test_followup_is_closed_with_a_reason_and_leaves_the_list(
    given: Given, people: People, at: At
) -> None:
    row = given.followup()

    refused = at(people.ana).press(f"/worklist/{row.pk}/closure/", reason="unreachable")
    closed = at(people.ana).press(f"/worklist/{row.pk}/closure/", reason="linked")

    assert problems(refused) == {"reason": "unreachable needs five attempts"}
    assert said(closed) == "Follow-up closed."
    assert work_rows() == []
    assert FollowUp.objects.get().close_reason == "linked"


def test_due_notice_is_for_navigators_and_overdue_for_supervisors(
    given: Given, people: People, at: At
) -> None:
    row = given.followup(due_in=timedelta(hours=-1), status=FollowUpStatus.OVERDUE)
    due, overdue = row.notices.order_by("id")

    assert at(people.ana).press(f"/worklist/notices/{due.pk}/seen/").status_code == 204
    assert at(people.ana).press(f"/worklist/notices/{overdue.pk}/seen/").status_code == 404
    assert at(people.sam).press(f"/worklist/notices/{overdue.pk}/seen/").status_code == 204
    assert not row.notices.filter(seen_at=None).exists()


def test_clinical_notes_are_read_apart_and_written_down(
    given: Given, people: People, at: At
) -> None:
    row = given.followup()
    by = people.noor.actor("console")
    write_clinical_note(call_id=row.call_id, text="sister is near", by=by)
    screen = at(people.ana)

    panel = screen.get(f"/worklist/{row.pk}/").content.decode()
    notes = screen.get(f"/worklist/{row.pk}/clinical/").content.decode()

    assert "sister is near" not in panel
    assert "sister is near" in notes
    what = [e.payload["what"] for e in Entry.objects.filter(verb="record.read").order_by("id")]
    assert what == ["follow-up", "clinical notes"]


def test_worklist_is_closed_to_others(given: Given, people: People, at: At) -> None:
    row = given.followup()

    assert at(people.dev).get("/worklist/").status_code == 403
    assert at(people.dev).get(f"/worklist/{row.pk}/").status_code == 403
    assert at(people.ana).get("/worklist/999999/").status_code == 404


def test_attempts_of_a_closed_followup_are_refused(given: Given, people: People, at: At) -> None:
    row = given.followup(status=FollowUpStatus.CLOSED)

    answer = at(people.ana).press(
        f"/worklist/{row.pk}/attempts/", channel="call", outcome="no_answer"
    )

    assert problems(answer) == {"followup": "this follow-up is closed"}
