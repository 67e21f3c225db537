"""What call-takers, dispatchers and clinicians do to the triage of a call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import born, each_by_itself, make_move
from intake.facts import CallEdited
from intake.models import Call
from intake.states import CALL, CallStatus
from intake.steps import CallFields, Refused, cleaned, fill, new_call, written
from triage import steps
from triage.clashes import Seen, refuse_clashes
from triage.facts import (
    CallReceived,
    ClarifyingOver,
    ClinicalNoteWritten,
    ConsultAccepted,
    ConsultEnded,
    DecisionMade,
    HelpAsked,
    LevelRaised,
    LineLost,
    LoweringAgreed,
    LoweringAsked,
    LoweringRefused,
    RouteChosen,
)
from triage.models import (
    PROTECTION,
    Assessment,
    ClinicalNote,
    Consult,
    Decision,
    Eligibility,
    Lowering,
    Route,
)
from triage.queries import active_rule_set_id, target_seconds
from triage.states import CONSULT, LOWERING, OPEN_CONSULT, ConsultStatus


@dataclass(frozen=True, slots=True)
class Saved:
    """A call after a change, with the decision now in force (None before the first answer)."""

    call: Call
    decision: Decision | None
    changes: list[str]


def receive_call(
    *,
    fields: CallFields,
    answers: dict[str, Any],
    by: Actor,
    source: str,
    external_ref: str = "",
    received_at: datetime | None = None,
    is_synthetic: bool = False,
    command_id: UUID | None = None,
) -> Saved:
    """A call comes in whole from another system: stored, triaged and on the board at once."""
    columns = cleaned(fields)
    with transaction.atomic():
        times = {"received_at": received_at} if received_at else {}
        call = new_call(
            columns,
            by=by,
            status=CallStatus.OPEN,
            source=source,
            external_ref=external_ref,
            is_synthetic=is_synthetic,
            **times,
        )
        effects = [born(CALL, call)]
        decision = None
        if answers or call.nature_id:
            assessment = Assessment(call=call, rule_set_id=active_rule_set_id())
            steps.merge_answers(assessment, answers)
            decided = steps.decide(call, assessment, by=by, is_new=True)
            decision, effects = decided.decision, effects + decided.effects
        else:
            Eligibility.objects.create(call=call)
        record(
            CallReceived(
                call_id=call.pk,
                decision_id=decision.pk if decision else None,
                route=decision.route if decision else None,
                added=decision.added if decision else [],
                level=decision.level if decision else None,
                rule=decision.rule if decision else None,
            ),
            by=by,
            effects=effects,
            happened_at=received_at,
            command_id=command_id,
        )
    return Saved(call, decision, [])


def save(
    *,
    call_id: int,
    fields: CallFields,
    answers: dict[str, Any],
    seen: Seen | None = None,
    by: Actor,
    command_id: UUID | None = None,
) -> Saved:
    """Fields or answers changed: keep them, and when they bear on the route ask the rules again.

    ``seen`` is what the writer's screen showed: what somebody else wrote there since is not lost.
    """
    columns = cleaned(fields)
    with transaction.atomic():
        call = _locked_call(call_id)
        _check_not_merged(call)
        if seen is not None:
            stands = Assessment.objects.filter(call=call).first()
            refuse_clashes(call, stands, fields=fields, answers=answers, seen=seen, by=by)
        changed = fill(call, columns)
        if not answers and not steps.bears_on_the_route(call, changed):
            if changed:
                record(CallEdited(call_id=call_id, columns=changed), by=by, command_id=command_id)
            found = Assessment.objects.filter(call=call).select_related("decision").first()
            return Saved(call, found.decision if found else None, [])
        assessment = steps.assess(call)
        changed += steps.merge_answers(assessment, answers)
        if not changed:
            return Saved(call, assessment.decision, [])
        _check_open(call)
        decided = steps.decide(call, assessment, by=by)
        made = decided.decision
        record(
            DecisionMade(
                call_id=call_id,
                decision_id=made.pk,
                columns=changed,
                route=made.route,
                added=made.added,
                level=made.level,
                rule=made.rule,
                rule_set=made.rule_set_id,
                is_held=made.is_held,
            ),
            by=by,
            effects=decided.effects,
            command_id=command_id,
        )
    return Saved(call, made, decided.changes)


def raise_level(
    *, call_id: int, level: int, by: Actor, command_id: UUID | None = None
) -> Decision:
    """Anybody may raise the level with one click; it stays at least there until two people lower it."""
    with transaction.atomic():
        call, assessment, before = _decided_call(call_id)
        if level not in range(before.level + 1, 5):
            raise Refused(level=f"the level is {before.level}; it can be raised to at most 4")
        assessment.level_floor = level
        decided = steps.override(
            call,
            assessment,
            route=before.route,
            added=before.added,
            level=level,
            reason=f"raised from level {before.level} by hand",
            by=by,
        )
        record(
            LevelRaised(call_id=call_id, decision_id=decided.decision.pk, level=level),
            by=by,
            effects=decided.effects,
            command_id=command_id,
        )
    return decided.decision


def choose_route(
    *, call_id: int, route: str, reason: str, by: Actor, command_id: UUID | None = None
) -> Decision:
    """Choose another route than the rules; at level 3 or 4 less protection takes two people."""
    reason = written("reason", reason, 300)
    if route not in Route.values or route == Route.DISPATCHER:
        raise Refused(route="choose one of the routes")
    with transaction.atomic():
        call, assessment, before = _decided_call(call_id)
        if before.level >= 3 and PROTECTION[Route(route)] < PROTECTION[Route(before.route)]:
            raise Refused(route="this lowers a level 3 or 4 call: ask a clinician to agree")
        decided = steps.override(
            call, assessment, route=route, level=before.level, reason=reason, by=by
        )
        record(
            RouteChosen(
                call_id=call_id,
                decision_id=decided.decision.pk,
                route=route,
                instead_of=before.route,
                level=before.level,
            ),
            by=by,
            effects=decided.effects,
            command_id=command_id,
        )
    return decided.decision


HELP = {Route.CRT: 1, Route.COR: 3, Route.POLICE: 4, Route.EMS: 4}
"""Help that can be asked for during a contact, each with the level it brings at least."""


def send_help(*, call_id: int, route: str, by: Actor, command_id: UUID | None = None) -> Decision:
    """Help is needed now while somebody stays on the line: it is added, nothing is taken away."""
    if route not in HELP:
        raise Refused(route=f"one of {', '.join(HELP)}")
    wanted = Route(route)
    with transaction.atomic():
        call, assessment, before = _decided_call(call_id)
        level = max(before.level, HELP[wanted])
        if wanted in before.units and level == before.level:
            raise Refused(route=f"{wanted.label} is asked for already")
        assessment.level_floor = max(assessment.level_floor, level)
        leads = PROTECTION[wanted] > PROTECTION[Route(before.route)]
        primary = wanted if leads else Route(before.route)
        decided = steps.override(
            call,
            assessment,
            route=primary,
            added=sorted({*before.units, wanted} - {primary, Route.DISPATCHER}),
            level=level,
            reason="asked for during the contact",
            by=by,
        )
        record(
            HelpAsked(call_id=call_id, decision_id=decided.decision.pk, route=wanted, level=level),
            by=by,
            effects=decided.effects,
            command_id=command_id,
        )
    return decided.decision


def ask_lowering(
    *,
    call_id: int,
    route: str,
    level: int,
    reason: str,
    by: Actor,
    command_id: UUID | None = None,
) -> Lowering:
    """Ask to lower a call; a clinician other than the asker has to agree."""
    reason = written("reason", reason, 300)
    if route not in Route.values:
        raise Refused(route="choose one of the routes")
    with transaction.atomic():
        call, _, before = _decided_call(call_id)
        if level not in range(1, before.level + 1):
            raise Refused(level=f"choose a level between 1 and {before.level}")
        if Lowering.objects.filter(call=call, status="asked").exists():
            raise Refused(level="a request to lower this call is already waiting")
        asked = Lowering.objects.create(
            call=call, to_route=route, to_level=level, reason=reason, asked_by_id=by.person_id
        )
        record(
            LoweringAsked(call_id=call_id, lowering_id=asked.pk, route=route, level=level),
            by=by,
            effects=[born(LOWERING, asked)],
            command_id=command_id,
        )
    return asked


def agree_lowering(
    *, lowering_id: int, shown: str = "", by: Actor, command_id: UUID | None = None
) -> Decision:
    """A clinician agrees: the lower route and level come into force.

    ``shown`` is what the clinician saw, like "CRT 2": new answers may have changed the wish since.
    """
    with transaction.atomic():
        asked = _other_persons_request(lowering_id, by)
        call, assessment, now = _decided_call(asked.call_id)
        asked.refresh_from_db()  # new answers, which wait for this lock too, change what is asked
        then = call.decisions.filter(decided_at__lte=asked.asked_at).last()
        if then is None or (then.route, then.level) != (now.route, now.level):
            raise Refused(level="decided otherwise since this was asked: refuse it and look again")
        if shown and shown != asked.wish:
            raise Refused(level=f"new answers changed what is asked to {asked.wish}: look again")
        effect = make_move(
            LOWERING, "agree", asked, answered_at=timezone.now(), answered_by_id=by.id
        )
        assessment.level_floor = 1
        decided = steps.override(
            call,
            assessment,
            route=asked.to_route,
            level=asked.to_level,
            reason=f"lowered by agreement: {asked.reason}"[:300],
            by=by,
        )
        record(
            LoweringAgreed(
                call_id=call.pk,
                lowering_id=asked.pk,
                decision_id=decided.decision.pk,
                route=asked.to_route,
                level=asked.to_level,
            ),
            by=by,
            effects=[effect, *decided.effects],
            command_id=command_id,
        )
    return decided.decision


def refuse_lowering(*, lowering_id: int, by: Actor, command_id: UUID | None = None) -> Lowering:
    """A clinician does not agree: everything stays as it is."""
    with transaction.atomic():
        asked = _other_persons_request(lowering_id, by)
        effect = make_move(
            LOWERING, "refuse", asked, answered_at=timezone.now(), answered_by_id=by.id
        )
        record(
            LoweringRefused(call_id=asked.call_id, lowering_id=asked.pk),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return asked


def accept_consult(*, consult_id: int, by: Actor, command_id: UUID | None = None) -> Consult:
    """A clinician takes the call from the queue; of several exactly one wins, the others are told."""
    with transaction.atomic():
        consult = Consult.objects.get(pk=consult_id)
        _locked_call(consult.call_id)  # nobody closes it meanwhile
        effect = make_move(
            CONSULT, "accept", consult, accepted_at=timezone.now(), accepted_by_id=by.id
        )
        record(
            ConsultAccepted(
                call_id=consult.call_id, consult_id=consult.pk, clinician_id=by.person_id
            ),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return consult


SENDS = {
    Consult.Outcome.SEND_CRT: Route.CRT,
    Consult.Outcome.SEND_COR: Route.COR,
    Consult.Outcome.SEND_EMS: Route.EMS,
    Consult.Outcome.SEND_POLICE: Route.POLICE,
    Consult.Outcome.TO_988: Route.LINE_988,
}


def end_consult(
    *, consult_id: int, outcome: str, by: Actor, command_id: UUID | None = None
) -> Consult:
    """The clinician is done: resolved by phone, something is sent, a call-back, or the line was lost."""
    if outcome not in Consult.Outcome.values:
        raise Refused(outcome=f"one of {', '.join(Consult.Outcome.values)}")
    with transaction.atomic():
        consult = Consult.objects.get(pk=consult_id)
        if consult.accepted_by_id not in (None, by.id):
            raise Refused(outcome=f"{consult.accepted_by} has this call")
        call, assessment, before = _decided_call(consult.call_id)
        effects = [make_move(CONSULT, "end", consult, ended_at=timezone.now(), outcome=outcome)]
        decided = None
        if route := SENDS.get(Consult.Outcome(outcome)):
            decided = _sent_by_clinician(call, assessment, before, route, by)
        elif outcome == Consult.Outcome.LINE_LOST:
            decided = _line_is_lost(call, assessment, by)
        elif outcome == Consult.Outcome.CALL_BACK:
            wait = target_seconds(before.rule_set_id, "call_back", before.level)
            effects.append(steps.offer(call, before, kind=Consult.Kind.CALL_BACK, seconds=wait))
        if decided:
            effects += decided.effects
        record(
            ConsultEnded(
                call_id=call.pk,
                consult_id=consult.pk,
                outcome=outcome,
                decision_id=decided.decision.pk if decided else None,
            ),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return consult


def lose_line(*, call_id: int, by: Actor, command_id: UUID | None = None) -> Decision:
    """The line broke: call back at once, and what the last answers demand is sent without waiting."""
    with transaction.atomic():
        call = _locked_call(call_id)
        _check_open(call)
        assessment = steps.assess(call)
        decided = _line_is_lost(call, assessment, by)
        record(
            LineLost(
                call_id=call_id,
                assessment_id=assessment.pk,
                decision_id=decided.decision.pk,
                route=decided.decision.route,
                level=decided.decision.level,
            ),
            by=by,
            effects=decided.effects,
            command_id=command_id,
        )
    return decided.decision


def write_clinical_note(
    *, call_id: int, text: str, by: Actor, command_id: UUID | None = None
) -> ClinicalNote:
    """Write a note that only clinical roles can read."""
    text = written("text", text, 8000)
    with transaction.atomic():
        consult = Consult.objects.filter(call_id=call_id, accepted_by_id=by.id).last()
        note = ClinicalNote.objects.create(
            call_id=call_id, consult=consult, text=text, author_id=by.person_id
        )
        record(ClinicalNoteWritten(call_id=call_id, note_id=note.pk), by=by, command_id=command_id)
    return note


def end_clarifying(*, limit: int, by: Actor) -> int:
    """Sweep: where the clarifying pass is over and weapon or violence still unknown, send now."""
    over = Assessment.objects.filter(clarify_due_at__lte=timezone.now())
    ids = over.order_by("clarify_due_at").values_list("pk", flat=True)[:limit]
    return each_by_itself("clarifying pass", ids, lambda pk: _end_clarifying(pk, by))


def _end_clarifying(assessment_id: int, by: Actor) -> bool:
    with transaction.atomic():
        assessment = (
            Assessment.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=assessment_id, clarify_due_at__lte=timezone.now())
            .select_related("call__nature", "decision")
            .first()
        )
        if assessment is None:
            return False
        assessment.clarify_due_at = None
        assessment.answers = {**assessment.answers, steps.CLARIFIED: "y"}
        decided = steps.decide(assessment.call, assessment, by=by)
        record(
            ClarifyingOver(
                call_id=assessment.call_id,
                assessment_id=assessment.pk,
                decision_id=decided.decision.pk,
                route=decided.decision.route,
                level=decided.decision.level,
            ),
            by=by,
            effects=decided.effects,
        )
    return True


def _locked_call(call_id: int) -> Call:
    return (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("nature")
        .get(pk=call_id)
    )


def _check_not_merged(call: Call) -> None:
    """What is written on a merged call would be read by nobody."""
    if call.merged_into_id is not None:
        raise Refused(call=f"{call} was merged into {call.merged_into}: go on there")


def _check_open(call: Call) -> None:
    """A decision about a closed call would be carried out by nobody."""
    _check_not_merged(call)
    if call.status == CallStatus.CLOSED:
        raise Refused(call=f"{call} is closed: reopen it first")


def _decided_call(call_id: int) -> tuple[Call, Assessment, Decision]:
    call = _locked_call(call_id)
    _check_open(call)
    assessment = steps.assess(call)
    if assessment.decision is None:
        raise Refused(call="this call has not been triaged yet")
    return call, assessment, assessment.decision


def _other_persons_request(lowering_id: int, by: Actor) -> Lowering:
    asked = Lowering.objects.get(pk=lowering_id)
    if asked.asked_by_id == by.id:
        raise Refused(level="somebody else has to agree")
    return asked


def _sent_by_clinician(
    call: Call, assessment: Assessment, before: Decision, route: Route, by: Actor
) -> steps.Decided:
    floor = 3 if route == Route.COR else 4 if route in (Route.EMS, Route.POLICE) else 1
    return steps.override(
        call,
        assessment,
        route=route,
        level=max(before.level, floor),
        reason="decided by the clinician after talking",
        by=by,
    )


def _line_is_lost(call: Call, assessment: Assessment, by: Actor) -> steps.Decided:
    assessment.answers = {**assessment.answers, "line": "lost"}
    decided = steps.decide(call, assessment, by=by)
    Consult.objects.filter(call=call, status=ConsultStatus.WAITING).update(
        kind=Consult.Kind.CALL_BACK
    )
    if not Consult.objects.filter(call=call, status__in=OPEN_CONSULT).exists():
        decided.effects.append(
            steps.offer(call, decided.decision, kind=Consult.Kind.CALL_BACK, seconds=0)
        )
    return decided
