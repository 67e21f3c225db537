"""The only writer of the journal; called as the last statement of an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from heart import doorbell
from heart.journal.facts import Fact
from heart.journal.models import Entry
from heart.moves import Effect


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through what: ``source`` is console, api, phone, import, demo or clock."""

    id: int | None
    name: str
    source: str

    @property
    def person_id(self) -> int:
        """The person's id; raises ValueError where the clock or an import cannot stand in for one."""
        if self.id is None:
            raise ValueError(f"{self.name} is not a person")
        return self.id


def record(
    fact: Fact,
    *,
    by: Actor,
    effects: Sequence[Effect] = (),
    happened_at: datetime | None = None,
    command_id: UUID | None = None,
) -> Entry:
    """Write one entry inside the caller's transaction and ring the doorbell when it commits."""
    if not connection.in_atomic_block:
        raise RuntimeError(
            f"{fact.verb} must be recorded inside the transaction that changes the rows"
        )
    entry = Entry.objects.create(
        happened_at=happened_at or timezone.now(),
        verb=fact.verb,
        call_id=fact.call_id,
        subject=fact.subject(),
        actor_id=by.id,
        actor_name=by.name,
        source=by.source,
        payload={**fact.payload(), "effects": [list(effect) for effect in effects]},
        command_id=command_id,
    )
    transaction.on_commit(doorbell.ring, robust=True)
    return entry
