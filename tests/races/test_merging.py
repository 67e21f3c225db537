"""A merge while somebody else merges, sends, moves, closes, or asks for backup."""

from functools import partial
from typing import Any

import pytest

from dispatch.actions import arrive, assign, cancel, clear
from dispatch.merging import merge
from dispatch.models import Backup, Run, Unit
from dispatch.safety_actions import request_backup
from dispatch.states import OPEN_RUN, RunStatus
from followup.actions import Consented, close_call
from heart.journal.models import Entry
from heart.moves import MoveRefused
from intake.actions import add_note
from intake.incident import notes_of
from intake.models import Call
from intake.steps import Refused
from tests.builders import Given, decision_of
from tests.races.threads import at_once, refusals, winners
from triage.actions import accept_consult, save

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def test_two_merges_that_cross_make_one_call_of_two(given: Given) -> None:
    by = given.people.dev.actor("console")
    for _ in range(ROUNDS):
        one, other = given.call(), given.call()

        results: list[Any] = at_once(
            partial(merge, call_id=one.pk, into_id=other.pk, by=by),
            partial(merge, call_id=other.pk, into_id=one.pk, by=by),
        )

        assert len(winners(results)) == 1
        assert refusals(results) == [Refused]
        assert sorted(call.status for call in Call.objects.filter(pk__in=[one.pk, other.pk])) == [
            "closed",
            "open",
        ]


def test_three_merges_in_a_ring_leave_one_call(given: Given) -> None:
    by = given.people.dev.actor("console")
    for _ in range(ROUNDS):
        calls = [given.call() for _ in range(3)]

        results: list[Any] = at_once(
            *(
                partial(merge, call_id=calls[n].pk, into_id=calls[(n + 1) % 3].pk, by=by)
                for n in range(3)
            )
        )

        assert set(refusals(results)) <= {Refused}
        rows = list(Call.objects.filter(pk__in=[call.pk for call in calls]))
        (stays,) = (row for row in rows if row.status == "open")
        assert {row.merged_into_id for row in rows if row != stays} == {stays.pk}


def test_team_sent_while_its_call_is_merged_ends_on_an_open_call_or_is_refused(
    given: Given,
) -> None:
    by, unit = given.people.dev.actor("console"), Unit.objects.get(code="CRT1")
    for _ in range(ROUNDS):
        call, into = given.call(), given.call()

        results: list[Any] = at_once(
            partial(merge, call_id=call.pk, into_id=into.pk, by=by),
            partial(assign, call_id=call.pk, unit_id=unit.pk, by=by),
        )

        assert set(refusals(results)) <= {Refused}
        for run in Run.objects.filter(status__in=OPEN_RUN):
            assert run.call_id == into.pk
        _stand_down(by)


def _stand_down(by: Any) -> None:
    for run in Run.objects.filter(status__in=OPEN_RUN):
        cancel(run_id=run.pk, reason="not_needed", by=by)


def test_call_is_merged_or_closed_but_its_teams_and_notes_are_on_the_open_one(
    given: Given,
) -> None:
    by = given.people.dev.actor("console")
    for _ in range(ROUNDS):
        call, into = given.call(), given.call()

        results: list[Any] = at_once(
            partial(merge, call_id=call.pk, into_id=into.pk, by=by),
            partial(
                close_call,
                call_id=into.pk,
                consent=Consented("no"),
                not_served_reason="not_located",
                by=by,
            ),
        )

        call.refresh_from_db()
        assert set(refusals(results)) <= {Refused, MoveRefused}
        if call.merged_into_id is not None:
            assert Entry.objects.filter(verb="call.merged", call_id=into.pk).exists()
        else:
            assert call.status == "open"


def test_crew_that_arrives_while_its_call_is_merged_serves_the_one_that_stays(
    given: Given,
) -> None:
    by = given.people.dev.actor("console")
    for _ in range(ROUNDS):
        call, into = given.call(), given.call()
        run = given.run(RunStatus.EN_ROUTE, call=call)

        results: list[Any] = at_once(
            partial(merge, call_id=call.pk, into_id=into.pk, by=by),
            partial(arrive, run_id=run.pk, by=given.people.imani.actor("phone")),
        )

        assert refusals(results) == []
        run.refresh_from_db()
        assert (run.call_id, run.status) == (into.pk, "on_scene")
        assert Call.objects.get(pk=into.pk).service.served_by == "CRT"
        _clear(run, given)


def test_backup_pressed_while_the_call_is_merged_is_never_lost(given: Given) -> None:
    by = given.people.dev.actor("console")
    for _ in range(ROUNDS):
        call, into = given.call(), given.call()
        run = given.run(RunStatus.ON_SCENE, call=call)

        results: list[Any] = at_once(
            partial(merge, call_id=call.pk, into_id=into.pk, by=by),
            partial(
                request_backup,
                run_id=run.pk,
                agency="POLICE",
                by=given.people.imani.actor("phone"),
            ),
        )

        assert refusals(results) == []
        assert Backup.objects.get(run=run).status == "requested"
        assert decision_of(into).level == 4
        _clear(run, given)


def _clear(run: Run, given: Given) -> None:
    clear(run_id=run.pk, outcome="resolved", felt_safe="yes", by=given.people.imani.actor("phone"))


def test_clinician_who_accepts_while_the_call_is_merged_has_the_call_that_stays(
    given: Given,
) -> None:
    by = given.people.dev.actor("console")
    for _ in range(ROUNDS):
        consult, into = given.waiting_consult(), given.call()

        results: list[Any] = at_once(
            partial(merge, call_id=consult.call_id, into_id=into.pk, by=by),
            partial(accept_consult, consult_id=consult.pk, by=given.people.noor.actor("console")),
        )

        consult.refresh_from_db()
        assert set(refusals(results)) <= {Refused, MoveRefused}
        assert consult.call_id == into.pk


def test_notes_and_answers_given_during_a_merge_are_read_on_the_call_that_stays(
    given: Given,
) -> None:
    by, rosa = given.people.dev.actor("console"), given.people.rosa.actor("console")
    for _ in range(ROUNDS):
        call, into = given.call(), given.call()

        results: list[Any] = at_once(
            partial(merge, call_id=call.pk, into_id=into.pk, by=by),
            partial(add_note, call_id=call.pk, text="she has a knife", by=rosa),
            partial(save, call_id=call.pk, fields={}, answers={"weapon": "accessible"}, by=rosa),
        )

        assert [note.text for note in notes_of(into)] == ["she has a knife"]
        if Refused not in refusals(results):
            assert decision_of(into).inputs["answers"]["weapon"] == "accessible"
