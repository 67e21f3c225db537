"""Beginning, moving and ending watches: row changes that several actions share.

A run is watched according to its status, a waiting call according to how long it waits. Everything
here is called inside the transaction of an action and gives back the effects for its journal entry.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dispatch import facts
from dispatch.ladders import LEVELS, LOW, Times, own_times, times_for
from dispatch.models import Run, Watch, WatchKind
from dispatch.states import OPEN_WATCH, WATCH, RunStatus, WatchStatus
from heart.moves import Effect, born, make_move
from triage.models import Assessment


def begin(
    kind: str, times: Times, *, at: datetime, level: int = 1, situation: str = "", **subject: Any
) -> Watch:
    """Watch something from ``at``; a ladder whose first rung is due at once is raised already."""
    ladder = times.ladder()
    watch = Watch(kind=kind, situation=situation, level=level, since=at, ladder=ladder, **subject)
    watch.next_step_at = step_time(watch, 0)
    if ladder and ladder[0][1] == 0 and at <= timezone.now():
        watch.status, watch.step, watch.raised_at = WatchStatus.RAISED, 1, at
        watch.next_step_at = step_time(watch, 1)
    watch.save(force_insert=True)
    return watch


def step_time(watch: Watch, step: int) -> datetime | None:
    """When this rung of the ladder is reached; None after the last."""
    if step >= len(watch.ladder):
        return None
    return watch.since + timedelta(seconds=watch.ladder[step][1])


def rung(watch: Watch) -> str:
    """The rung that was reached last, empty before the first."""
    return str(watch.ladder[watch.step - 1][0]) if watch.step else ""


def loudness(watch: Watch) -> str:
    """How loud the watch is now: high, medium or low."""
    return LEVELS[watch.kind] if rung(watch) not in ("", "warn") else LOW


def restart(
    watch: Watch, times: Times, *, at: datetime, level: int | None = None, situation: str = ""
) -> Effect:
    """Begin to count again from ``at``; whoever had it is done with it."""
    watch.since, watch.ladder = at, times.ladder()
    changes: dict[str, Any] = {
        "since": at,
        "ladder": watch.ladder,
        "situation": situation,
        "level": watch.level if level is None else level,
        "step": 0,
        "raised_at": None,
        "owner": None,
        "owned_at": None,
    }
    return make_move(WATCH, "restart", watch, **changes, next_step_at=step_time(watch, 0))


def hold_back(watch: Watch, *, until: datetime) -> None:
    """Move what is left of a ladder, so that the next rung comes at ``until`` and those after it keep
    their distance; past the last rung that one comes again."""
    following = step_time(watch, watch.step)
    if following is not None and following < until:
        watch.since += until - following
    watch.next_step_at = until if following is None else max(following, until)


def end(watches: Iterable[Watch], *, at: datetime, reason: str) -> list[Effect]:
    """Nothing has to be watched any more; ``reason`` is a code."""
    changes = {"ended_at": at, "end_reason": reason, "next_step_at": None}
    return [make_move(WATCH, "end", watch, **changes) for watch in watches]


def ended(watches: Sequence[Watch], reason: str) -> facts.WatchEnded:
    """What the journal says of watches that ended together."""
    first = watches[0]
    return facts.WatchEnded(
        call_id=first.call_id,
        watch_id=first.pk,
        kinds=[watch.kind for watch in watches],
        reason=reason,
        unit_id=first.unit_id,
    )


def open_watches(**subject: Any) -> "QuerySet[Watch]":
    """The watches of a subject that are not ended, locked until the action ends."""
    return Watch.objects.select_for_update(no_key=True).filter(status__in=OPEN_WATCH, **subject)


def watch_run(run: Run, *, at: datetime) -> list[Effect]:
    """Bring the watches of a run in step with its status: acknowledgement, then welfare checks."""
    known = {watch.kind: watch for watch in open_watches(run=run, backup__isnull=True)}
    if not run.is_open:
        gone = end(known.values(), at=at, reason=run.status)
        return gone + end(open_watches(run=run, backup__isnull=False), at=at, reason=run.status)
    level, own = level_of(run.call_id), own_times()
    effects: list[Effect] = []
    is_awaited = run.status == RunStatus.DISPATCHED and run.acknowledged_at is None
    for kind, situation, is_wanted in (
        (WatchKind.ACKNOWLEDGEMENT, "", is_awaited),
        (WatchKind.CHECK, run.status, True),
    ):
        times = times_for(kind, situation, level, own) if is_wanted else None
        watch = known.get(kind)
        if watch is None and times is not None:
            subject = {"call_id": run.call_id, "run": run, "unit_id": run.unit_id}
            made = begin(kind, times, at=at, level=level, situation=situation, **subject)
            effects.append(born(WATCH, made))
        elif watch is not None and times is None:
            effects += end([watch], at=at, reason=run.status)
        elif watch is not None and times is not None and watch.situation != situation:
            effects.append(restart(watch, times, at=at, level=level, situation=situation))
    return effects


def level_of(call_id: int) -> int:
    """The level of a call's decision; the lowest before there is one."""
    found = Assessment.objects.filter(call=call_id).select_related("decision").first()
    return found.decision.level if found is not None and found.decision is not None else 1
