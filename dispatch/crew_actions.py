"""What crews do between and around calls: sign on and off, say where they are, begin a contact."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dispatch import facts
from dispatch.models import CrewMember, Run, Unit, UnitPosition
from dispatch.states import RUN, RunStatus
from dispatch.steps import insert_run, must_be_free, one_of, open_run_of
from dispatch.watching import watch_run
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import born
from intake.models import Call, Neighbor
from intake.states import CALL, CallStatus
from intake.steps import CallFields, Refused, cleaned, new_call

OLDEST_FIX = timedelta(minutes=10)
"""A position that a phone kept longer than this says nothing about now."""


def sign_on(*, unit_id: int, duty: str, by: Actor, command_id: UUID | None = None) -> CrewMember:
    """Come on duty with a unit; whoever is with another one is refused until they leave it."""
    one_of(duty=(duty, CrewMember.Duty.values))
    now = timezone.now()
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        _must_be_with_no_other(unit, by)
        member, _ = CrewMember.objects.get_or_create(
            unit=unit, user_id=by.person_id, defaults={"duty": duty}
        )
        if member.on_since is not None and member.duty == duty:
            raise Refused(unit=f"you are signed on to {unit} already")
        member.duty, member.on_since = duty, member.on_since or now
        try:
            with transaction.atomic():
                member.save(update_fields=["duty", "on_since"])
        except IntegrityError:
            # Another phone of this person was quicker.
            _must_be_with_no_other(unit, by)
            raise
        record(
            facts.CrewSignedOn(
                call_id=None, crew_id=member.pk, unit_id=unit.pk, unit=unit.code, duty=duty
            ),
            by=by,
            command_id=command_id,
        )
    return member


def _must_be_with_no_other(unit: Unit, by: Actor) -> None:
    elsewhere = (
        CrewMember.objects.filter(user_id=by.person_id, on_since__isnull=False)
        .exclude(unit=unit)
        .select_related("unit")
        .first()
    )
    if elsewhere is not None:
        raise Refused(unit=f"you are signed on to {elsewhere.unit}: sign off there first")


def sign_off(*, unit_id: int, by: Actor, command_id: UUID | None = None) -> CrewMember:
    """Go off duty; where one's own phone was last is forgotten, what another one reported stays."""
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        member = CrewMember.objects.filter(unit=unit, user_id=by.person_id).first()
        if member is None or member.on_since is None:
            raise Refused(unit=f"you are not signed on to {unit}")
        remaining = unit.crew.filter(on_since__isnull=False).exclude(pk=member.pk)
        if (run := open_run_of(unit)) is not None and not remaining.exists():
            raise Refused(unit=f"{unit} is still on {run.call}: clear it first")
        member.on_since = None
        member.save(update_fields=["on_since"])
        UnitPosition.objects.filter(unit=unit, reported_by_id=by.id).delete()
        record(
            facts.CrewSignedOff(call_id=None, crew_id=member.pk, unit_id=unit.pk, unit=unit.code),
            by=by,
            command_id=command_id,
        )
    return member


def report_position(
    *,
    unit_id: int,
    latitude: float,
    longitude: float,
    accuracy_m: float | None,
    fixed_at: datetime,
    by: Actor,
) -> UnitPosition | None:
    """Where the phone is; only while its owner is signed on, and only the newest is kept.

    Not journalled: a trail of where people were is not ours to keep. None when a newer one is known.
    """
    cleaned({"latitude": latitude, "longitude": longitude})
    now = timezone.now()
    if not now - OLDEST_FIX < fixed_at <= now + timedelta(minutes=1):
        raise Refused(fixed_at="is older than 10 minutes, or in the future")
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if not unit.crew.filter(user_id=by.person_id, on_since__isnull=False).exists():
            raise Refused(unit=f"sign on to {unit} before you share where you are")
        known = UnitPosition.objects.filter(unit=unit).first()
        if known is not None and known.fixed_at >= fixed_at:
            return None
        position, _ = UnitPosition.objects.update_or_create(
            unit=unit,
            defaults={
                "latitude": latitude,
                "longitude": longitude,
                "accuracy_m": None if accuracy_m is None else _meters(accuracy_m),
                "fixed_at": min(fixed_at, now),
                "received_at": now,
                "reported_by_id": by.id,
            },
        )
    return position


def _meters(accuracy: float) -> int:
    """What a phone says of its fix, as it can be kept."""
    return min(max(round(accuracy), 0), 100_000)


def begin_contact(
    *,
    unit_id: int,
    fields: CallFields,
    neighbor_id: int | None = None,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """Self-initiated contact between calls: the call and the run, on scene, begin together."""
    columns = cleaned(fields)
    if not columns.get("location_text"):
        raise Refused(location_text="say where you are")
    now = timezone.now()
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        must_be_free(unit)
        if neighbor_id is not None and not Neighbor.objects.filter(pk=neighbor_id).exists():
            raise Refused(neighbor="is not known")
        call = new_call(
            columns,
            by=by,
            status=CallStatus.OPEN,
            source=Call.Source.FIELD,
            neighbor_id=neighbor_id,
        )
        run = insert_run(
            call,
            unit,
            by=by,
            status=RunStatus.ON_SCENE,
            dispatched_at=now,
            acknowledged_at=now,
            on_scene_at=now,
            status_since=now,
        )
        record(
            facts.RunBegun(call_id=call.pk, run_id=run.pk, unit_id=unit.pk, unit=unit.code),
            by=by,
            effects=[born(CALL, call), born(RUN, run), *watch_run(run, at=now)],
            happened_at=pressed_at,
            command_id=command_id,
        )
    return run
