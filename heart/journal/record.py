"""The only writer of the journal; called as the last statement of an action."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from heart import doorbell
from heart.journal.actor import Actor
from heart.journal.facts import Fact
from heart.journal.models import Entry
from heart.moves import Effect


def record(
    fact: Fact,
    *,
    by: Actor,
    effects: Sequence[Effect] = (),
    happened_at: datetime | None = None,
    command_id: UUID | None = None,
) -> Entry:
    """Write one entry inside the caller's transaction and ring the doorbell when it commits."""
    _inside_transaction(fact.verb)
    entry = _entry(fact, effects, happened_at or timezone.now(), by)
    entry.command_id = command_id
    entry.save(force_insert=True)
    transaction.on_commit(doorbell.ring, robust=True)
    return entry


def record_many(events: Sequence[tuple[Fact, Sequence[Effect], datetime]], *, by: Actor) -> None:
    """Write one entry per (fact, effects, when it happened) in one statement, for loads of history."""
    for verb in {fact.verb for fact, _, _ in events}:
        _inside_transaction(verb)
    Entry.objects.bulk_create([_entry(*event, by) for event in events])
    transaction.on_commit(doorbell.ring, robust=True)


def _inside_transaction(verb: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb} must be recorded inside the transaction that changes the rows")


def _entry(fact: Fact, effects: Sequence[Effect], happened_at: datetime, by: Actor) -> Entry:
    return Entry(
        happened_at=happened_at,
        verb=fact.verb,
        call_id=fact.call_id,
        subject=fact.subject(),
        actor_id=by.id,
        actor_name=by.name,
        source=by.source,
        payload={**fact.payload(), "effects": [list(effect) for effect in effects]},
    )
