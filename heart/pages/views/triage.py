"""What people do to the decision of a call."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from heart.pages.commands import press
from heart.roles import Permission, needs
from intake.steps import Refused
from triage import actions


def whole_number(text: str | None, field: str) -> int:
    """A number from a form; anything else is refused by the field's name."""
    if text and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise Refused(**{field: "choose a number"})


@needs(Permission.RAISE_LEVEL)
@require_POST
def raise_level(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "The level is raised.",
        lambda call, command: actions.raise_level(
            call_id=call.pk,
            level=whole_number(request.POST.get("level"), "level"),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.CHOOSE_ROUTE)
@require_POST
def choose_route(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "The route is chosen.",
        lambda call, command: actions.choose_route(
            call_id=call.pk,
            route=request.POST.get("route", ""),
            reason=request.POST.get("reason", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.LOWER_LEVEL)
@require_POST
def ask_lowering(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Asked. A clinician has to agree; until then nothing changes.",
        lambda call, command: actions.ask_lowering(
            call_id=call.pk,
            route=request.POST.get("route", ""),
            level=whole_number(request.POST.get("level"), "level"),
            reason=request.POST.get("reason", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.AGREE_LOWERING)
@require_POST
def agree(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return press(
        request,
        number,
        "Agreed: the call is lowered.",
        lambda call, command: actions.agree_lowering(
            lowering_id=call.lowerings.get(pk=pk).pk,
            shown=request.POST.get("shown", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.AGREE_LOWERING)
@require_POST
def refuse(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return press(
        request,
        number,
        "Not lowered: everything stays as it is.",
        lambda call, command: actions.refuse_lowering(
            lowering_id=call.lowerings.get(pk=pk).pk, by=command.by, command_id=command.command_id
        ),
    )


@needs(Permission.TAKE_CALL)
@require_POST
def line_lost(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Line lost: call back at once, and again within two minutes.",
        lambda call, command: actions.lose_line(
            call_id=call.pk, by=command.by, command_id=command.command_id
        ),
    )
