"""Worlds for tests, made by walking the real actions: every one has an honest journal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.conf import settings
from django.utils import timezone

from dispatch import actions as dispatch
from dispatch import call_watch_actions as call_watches
from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.encounters import Written
from dispatch.models import Backup, Handoff, Run, Unit, Watch, WatchKind
from dispatch.states import RunStatus, WatchStatus
from followup import actions as followup
from followup.actions import Consented
from followup.models import FollowUp
from followup.states import FollowUpStatus
from heart.journal.actor import Actor
from heart.journal.facts import sentence
from heart.journal.models import Entry
from heart.journal.queries import timeline
from heart.replay import actions as replays
from heart.replay.models import Replay
from heart.replay.reading import Span
from heart.replay.states import ReplayStatus
from intake import actions as intake
from intake.models import Call
from intake.steps import CallFields
from tests.people import People
from triage import actions as triage
from triage import rule_set_actions as rule_sets
from triage.models import Consult, Decision, Lowering, RuleSet
from triage.states import RuleSetStatus

CLOCK = Actor(None, "the clock", "clock")

NO_DANGER = {
    "caller": "with_person",
    "medical": "none",
    "harm_now": "no",
    "weapon": "none",
    "violence": "none",
    "crime": "none",
    "hazard": "none",
    "si": "none",
}
"""Answers that rule every exclusion out."""

YES_BY_PHONE = Consented("yes", by_call=True, by_voicemail=True, phone="555-0142")

ROAD = {
    RunStatus.DISPATCHED: (),
    RunStatus.EN_ROUTE: (dispatch.start,),
    RunStatus.ON_SCENE: (dispatch.start, dispatch.arrive),
    RunStatus.TRANSPORTING: (dispatch.start, dispatch.arrive, dispatch.transport),
    RunStatus.CLEARING: (dispatch.start, dispatch.arrive, dispatch.begin_clearing),
}
"""The actions that bring a new run to a status."""


SUBMIT, APPROVE = (rule_sets.submit, "sam"), (rule_sets.approve, "maya")
ACTIVATE = (rule_sets.activate, "maya")
ROAD_OF_RULES = {
    RuleSetStatus.DRAFT: (),
    RuleSetStatus.IN_REVIEW: (SUBMIT,),
    RuleSetStatus.SHADOW: (SUBMIT, APPROVE),
    RuleSetStatus.ACTIVE: (SUBMIT, APPROVE, ACTIVATE),
    RuleSetStatus.RETIRED: (SUBMIT, APPROVE, ACTIVATE),
}
"""The actions that bring a draft to a status, and whose they are."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the world looks like when a test begins."""

    people: People

    def taking(self, **fields: Any) -> Call:
        """A call that Rosa is still taking."""
        return intake.take_call(fields=_fields(fields), by=self._by("rosa"))

    def call(
        self, nature: str = "TRESPASS", answers: dict[str, str] | None = None, **fields: Any
    ) -> Call:
        """An open, triaged call that nobody serves yet: by default route CRT at level 2."""
        call = self.taking(**fields)
        triage.save(
            call_id=call.pk,
            fields={"nature": nature},
            answers=NO_DANGER if answers is None else answers,
            by=self._by("rosa"),
        )
        return intake.release(call_id=call.pk, by=self._by("rosa"))

    def waiting_consult(self, **fields: Any) -> Consult:
        """A caller who thinks of dying, has no plan and wants to talk (R16, level 2), in the queue."""
        answers = {**NO_DANGER, "caller": "self", "si": "thoughts", "contact": "willing"}
        return self.call("EMOTDIST", answers, **fields).consults.get()

    def accepted_consult(self, **fields: Any) -> Consult:
        """The same, with Noor."""
        return triage.accept_consult(
            consult_id=self.waiting_consult(**fields).pk, by=self._by("noor")
        )

    def ended_consult(self, outcome: str = Consult.Outcome.RESOLVED, **fields: Any) -> Consult:
        """The same, after Noor has talked."""
        consult = self.accepted_consult(**fields)
        return triage.end_consult(consult_id=consult.pk, outcome=outcome, by=self._by("noor"))

    def high_call(self, **fields: Any) -> Call:
        """A suicide threat with a weapon in reach: co-response at level 3 (R08)."""
        answers = {**NO_DANGER, "weapon": "accessible", "si": "intent"}
        return self.call("SUITHREAT", answers, **fields)

    def lowering(self, **fields: Any) -> Lowering:
        """Dev asks to lower a level 3 call to CRT at level 2; nobody has answered."""
        return triage.ask_lowering(
            call_id=self.high_call(**fields).pk,
            route="CRT",
            level=2,
            reason="the rifle is locked away at the neighbor's",
            by=self._by("dev"),
        )

    def run(
        self,
        status: RunStatus = RunStatus.DISPATCHED,
        unit: str = "CRT1",
        call: Call | None = None,
    ) -> Run:
        """A unit on a call, brought to ``status``."""
        call = call or self.call()
        unit_id = Unit.objects.get(code=unit).pk
        run = dispatch.assign(call_id=call.pk, unit_id=unit_id, by=self._by("dev"))
        if status == RunStatus.CANCELLED:
            return dispatch.cancel(run_id=run.pk, reason="not_needed", by=self._by("dev"))
        for step in ROAD[RunStatus.ON_SCENE if status == RunStatus.CLEARED else status]:
            run = step(run_id=run.pk, by=self._by("imani"))
        if status == RunStatus.CLEARED:
            run = dispatch.clear(
                run_id=run.pk, outcome="resolved", felt_safe="yes", by=self._by("imani")
            )
        return run

    def met(self, unit: str = "CRT1", call: Call | None = None, **wrote: Any) -> Run:
        """The same, cleared by a crew that wrote down what was answered about a follow-up: yes, by call."""
        run = self.run(RunStatus.ON_SCENE, unit=unit, call=call)
        written = Written(**{"consent": "yes", "by_call": True, **wrote})
        return dispatch.clear(
            run_id=run.pk,
            outcome="resolved",
            felt_safe="yes",
            encounter=written,
            by=self._by("imani"),
        )

    def backup(self, agency: str = "POLICE") -> Backup:
        """A crew on scene that has asked for backup."""
        run = self.run(RunStatus.ON_SCENE)
        return safety.request_backup(run_id=run.pk, agency=agency, by=self._by("imani"))

    def panic(self, unit: str = "CRT1") -> Watch:
        """Somebody of the crew has pressed panic; nobody has answered."""
        return safety.panic(unit_id=Unit.objects.get(code=unit).pk, by=self._by("imani"))

    def watched_call(self, **fields: Any) -> Call:
        """A call that nobody has, watched for its target and for the next contact."""
        call = self.call(**fields)
        call_watches.watch_calls(limit=500, by=CLOCK)
        return call

    def held_call(self, minutes: int = 20) -> Call:
        """A call that Dev lets wait because no unit can go."""
        call = self.call()
        queue.hold(call_id=call.pk, reason="no_unit", minutes=minutes, by=self._by("dev"))
        return call

    def watch(self, status: WatchStatus = WatchStatus.WAITING) -> Watch:
        """Something that somebody must do: acknowledge, answer a panic, or what was answered."""
        if status == WatchStatus.WAITING:
            return self.run().watches.get(kind=WatchKind.ACKNOWLEDGEMENT)
        watch = self.panic()
        if status == WatchStatus.ENDED:
            return safety.end_watch(watch_id=watch.pk, reason="test", by=self._by("dev"))
        return watch

    def handoff(self, agency: str = "EMS", call: Call | None = None) -> Handoff:
        """A call handed to another agency, loop not closed."""
        call = call or self.call("OVERDOSE", {"medical": "serious"})
        return dispatch.hand_off(
            call_id=call.pk, agency=agency, reference="E-77", by=self._by("dev")
        )

    def rule_set(self, status: RuleSetStatus = RuleSetStatus.DRAFT) -> RuleSet:
        """A version that Sam wrote as a copy of the one in force, brought to ``status``.

        The retired one is the version that was in force before.
        """
        before = RuleSet.objects.get(status=RuleSetStatus.ACTIVE)
        row = rule_sets.begin_draft(based_on=before.pk, by=self._by("sam"))
        road = ROAD_OF_RULES[status]
        for step, who in road:
            row = step(rule_set_id=row.pk, by=self._by(who))
        if status == RuleSetStatus.RETIRED:
            before.refresh_from_db()
            return before
        return row

    def replay(self, status: ReplayStatus = ReplayStatus.QUEUED) -> Replay:
        """A replay of the version in force over every call, that Sam asked for, in ``status``."""
        active = RuleSet.objects.get(status=RuleSetStatus.ACTIVE)
        if status == ReplayStatus.RUNNING:
            self.call()
        row = replays.request_replay(
            version=active.version, against=None, span=Span(), by=self._by("sam")
        )
        if status == ReplayStatus.CANCELLED:
            return replays.cancel_replay(replay_id=row.pk, by=self._by("sam"))
        if status == ReplayStatus.FAILED:
            Replay.objects.filter(pk=row.pk).update(tables=[{"from": "a later console"}])
        if status != ReplayStatus.QUEUED:
            seconds = 0 if status == ReplayStatus.RUNNING else 60
            replays.run_replays(limit=9, by=CLOCK, seconds=seconds)
        row.refresh_from_db()
        return row

    def closed_call(self, consent: Consented = YES_BY_PHONE) -> Call:
        """A call that CRT1 has served and Dev has closed."""
        run = self.run(RunStatus.CLEARED)
        return followup.close_call(call_id=run.call_id, consent=consent, by=self._by("dev"))

    def followup(
        self,
        *,
        due_in: timedelta = timedelta(hours=48),
        status: FollowUpStatus = FollowUpStatus.PROMISED,
    ) -> FollowUp:
        """A promise whose contact is due in ``due_in`` (negative: it was due), in ``status``."""
        encounter_ended_at = timezone.now() + due_in - promised_hours()
        with time_machine.travel(encounter_ended_at, tick=False):
            row = self.closed_call().followup
        if status == FollowUpStatus.REACHED:
            followup.log_attempt(
                followup_id=row.pk, channel="call", outcome="reached_stable", by=self._by("ana")
            )
        elif status == FollowUpStatus.CLOSED:
            followup.close_followup(followup_id=row.pk, reason="linked", by=self._by("ana"))
        elif status in (FollowUpStatus.DUE, FollowUpStatus.OVERDUE):
            self._sweep(row, status)
        row.refresh_from_db()
        return row

    def _sweep(self, row: FollowUp, status: FollowUpStatus) -> None:
        with time_machine.travel(row.attempt_due_at, tick=False):
            followup.mark_due(limit=500, by=CLOCK)
        if status == FollowUpStatus.OVERDUE:
            with time_machine.travel(row.due_at, tick=False):
                followup.mark_overdue(limit=500, by=CLOCK)

    def _by(self, name: str) -> Actor:
        user = getattr(self.people, name)
        actor: Actor = user.actor("console")
        return actor


def promised_hours() -> timedelta:
    """How long after the encounter contact is promised."""
    return timedelta(hours=settings.HEART_FOLLOWUP_HOURS)


def decision_of(call: Call) -> Decision:
    """The decision in force."""
    found = Call.objects.select_related("assessment__decision").get(pk=call.pk)
    decision: Decision = found.assessment.decision
    return decision


def told(call: Call) -> list[str]:
    """The journal of a call as people read it, oldest first: who, and what they did."""
    return [f"{entry.actor_name} {said(entry)}" for entry in timeline(call.pk)]


def said(entry: Entry) -> str:
    """The sentence of one entry."""
    return sentence(entry.verb, entry.payload)


def last_entry() -> Entry:
    """What happened last."""
    return Entry.objects.order_by("id")[Entry.objects.count() - 1]


def ended_at(run: Run) -> datetime:
    """When an ended run ended."""
    assert run.ended_at is not None
    return run.ended_at


def _fields(fields: dict[str, Any]) -> CallFields:
    known: CallFields = {"caller_phone": "555-0142", "location_text": "12 Thimble Street"}
    known.update(fields)  # type: ignore[typeddict-item]  # take_call refuses unknown names
    return known
