"""Where the line is sent: while it is typed, and when it is entered. Lines never stand in addresses."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from heart.accounts.models import Preference
from heart.pages.commandline.completing import ahead
from heart.pages.commandline.keys import kept_keys
from heart.pages.commandline.naming import Desk
from heart.pages.commandline.running import carry_out
from heart.pages.commandline.table import COMMANDS
from heart.pages.commands import as_uuid, signed_in
from heart.roles import Permission, needs
from intake.steps import Refused, text_fault

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Typed:
    """What the page sends; ``words`` is what it showed that the line would do."""

    line: str
    here: str
    words: str
    command_id: UUID | None


@needs(Permission.USE_CONSOLE)
@require_POST
def command(request: HttpRequest) -> JsonResponse:
    """Carry out a line."""
    try:
        typed = _typed(request)
    except Refused as refused:
        return _unreadable(refused)
    if typed.command_id is None:
        return _unreadable(Refused(command_id="a command needs an id of its own"))
    desk = Desk(signed_in(request), typed.here)
    answer = carry_out(typed.line, typed.command_id, desk, typed.words)
    return JsonResponse(answer.body(), status=answer.status)


@needs(Permission.USE_CONSOLE)
@require_POST
def complete(request: HttpRequest) -> JsonResponse:
    """What may follow, and what the line would do; nothing is done."""
    try:
        typed = _typed(request)
    except Refused as refused:
        return _unreadable(refused)
    told = ahead(typed.line, Desk(signed_in(request), typed.here))
    completions = [completion._asdict() for completion in told.completions]
    return JsonResponse(told._asdict() | {"completions": completions})


@needs(Permission.USE_CONSOLE)
@require_POST
def own_keys(request: HttpRequest) -> JsonResponse:
    """Keep somebody's own shortcuts."""
    try:
        keys, letters = kept_keys(request.body)
    except Refused as refused:
        return _unreadable(refused)
    Preference.objects.update_or_create(
        user=signed_in(request), defaults={"keys": keys, "letters": letters}
    )
    return JsonResponse({"keys": keys, "letters": letters})


@needs(Permission.USE_CONSOLE)
@require_GET
def cheat_sheet(request: HttpRequest) -> HttpResponse:
    """One page to print: all keys, all commands of one's role."""
    return render(request, "commandline/cheat_sheet.html", {"commands": COMMANDS})


def _typed(request: HttpRequest) -> Typed:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refused(line="the page sent something that cannot be read") from error
    if not isinstance(body, dict):
        raise Refused(line="the page must send an object")
    text = {"line": body.get("line"), "here": body.get("here", ""), "words": body.get("words", "")}
    problems = {name: fault for name, said in text.items() if (fault := text_fault(said, LONGEST))}
    if problems:
        raise Refused(**problems)
    return Typed(**text, command_id=as_uuid(body.get("command_id")))


def _unreadable(refused: Refused) -> JsonResponse:
    return JsonResponse(
        {"problems": list(refused.problems.values())}, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )
