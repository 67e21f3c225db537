"""A call that waits on purpose: the hold, and its end."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from dispatch import queue_actions
from heart.pages.commands import press
from heart.pages.views.triage import whole_number
from heart.roles import Permission, needs


@needs(Permission.DISPATCH)
@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "On hold.",
        lambda call, command: queue_actions.hold(
            call_id=call.pk,
            reason=request.POST.get("reason", ""),
            minutes=whole_number(request.POST.get("minutes"), "minutes"),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.DISPATCH)
@require_POST
def end_hold(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Not on hold any more.",
        lambda call, command: queue_actions.end_hold(
            call_id=call.pk, by=command.by, command_id=command.command_id
        ),
    )
