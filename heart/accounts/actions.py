"""What happens around people: reads of records, edits of reference data."""

from collections.abc import Sequence

from django.db import transaction

from heart.accounts.facts import RecordRead, ReferenceChanged
from heart.journal.actor import Actor
from heart.journal.record import record


def log_read(*, by: Actor, call_id: int, what: str, screen: str) -> None:
    """Write down that somebody opened a person's or clinical record."""
    with transaction.atomic():
        record(RecordRead(call_id=call_id, what=what, screen=screen, record_id=call_id), by=by)


def note_reference_change(*, by: Actor, model: str, pk: int, columns: Sequence[str]) -> None:
    """Write down an edit of reference data, in the transaction that makes it."""
    with transaction.atomic():
        record(
            ReferenceChanged(call_id=None, model=model, reference_id=pk, columns=sorted(columns)),
            by=by,
        )
