"""For every verb: the screens as they were, plus what is pushed, are the screens as they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch import actions as dispatch
from dispatch import call_watch_actions as call_watches
from dispatch import crew_actions as crews
from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.merging import merge
from dispatch.models import Run, Unit, Watch
from dispatch.states import OPEN_RUN, RunStatus
from followup import actions as followup
from followup.models import FollowUp, Notice
from followup.states import FollowUpStatus
from heart.accounts.actions import log_read, note_reference_change
from heart.history.actions import import_calls
from heart.history.rows import Row
from heart.journal import queries
from heart.journal.facts import FACTS
from heart.journal.models import Entry
from heart.live import registry, tail
from heart.live.audiences import ALERTS, BOARD, DESK, WORKLIST, Audience, Kind
from heart.live.registry import PARTS
from heart.pages import fragments
from heart.paper import actions as paper
from heart.replay import actions as replays
from heart.replay.states import ReplayStatus
from intake import actions as intake
from intake import neighbor_actions as neighbors
from intake import place_actions as places
from intake.models import Call, Nature, Neighbor
from tests.builders import CLOCK, NO_DANGER, Given
from tests.paper.cards import GOING_ON, card, yesterday
from tests.people import People
from triage import actions as triage
from triage import rule_set_actions as rule_sets
from triage.models import Consult, Lowering, RuleSet, Scenario
from triage.protocol_files import DEFAULTS, read
from triage.queries import active_rule_set_id
from triage.states import RuleSetStatus

EVENTS_SHOWN = 15
"""How many lines of the room's log are compared; a screen drops the oldest by itself."""
Act = Callable[[], object]
UNIVERSE: dict[str, Callable[[], list[int]]] = {
    "call": lambda: _ids(Call),
    "unit": lambda: _ids(Unit),
    "consult": lambda: _ids(Consult),
    "followup": lambda: _ids(FollowUp),
    "notice": lambda: _ids(Notice),
    "lowering": lambda: _ids(Lowering),
    "event": lambda: _ids(Entry)[-EVENTS_SHOWN:],
    "call-part": lambda: list(range(1, len(fragments.PARTS) + 1)),
}
"""Every number an item of this noun can have; a noun that is not here is one whole panel."""


def _ids(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def screen(audience: Audience) -> dict[str, str]:
    """A screen as a fresh page shows it: every item of every part that is to be seen."""
    ids: list[str] = []
    for noun in PARTS[audience.kind]:
        numbers = UNIVERSE[noun]() if noun in UNIVERSE else None
        ids += [noun] if numbers is None else [f"{noun}-{number}" for number in numbers]
    return {item["id"]: item["html"] for item in registry.render(audience, ids) if item["html"]}


def audiences() -> list[Audience]:
    """The three rooms, the newest calls, and a unit."""
    calls = [Audience(Kind.CALL, pk) for pk in _ids(Call)[-2:]]
    return [
        BOARD,
        DESK,
        WORKLIST,
        ALERTS,
        *calls,
        Audience(Kind.UNIT, Unit.objects.get(code="CRT1").pk),
    ]


def pushed(before: dict[str, str], audience: Audience, cursor: str) -> dict[str, str]:
    """What a screen shows after it has applied the changes since ``cursor``."""
    shown = dict(before)
    for item in tail.changes(audience, cursor)["items"]:
        shown.pop(item["id"], None)
        if item["html"]:
            shown[item["id"]] = item["html"]
    return shown


def trimmed(shown: dict[str, str]) -> dict[str, str]:
    """The screen as it keeps itself short: the newest lines of the log, and everything else."""
    newest = {f"event-{pk}" for pk in UNIVERSE["event"]()}
    return {i: html for i, html in shown.items() if i in newest or not i.startswith("event-")}


class Steps:
    """For each verb a world in which it can happen, and the action that makes it happen."""

    def __init__(self, given: Given, people: People) -> None:
        self.given = given
        self.rosa, self.dev = people.rosa.actor("console"), people.dev.actor("console")
        self.noor, self.ana = people.noor.actor("console"), people.ana.actor("console")
        self.sam, self.maya = people.sam.actor("console"), people.maya.actor("console")
        self.imani = people.imani.actor("phone")

    def of(self, verb: str) -> Act:
        name = verb.replace(".", "_")
        assert hasattr(self, name), f"say here how {verb} comes to happen: def {name}(self)"
        act: Act = getattr(self, name)()
        return act

    # --- intake and triage

    def call_taken(self) -> Act:
        return self.given.taking

    def call_received(self) -> Act:
        fields: Any = {"location_text": "Mill Lane 3", "nature": "TRESPASS"}
        return lambda: triage.receive_call(
            fields=fields, answers=NO_DANGER, by=self.dev, source=Call.Source.API
        )

    def call_imported(self) -> Act:
        row = Row(
            line=2, number="1", reference="2019-1", digest="0" * 32, received_at=timezone.now()
        )
        natures = {nature.code: nature for nature in Nature.objects.all()}
        return lambda: import_calls(rows=[row], profile="test", natures=natures, by=self.dev)

    def call_edited(self) -> Act:
        call = self.given.call()
        return lambda: triage.save(
            call_id=call.pk, fields={"location_text": "elsewhere"}, answers={}, by=self.rosa
        )

    def call_noted(self) -> Act:
        call = self.given.call()
        return lambda: intake.add_note(call_id=call.pk, text="she left", by=self.rosa)

    def call_released(self) -> Act:
        call = self.given.taking()
        return lambda: intake.release(call_id=call.pk, by=self.rosa)

    def decision_made(self) -> Act:
        call = self.given.taking()
        return lambda: triage.save(
            call_id=call.pk, fields={"nature": "TRESPASS"}, answers=NO_DANGER, by=self.rosa
        )

    def decision_raised(self) -> Act:
        call = self.given.call()
        return lambda: triage.raise_level(call_id=call.pk, level=4, by=self.rosa)

    def decision_overridden(self) -> Act:
        call = self.given.call()
        return lambda: triage.choose_route(
            call_id=call.pk, route="COR", reason="he knows this officer", by=self.dev
        )

    def decision_help_asked(self) -> Act:
        call = self.given.call()
        return lambda: triage.send_help(call_id=call.pk, route="EMS", by=self.noor)

    def lowering_asked(self) -> Act:
        call = self.given.high_call()
        return lambda: triage.ask_lowering(
            call_id=call.pk, route="CRT", level=2, reason="the gun is gone", by=self.dev
        )

    def lowering_agreed(self) -> Act:
        asked = self.given.lowering()
        return lambda: triage.agree_lowering(lowering_id=asked.pk, by=self.noor)

    def lowering_refused(self) -> Act:
        asked = self.given.lowering()
        return lambda: triage.refuse_lowering(lowering_id=asked.pk, by=self.noor)

    def consult_accepted(self) -> Act:
        consult = self.given.waiting_consult()
        return lambda: triage.accept_consult(consult_id=consult.pk, by=self.noor)

    def consult_ended(self) -> Act:
        consult = self.given.accepted_consult()
        return lambda: triage.end_consult(
            consult_id=consult.pk, outcome=Consult.Outcome.SEND_CRT, by=self.noor
        )

    def note_written(self) -> Act:
        call = self.given.accepted_consult().call
        return lambda: triage.write_clinical_note(call_id=call.pk, text="calm now", by=self.noor)

    def assessment_expired(self) -> Act:
        self.given.call("EMOTDIST", {**NO_DANGER, "weapon": "unknown"})
        later = timezone.now() + timedelta(minutes=5)
        return lambda: _at(later, lambda: triage.end_clarifying(limit=9, by=CLOCK))

    def assessment_line_lost(self) -> Act:
        call = self.given.call()
        return lambda: triage.lose_line(call_id=call.pk, by=self.rosa)

    def rule_set_activated(self) -> Act:
        files = read(DEFAULTS)
        files = replace(files, rule_set={**files.rule_set, "version": 99})
        return lambda: rule_sets.activate_protocol(files=files, by=self.dev)

    def rule_set_imported(self) -> Act:
        return lambda: rule_sets.import_rule_set(files=read(DEFAULTS), by=self.sam)

    def rule_set_drafted(self) -> Act:
        active = active_rule_set_id()
        return lambda: rule_sets.begin_draft(based_on=active, by=self.sam)

    def rule_set_edited(self) -> Act:
        draft = self.given.rule_set()
        return lambda: rule_sets.save_draft(
            rule_set_id=draft.pk,
            revision=draft.revision,
            edit=lambda files: replace(files, fallback=files.fallback[:3]),
            what="fallback",
            by=self.sam,
        )

    def rule_set_submitted(self) -> Act:
        return self._of_version(RuleSetStatus.DRAFT, rule_sets.submit)

    def rule_set_approved(self) -> Act:
        return self._of_version(RuleSetStatus.IN_REVIEW, rule_sets.approve)

    def rule_set_withdrawn(self) -> Act:
        for shadow in RuleSet.objects.filter(status=RuleSetStatus.SHADOW):
            rule_sets.withdraw(rule_set_id=shadow.pk, reason="room for others", by=self.sam)
        return self._of_version(RuleSetStatus.SHADOW, rule_sets.withdraw, reason="not yet")

    def rule_set_scheduled(self) -> Act:
        for shadow in RuleSet.objects.filter(status=RuleSetStatus.SHADOW):
            rule_sets.withdraw(rule_set_id=shadow.pk, reason="room for others", by=self.sam)
        tomorrow = timezone.now() + timedelta(days=1)
        return self._of_version(RuleSetStatus.SHADOW, rule_sets.activate, at=tomorrow)

    def rule_set_returned(self) -> Act:
        before = RuleSet.objects.filter(status=RuleSetStatus.RETIRED, activated_at__isnull=False)
        row = before.last()
        assert row is not None, "a version was activated above"
        return lambda: rule_sets.roll_back(rule_set_id=row.pk, by=self.maya)

    def scenario_kept(self) -> Act:
        return self._scenario

    def scenario_left_out(self) -> Act:
        kept = self._scenario()
        return lambda: rule_sets.leave_scenario_out(scenario_id=kept.pk, by=self.sam)

    def _scenario(self) -> Scenario:
        return rule_sets.keep_scenario(
            title="A man who will not leave",
            nature="TRESPASS",
            answers=NO_DANGER,
            rule_set_id=active_rule_set_id(),
            by=self.sam,
        )

    def _of_version(self, status: RuleSetStatus, move: Callable[..., object], **more: Any) -> Act:
        row = self.given.rule_set(status)
        return lambda: move(rule_set_id=row.pk, by=self.maya, **more)

    # --- dispatch

    def run_assigned(self) -> Act:
        call = self.given.call()
        return lambda: dispatch.assign(call_id=call.pk, unit_id=self._unit(), by=self.dev)

    def run_started(self) -> Act:
        return self._moved(RunStatus.DISPATCHED, dispatch.start)

    def run_arrived(self) -> Act:
        return self._moved(RunStatus.EN_ROUTE, dispatch.arrive)

    def run_transporting(self) -> Act:
        return self._moved(RunStatus.ON_SCENE, dispatch.transport)

    def run_clearing(self) -> Act:
        return self._moved(RunStatus.ON_SCENE, dispatch.begin_clearing)

    def run_cleared(self) -> Act:
        return self._moved(RunStatus.CLEARING, dispatch.clear, outcome="resolved", felt_safe="yes")

    def run_cancelled(self) -> Act:
        return self._moved(RunStatus.EN_ROUTE, dispatch.cancel, reason="not_needed")

    def unit_out_of_service(self) -> Act:
        return lambda: dispatch.out_of_service(unit_id=self._unit(), by=self.dev)

    def unit_in_service(self) -> Act:
        dispatch.out_of_service(unit_id=self._unit(), by=self.dev)
        return lambda: dispatch.into_service(unit_id=self._unit(), by=self.dev)

    def backup_requested(self) -> Act:
        return self._moved(RunStatus.ON_SCENE, safety.request_backup, agency="POLICE")

    def backup_arrived(self) -> Act:
        backup = self.given.backup()
        return lambda: safety.backup_arrived(backup_id=backup.pk, by=self.dev)

    def backup_coming(self) -> Act:
        backup = self.given.backup()
        return lambda: safety.backup_coming(backup_id=backup.pk, by=self.dev)

    def backup_stood_down(self) -> Act:
        backup = self.given.backup()
        return lambda: safety.stand_down(backup_id=backup.pk, by=self.dev)

    def run_acknowledged(self) -> Act:
        return self._moved(RunStatus.DISPATCHED, safety.acknowledge)

    def run_checked(self) -> Act:
        return self._moved(RunStatus.ON_SCENE, safety.check_in)

    def run_begun(self) -> Act:
        where: Any = {"location_text": "the square"}
        return lambda: crews.begin_contact(unit_id=self._unit(), fields=where, by=self.imani)

    def run_swapped(self) -> Act:
        run = self.given.run()
        other = Unit.objects.get(code="CRT2").pk
        return lambda: dispatch.swap(run_id=run.pk, unit_id=other, by=self.dev)

    def unit_panic(self) -> Act:
        return self.given.panic

    def crew_signed_on(self) -> Act:
        crews.sign_off(unit_id=self._unit(), by=self.imani)
        return lambda: crews.sign_on(unit_id=self._unit(), duty="peer", by=self.imani)

    def crew_signed_off(self) -> Act:
        return lambda: crews.sign_off(unit_id=self._unit(), by=self.imani)

    def watch_begun(self) -> Act:
        self.given.call()
        return lambda: call_watches.watch_calls(limit=500, by=CLOCK)

    def watch_raised(self) -> Act:
        run = self.given.run()
        due = run.dispatched_at + timedelta(seconds=61)
        return lambda: _at(due, lambda: safety.climb_ladders(limit=500, by=CLOCK))

    def watch_acknowledged(self) -> Act:
        watch = self.given.panic()
        return lambda: safety.acknowledge_watch(watch_id=watch.pk, by=self.dev)

    def watch_ended(self) -> Act:
        watch = Watch.objects.get(kind="panic", status="raised")
        return lambda: safety.end_watch(watch_id=watch.pk, reason="handled", by=self.dev)

    def hold_begun(self) -> Act:
        return self.given.held_call

    def hold_ended(self) -> Act:
        call = self.given.held_call()
        return lambda: queue.end_hold(call_id=call.pk, by=self.dev)

    def call_recontacted(self) -> Act:
        call = self.given.watched_call()
        return lambda: queue.recontacted(call_id=call.pk, by=self.dev)

    def call_owned(self) -> Act:
        call = self.given.call()
        owner = self.given.people.omar.pk
        return lambda: queue.own(call_id=call.pk, owner_id=owner, by=self.dev)

    def call_merged(self) -> Act:
        call, into = self.given.call(), self.given.high_call()
        self.given.run(RunStatus.EN_ROUTE, call=call)
        return lambda: merge(call_id=call.pk, into_id=into.pk, by=self.dev)

    def premise_note_written(self) -> Act:
        call = self.given.call()
        self.given.call()  # another call at the same place shows it too
        return lambda: places.write_premise_note(
            call_id=call.pk, kind="hazard", text="a dog", source="crew", by=self.dev
        )

    def premise_note_withdrawn(self) -> Act:
        call = self.given.call()
        note = places.write_premise_note(
            call_id=call.pk, kind="hazard", text="a dog", source="crew", by=self.dev
        )
        return lambda: places.withdraw_premise_note(note_id=note.pk, call_id=call.pk, by=self.dev)

    def neighbor_added(self) -> Act:
        call = self.given.call()
        return lambda: neighbors.add_neighbor(call_id=call.pk, name="Juniper", by=self.noor)

    def neighbor_named(self) -> Act:
        call, pk = self.given.call(), Neighbor.objects.create(name="Juniper").pk
        return lambda: neighbors.say_who(call_id=call.pk, neighbor_id=pk, by=self.noor)

    def neighbor_unnamed(self) -> Act:
        call = self.given.call()
        neighbors.add_neighbor(call_id=call.pk, name="Juniper", by=self.noor)
        return lambda: neighbors.say_who(call_id=call.pk, neighbor_id=None, by=self.noor)

    def care_plan_written(self) -> Act:
        call, other = self.given.call(), self.given.call()
        card = neighbors.add_neighbor(call_id=call.pk, name="Juniper", by=self.noor)
        neighbors.say_who(call_id=other.pk, neighbor_id=card.pk, by=self.noor)
        agreed = neighbors.Agreed("a quiet voice", "", "")
        return lambda: neighbors.write_care_plan(call_id=call.pk, agreed=agreed, by=self.noor)

    def handoff_made(self) -> Act:
        call = self.given.call("OVERDOSE", {"medical": "serious"})
        return lambda: dispatch.hand_off(call_id=call.pk, agency="EMS", by=self.dev)

    def handoff_confirmed(self) -> Act:
        handoff = self.given.handoff()
        return lambda: dispatch.confirm_handoff(
            handoff_id=handoff.pk, outcome="reached", by=self.dev
        )

    def service_planned(self) -> Act:
        self.given.call()
        for unit in Unit.objects.filter(kind=Unit.Kind.CRT, status="available"):
            dispatch.out_of_service(unit_id=unit.pk, by=self.dev)
        return lambda: dispatch.replan_waiting(limit=9, by=CLOCK)

    # --- follow-up

    def call_closed(self) -> Act:
        call = self.given.run(RunStatus.CLEARED).call
        consent = followup.Consented("yes", by_call=True, phone="555-0142")
        return lambda: followup.close_call(call_id=call.pk, consent=consent, by=self.dev)

    def call_caught_up(self) -> Act:
        still_out = card(GOING_ON, day=yesterday())
        return lambda: paper.catch_up(card=still_out, by=self.rosa)

    def paper_pack_printed(self) -> Act:
        return lambda: paper.print_pack(position="P1", count=2, by=self.rosa)

    def call_reopened(self) -> Act:
        call = self.given.closed_call()
        return lambda: followup.reopen(call_id=call.pk, reason="new_information", by=self.dev)

    def followup_taken(self) -> Act:
        row = self.given.followup()
        return lambda: followup.take(followup_id=row.pk, by=self.ana)

    def followup_attempted(self) -> Act:
        row = self.given.followup()
        return lambda: followup.log_attempt(
            followup_id=row.pk, channel="call", outcome="reached_crisis", by=self.ana
        )

    def followup_due(self) -> Act:
        row = self.given.followup()
        return lambda: _at(row.attempt_due_at, lambda: followup.mark_due(limit=9, by=CLOCK))

    def followup_overdue(self) -> Act:
        row = self.given.followup()
        return lambda: _at(row.due_at, lambda: followup.mark_overdue(limit=9, by=CLOCK))

    def followup_closed(self) -> Act:
        row = self.given.followup()
        return lambda: followup.close_followup(followup_id=row.pk, reason="linked", by=self.ana)

    def notice_seen(self) -> Act:
        notice = self.given.followup(status=FollowUpStatus.DUE).notices.get()
        return lambda: followup.see_notice(notice_id=notice.pk, by=self.ana)

    # --- replays

    def replay_requested(self) -> Act:
        return self.given.replay

    def replay_started(self) -> Act:
        return self._replayed

    def replay_finished(self) -> Act:
        return self._replayed

    def replay_cancelled(self) -> Act:
        row = self.given.replay()
        return lambda: replays.cancel_replay(replay_id=row.pk, by=self.sam)

    def replay_failed(self) -> Act:
        return lambda: self.given.replay(ReplayStatus.FAILED)

    def replay_listed(self) -> Act:
        row = self.given.replay(ReplayStatus.DONE)
        return lambda: replays.note_listing(replay_id=row.pk, calls=3, by=self.sam)

    def _replayed(self) -> object:
        return self.given.replay(ReplayStatus.DONE)

    # --- people

    def record_read(self) -> Act:
        call = self.given.call()
        return lambda: log_read(by=self.dev, call_id=call.pk, what="call", screen="call")

    def reference_changed(self) -> Act:
        return lambda: note_reference_change(
            by=self.dev, model="unit", pk=self._unit(), columns=["name"]
        )

    def _unit(self) -> int:
        return Unit.objects.get(code="CRT1").pk

    def _moved(self, status: RunStatus, move: Callable[..., object], **more: str) -> Act:
        run = self.given.run(status)
        return lambda: move(run_id=run.pk, by=self.imani, **more)

    def back_to_base(self) -> None:
        """Every unit is free and on duty again."""
        for run in Run.objects.filter(status__in=OPEN_RUN):
            if run.status in (RunStatus.DISPATCHED, RunStatus.EN_ROUTE):
                dispatch.cancel(run_id=run.pk, reason="not_needed", by=self.dev)
            else:
                dispatch.clear(run_id=run.pk, outcome="resolved", felt_safe="yes", by=self.dev)
        for unit in Unit.objects.filter(status="out_of_service", is_active=True):
            dispatch.into_service(unit_id=unit.pk, by=self.dev)


def _at(moment: Any, act: Act) -> object:
    with time_machine.travel(moment, tick=False):
        return act()


@pytest.mark.timeout(300)  # every verb, every screen, before and after
@pytest.mark.django_db(transaction=True)
def test_snapshot_and_changes_are_the_fresh_screen_for_every_verb(
    given: Given, people: People
) -> None:
    steps = Steps(given, people)
    wrong: dict[str, list[str]] = {}
    for verb in FACTS:
        act = steps.of(verb)
        cursor = str(queries.head())
        before = {audience: screen(audience) for audience in audiences()}

        act()

        since = Entry.objects.filter(pk__gt=int(cursor.rpartition("-")[2]))
        assert verb in since.values_list("verb", flat=True)
        for audience, shown in before.items():
            fresh, applied = screen(audience), trimmed(pushed(shown, audience, cursor))
            if fresh != applied:
                ids = fresh.keys() | applied.keys()
                wrong[f"{verb} on {audience}"] = sorted(
                    item_id for item_id in ids if fresh.get(item_id) != applied.get(item_id)
                )
        steps.back_to_base()

    assert wrong == {}
