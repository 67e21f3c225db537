"""The notes of a call's place, as the call page shows them: what counts, and what counted."""

from dataclasses import dataclass

from django.utils import timezone

from intake.models import Call, PremiseNote
from intake.nearby import in_order, notes_of_the_place

PAST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Notes that count now, hazards first, and those withdrawn or expired, newest first."""

    current: list[PremiseNote]
    past: list[PremiseNote]

    @property
    def has_hazard(self) -> bool:
        return any(note.kind == PremiseNote.Kind.HAZARD for note in self.current)


def place_of(call: Call) -> Place:
    """Every note of the place, in one query."""
    notes = in_order(call, notes_of_the_place(call))
    now = timezone.now()
    counts = [note for note in notes if note.withdrawn_at is None and note.expires_at > now]
    past = sorted((note for note in notes if note not in counts), key=lambda note: -note.pk)
    return Place(counts, past[:PAST_SHOWN])
