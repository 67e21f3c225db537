"""Loading history: calls that are over, never on the board, never triaged."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from heart.history.models import ImportedCall
from heart.history.rows import Row
from heart.journal.actor import Actor
from heart.journal.record import record_many
from heart.moves import born
from intake.models import Call, Nature
from intake.queries import beats_at, next_numbers
from intake.states import CALL, CallStatus
from triage.facts import CallImported
from triage.models import Eligibility


def import_calls(
    *, rows: Sequence[Row], profile: str, natures: dict[str, Nature], by: Actor
) -> None:
    """Load rows that are not there yet, as one batch: all of it or nothing."""
    with transaction.atomic():
        calls = Call.objects.bulk_create(_calls(rows, natures))
        Eligibility.objects.bulk_create([Eligibility(call=call) for call in calls])
        ImportedCall.objects.bulk_create(
            [_imported(row, call, profile) for row, call in zip(rows, calls, strict=True)]
        )
        record_many(
            [
                (CallImported(call_id=call.pk), [born(CALL, call)], call.received_at)
                for call in calls
            ],
            by=by,
        )


def known_digests(references: Sequence[str]) -> dict[str, str]:
    """Which of these rows are here, with the fingerprint of the row as it was imported."""
    found = Call.objects.filter(source=Call.Source.IMPORT, external_ref__in=references)
    return dict(found.values_list("external_ref", "imported__digest"))


def _calls(rows: Sequence[Row], natures: dict[str, Nature]) -> Iterator[Call]:
    numbers = next_numbers([row.received_at for row in rows])
    beats = beats_at([_point(row) for row in rows])
    for row, number, beat in zip(rows, numbers, beats, strict=True):
        nature = natures[row.nature]
        yield Call(
            number=number,
            status=CallStatus.CLOSED,
            source=Call.Source.IMPORT,
            external_ref=row.reference,
            received_at=row.received_at,
            closed_at=row.closed_at or row.received_at,
            beat=beat,
            nature=nature,
            initial_nature=nature,
            **row.columns,
        )


def _point(row: Row) -> tuple[float, float] | None:
    if "latitude" not in row.columns:
        return None
    return row.columns["latitude"], row.columns["longitude"]


def _imported(row: Row, call: Call, profile: str) -> ImportedCall:
    return ImportedCall(
        call=call,
        profile=profile,
        times={name: time.isoformat() for name, time in row.times.items()},
        details=row.details,
        changes=row.changes,
        digest=row.digest,
        **row.local,
    )
