"""What is known of a place: written by whoever saw or heard it, with an end, and withdrawn."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from heart.journal.actor import Actor
from heart.journal.record import record
from intake.facts import PremiseNoteWithdrawn, PremiseNoteWritten
from intake.models import Call, PremiseNote
from intake.nearby import is_about
from intake.steps import Refused, written

FIRST_HAND = {PremiseNote.Source.CREW, PremiseNote.Source.OFFICER}
COUNTS_FOR = {"hazard": timedelta(days=365), "unverified": timedelta(days=90)}
"""How long a note counts unless somebody says otherwise (synthetic defaults)."""
LONGEST = timedelta(days=730)
RADIUS_M = 30


def default_expiry(kind: str, source: str, observed_at: datetime) -> datetime:
    """A hazard somebody of ours saw counts for a year, everything else is to be seen again sooner."""
    is_seen_hazard = kind == PremiseNote.Kind.HAZARD and source in FIRST_HAND
    return observed_at + COUNTS_FOR["hazard" if is_seen_hazard else "unverified"]


def write_premise_note(
    *,
    call_id: int,
    kind: str,
    text: str,
    source: str,
    expires_at: datetime | None = None,
    by: Actor,
    command_id: UUID | None = None,
) -> PremiseNote:
    """Write down what is known of the place of a call: observed, no diagnosis, and it expires."""
    text = written("text", text, 500)
    now = timezone.now()
    _check(kind, source, expires_at, now)
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
        if not call.location_text.strip() and call.latitude is None:
            raise Refused(text="the place of this call is not known yet: write down where it is")
        note = PremiseNote.objects.create(
            kind=kind,
            text=text,
            source=source,
            location_text=call.location_text,
            latitude=call.latitude,
            longitude=call.longitude,
            radius_m=RADIUS_M,
            observed_at=now,
            expires_at=expires_at or default_expiry(kind, source, now),
            written_by_id=by.id,
        )
        record(
            PremiseNoteWritten(call_id=call_id, premise_note_id=note.pk, kind=kind),
            by=by,
            command_id=command_id,
        )
    return note


def _check(kind: str, source: str, expires_at: datetime | None, now: datetime) -> None:
    problems = {}
    if kind not in PremiseNote.Kind.values:
        problems["kind"] = f"one of {', '.join(PremiseNote.Kind.values)}"
    if source not in PremiseNote.Source.values:
        problems["source"] = f"one of {', '.join(PremiseNote.Source.values)}"
    if expires_at is not None and not now < expires_at <= now + LONGEST:
        problems["expires"] = "a day after today, at most two years ahead"
    if problems:
        raise Refused(**problems)


def withdraw_premise_note(
    *, note_id: int, call_id: int, by: Actor, command_id: UUID | None = None
) -> PremiseNote:
    """The note is not true any more: it stays readable, struck, and counts no more.

    Raises PremiseNote.DoesNotExist for a note of another place than the call's.
    """
    with transaction.atomic():
        note = PremiseNote.objects.select_for_update(of=("self",)).get(pk=note_id)
        if not is_about(note, Call.objects.get(pk=call_id)):
            raise PremiseNote.DoesNotExist
        if note.withdrawn_at is not None:
            raise Refused(note="this note was withdrawn before")
        note.withdrawn_at, note.withdrawn_by_id = timezone.now(), by.id
        note.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record(
            PremiseNoteWithdrawn(call_id=call_id, premise_note_id=note.pk, kind=note.kind),
            by=by,
            command_id=command_id,
        )
    return note
