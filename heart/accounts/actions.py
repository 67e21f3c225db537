"""What happens around people: reads of records, edits of reference data."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from heart.accounts.facts import RecordRead, ReferenceChanged
from heart.journal.actor import Actor
from heart.journal.record import record, record_many


def log_read(*, by: Actor, call_id: int, what: str, screen: str) -> None:
    """Write down that somebody opened a person's or clinical record."""
    with transaction.atomic():
        record(RecordRead(call_id=call_id, what=what, screen=screen, record_id=call_id), by=by)


def log_lookup(*, by: Actor, what: str, record_id: int, screen: str) -> None:
    """Write down that a search showed somebody's record that belongs to no call yet."""
    with transaction.atomic():
        record(RecordRead(call_id=None, what=what, screen=screen, record_id=record_id), by=by)


def log_reads(*, by: Actor, call_ids: Iterable[int], what: str, screen: str) -> None:
    """Write down that one answer showed many records."""
    now = timezone.now()
    with transaction.atomic():
        record_many(
            [
                (RecordRead(call_id=pk, what=what, screen=screen, record_id=pk), (), now)
                for pk in call_ids
            ],
            by=by,
        )


def note_reference_change(*, by: Actor, model: str, pk: int, columns: Sequence[str]) -> None:
    """Write down an edit of reference data, in the transaction that makes it."""
    with transaction.atomic():
        record(
            ReferenceChanged(call_id=None, model=model, reference_id=pk, columns=sorted(columns)),
            by=by,
        )
