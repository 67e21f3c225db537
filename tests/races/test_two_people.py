"""Two people do the same, or the opposite, at the same moment."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from rest_framework.test import APIClient

from dispatch.actions import assign, cancel, hand_off
from dispatch.models import Run, Unit
from followup.actions import Consented, close_call, log_attempt, reopen
from heart.journal.models import Entry
from heart.moves import MoveRefused
from intake.actions import take_call
from intake.models import Call
from intake.steps import Refused
from tests.builders import YES_BY_PHONE, Given, decision_of
from tests.races.threads import at_once, refusals, winners
from triage.actions import accept_consult, agree_lowering, save
from triage.models import Consult

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def test_two_clinicians_accept_one_call_and_one_has_it(given: Given) -> None:
    for _ in range(ROUNDS):
        consult = given.waiting_consult()

        results = at_once(
            *(
                partial(accept_consult, consult_id=consult.pk, by=person.actor("console"))
                for person in (given.people.noor, given.people.lena)
            )
        )

        (accepted,) = winners(results)
        consult.refresh_from_db()
        assert consult.accepted_by_id == accepted.accepted_by_id
        assert refusals(results) == [MoveRefused]


def test_two_clinicians_agree_to_one_request_and_it_is_lowered_once(given: Given) -> None:
    asked = given.lowering()

    results = at_once(
        *(
            partial(agree_lowering, lowering_id=asked.pk, by=person.actor("console"))
            for person in (given.people.noor, given.people.lena)
        )
    )

    assert len(winners(results)) == 1
    assert decision_of(asked.call).route == "CRT"
    assert Entry.objects.filter(verb="lowering.agreed").count() == 1


def test_a_call_is_closed_or_served_but_never_both(given: Given) -> None:
    unit = Unit.objects.get(code="CRT1")
    by = given.people.dev.actor("console")

    for _ in range(ROUNDS):
        call = given.call()
        close = partial(
            close_call,
            call_id=call.pk,
            consent=Consented("no"),
            not_served_reason="not_located",
            by=by,
        )
        results: list[Any] = at_once(
            close, partial(assign, call_id=call.pk, unit_id=unit.pk, by=by)
        )

        call.refresh_from_db()
        is_served = Run.objects.filter(call=call).exists()
        assert (call.status == "closed") != is_served
        assert refusals(results) == [Refused]
        if is_served:
            cancel(run_id=call.runs.get().pk, reason="not_needed", by=by)


def test_a_call_is_closed_or_accepted_but_never_both(given: Given) -> None:
    for _ in range(ROUNDS):
        consult = given.waiting_consult()

        results: list[Any] = at_once(
            partial(
                close_call,
                call_id=consult.call_id,
                consent=Consented("no"),
                not_served_reason="caller_refused_heart",
                by=given.people.dev.actor("console"),
            ),
            partial(accept_consult, consult_id=consult.pk, by=given.people.noor.actor("console")),
        )

        consult.refresh_from_db()
        assert len(winners(results)) == 1
        assert (consult.status, consult.call.status) in {
            ("accepted", "open"),
            ("withdrawn", "closed"),
        }


def test_answers_of_two_people_at_once_are_both_kept(given: Given) -> None:
    call = given.call()

    at_once(
        *(
            partial(save, call_id=call.pk, fields={}, answers=answers, by=person.actor("console"))
            for person, answers in (
                (given.people.rosa, {"age": "older"}),
                (given.people.noor, {"setting": "street"}),
            )
        )
    )

    decision = decision_of(call)
    assert decision.inputs["answers"].items() >= {"age": "older", "setting": "street"}.items()
    assert Consult.objects.filter(call=call, status="waiting").count() <= 1


def test_attempts_written_down_at_once_have_numbers_of_their_own(given: Given) -> None:
    row = given.followup()

    results = at_once(
        *[
            partial(
                log_attempt,
                followup_id=row.pk,
                channel="call",
                outcome="no_answer",
                by=given.people.ana.actor("console"),
            )
        ]
        * 8
    )

    assert sorted(attempt.number for attempt in winners(results)) == list(range(1, 9))


def test_a_crisis_told_while_the_call_is_closed_again_stays_before_the_clinicians(
    given: Given,
) -> None:
    for _ in range(ROUNDS):
        row, by = given.followup(), given.people.dev.actor("console")
        reopen(call_id=row.call_id, reason="new_information", by=by)

        results: list[Any] = at_once(
            partial(close_call, call_id=row.call_id, consent=YES_BY_PHONE, by=by),
            partial(
                log_attempt,
                followup_id=row.pk,
                channel="call",
                outcome="reached_crisis",
                by=given.people.ana.actor("console"),
            ),
        )

        call = Call.objects.get(pk=row.call_id)
        is_queued = Consult.objects.filter(call=call, status="waiting").exists()
        assert refusals(results) == []
        assert is_queued == (call.status == "open")


def test_calls_taken_at_once_have_numbers_of_their_own(given: Given) -> None:
    by = given.people.rosa.actor("console")

    results = at_once(*[partial(take_call, fields={}, by=by)] * 16)

    assert len({call.number for call in winners(results)}) == 16


def test_one_command_sent_eight_times_at_once_is_done_once(given: Given) -> None:
    command = partial(
        take_call, fields={}, by=given.people.rosa.actor("console"), command_id=uuid4()
    )

    results = at_once(*[command] * 8)

    assert len(winners(results)) == 1
    assert refusals(results) == [IntegrityError] * 7
    assert Call.objects.count() == 1


def test_one_idempotency_key_sent_eight_times_at_once_gets_one_call_and_one_answer(
    given: Given,
) -> None:
    def post() -> tuple[int, Any]:
        client = APIClient()
        client.force_authenticate(given.people.rosa)
        answer = client.post(
            "/api/v1/calls/", {"nature": "TRESPASS"}, "json", headers={"Idempotency-Key": "key-1"}
        )
        return answer.status_code, answer.json()["number"]

    results = at_once(*[post] * 8)

    assert results == [(201, Call.objects.get().number)] * 8


def test_a_call_handed_off_while_it_is_closed_is_one_or_the_other(given: Given) -> None:
    call, by = given.call("OVERDOSE", {"medical": "serious"}), given.people.dev.actor("console")

    results: list[Any] = at_once(
        partial(close_call, call_id=call.pk, consent=Consented("not_asked"), by=by),
        partial(hand_off, call_id=call.pk, agency="EMS", by=by),
    )

    call.refresh_from_db()
    assert call.status == "closed"
    assert set(refusals(results)) <= {Refused}
