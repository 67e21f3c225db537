"""The clinician's desk: one winner, nothing asked twice, every reading written down."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.merging import merge
from followup.models import FollowUp
from heart.journal.models import Entry
from heart.live.audiences import DESK
from heart.live.registry import render, stale_ids
from heart.pages.queries.desk import desk_rows, not_asked
from intake.actions import add_note
from tests.builders import NO_DANGER, Given, decision_of
from tests.pages.screen import Screen, problems, said
from tests.people import People
from triage.actions import write_clinical_note
from triage.models import ClinicalNote, Consult, Lowering

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def reads(user: Any) -> list[tuple[str, str]]:
    entries = Entry.objects.filter(verb="record.read", actor_id=user.pk).order_by("id")
    return [(entry.payload["what"], entry.payload["screen"]) for entry in entries]


def test_queue_is_highest_level_first_then_oldest(given: Given) -> None:
    older, newer = given.waiting_consult(), given.waiting_consult()
    high = given.call("SUITHREAT", {**NO_DANGER, "si": "plan"}).consults.get()

    assert [row.consult for row in desk_rows()] == [high, older, newer]


def test_row_says_what_a_clinician_chooses_by(given: Given, people: People, at: At) -> None:
    consult = given.waiting_consult(language="es")

    page = at(people.noor).get("/desk/").content.decode()

    row = page[page.index(f'id="consult-{consult.pk}"') :]
    row = row[: row.index("</li>")]
    for words in ("on the line", "ES", consult.call.nature.name, "willing to talk"):
        assert words in row
    assert f'data-due="{consult.accept_due_at.isoformat(timespec="milliseconds")}"' in row


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_asks_the_database_as_often_for_three_rows_as_for_one(
    given: Given, people: People, at: At, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        given.waiting_consult()
        given.lowering()
    screen = at(people.noor)
    screen.get("/desk/")

    with CaptureQueriesContext(connection) as queries:
        screen.get("/desk/")

    # session, person, keys, cursor, consults, lowerings, mine, to close; the strip: cursor, alerts
    assert len(queries) == 10


def test_page_and_push_are_the_same_bytes(given: Given, people: People, at: At) -> None:
    consult, asked = given.waiting_consult(), given.lowering()
    entries = list(Entry.objects.filter(call_id__in=[consult.call_id, asked.call_id]))
    page = at(people.noor).get("/desk/").content.decode()

    items = render(DESK, stale_ids(DESK, entries))

    assert {f"consult-{consult.pk}", f"lowering-{asked.pk}"} <= {item["id"] for item in items}
    assert all(item["html"] in page for item in items)


def test_reading_makes_nothing_stale(given: Given, people: People, at: At) -> None:
    given.accepted_consult()
    at(people.noor).get("/desk/")

    assert stale_ids(DESK, list(Entry.objects.filter(verb="record.read"))) == []


def test_accepting_opens_the_call_with_everything_known(
    given: Given, people: People, at: At
) -> None:
    consult = given.waiting_consult()

    answer = at(people.noor).press(f"/desk/consults/{consult.pk}/acceptance/")

    page = answer.content.decode()
    assert said(answer) == f"{consult.call} is yours."
    assert "12 Thimble Street" in page
    assert "Thoughts, no plan" in page
    assert reads(people.noor) == [("call", "desk"), ("clinical notes", "desk")]


def test_slower_clinician_is_told_who_won(given: Given, people: People, at: At) -> None:
    consult = given.waiting_consult()
    at(people.noor).press(f"/desk/consults/{consult.pk}/acceptance/")

    answer = at(people.lena).press(f"/desk/consults/{consult.pk}/acceptance/")

    assert answer.status_code == 409
    assert problems(answer)[""].startswith(f"{people.noor} accepted {consult.call} at ")
    assert answer.headers["HX-Reswap"] == "none"


def test_accepting_twice_with_one_command_is_accepting_once(
    given: Given, people: People, at: At
) -> None:
    consult, press = given.waiting_consult(), str(uuid4())
    screen = at(people.noor)
    screen.press(f"/desk/consults/{consult.pk}/acceptance/", command_id=press)

    answer = screen.press(f"/desk/consults/{consult.pk}/acceptance/", command_id=press)

    assert answer.status_code == 200
    assert Entry.objects.filter(command_id=press).count() == 1


def test_what_was_not_asked_is_listed_and_what_does_not_apply_is_not(given: Given) -> None:
    from heart.pages.queries.call import call_view

    call = given.call("EMOTDIST", {"weapon": "none", "si": "thoughts", "contact": "willing"})
    view = call_view(call.pk)
    assert view is not None

    open_questions = not_asked(view)

    assert any("hit, chased or threatened" in question for question in open_questions)
    assert not any("What is it?" in question for question in open_questions)  # weapon is none


def test_updates_of_an_open_call_are_one_reading(given: Given, people: People, at: At) -> None:
    consult = given.accepted_consult()
    screen = at(people.noor)

    screen.get("/desk/")
    screen.get(f"/desk/record/{consult.pk}/")
    screen.get(f"/desk/record/{consult.pk}/")

    assert reads(people.noor) == [("call", "desk"), ("clinical notes", "desk")]


def test_record_of_another_clinicians_call_is_not_there(
    given: Given, people: People, at: At
) -> None:
    consult = given.accepted_consult()

    assert at(people.lena).get(f"/desk/record/{consult.pk}/").status_code == 404


def test_clinical_note_is_written_apart_from_dispatch_notes(
    given: Given, people: People, at: At
) -> None:
    consult = given.accepted_consult()
    address = f"/desk/calls/{consult.call.number}/clinical/"

    answer = at(people.noor).press(address, text="breathing slower")

    assert said(answer) == "Clinical note saved."
    assert "breathing slower" in answer.content.decode()
    assert ClinicalNote.objects.get().consult_id == consult.pk
    assert not consult.call.notes.exists()


def test_notes_of_a_merged_call_stand_with_those_of_the_call_that_goes_on(
    given: Given, people: People, at: At
) -> None:
    merged, consult = given.ended_consult().call, given.accepted_consult()
    noor, into = people.noor.actor("console"), consult.call
    add_note(call_id=merged.pk, text="the gate sticks", by=noor)
    write_clinical_note(call_id=merged.pk, text="slept well", by=noor)
    write_clinical_note(call_id=into.pk, text="breathing slower", by=noor)
    merge(call_id=merged.pk, into_id=into.pk, by=people.dev.actor("console"))
    screen = at(people.noor)

    desk = screen.get("/desk/").content.decode()
    call = screen.get(f"/calls/{into.number}/").content.decode()
    opened = screen.get(f"/calls/{into.number}/clinical/").content.decode()

    assert "the gate sticks" in desk
    assert "(2)" in call
    for page in (desk, opened):
        assert page.index("slept well") < page.index("breathing slower")
        assert page.count(f"· on {merged.number}") == (2 if page is desk else 1)


def test_empty_clinical_note_is_refused_and_nothing_is_swapped(
    given: Given, people: People, at: At
) -> None:
    consult = given.accepted_consult()

    answer = at(people.noor).press(f"/desk/calls/{consult.call.number}/clinical/", text=" ")

    assert answer.status_code == 422
    assert "text" in problems(answer)
    assert answer.headers["HX-Reswap"] == "none"


def test_clinical_notes_are_closed_to_dispatch(given: Given, people: People, at: At) -> None:
    consult = given.accepted_consult()
    write_clinical_note(call_id=consult.call_id, text="secret", by=people.noor.actor("console"))

    assert (
        at(people.dev).get(f"/desk/calls/{consult.call.number}/clinical/all/").status_code == 403
    )
    assert at(people.dev).get("/desk/").status_code == 403


def test_help_is_added_while_the_clinician_stays_on_the_line(
    given: Given, people: People, at: At
) -> None:
    consult = given.accepted_consult()

    answer = at(people.noor).press(f"/desk/calls/{consult.call.number}/help/", route="EMS")

    decision = decision_of(consult.call)
    consult.refresh_from_db()
    assert said(answer) == "Asked for; the board shows it. Stay on the line."
    assert (decision.route, decision.added, decision.level) == ("EMS", ["CCD"], 4)
    assert consult.status == "accepted"
    assert "EMS" in answer.content.decode()


def test_help_that_is_asked_for_already_is_refused_in_words(
    given: Given, people: People, at: At
) -> None:
    consult, screen = given.accepted_consult(), at(people.noor)
    screen.press(f"/desk/calls/{consult.call.number}/help/", route="EMS")

    answer = screen.press(f"/desk/calls/{consult.call.number}/help/", route="EMS")

    assert (answer.status_code, problems(answer)) == (422, {"route": "EMS is asked for already"})


@pytest.mark.parametrize("outcome", Consult.Outcome.values)
def test_every_ending_has_its_button_and_works(
    given: Given, people: People, at: At, outcome: str
) -> None:
    consult, screen = given.accepted_consult(), at(people.noor)
    page = screen.get("/desk/").content.decode()

    answer = screen.press(f"/desk/consults/{consult.pk}/end/", outcome=outcome)

    consult.refresh_from_db()
    assert f'{{"outcome": "{outcome}"}}' in page
    assert answer.status_code == 200
    assert (consult.status, consult.outcome) == ("ended", outcome)


def test_resolved_by_phone_leads_to_closing_with_consent(
    given: Given, people: People, at: At
) -> None:
    consult, screen = given.accepted_consult(), at(people.noor)

    ended = screen.press(f"/desk/consults/{consult.pk}/end/", outcome="resolved")
    later = screen.get("/desk/")
    closed = screen.press(
        f"/desk/calls/{consult.call.number}/closing/", consent="yes", by_call="on"
    )

    assert "mine-close" in ended.content.decode()
    assert "mine-close" in later.content.decode()
    assert said(closed).startswith(f"{consult.call} is closed.")
    assert FollowUp.objects.get().call_id == consult.call_id
    assert "No call with you" in closed.content.decode()


def test_closing_without_an_answer_is_refused_by_field(
    given: Given, people: People, at: At
) -> None:
    consult, screen = given.ended_consult(), at(people.noor)

    answer = screen.press(f"/desk/calls/{consult.call.number}/closing/")

    assert (answer.status_code, set(problems(answer))) == (422, {"consent"})


def test_another_clinicians_contact_is_not_ended(given: Given, people: People, at: At) -> None:
    consult = given.accepted_consult()

    answer = at(people.lena).press(f"/desk/consults/{consult.pk}/end/", outcome="resolved")

    assert problems(answer) == {"outcome": f"{people.noor} has this call"}


def test_lowering_is_agreed_or_refused_at_the_desk(given: Given, people: People, at: At) -> None:
    one, two = given.lowering(), given.lowering()
    screen = at(people.noor)

    agreed = screen.press(f"/desk/lowering/{one.pk}/agreement/")
    kept = screen.press(f"/desk/lowering/{two.pk}/refusal/")

    assert said(agreed) == f"Agreed: {one.call} is lowered."
    assert said(kept) == f"Not lowered: {two.call} stays as it is."
    assert (decision_of(one.call).level, decision_of(two.call).level) == (2, 3)


def test_ones_own_lowering_is_not_agreed(given: Given, people: People, at: At) -> None:
    from triage.actions import ask_lowering

    asked: Lowering = ask_lowering(
        call_id=given.high_call().pk,
        route="CRT",
        level=2,
        reason="calm",
        by=people.noor.actor("console"),
    )

    answer = at(people.noor).press(f"/desk/lowering/{asked.pk}/agreement/")

    assert problems(answer) == {"level": "somebody else has to agree"}


def test_changes_are_given_from_a_cursor(given: Given, people: People, at: At) -> None:
    answer = at(people.noor).get("/desk/changes/?after=nonsense")

    assert answer.json()["type"] == "reset"
