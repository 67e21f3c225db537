"""Presses on the screens of the clinician, the teams and the care navigators.

One command is carried out once; the answer says in a header what was done, or why it was refused.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_htmx.http import reswap, trigger_client_event

from heart.live.registry import Item
from heart.pages.commands import REFUSALS, Command, command_of, problems_of, run
from intake.steps import Refused

OLDEST_PRESS = timedelta(hours=12)


def carry_out(request: HttpRequest, do: Callable[[Command], Any]) -> Exception | None:
    """Do it once; the refusal, if there is one."""
    command = command_of(request, request.POST.get("command_id"))
    try:
        run(command, lambda: do(command))
    except REFUSALS as refused:
        return refused
    return None


def done(answer: HttpResponse, said: str) -> HttpResponse:
    """Say what was done."""
    return trigger_client_event(answer, "heart:said", {"text": said, "tone": "ok"})


def refused(problems: dict[str, str], status: int) -> HttpResponse:
    """Say why nothing was done; what is on the screen and what was typed stays."""
    answer = reswap(HttpResponse(status=status), "none")
    return trigger_client_event(answer, "heart:refused", {"problems": problems})


def refusal(error: Exception) -> HttpResponse:
    """The answer to what an action refused."""
    return refused(problems_of(error), 422 if isinstance(error, Refused) else 409)


def pressed_at(request: HttpRequest) -> datetime | None:
    """When a phone without signal was pressed; None for what cannot be true."""
    try:
        told = parse_datetime(request.POST.get("pressed_at", ""))
    except ValueError:
        return None
    now = timezone.now()
    if told is None or timezone.is_naive(told) or not now - OLDEST_PRESS < told <= now:
        return None
    return told


def item(item_id: str, html: str, **data: Any) -> Item:
    """One element for the live feed."""
    return Item(id=item_id, html=html.strip(), data=data)
