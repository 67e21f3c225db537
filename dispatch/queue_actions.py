"""What dispatchers do with calls that wait: hold, contact again, answer for, hand over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dispatch import facts, watching
from dispatch.ladders import times_for
from dispatch.models import CallOwner, Hold, WatchKind
from dispatch.needs import waiting_calls, waits_from
from dispatch.steps import one_of
from heart.accounts.models import User
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import Effect
from heart.roles import Permission
from intake.models import Call
from intake.states import CallStatus
from intake.steps import Refused

LONGEST_HOLD_MINUTES = 240


def hold(
    *, call_id: int, reason: str, minutes: int, by: Actor, command_id: UUID | None = None
) -> Hold:
    """Let a call wait on purpose until a time; a new hold takes the place of the one before."""
    one_of(reason=(reason, Hold.Reason.values))
    if not 1 <= minutes <= LONGEST_HOLD_MINUTES:
        raise Refused(minutes=f"between 1 and {LONGEST_HOLD_MINUTES} minutes")
    now = timezone.now()
    with transaction.atomic():
        call = _open_call(call_id)
        call.holds.filter(ended_at__isnull=True).update(ended_at=now)
        until = now + timedelta(minutes=minutes)
        made = Hold.objects.create(
            call=call, reason=reason, until=until, held_at=now, held_by_id=by.id
        )
        effects = _wait_anew(call, until)
        record(
            facts.HoldBegun(call_id=call_id, hold_id=made.pk, reason=reason, minutes=minutes),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return made


def end_hold(*, call_id: int, by: Actor, command_id: UUID | None = None) -> Hold:
    """The call need not wait any more: its alert counts from now."""
    now = timezone.now()
    with transaction.atomic():
        call = _open_call(call_id)
        held = call.holds.filter(ended_at__isnull=True).first()
        if held is None:
            raise Refused(call=f"{call} is not on hold")
        held.ended_at = now
        held.save(update_fields=["ended_at"])
        effects = _wait_anew(call, None)
        record(
            facts.HoldEnded(call_id=call_id, hold_id=held.pk),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return held


def recontacted(*, call_id: int, by: Actor, command_id: UUID | None = None) -> Call:
    """Somebody spoke with the waiting caller again; the next reminder counts from now."""
    now = timezone.now()
    with transaction.atomic():
        call = _open_call(call_id)
        watches = list(watching.open_watches(call=call, kind=WatchKind.RECONTACT))
        if not watches:
            raise Refused(call=f"{call} does not wait to be contacted again")
        times = times_for(WatchKind.RECONTACT)
        effects = (
            watching.end(watches, at=now, reason="not_watched")
            if times is None
            else [watching.restart(watch, times, at=now) for watch in watches]
        )
        record(
            facts.CallRecontacted(call_id=call_id),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return call


def own(*, call_id: int, owner_id: int, by: Actor, command_id: UUID | None = None) -> CallOwner:
    """Who answers for an open call from now on; at the end of a shift somebody else does."""
    with transaction.atomic():
        call = _open_call(call_id)
        owner = User.objects.filter(pk=owner_id, is_active=True).first()
        if owner is None or not owner.may(Permission.CLOSE_CALL):
            raise Refused(owner="must be somebody who may close calls")
        known = CallOwner.objects.filter(call=call).first()
        if known is not None and known.owner_id == owner_id:
            raise Refused(owner=f"{owner} has {call} already")
        made, _ = CallOwner.objects.update_or_create(
            call=call, defaults={"owner": owner, "since": timezone.now()}
        )
        record(facts.CallOwned(call_id=call_id, owner_id=owner_id), by=by, command_id=command_id)
    return made


def _wait_anew(call: Call, held_until: datetime | None) -> list[Effect]:
    """Bring the alert about a waiting call in step with its hold."""
    outline = waiting_calls([call.pk]).get(call.pk)
    if outline is None or outline.chosen is None:
        return []
    level, at = outline.chosen.level, waits_from(outline, held_until)
    times = times_for(WatchKind.WAITING, level=level)
    if times is None:
        return []
    return [
        watching.restart(watch, times, at=at, level=level)
        for watch in watching.open_watches(call=call, kind=WatchKind.WAITING)
    ]


def _open_call(call_id: int) -> Call:
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    if call.status == CallStatus.CLOSED:
        raise Refused(call=f"{call} is closed")
    return call
