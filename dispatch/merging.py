"""Two calls about one incident become one: nothing told is lost, nothing that protects is lowered."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dispatch import facts, watching
from dispatch.actions import write_plan
from dispatch.merge_plan import MergePlan, merge_plan
from dispatch.models import CallOwner, Handoff, Hold, Run, Service, Watch
from dispatch.states import OPEN_WATCH
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import Effect, make_move
from intake.models import Call
from intake.states import CALL
from intake.steps import Refused, fill
from triage import steps as triage_steps
from triage.models import Assessment, Consult, Decision, Lowering
from triage.states import CONSULT, LOWERING, LoweringStatus


@dataclass(frozen=True, slots=True)
class Merged:
    """The call that goes on, with its decision, and what was carried out."""

    call: Call
    decision: Decision | None
    plan: MergePlan


TRIES = 5


class _Overtaken(Exception):
    """Another merge brought more calls into this one while we waited for it."""


def merge(*, call_id: int, into_id: int, by: Actor, command_id: UUID | None = None) -> Merged:
    """Close ``call_id`` as a part of ``into_id``, which takes its teams and the riskier answers."""
    for _ in range(TRIES):
        with suppress(_Overtaken):
            return _merge(call_id, into_id, by, command_id)
    raise Refused(into="others are merging these calls: look at them again")


def _merge(call_id: int, into_id: int, by: Actor, command_id: UUID | None) -> Merged:
    now = timezone.now()
    with transaction.atomic():
        call, into = _locked(call_id, into_id)
        _lock_rows(call, into)
        plan = merge_plan(call, into)
        effects = [
            make_move(CALL, "merge", call, closed_at=now, merged_into=into),
            *_move_consults(plan, now),
            *_end_lowering(call, now),
        ]
        # What was merged into this one before goes along: no call stands behind another's back.
        Call.objects.filter(merged_into=call).update(merged_into=into)
        _move_rows(plan)
        effects += _move_watches(plan, now)
        decision, decided = _decide_again(plan, by)
        _write_service(call, into)
        record(
            facts.CallMerged(
                call_id=into.pk,
                merged_id=call.pk,
                merged=call.number,
                run_ids=[run.pk for run in plan.runs],
                unit_ids=[run.unit_id for run in plan.runs],
                handoff_ids=[handoff.pk for handoff in plan.handoffs],
                consult_id=plan.consult.pk if plan.consult else None,
                decision_id=decision.pk if decision else None,
                level=decision.level if decision else None,
                columns=sorted(plan.taken_over),
            ),
            by=by,
            effects=[*effects, *decided],
            command_id=command_id,
        )
    return Merged(into, decision, plan)


def _locked(call_id: int, into_id: int) -> tuple[Call, Call]:
    """Both calls, and those merged into the first before, locked in the order of their ids, so that merges
    that cross wait in turn.

    Their keys stay free: a crew that has locked its run may still write rows that name its call.
    """
    earlier = _merged_into(call_id)
    rows = (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("nature", "beat", "merged_into")
        .filter(pk__in=[call_id, into_id, *earlier])
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    if not {call_id, into_id} <= found.keys():
        raise Call.DoesNotExist
    if _merged_into(call_id) - earlier:
        raise _Overtaken
    return found[call_id], found[into_id]


def _merged_into(call_id: int) -> set[int]:
    return set(Call.objects.filter(merged_into=call_id).values_list("pk", flat=True))


def _lock_rows(call: Call, into: Call) -> None:
    """In the order of those who ask for backup, and before the queue, as the sweeps do."""
    list(Run.objects.select_for_update(no_key=True).filter(call=call).order_by("pk"))
    Assessment.objects.filter(call=call).update(clarify_due_at=None)
    list(Assessment.objects.select_for_update(no_key=True).filter(call=into))


def _move_consults(plan: MergePlan, now: datetime) -> list[Effect]:
    effects = []
    if plan.gives_way is not None:
        effects.append(make_move(CONSULT, "withdraw", plan.gives_way, ended_at=now))
    if plan.consult is not None:
        Consult.objects.filter(pk=plan.consult.pk).update(call=plan.into)
    elif plan.gives_way is not None:
        # Ours waits on for both callers, and no longer than either of them was promised.
        Consult.objects.filter(
            call=plan.into, status="waiting", accept_due_at__gt=plan.gives_way.accept_due_at
        ).update(accept_due_at=plan.gives_way.accept_due_at)
    return effects


def _end_lowering(call: Call, now: datetime) -> list[Effect]:
    """A wish to lower the merged call is over: what it was about stands in another call now."""
    asked = Lowering.objects.filter(call=call, status=LoweringStatus.ASKED)
    return [make_move(LOWERING, "refuse", each, answered_at=now) for each in asked]


def _move_rows(plan: MergePlan) -> None:
    Run.objects.filter(pk__in=[run.pk for run in plan.runs]).update(call=plan.into)
    Handoff.objects.filter(pk__in=[each.pk for each in plan.handoffs]).update(call=plan.into)
    Hold.objects.filter(call=plan.call, ended_at__isnull=True).update(ended_at=timezone.now())
    if not CallOwner.objects.filter(call=plan.into).exists():
        CallOwner.objects.filter(call=plan.call).update(call=plan.into)


def _move_watches(plan: MergePlan, now: datetime) -> list[Effect]:
    """What is watched of a team goes with the team; what is watched of the call alone ends."""
    alone = watching.open_watches(call=plan.call, run__isnull=True, unit__isnull=True)
    effects = watching.end(alone, at=now, reason="merged")
    Watch.objects.filter(call=plan.call, status__in=OPEN_WATCH).update(call=plan.into)
    return effects


def _decide_again(plan: MergePlan, by: Actor) -> tuple[Decision | None, list[Effect]]:
    """Ask the rules with the answers of both; never below what was decided for either."""
    into = plan.into
    fill(into, {name: getattr(plan.call, name) for name in plan.taken_over})
    if not (plan.answers or plan.decisions or into.nature_id):
        return None, []
    assessment = triage_steps.assess(into)
    assessment.answers = plan.answers
    floors = Assessment.objects.filter(call=plan.call).values_list("level_floor", flat=True)
    assessment.level_floor = max(assessment.level_floor, plan.lowest_level, *floors)
    decided = triage_steps.decide(into, assessment, by=by, at_least=plan.decisions)
    return decided.decision, decided.effects


def _write_service(call: Call, into: Call) -> None:
    """Who met the person at the merged call has met the person of this incident."""
    service = write_plan(into)
    met = Service.objects.filter(call=call, served_at__isnull=False).first()
    if service is None or met is None:
        return
    later = Service.objects.filter(pk=service.pk).exclude(served_at__lte=met.served_at)
    later.update(served_by=met.served_by, served_at=met.served_at, not_served_reason=None)
