"""How a press of a button becomes an answer: one command, then the call as it is now.

The answer carries the parts of the call, which htmx swaps by id, and says in a header what was done
or why it was refused. Repeating a command that was done before is answered like the first time.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_htmx.http import trigger_client_event

from dispatch.steps import UnitTaken
from heart.accounts.models import User
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.moves import MoveRefused
from heart.pages.fragments import call_parts
from heart.pages.queries.call import call_view
from heart.pages.reading import log_answer
from intake.models import Call
from intake.steps import Refused


@dataclass(frozen=True, slots=True)
class Command:
    """What every action needs besides its own arguments: who presses, and the press's own id."""

    by: Actor
    command_id: uuid.UUID | None


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that a permission has let through."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - every view here demands a permission
    return user


def command_of(request: HttpRequest, text: str | None) -> Command:
    """The command of a press; an unreadable id is none."""
    return Command(signed_in(request).actor("console"), as_uuid(text))


def as_uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except (ValueError, AttributeError, TypeError):
        return None


def problems_of(error: Exception) -> dict[str, str]:
    """A refusal by field; one that concerns no field stands under an empty name."""
    return dict(error.problems) if isinstance(error, Refused) else {"": str(error)}


def done_before(command_id: uuid.UUID | None) -> Entry | None:
    """The entry of a command that was carried out already."""
    return Entry.objects.filter(command_id=command_id).first() if command_id else None


REFUSALS = (Refused, MoveRefused, UnitTaken)


def run(command: Command, do: Callable[[], Any]) -> int:
    """Do it once: 200, also when it was done before; 404 for rows that are gone. Refusals pass through."""
    if done_before(command.command_id):
        return 200
    try:
        do()
    except ObjectDoesNotExist as gone:
        raise Http404("not there any more") from gone
    except (IntegrityError, *REFUSALS):
        # The same press twice at once: what the other one did is what this one wanted.
        if not done_before(command.command_id):
            raise
    return 200


def press(
    request: HttpRequest, number: str, said: str, do: Callable[[Call, Command], Any]
) -> HttpResponse:
    """Carry out one command on a call and answer with the call as it is now."""
    call = get_object_or_404(Call, number=number)
    command = command_of(request, request.POST.get("command_id"))
    log_answer(signed_in(request), call.pk, "call")
    try:
        status = run(command, lambda: do(call, command))
    except REFUSALS as refused:
        status = 422 if isinstance(refused, Refused) else 409
        return trigger_client_event(
            parts_now(call.pk, status), "heart:refused", {"problems": problems_of(refused)}
        )
    return trigger_client_event(
        parts_now(call.pk, status), "heart:said", {"text": said, "tone": "ok"}
    )


def parts_now(call_id: int, status: int) -> HttpResponse:
    """Every part of the call, for htmx to put in place by id."""
    view = call_view(call_id)
    return HttpResponse("".join(call_parts(view).values()) if view else "", status=status)
