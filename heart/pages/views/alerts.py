"""Alerts: who has one, and what became of it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from dispatch import queue_actions, safety_actions
from dispatch.models import Run, Watch
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import ALERTS
from heart.pages.commands import signed_in
from heart.pages.presses import carry_out, done, refusal
from heart.pages.queries.alerts import strip as current
from heart.pages.queries.trouble import troubles
from heart.roles import Permission, needs
from intake.models import Call


@needs(Permission.DISPATCH)
@require_GET
def strip(request: HttpRequest) -> HttpResponse:
    """The strip by itself, for a screen that has to take it anew."""
    cursor = head()
    return render(request, "alerts/_strip.html", {"cursor": cursor, "alerts": current()})


@needs(Permission.DISPATCH)
@require_GET
def changes(request: HttpRequest) -> JsonResponse:
    """What the strip missed since a cursor, for screens without a socket."""
    return JsonResponse(tail.changes(ALERTS, request.GET.get("after", "")))


@needs(Permission.DISPATCH)
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """What of the service itself is in trouble: all of it for supervisors, for others what they act on."""
    sees_all = signed_in(request).may(Permission.SUPERVISE)
    found = [trouble for trouble in troubles() if sees_all or trouble.for_all]
    return render(request, "alerts/_trouble.html", {"troubles": found})


@needs(Permission.DISPATCH)
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """I have it: silent for everybody."""
    watch = get_object_or_404(Watch, pk=pk)
    error = carry_out(
        request,
        lambda press: safety_actions.acknowledge_watch(
            watch_id=watch.pk, by=press.by, command_id=press.command_id
        ),
    )
    return refusal(error) if error else done(HttpResponse(status=204), "The alert is yours.")


@needs(Permission.DISPATCH)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it."""
    watch = get_object_or_404(Watch, pk=pk)
    error = carry_out(
        request,
        lambda press: safety_actions.end_watch(
            watch_id=watch.pk,
            reason=request.POST.get("reason", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    return refusal(error) if error else done(HttpResponse(status=204), "The alert is over.")


@needs(Permission.DISPATCH)
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The crew said by radio that they are well."""
    run = get_object_or_404(Run, watches=pk)
    error = carry_out(
        request,
        lambda press: safety_actions.check_in(
            run_id=run.pk, by=press.by, command_id=press.command_id
        ),
    )
    return refusal(error) if error else done(HttpResponse(status=204), "They are well.")


@needs(Permission.DISPATCH)
@require_POST
def recontacted(request: HttpRequest, pk: int) -> HttpResponse:
    """The waiting caller was contacted again."""
    call = get_object_or_404(Call, watches=pk)
    error = carry_out(
        request,
        lambda press: queue_actions.recontacted(
            call_id=call.pk, by=press.by, command_id=press.command_id
        ),
    )
    return refusal(error) if error else done(HttpResponse(status=204), "Contacted again.")
