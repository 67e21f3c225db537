"""The watches of calls that wait: begun, kept in step and ended by a sweep that asks what each still needs.

Nobody's press says "nobody has it": that is a fact about decisions, teams, hand-offs and clinicians, told by
``dispatch.needs``. What a change of level or of a hold means for the times is settled here as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dispatch import facts, watching
from dispatch.ladders import Known, Times, own_times, times_for
from dispatch.models import Hold, Watch, WatchKind
from dispatch.needs import Outline, waiting_calls, waits_from
from dispatch.states import OPEN_WATCH, WATCH, WatchStatus
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import Effect, born, each_by_itself
from intake.models import Call
from intake.states import CallStatus

KINDS = (WatchKind.NEW_CALL, WatchKind.WAITING, WatchKind.RECONTACT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A watch that a waiting call should have, and from when it counts."""

    kind: str
    at: datetime
    times: Times


def watch_calls(*, limit: int, by: Actor) -> int:
    """Sweep: every call that waits is watched for its level of now, every other one is not."""
    now, own = timezone.now(), own_times()
    waiting = waiting_calls()
    watches = _watches(waiting)
    held = dict(Hold.objects.filter(ended_at=None, until__gt=now).values_list("call_id", "until"))
    due = [
        pk
        for pk, outline in waiting.items()
        if _plan(outline, watches.get(pk, []), held.get(pk), now, own) != ([], [])
    ]
    over = [pk for pk in watches if pk not in waiting and _open(watches[pk])]
    moved = each_by_itself("call", due[:limit], lambda pk: _keep(pk, by))
    return moved + each_by_itself("call", over[:limit], lambda pk: _end(pk, by))


def _watches(waiting: Mapping[int, Outline]) -> dict[int, list[Watch]]:
    """The watches of calls that wait, ended ones too, and the open ones of all other calls."""
    rows = Watch.objects.filter(kind__in=KINDS, run=None)
    found: dict[int, list[Watch]] = {}
    both = rows.filter(call_id__in=list(waiting)) | rows.filter(status__in=OPEN_WATCH)
    for watch in both.order_by("pk"):
        if watch.call_id is not None:
            found.setdefault(watch.call_id, []).append(watch)
    return found


def _open(watches: list[Watch]) -> list[Watch]:
    return [watch for watch in watches if watch.status in OPEN_WATCH]


def _plan(
    outline: Outline,
    watches: list[Watch],
    held_until: datetime | None,
    now: datetime,
    own: Known,
) -> tuple[list[Wanted], list[tuple[Watch, Wanted]]]:
    """What is to begin, and what is to begin again, for the level and the hold of now."""
    assert outline.chosen is not None  # noqa: S101 - a call that waits is decided
    level = outline.chosen.level
    known = {watch.kind: watch for watch in _open(watches)}
    begins, again = [], []
    for kind, at in (
        (WatchKind.NEW_CALL, now),
        (WatchKind.WAITING, waits_from(outline, held_until)),
        (WatchKind.RECONTACT, now),
    ):
        times = times_for(kind, level=level, own=own)
        if times is None or (kind == WatchKind.NEW_CALL and _was_heard(watches, level)):
            continue
        watch = known.get(kind)
        if watch is None:
            begins.append(Wanted(kind, at, times))
        elif watch.level < level and not (
            kind == WatchKind.RECONTACT and watch.status == WatchStatus.RAISED
        ):
            # a higher level asks sooner, and again
            again.append((watch, Wanted(kind, min(at, watch.since), times)))
    return begins, again


def _was_heard(watches: list[Watch], level: int) -> bool:
    """Whether the room was alerted to this call, at this level or a higher one, since it waits."""
    spell = (watch for watch in _open(watches) if watch.kind == WatchKind.RECONTACT)
    began = min((watch.since for watch in spell), default=None)
    return any(
        watch.kind == WatchKind.NEW_CALL
        and watch.level >= level
        and (watch.status in OPEN_WATCH or (began is not None and watch.since >= began))
        for watch in watches
    )


def _keep(call_id: int, by: Actor) -> bool:
    now = timezone.now()
    with transaction.atomic():
        call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
        outline = waiting_calls([call_id]).get(call_id)
        if outline is None or outline.chosen is None:
            return False
        watches = list(Watch.objects.filter(kind__in=KINDS, run=None, call=call).order_by("pk"))
        list(watching.open_watches(call=call, kind__in=KINDS))  # locked until we are done
        hold = call.holds.filter(ended_at=None, until__gt=now).first()
        begins, again = _plan(outline, watches, hold.until if hold else None, now, own_times())
        level = outline.chosen.level
        begun = [
            watching.begin(each.kind, each.times, at=each.at, level=level, call=call)
            for each in begins
        ]
        effects: list[Effect] = [born(WATCH, watch) for watch in begun]
        effects += [
            watching.restart(watch, wanted.times, at=wanted.at, level=level)
            for watch, wanted in again
        ]
        if not effects:
            return False
        touched = [*begun, *(watch for watch, _ in again)]
        record(
            facts.WatchBegun(
                call_id=call_id, watch_id=touched[0].pk, kinds=[watch.kind for watch in touched]
            ),
            by=by,
            effects=effects,
        )
    return True


def _end(call_id: int, by: Actor) -> bool:
    with transaction.atomic():
        call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
        watches = list(watching.open_watches(call=call, run=None, kind__in=KINDS))
        if not watches or waiting_calls([call_id]):
            return False
        reason = "closed" if call.status == CallStatus.CLOSED else "somebody_has_it"
        effects = watching.end(watches, at=timezone.now(), reason=reason)
        record(watching.ended(watches, reason), by=by, effects=effects)
    return True
