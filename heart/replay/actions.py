"""Asking for a replay, stopping it, and the sweep that carries replays on, batch by batch."""

import json
import logging
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import born, make_move
from heart.replay import facts, outcomes, staffing
from heart.replay.models import Flip, Replay
from heart.replay.reading import Span, read
from heart.replay.states import REPLAY, UNFINISHED, ReplayStatus
from heart.replay.tally import added, loaded, stored
from heart.replay.work import Counted, Flipped, replayed
from intake.steps import Refused
from triage import replay as kernel
from triage.models import RuleSet
from triage.queries import rows_of
from triage.rules import RuleError

log = logging.getLogger(__name__)
BATCH = 2_000
"""Calls per transaction: a tenth of a second, so that neither screens nor other sweeps wait."""
SECONDS = 0.8
"""How long one turn of the sweep works before it lets the other sweeps have theirs."""


def request_replay(
    *, version: int, against: int | None, span: Span, by: Actor, command_id: UUID | None = None
) -> Replay:
    """Queue a replay of a version, or of what it changes against another, as both stand now."""
    if span.since and span.until and span.since > span.until:
        raise Refused(until="ends before it begins")
    with transaction.atomic():
        chosen = [_rule_set("version", version)]
        if against is not None:
            if against == version:
                raise Refused(against="is the same version: choose another, or none")
            chosen.insert(0, _rule_set("against", against))
        calls = span.calls()
        last = calls.values_list("pk", flat=True).last() or 0
        made = Replay.objects.create(
            rule_set=chosen[-1],
            against=chosen[0] if against is not None else None,
            source=span.source,
            profile=span.profile,
            since=span.since,
            until=span.until,
            requested_by_id=by.id,
            tables=[json.loads(outcomes.written(rows_of(one))) for one in chosen],
            staffing=staffing.planned(),
            up_to=last,
            total=calls.filter(pk__lte=last).count(),
        )
        fact = facts.ReplayRequested(
            call_id=None,
            replay_id=made.pk,
            versions=[one.version for one in chosen],
            calls=made.total,
        )
        record(fact, by=by, effects=[born(REPLAY, made)], command_id=command_id)
    return made


def cancel_replay(*, replay_id: int, by: Actor, command_id: UUID | None = None) -> Replay:
    """Stop a replay for good; what was counted until then stays readable."""
    with transaction.atomic():
        row = Replay.objects.select_for_update().get(pk=replay_id)
        effect = make_move(REPLAY, "cancel", row, finished_at=timezone.now())
        fact = facts.ReplayCancelled(call_id=None, replay_id=row.pk, calls=row.done)
        record(fact, by=by, effects=[effect], command_id=command_id)
    return row


def note_listing(*, replay_id: int, calls: int, by: Actor, command_id: UUID | None = None) -> None:
    """Write down that somebody read the list of the calls that two versions part."""
    with transaction.atomic():
        fact = facts.FlipsListed(call_id=None, replay_id=replay_id, calls=calls)
        record(fact, by=by, command_id=command_id)


def run_replays(*, limit: int, by: Actor, seconds: float = SECONDS, batch: int = BATCH) -> int:
    """Carry unfinished replays on for a moment, the oldest first; gives how many were moved."""
    until, moved = monotonic() + seconds, 0
    while moved < limit and (pk := _next()) is not None:
        moved += 1
        try:
            has_ended = _carry_on(pk, until, batch, by)
        except (OperationalError, InterfaceError):  # the database is away: for all of them
            raise
        except Exception as error:
            log.exception("replay %d stopped", pk)
            has_ended = _fail(pk, error, by)
        if not has_ended or monotonic() >= until:
            break
    return moved


def _next() -> int | None:
    unfinished = Replay.objects.filter(status__in=UNFINISHED)
    return unfinished.order_by("pk").values_list("pk", flat=True).first()


def _carry_on(pk: int, until: float, batch: int, by: Actor) -> bool:
    """Batch after batch, each in its own transaction; true when there is nothing left to do."""
    tables = Replay.objects.values_list("tables", flat=True).get(pk=pk)
    versions = [outcomes.version(json.dumps(table, sort_keys=True)) for table in tables]
    while True:
        with transaction.atomic():
            # Whoever else runs this sweep at the same time leaves the row to us.
            free = Replay.objects.select_for_update(skip_locked=True, no_key=True)
            row = free.filter(pk=pk, status__in=UNFINISHED).first()
            if row is None:
                return False
            if _step(row, versions, batch, by):
                return True
        if monotonic() >= until:
            return False


def _step(row: Replay, versions: list[outcomes.Version], batch: int, by: Actor) -> bool:
    """Put the next calls to the versions; true when there were none left."""
    if row.status == ReplayStatus.QUEUED:
        effect = make_move(REPLAY, "start", row, started_at=timezone.now())
        record(facts.ReplayStarted(call_id=None, replay_id=row.pk), by=by, effects=[effect])
    calls = read(_span(row), batch, after=row.resume_after, up_to=row.up_to)
    if calls:
        _keep(row, replayed(calls, versions), len(calls), calls[-1].call_id)
        return False
    effect = make_move(REPLAY, "finish", row, finished_at=timezone.now())
    finished = facts.ReplayFinished(call_id=None, replay_id=row.pk, calls=row.done)
    record(finished, by=by, effects=[effect])
    return True


def _keep(row: Replay, counted: Counted, calls: int, last: int) -> None:
    Flip.objects.bulk_create([_flip(row, flipped) for flipped in counted.flips])
    row.tallies = stored(added(loaded(row.tallies), counted.tallies))
    row.done += calls
    row.total = max(row.total, row.done)
    row.resume_after = last
    row.data_from = min(filter(None, (row.data_from, counted.first)), default=None)
    row.data_to = max(filter(None, (row.data_to, counted.last)), default=None)
    row.save(update_fields=["tallies", "done", "total", "resume_after", "data_from", "data_to"])


def _flip(row: Replay, flipped: Flipped) -> Flip:
    nature = flipped.call.nature
    return Flip(
        replay=row,
        call_id=flipped.call.call_id,
        nature=nature if isinstance(nature, str) else "",
        route=flipped.routes[0],
        other_route=flipped.routes[1],
        rules=flipped.rules[0],
        other_rules=flipped.rules[1],
        levels=list(flipped.levels[0]),
        other_levels=list(flipped.levels[1]),
    )


def _fail(pk: int, error: Exception, by: Actor) -> bool:
    """A replay that cannot go on ends with its reason, so that it holds up no other."""
    known = (kernel.TooManyRegions, kernel.TooManyStates, kernel.ColumnError, RuleError)
    fault = str(error) if isinstance(error, known) else "stopped by a fault; the log says more"
    with transaction.atomic():
        row = Replay.objects.select_for_update().get(pk=pk)
        if row.status in UNFINISHED:
            changes: dict[str, Any] = {"finished_at": timezone.now(), "fault": fault[:300]}
            effect = make_move(REPLAY, "fail", row, **changes)
            record(facts.ReplayFailed(call_id=None, replay_id=pk), by=by, effects=[effect])
    return True


def _span(row: Replay) -> Span:
    return Span(
        source=Replay.Source(row.source), profile=row.profile, since=row.since, until=row.until
    )


def _rule_set(field: str, version: int) -> RuleSet:
    found = RuleSet.objects.filter(version=version).first()
    if found is None:
        raise Refused(**{field: f"there is no version {version}"})
    return found
