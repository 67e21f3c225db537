"""Every sweep in one table: what it moves and how often. Due rows are the truth, not the schedule."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.db import connection
from django.utils import timezone

from dispatch.actions import replan_waiting
from dispatch.call_watch_actions import watch_calls
from dispatch.paging import send_pages
from dispatch.safety_actions import climb_ladders, tighten_checks
from followup.actions import mark_due, mark_overdue
from heart.clock.models import Heartbeat
from heart.journal.actor import Actor
from heart.paper.rolling import write_board
from heart.push.actions import send_pushes
from heart.replay.actions import run_replays
from triage.actions import end_clarifying
from triage.rule_set_actions import activate_due

log = logging.getLogger(__name__)
BATCH = 500


class SweepAction(Protocol):
    def __call__(self, *, limit: int, by: Actor) -> int: ...


@dataclass(frozen=True, slots=True)
class Sweep:
    """``run`` moves at most ``limit`` due rows and says how many it moved."""

    name: str
    run: SweepAction
    seconds: float


SWEEPS = (
    Sweep("watches", climb_ladders, 1),
    Sweep("calls_watched", watch_calls, 2),
    Sweep("checks_tightened", tighten_checks, 5),
    Sweep("pages", send_pages, 5),
    Sweep("followups_due", mark_due, 5),
    Sweep("followups_overdue", mark_overdue, 5),
    Sweep("clarifying_over", end_clarifying, 5),
    Sweep("fallback_plans", replan_waiting, 5),
    Sweep("rule_sets_due", activate_due, 5),
    Sweep("replays", run_replays, 1),
    Sweep("board_on_paper", write_board, 10),
    Sweep("pushes", send_pushes, 1),
)
BY_NAME = {sweep.name: sweep for sweep in SWEEPS}


def run_sweep(name: str, *, by: str) -> int:
    """Run one sweep to its end and stamp its heartbeat; ``by`` is worker or clock."""
    moved = BY_NAME[name].run(limit=BATCH, by=Actor(None, "the clock", "clock"))
    stamp(name, by=by)
    if moved:
        log.info("sweep %s moved %d rows", name, moved)
    return moved


def stamp(name: str, *, by: str) -> None:
    """Sign of life, written with the database's own clock."""
    with connection.cursor() as sql:
        sql.execute(
            'INSERT INTO heart_clock_heartbeat (name, beat_at, "by")'
            " VALUES (%s, clock_timestamp(), %s)"
            ' ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, "by" = excluded."by"',
            [name, by],
        )


def silent_sweeps(older_than_seconds: float) -> list[str]:
    """The sweeps whose last sign of life is older than this, or that never gave one."""
    limit = timezone.now() - timedelta(seconds=older_than_seconds)
    alive = set(Heartbeat.objects.filter(beat_at__gte=limit).values_list("name", flat=True))
    return [sweep.name for sweep in SWEEPS if sweep.name not in alive]
