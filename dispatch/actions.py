"""What dispatchers and crews do: send, move, clear, hand off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dispatch import facts
from dispatch.encounters import Written, checked, store
from dispatch.models import Handoff, Run, Service, Unit
from dispatch.queries import LOOP_CLOSURE, Plan, plan, roster, waiting_for_plan
from dispatch.states import HANDOFF, OPEN_RUN, RUN, UNIT
from dispatch.steps import (
    UnitTaken,
    insert_run,
    locked_run,
    must_be_free,
    one_of,
    open_run_of,
    stand_backups_down,
)
from dispatch.watching import watch_run
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import born, make_move
from intake.models import Call
from intake.states import CallStatus
from intake.steps import Refused, text_fault
from triage.models import Assessment


def assign(*, call_id: int, unit_id: int, by: Actor, command_id: UUID | None = None) -> Run:
    """Send a unit to a call; of several people who try at once exactly one wins."""
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        call = Call.objects.select_for_update(no_key=True).get(
            pk=call_id
        )  # nobody closes it meanwhile
        if call.status == CallStatus.CLOSED:
            raise Refused(call=f"{call} is closed")
        must_be_free(unit)
        now = timezone.now()
        call.holds.filter(ended_at=None).update(ended_at=now)
        service = write_plan(call)
        run = insert_run(call, unit, by=by, dispatched_at=now, status_since=now)
        record(
            facts.UnitAssigned(
                call_id=call_id,
                run_id=run.pk,
                unit_id=unit.pk,
                unit=unit.code,
                reason_code=service.fallback_reason_id if service else None,
            ),
            by=by,
            effects=[born(RUN, run), *watch_run(run, at=now)],
            command_id=command_id,
        )
    return run


def start(
    *,
    run_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The crew is on the way."""
    return _move(run_id, "start", facts.RunStarted, "en_route_at", by, command_id, pressed_at)


def arrive(
    *,
    run_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The crew is with the neighbor: HEART serves the call from now."""
    return _move(run_id, "arrive", facts.RunArrived, "on_scene_at", by, command_id, pressed_at)


def transport(
    *,
    run_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The crew takes the neighbor somewhere, of their own will."""
    return _move(
        run_id, "transport", facts.RunTransporting, "transporting_at", by, command_id, pressed_at
    )


def begin_clearing(
    *,
    run_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The encounter is over, the crew writes it up."""
    return _move(
        run_id, "begin_clearing", facts.RunClearing, "clearing_at", by, command_id, pressed_at
    )


RunMoved = (
    type[facts.RunStarted]
    | type[facts.RunArrived]
    | type[facts.RunTransporting]
    | type[facts.RunClearing]
)


def _move(
    run_id: int,
    move: str,
    fact: RunMoved,
    column: str,
    by: Actor,
    command_id: UUID | None,
    pressed_at: datetime | None,
) -> Run:
    """``pressed_at`` is when a phone without signal was pressed: told, while the row has our time."""
    now = timezone.now()
    with transaction.atomic():
        run = locked_run(run_id)
        effect = make_move(RUN, move, run, **{"status_since": now, column: now})
        if move == "arrive":
            _mark_served(run.call, run.unit.kind, now)
        record(
            fact(call_id=run.call_id, run_id=run.pk, unit_id=run.unit_id, unit=run.unit.code),
            by=by,
            effects=[effect, *watch_run(run, at=now)],
            happened_at=pressed_at,
            command_id=command_id,
        )
    return run


def clear(
    *,
    run_id: int,
    outcome: str,
    felt_safe: str,
    encounter: Written | None = None,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The crew is free again; outcome and whether it felt safe are asked every time."""
    written = checked(encounter) if encounter is not None else None
    one_of(outcome=(outcome, Run.Outcome.values), felt_safe=(felt_safe, Run.FeltSafe.values))
    now = timezone.now()
    with transaction.atomic():
        run = locked_run(run_id)
        effect = make_move(
            RUN,
            "clear",
            run,
            status_since=now,
            ended_at=now,
            outcome=outcome,
            felt_safe=felt_safe,
        )
        if written is not None:
            store(run, written)
        record(
            facts.RunCleared(
                call_id=run.call_id,
                run_id=run.pk,
                unit_id=run.unit_id,
                unit=run.unit.code,
                outcome=outcome,
                felt_safe=felt_safe,
            ),
            by=by,
            effects=[effect, *stand_backups_down(run, at=now), *watch_run(run, at=now)],
            happened_at=pressed_at,
            command_id=command_id,
        )
    return run


CANCEL_REASONS = {
    "not_needed": "not needed any more",
    "closer_unit": "another unit is closer",
    "by_agency": "cancelled by another agency",
    "by_caller": "caller does not want a team",
    "wrong_unit": "sent by mistake",
}


def cancel(*, run_id: int, reason: str, by: Actor, command_id: UUID | None = None) -> Run:
    """Call a unit back before it arrives; who and why are kept."""
    one_of(reason=(reason, list(CANCEL_REASONS)))
    now = timezone.now()
    with transaction.atomic():
        run = locked_run(run_id)
        effect = make_move(
            RUN, "cancel", run, status_since=now, ended_at=now, cancel_reason=reason
        )
        record(
            facts.RunCancelled(
                call_id=run.call_id,
                run_id=run.pk,
                unit_id=run.unit_id,
                unit=run.unit.code,
                reason=reason,
            ),
            by=by,
            effects=[effect, *stand_backups_down(run, at=now), *watch_run(run, at=now)],
            command_id=command_id,
        )
    return run


def swap(*, run_id: int, unit_id: int, by: Actor, command_id: UUID | None = None) -> Run:
    """Send another unit in place of one that has not arrived; the call is never without either."""
    now = timezone.now()
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        old = locked_run(run_id)  # before the call, as every press of a crew
        call = Call.objects.select_for_update(no_key=True).get(pk=old.call_id)
        must_be_free(unit)
        effect = make_move(
            RUN, "cancel", old, status_since=now, ended_at=now, cancel_reason="closer_unit"
        )
        effects = [effect, *stand_backups_down(old, at=now), *watch_run(old, at=now)]
        run = insert_run(call, unit, by=by, dispatched_at=now, status_since=now)
        record(
            facts.RunSwapped(
                call_id=call.pk,
                run_id=run.pk,
                unit_id=unit.pk,
                unit=unit.code,
                old_run_id=old.pk,
                old_unit_id=old.unit_id,
                old_unit=old.unit.code,
            ),
            by=by,
            effects=[*effects, born(RUN, run), *watch_run(run, at=now)],
            command_id=command_id,
        )
    return run


def out_of_service(*, unit_id: int, by: Actor, command_id: UUID | None = None) -> Unit:
    """Take a unit off duty; one that is on a call is never reset silently."""
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if taken := open_run_of(unit):
            raise UnitTaken(taken)
        effect = make_move(UNIT, "go_out_of_service", unit, status_since=timezone.now())
        record(
            facts.UnitOutOfService(call_id=None, unit_id=unit.pk, unit=unit.code),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return unit


def into_service(*, unit_id: int, by: Actor, command_id: UUID | None = None) -> Unit:
    """A unit is on duty again."""
    with transaction.atomic():
        unit = Unit.objects.get(pk=unit_id)
        effect = make_move(UNIT, "come_into_service", unit, status_since=timezone.now())
        record(
            facts.UnitInService(call_id=None, unit_id=unit.pk, unit=unit.code),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return unit


def hand_off(
    *,
    call_id: int,
    agency: str,
    agency_name: str = "",
    reference: str = "",
    by: Actor,
    command_id: UUID | None = None,
) -> Handoff:
    """Give the call to another agency; a loop-closure task asks whether they reached the person."""
    one_of(agency=(agency, Handoff.Agency.values))
    for name, text, longest in (("agency_name", agency_name, 80), ("reference", reference, 60)):
        if fault := text_fault(text, longest):
            raise Refused(**{name: fault})
    now = timezone.now()
    with transaction.atomic():
        call = Call.objects.select_for_update(no_key=True).get(
            pk=call_id
        )  # nobody closes it meanwhile
        if call.status == CallStatus.CLOSED:
            raise Refused(call=f"{call} is closed")
        write_plan(call)
        made = Handoff.objects.create(
            call=call,
            agency=agency,
            agency_name=agency_name.strip(),
            reference=reference.strip(),
            made_at=now,
            made_by_id=by.id,
            confirm_due_at=now + LOOP_CLOSURE,
        )
        record(
            facts.HandoffMade(call_id=call_id, handoff_id=made.pk, agency=agency),
            by=by,
            effects=[born(HANDOFF, made)],
            command_id=command_id,
        )
    return made


HANDOFF_OUTCOMES = {
    "reached": "reached the person",
    "not_located": "did not find the person",
    "declined": "person declined",
    "no_response": "agency did not respond",
}


def confirm_handoff(
    *, handoff_id: int, outcome: str, by: Actor, command_id: UUID | None = None
) -> Handoff:
    """Close the loop: write down what the agency says became of it."""
    one_of(outcome=(outcome, list(HANDOFF_OUTCOMES)))
    with transaction.atomic():
        made = Handoff.objects.get(pk=handoff_id)
        effect = make_move(HANDOFF, "confirm", made, confirmed_at=timezone.now(), outcome=outcome)
        record(
            facts.HandoffConfirmed(
                call_id=made.call_id, handoff_id=made.pk, agency=made.agency, outcome=outcome
            ),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return made


def write_plan(call: Call) -> Service | None:
    """Bring the service record in step with what can serve now; nothing before the first decision.

    A plan that is being carried out stays as it was made: its own unit is busy by now.
    """
    assessment = Assessment.objects.filter(call=call).select_related("decision").first()
    if assessment is None or assessment.decision is None:
        return None
    known = Service.objects.filter(call=call).first()
    if known and known.ideal_route == assessment.decision.route and _is_carried_out(call, known):
        return known
    return _store_plan(call, plan(call, assessment.decision, roster()))


def _is_carried_out(call: Call, service: Service) -> bool:
    return (
        service.served_at is not None
        or call.runs.filter(status__in=OPEN_RUN).exists()
        or call.consults.filter(accepted_at__isnull=False).exists()
    )


def _store_plan(call: Call, now: Plan) -> Service:
    values = {
        "ideal_route": now.ideal,
        "planned_route": now.route,
        "fallback_reason_id": now.reason_code or None,
    }
    service, _ = Service.objects.update_or_create(call=call, defaults=values)
    return service


def replan_waiting(*, limit: int, by: Actor) -> int:
    """Sweep: record where the fallback chain now gives another route than the one on record."""
    units, done = roster(), 0
    for call in waiting_for_plan():
        decision = call.assessment.decision
        if decision is None:
            continue
        now = plan(call, decision, units)
        known = getattr(call, "service", None)
        before = (known.ideal_route, known.planned_route) if known else (decision.route,) * 2
        if (now.ideal, now.route) == before or done == limit:
            continue
        with transaction.atomic():
            service = _store_plan(call, now)
            record(
                facts.ServicePlanned(
                    call_id=call.pk,
                    service_id=service.pk,
                    ideal=now.ideal,
                    route=now.route,
                    reason_code=now.reason_code or "as_decided",
                ),
                by=by,
            )
        done += 1
    return done


def _mark_served(call: Call, kind: str, at: Any) -> None:
    service = write_plan(call)
    if service is not None:
        Service.objects.filter(pk=service.pk, served_at__isnull=True).update(
            served_by=kind, served_at=at, not_served_reason=None
        )
