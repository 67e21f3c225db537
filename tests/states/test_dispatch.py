"""A dispatch room as a state machine: whoever does whatever, in any order, crashes included."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from dispatch import actions as dispatch
from dispatch import call_watch_actions as call_watches
from dispatch import crew_actions as crews
from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.merging import merge
from dispatch.models import Run, Unit, Watch
from dispatch.steps import UnitTaken
from followup import actions as followup
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.journal.replay import differences
from heart.moves import MoveRefused
from intake import actions as intake
from intake.models import Call, Note
from intake.steps import Refused
from tests.builders import CLOCK, NO_DANGER
from tests.people import People
from triage import actions as triage

CODES = ("CRT1", "CRT2", "COR1")
units = st.sampled_from(CODES)
numbers = st.integers(0, 9)
people = st.sampled_from(["dev", "omar", "imani", "noor"])

STEPS: dict[str, Any] = {
    "acknowledge": safety.acknowledge,
    "start": dispatch.start,
    "arrive": dispatch.arrive,
    "transport": dispatch.transport,
    "begin_clearing": dispatch.begin_clearing,
    "check_in": safety.check_in,
}

INVARIANTS = {
    "a unit is on one open run at most": """
        SELECT unit_id FROM dispatch_run
        WHERE status NOT IN ('cleared', 'cancelled') GROUP BY 1 HAVING count(*) > 1""",
    "a run that is over has an end, an open one has none": """
        SELECT id FROM dispatch_run WHERE (ended_at IS NULL) <>
        (status NOT IN ('cleared', 'cancelled'))""",
    "a closed call has nobody on it": """
        SELECT r.id FROM dispatch_run r JOIN intake_call c ON c.id = r.call_id
        WHERE c.status = 'closed' AND r.status NOT IN ('cleared', 'cancelled')""",
    "an open run is watched, an ended one is not": """
        SELECT r.id FROM dispatch_run r
        WHERE (r.status IN ('dispatched', 'en_route', 'on_scene', 'transporting', 'clearing'))
        <> EXISTS (SELECT 1 FROM dispatch_watch w WHERE w.run_id = r.id AND w.status <> 'ended')
        AND NOT (r.status = 'dispatched' AND r.acknowledged_at IS NOT NULL)""",
    "a watch that waits has a next step": """
        SELECT id FROM dispatch_watch WHERE status = 'waiting' AND next_step_at IS NULL""",
    "no kind of watch is open twice for one thing": """
        SELECT kind, call_id, run_id, unit_id, backup_id FROM dispatch_watch
        WHERE status <> 'ended' GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1""",
    "a merged call is closed and points to one that is not itself": """
        SELECT id FROM intake_call WHERE merged_into_id = id
        OR (merged_into_id IS NOT NULL AND status <> 'closed')""",
    "every entry that a command wrote is there once": """
        SELECT command_id FROM journal_entry WHERE command_id IS NOT NULL
        GROUP BY 1 HAVING count(*) > 1""",
}


class Crash(Exception):
    """The process dies before the transaction commits."""


class Room(RuleBasedStateMachine):
    """Two dispatchers, a crew and a clinician with three units and as many calls as come."""

    people: People

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = timezone.now()
        self.notes: list[str] = []

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def two_calls_come_in(self) -> None:
        self.call_comes_in("TRESPASS")
        self.call_comes_in("SUITHREAT")

    # --- who and what

    def by(self, name: str) -> Actor:
        actor: Actor = getattr(self.people, name).actor("console")
        return actor

    def call(self, number: int) -> Call:
        calls = list(Call.objects.order_by("id"))
        return calls[number % len(calls)]

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def run_of(self, code: str) -> Run | None:
        return Run.objects.filter(unit__code=code).order_by("-id").first()

    def attempt(self, action: Any, *, dies: bool = False, **arguments: Any) -> Any:
        """Do it; what is refused, and what dies before its commit, leaves no trace."""
        before = Entry.objects.count()
        done = None
        with (
            time_machine.travel(self.now, tick=False),
            suppress(Refused, MoveRefused, UnitTaken, Crash),
            transaction.atomic(),
        ):
            done = action(**arguments)
            if dies:
                done = None
                raise Crash
        if done is None:
            assert Entry.objects.count() == before
        return done

    # --- what can happen

    @rule(nature=st.sampled_from(["TRESPASS", "PANIC", "SUITHREAT"]))
    def call_comes_in(self, nature: str) -> None:
        self.attempt(
            triage.receive_call,
            fields={"nature": nature, "location_text": "Mill Lane 3"},
            answers=NO_DANGER,
            by=self.by("dev"),
            source=Call.Source.API,
        )

    @rule(code=units, number=numbers, name=people, dies=st.booleans())
    def assign(self, code: str, number: int, name: str, *, dies: bool) -> None:
        self.attempt(
            dispatch.assign,
            call_id=self.call(number).pk,
            unit_id=self.unit(code).pk,
            by=self.by(name),
            dies=dies,
        )

    @rule(code=units, step=st.sampled_from(sorted(STEPS)), dies=st.booleans())
    def status(self, code: str, step: str, *, dies: bool) -> None:
        if run := self.run_of(code):
            self.attempt(STEPS[step], run_id=run.pk, by=self.by("imani"), dies=dies)

    @rule(code=units, dies=st.booleans())
    def clear(self, code: str, *, dies: bool) -> None:
        if run := self.run_of(code):
            self.attempt(
                dispatch.clear,
                run_id=run.pk,
                outcome="resolved",
                felt_safe="yes",
                by=self.by("imani"),
                dies=dies,
            )

    @rule(code=units)
    def cancel(self, code: str) -> None:
        if run := self.run_of(code):
            self.attempt(dispatch.cancel, run_id=run.pk, reason="not_needed", by=self.by("dev"))

    @rule(code=units, other=units, dies=st.booleans())
    def swap(self, code: str, other: str, *, dies: bool) -> None:
        if run := self.run_of(code):
            self.attempt(
                dispatch.swap,
                run_id=run.pk,
                unit_id=self.unit(other).pk,
                by=self.by("dev"),
                dies=dies,
            )

    @rule(number=numbers, other=numbers, dies=st.booleans())
    def merge(self, number: int, other: int, *, dies: bool) -> None:
        self.attempt(
            merge,
            call_id=self.call(number).pk,
            into_id=self.call(other).pk,
            by=self.by("dev"),
            dies=dies,
        )

    @rule(number=numbers)
    def note(self, number: int) -> None:
        text = f"note {len(self.notes)}"
        if self.attempt(
            intake.add_note, call_id=self.call(number).pk, text=text, by=self.by("omar")
        ):
            self.notes.append(text)

    @rule(code=units, agency=st.sampled_from(["POLICE", "EMS"]))
    def backup(self, code: str, agency: str) -> None:
        if run := self.run_of(code):
            self.attempt(safety.request_backup, run_id=run.pk, agency=agency, by=self.by("imani"))

    @rule(code=units)
    def panic(self, code: str) -> None:
        self.attempt(safety.panic, unit_id=self.unit(code).pk, by=self.by("imani"))

    @rule(code=units)
    def begin_contact(self, code: str) -> None:
        self.attempt(
            crews.begin_contact,
            unit_id=self.unit(code).pk,
            fields={"location_text": "the square"},
            by=self.by("imani"),
        )

    @rule(number=numbers, minutes=st.integers(-1, 300))
    def hold(self, number: int, minutes: int) -> None:
        self.attempt(
            queue.hold,
            call_id=self.call(number).pk,
            reason="no_unit",
            minutes=minutes,
            by=self.by("dev"),
        )

    @rule(number=numbers)
    def close(self, number: int) -> None:
        self.attempt(
            followup.close_call,
            call_id=self.call(number).pk,
            not_served_reason="all_units_busy",
            by=self.by("dev"),
        )

    @rule(number=numbers)
    def reopen(self, number: int) -> None:
        self.attempt(
            followup.reopen,
            call_id=self.call(number).pk,
            reason="new_information",
            by=self.by("dev"),
        )

    @rule(number=numbers, name=people)
    def someone_has_an_alert(self, number: int, name: str) -> None:
        raised = list(Watch.objects.filter(status="raised").order_by("id"))
        if raised:
            watch = raised[number % len(raised)]
            self.attempt(safety.acknowledge_watch, watch_id=watch.pk, by=self.by(name))

    @rule(seconds=st.sampled_from([5, 61, 600, 1300]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        with time_machine.travel(self.now, tick=False):
            call_watches.watch_calls(limit=500, by=CLOCK)
            safety.climb_ladders(limit=500, by=CLOCK)

    # --- what always holds

    @invariant()
    def the_tables_are_sound(self) -> None:
        with connection.cursor() as sql:
            for words, query in INVARIANTS.items():
                sql.execute(query)
                assert sql.fetchall() == [], words

    @invariant()
    def no_note_is_lost(self) -> None:
        texts = set(Note.objects.values_list("text", flat=True))
        assert set(self.notes) <= texts

    @invariant()
    def the_journal_tells_the_tables(self) -> None:
        assert list(differences()) == []


@pytest.mark.django_db
def test_room_holds_whatever_happens_in_it(people: People) -> None:
    class ThisRoom(Room):
        pass

    ThisRoom.people = people
    run_state_machine_as_test(
        ThisRoom, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )
