"""Every step of the line over REST: happy, refused, by role, and sent twice."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dispatch.models import Run
from dispatch.states import RunStatus
from followup.models import Attempt, FollowUp
from heart.accounts.models import User
from heart.journal.models import Entry
from intake.models import Note
from tests.builders import Given, decision_of, promised_hours
from triage.models import ClinicalNote, Consult, Lowering

pytestmark = pytest.mark.django_db


def post(user: User, path: str, body: Any = None, key: str = "") -> Any:
    client = Client()
    client.force_login(user)
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1/{path}", {} if body is None else body, "application/json", headers=headers
    )


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/api/v1/{path}")


# --- calls -------------------------------------------------------------------------------------


def test_note_is_added(given: Given) -> None:
    call = given.call()

    answer = post(given.people.rosa, f"calls/{call.number}/notes/", {"text": "dog in the yard"})

    assert answer.status_code == 201
    assert answer.json()["text"] == "dog in the yard"
    assert answer.json()["author"] == str(given.people.rosa)


def test_note_sent_twice_with_one_key_is_written_once(given: Given) -> None:
    call, key = given.call(), str(uuid.uuid4())

    first = post(given.people.rosa, f"calls/{call.number}/notes/", {"text": "dog"}, key)
    second = post(given.people.rosa, f"calls/{call.number}/notes/", {"text": "dog"}, key)

    assert first.json() == second.json()
    assert Note.objects.filter(call=call).count() == 1


def test_one_key_for_two_calls_is_refused(given: Given) -> None:
    one, two, key = given.call(), given.call(), str(uuid.uuid4())
    post(given.people.rosa, f"calls/{one.number}/notes/", {"text": "dog"}, key)

    answer = post(given.people.rosa, f"calls/{two.number}/notes/", {"text": "dog"}, key)

    assert answer.status_code == 422
    assert not Note.objects.filter(call=two).exists()


def test_unknown_fields_and_bad_values_are_named_by_pointer(given: Given) -> None:
    call = given.call()

    answer = post(given.people.rosa, f"calls/{call.number}/level/", {"level": 9, "why": "x"})

    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert sorted(pointers) == ["/level", "/why"]


def test_a_body_that_is_no_object_is_refused(given: Given) -> None:
    call = given.call()

    answer = post(given.people.rosa, f"calls/{call.number}/level/", [1])

    assert answer.status_code == 422


def test_no_call_is_404(given: Given) -> None:
    assert post(given.people.rosa, "calls/26-999999/release/").status_code == 404


def test_release_opens_the_call(given: Given) -> None:
    call = given.taking()

    answer = post(given.people.rosa, f"calls/{call.number}/release/")

    assert answer.json()["status"] == "open"


def test_release_of_an_open_call_is_refused(given: Given) -> None:
    call = given.call()

    assert post(given.people.rosa, f"calls/{call.number}/release/").status_code == 409


def test_level_is_raised(given: Given) -> None:
    call = given.call()

    answer = post(given.people.rosa, f"calls/{call.number}/level/", {"level": 4})

    assert (answer.json()["route"], answer.json()["level"]) == ("CRT", 4)


def test_level_is_never_raised_downwards(given: Given) -> None:
    call = given.call()

    answer = post(given.people.rosa, f"calls/{call.number}/level/", {"level": 1})

    assert answer.json()["errors"][0]["pointer"] == "/level"


def test_route_is_chosen_with_a_reason(given: Given) -> None:
    call = given.call()
    body = {"route": "COR", "reason": "asked for by the caller"}

    answer = post(given.people.dev, f"calls/{call.number}/route/", body)

    assert answer.json()["route"] == "COR"


def test_route_needs_its_permission(given: Given) -> None:
    call = given.call()

    answer = post(
        given.people.rosa, f"calls/{call.number}/route/", {"route": "COR", "reason": "x"}
    )

    assert answer.status_code == 403


def test_lowering_is_asked_and_agreed_by_another(given: Given) -> None:
    call = given.high_call()
    body = {"route": "CRT", "level": 2, "reason": "the rifle is locked away"}

    asked = post(given.people.dev, f"calls/{call.number}/lowering/", body)
    agreed = post(given.people.noor, f"lowering/{asked.json()['id']}/agreement/")

    assert asked.status_code == 201
    assert (agreed.json()["route"], agreed.json()["level"]) == ("CRT", 2)


def test_lowering_is_not_agreed_by_a_dispatcher(given: Given) -> None:
    asked = given.lowering()

    assert post(given.people.dev, f"lowering/{asked.pk}/agreement/").status_code == 403


def test_lowering_is_refused(given: Given) -> None:
    asked = given.lowering()

    answer = post(given.people.noor, f"lowering/{asked.pk}/refusal/")

    assert answer.json()["status"] == "refused"
    assert Lowering.objects.get(pk=asked.pk).answered_by == given.people.noor


def test_lost_line_is_decided_again(given: Given) -> None:
    call = given.call()

    answer = post(given.people.rosa, f"calls/{call.number}/line-lost/")

    assert answer.status_code == 200
    assert answer.json()["level"] == decision_of(call).level


def test_clinical_note_is_written_and_its_reading_is_logged(given: Given) -> None:
    call = given.call()

    wrote = post(given.people.noor, f"calls/{call.number}/clinical-notes/", {"text": "calm now"})
    read = get(given.people.noor, f"calls/{call.number}/clinical-notes/")

    assert wrote.status_code == 201
    assert [note["text"] for note in read.json()] == ["calm now"]
    entry = Entry.objects.filter(verb="record.read").latest("id")
    assert (entry.actor_id, entry.payload["what"]) == (given.people.noor.pk, "clinical notes")


def test_clinical_notes_are_closed_to_dispatch(given: Given) -> None:
    call = given.call()

    assert get(given.people.dev, f"calls/{call.number}/clinical-notes/").status_code == 403
    assert not ClinicalNote.objects.exists()


# --- desk --------------------------------------------------------------------------------------


def test_queue_is_highest_level_first(given: Given) -> None:
    low = given.waiting_consult()
    high = given.call("SUITHREAT", {"weapon": "none", "violence": "none", "si": "plan"})

    rows = get(given.people.noor, "consults/").json()

    assert [row["call"] for row in rows] == [high.number, low.call.number]
    assert rows[1]["why"]


def test_acceptance_has_one_winner_and_the_loser_is_told_who(given: Given) -> None:
    consult = given.waiting_consult()

    won = post(given.people.noor, f"consults/{consult.pk}/acceptance/")
    lost = post(given.people.lena, f"consults/{consult.pk}/acceptance/")

    assert won.json()["accepted_by"] == str(given.people.noor)
    assert lost.status_code == 409
    assert lost.json()["detail"].startswith(f"{given.people.noor} accepted")


def test_acceptance_sent_twice_is_answered_alike(given: Given) -> None:
    consult, key = given.waiting_consult(), str(uuid.uuid4())

    first = post(given.people.noor, f"consults/{consult.pk}/acceptance/", key=key)
    second = post(given.people.noor, f"consults/{consult.pk}/acceptance/", key=key)

    assert (first.status_code, first.json()) == (second.status_code, second.json())


@pytest.mark.parametrize("outcome", Consult.Outcome.values)
def test_contact_ends_with_every_outcome(given: Given, outcome: str) -> None:
    consult = given.accepted_consult()

    answer = post(given.people.noor, f"consults/{consult.pk}/end/", {"outcome": outcome})

    assert (answer.json()["status"], answer.json()["outcome"]) == ("ended", outcome)


def test_contact_of_another_clinician_is_not_ended(given: Given) -> None:
    consult = given.accepted_consult()

    answer = post(given.people.lena, f"consults/{consult.pk}/end/", {"outcome": "resolved"})

    assert answer.status_code == 422
    assert str(given.people.noor) in answer.json()["errors"][0]["detail"]


# --- teams -------------------------------------------------------------------------------------


def test_units_show_what_they_do(given: Given) -> None:
    run = given.run()

    rows = {row["code"]: row for row in get(given.people.dev, "units/").json()}

    assert rows["CRT1"]["status"] == "dispatched"
    assert (rows["CRT1"]["run"], rows["CRT1"]["call"]) == (run.pk, run.call.number)


def test_unit_is_sent_once_and_the_loser_is_told_who(given: Given) -> None:
    one, two = given.call(), given.call()

    won = post(given.people.dev, f"calls/{one.number}/assignments/", {"unit": "CRT1"})
    lost = post(given.people.omar, f"calls/{two.number}/assignments/", {"unit": "CRT1"})

    assert (won.status_code, won.json()["status"]) == (201, "dispatched")
    assert lost.status_code == 409
    assert one.number in lost.json()["detail"]
    assert str(given.people.dev) in lost.json()["detail"]


def test_assignment_sent_twice_with_one_key_is_one_run(given: Given) -> None:
    call, key = given.call(), str(uuid.uuid4())

    first = post(given.people.dev, f"calls/{call.number}/assignments/", {"unit": "CRT1"}, key)
    second = post(given.people.dev, f"calls/{call.number}/assignments/", {"unit": "CRT1"}, key)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Run.objects.count() == 1


def test_team_walks_its_own_run(given: Given) -> None:
    run = given.run()
    imani = given.people.imani

    moves = [
        post(imani, f"runs/{run.pk}/{move}/").json()["status"]
        for move in ("start", "arrival", "transport", "clearing")
    ]
    cleared = post(imani, f"runs/{run.pk}/clear/", {"outcome": "transported", "felt_safe": "yes"})

    assert moves == ["en_route", "on_scene", "transporting", "clearing"]
    assert (cleared.json()["status"], cleared.json()["felt_safe"]) == ("cleared", "yes")


def test_team_does_not_see_the_run_of_another(given: Given) -> None:
    run = given.run(unit="CRT2")
    imani = given.people.imani

    assert post(imani, f"runs/{run.pk}/start/").status_code == 404
    assert post(imani, f"runs/{run.pk}/backup/", {"agency": "EMS"}).status_code == 404
    assert post(imani, "units/CRT2/status/", {"status": "out_of_service"}).status_code == 404


def test_dispatch_moves_any_run(given: Given) -> None:
    run = given.run(unit="CRT2")

    assert post(given.people.dev, f"runs/{run.pk}/start/").json()["status"] == "en_route"


def test_move_that_the_table_does_not_allow_is_refused(given: Given) -> None:
    run = given.run(RunStatus.ON_SCENE)

    assert post(given.people.imani, f"runs/{run.pk}/start/").status_code == 409


def test_run_is_cancelled_by_dispatch_only(given: Given) -> None:
    run = given.run()

    refused = post(given.people.imani, f"runs/{run.pk}/cancel/", {"reason": "not_needed"})
    done = post(given.people.dev, f"runs/{run.pk}/cancel/", {"reason": "not_needed"})

    assert refused.status_code == 403
    assert done.json()["status"] == "cancelled"


def test_backup_is_asked_once_and_arrives(given: Given) -> None:
    run = given.run(RunStatus.ON_SCENE)
    imani = given.people.imani

    asked = post(imani, f"runs/{run.pk}/backup/", {"agency": "POLICE"})
    again = post(imani, f"runs/{run.pk}/backup/", {"agency": "POLICE"})
    there = post(imani, f"backups/{asked.json()['id']}/arrival/")

    assert asked.json() == again.json()
    assert there.json()["status"] == "arrived"
    assert decision_of(run.call).level == 4


def test_unit_goes_out_of_service_and_comes_back(given: Given) -> None:
    out = post(given.people.imani, "units/CRT1/status/", {"status": "out_of_service"})
    back = post(given.people.imani, "units/CRT1/status/", {"status": "available"})

    assert (out.json()["status"], back.json()["status"]) == ("out_of_service", "available")


def test_unit_on_a_call_does_not_go_out_of_service(given: Given) -> None:
    run = given.run()

    answer = post(given.people.imani, "units/CRT1/status/", {"status": "out_of_service"})

    assert answer.status_code == 409
    assert run.call.number in answer.json()["detail"]


def test_handoff_is_made_and_its_loop_closed(given: Given) -> None:
    call = given.call()
    body = {"agency": "EMS", "agency_name": "Medic 4", "reference": "E-77"}

    made = post(given.people.dev, f"calls/{call.number}/handoffs/", body)
    closed = post(
        given.people.dev, f"handoffs/{made.json()['id']}/confirmation/", {"outcome": "reached"}
    )

    assert (made.status_code, made.json()["status"]) == (201, "open")
    assert (closed.json()["status"], closed.json()["outcome"]) == ("confirmed", "reached")


# --- closing and the promise ---------------------------------------------------------------------


def test_closure_with_consent_promises_a_followup(given: Given) -> None:
    run = given.run(RunStatus.CLEARED)
    body = {"consent": "yes", "by_call": True, "phone": "555-0142"}

    answer = post(given.people.dev, f"calls/{run.call.number}/close/", body)

    promised = FollowUp.objects.get(call=run.call)
    assert answer.json()["status"] == "closed"
    assert answer.json()["followup_id"] == promised.pk
    assert promised.due_at - run.ended_at == promised_hours()  # type: ignore[operator]


def test_closure_of_an_eligible_call_nobody_served_needs_a_reason(given: Given) -> None:
    call = given.call()

    refused = post(given.people.dev, f"calls/{call.number}/close/", {"consent": "no"})
    body = {"consent": "no", "not_served_reason": "caller_refused_heart"}
    done = post(given.people.dev, f"calls/{call.number}/close/", body)

    assert refused.json()["errors"][0]["pointer"] == "/not_served_reason"
    assert (done.json()["status"], done.json()["followup_id"]) == ("closed", None)


def test_closed_call_is_reopened(given: Given) -> None:
    call = given.closed_call()

    answer = post(
        given.people.dev, f"calls/{call.number}/reopening/", {"reason": "new_information"}
    )

    assert answer.json()["status"] == "open"


def test_followup_is_taken_tried_and_closed(given: Given) -> None:
    row, ana = given.followup(), given.people.ana

    taken = post(ana, f"followups/{row.pk}/owner/")
    tried = post(
        ana, f"followups/{row.pk}/attempts/", {"channel": "call", "outcome": "reached_stable"}
    )
    listed = get(ana, "followups/").json()
    closed = post(ana, f"followups/{row.pk}/closure/", {"reason": "linked"})

    assert taken.json()["owner"] == str(ana)
    assert (tried.status_code, tried.json()["number"]) == (201, 1)
    assert [(each["status"], each["attempts"]) for each in listed] == [("reached", 1)]
    assert closed.json()["close_reason"] == "linked"


def test_attempt_sent_twice_with_one_key_is_one_attempt(given: Given) -> None:
    row, key = given.followup(), str(uuid.uuid4())
    body = {"channel": "call", "outcome": "no_answer"}

    post(given.people.ana, f"followups/{row.pk}/attempts/", body, key)
    post(given.people.ana, f"followups/{row.pk}/attempts/", body, key)

    assert Attempt.objects.filter(followup=row).count() == 1


def test_followup_is_not_unreachable_before_five_attempts(given: Given) -> None:
    row = given.followup()

    answer = post(given.people.ana, f"followups/{row.pk}/closure/", {"reason": "unreachable"})

    assert answer.json()["errors"][0]["pointer"] == "/reason"


def test_opening_a_followup_is_logged(given: Given) -> None:
    row = given.followup()

    answer = get(given.people.ana, f"followups/{row.pk}/")

    assert answer.json()["phone"] == "555-0142"
    assert answer.json()["by_voicemail"] is True
    entry = Entry.objects.filter(verb="record.read").latest("id")
    assert (entry.call_id, entry.payload["what"]) == (row.call_id, "follow-up")


def test_followups_are_closed_to_call_takers(given: Given) -> None:
    assert get(given.people.rosa, "followups/").status_code == 403


def test_notice_is_seen_by_its_role(given: Given) -> None:
    from followup.states import FollowUpStatus

    given.followup(status=FollowUpStatus.DUE)
    ana = given.people.ana
    (notice,) = get(ana, "notices/").json()

    seen = post(ana, f"notices/{notice['id']}/seen/")

    assert seen.json()["seen_at"]
    assert get(ana, "notices/").json() == []


def test_lists_ask_the_database_as_often_for_three_rows_as_for_one(
    given: Given, django_assert_num_queries: Any
) -> None:
    lists = (
        (given.people.noor, "consults/", given.waiting_consult),
        (given.people.ana, "followups/", given.followup),
    )
    for user, path, build in lists:
        build()
        client = Client()
        client.force_login(user)
        with CaptureQueriesContext(connection) as one:
            client.get(f"/api/v1/{path}")
        build()
        build()
        with django_assert_num_queries(len(one)):
            client.get(f"/api/v1/{path}")


@pytest.mark.parametrize("nature", [[], {}, [1], 7])
def test_a_nature_that_is_no_code_is_refused(nature: Any, given: Given) -> None:
    answer = post(given.people.rosa, "triage/evaluate/", {"nature": nature, "answers": {}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/nature"
