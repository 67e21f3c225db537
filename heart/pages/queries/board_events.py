"""What happened in the room lately, from the journal: newest first, each event with its call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from heart.journal.facts import sentence
from heart.journal.models import Entry
from intake.models import Call

RECENT = 30
UNTOLD = frozenset(
    {
        *("record.read", "notice.seen", "call.imported", "call.edited", "crew.positioned"),
        *("watch.begun", "watch.ended", "followup.taken"),
    }
)
"""Verbs that are no news to the room: readings, saving as somebody types, what the clock watches."""
NEWEST_FIRST = 10**15


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the recent events."""

    pk: int
    at: datetime
    number: str
    words: str
    actor: str

    @property
    def order(self) -> str:
        return f"{NEWEST_FIRST - self.pk:015d}"


def is_told(entry: Entry) -> bool:
    """Whether the room hears of this: something about a call or a team."""
    is_ours = entry.call_id is not None or "unit_id" in entry.payload
    return is_ours and entry.verb not in UNTOLD


def board_events(ids: Iterable[int] | None = None) -> list[Event]:
    """The latest events, or those of ``ids``, newest first."""
    about = Q(call_id__isnull=False) | Q(payload__has_key="unit_id")
    entries = Entry.objects.filter(about).exclude(verb__in=UNTOLD).order_by("-pk")
    chosen = list(entries[:RECENT] if ids is None else entries.filter(pk__in=list(ids)))
    numbers = dict(
        Call.objects.filter(pk__in={entry.call_id for entry in chosen}).values_list("pk", "number")
    )
    return [
        Event(
            pk=entry.pk,
            at=entry.happened_at,
            number=numbers.get(entry.call_id or 0, ""),
            words=sentence(entry.verb, entry.payload),
            actor=entry.actor_name,
        )
        for entry in chosen
    ]
