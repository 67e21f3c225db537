"""Taking a call: it exists, numbered and timed, from the first field on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import born, make_move
from intake.facts import CallNoted, CallReleased, CallTaken
from intake.incident import stands_for
from intake.models import Call, Note
from intake.states import CALL, CallStatus
from intake.steps import CallFields, cleaned, new_call, written


def take_call(
    *,
    fields: CallFields,
    by: Actor,
    source: str = Call.Source.PHONE,
    external_ref: str = "",
    is_synthetic: bool = False,
    command_id: UUID | None = None,
    received_at: datetime | None = None,
) -> Call:
    """Somebody is on the line: the call exists and shows on the board as being taken."""
    columns = cleaned(fields)
    with transaction.atomic():
        times = {"received_at": received_at} if received_at else {}
        call = new_call(
            columns,
            by=by,
            status=CallStatus.TAKING,
            source=source,
            external_ref=external_ref,
            is_synthetic=is_synthetic,
            **times,
        )
        record(
            CallTaken(call_id=call.pk), by=by, effects=[born(CALL, call)], command_id=command_id
        )
    return call


def add_note(*, call_id: int, text: str, by: Actor, command_id: UUID | None = None) -> Note:
    """Add a line to the narrative; notes are never changed.

    What is written on a merged call, maybe late from a phone, stands on the call that goes on.
    """
    text = written("text", text, 4000)
    with transaction.atomic():
        call_id = stands_for(call_id)
        note = Note.objects.create(call_id=call_id, text=text, author_id=by.id)
        record(CallNoted(call_id=call_id, note_id=note.pk), by=by, command_id=command_id)
    return note


def release(*, call_id: int, by: Actor, command_id: UUID | None = None) -> Call:
    """The call-taker leaves the line; raises MoveRefused when somebody released it before."""
    with transaction.atomic():
        call = Call.objects.get(pk=call_id)
        effect = make_move(CALL, "release", call)
        record(CallReleased(call_id=call_id), by=by, effects=[effect], command_id=command_id)
    return call
