"""The call page, also shown beside the board, and everything that is done on it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from dispatch import actions as dispatch
from dispatch import safety_actions as safety
from dispatch.models import Backup, Handoff, Hold, Run
from followup import actions as followup
from followup.models import Consent
from heart.accounts.actions import log_read
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import Audience, Kind
from heart.pages.commands import Command, press, signed_in
from heart.pages.fragments import call_parts, items_of
from heart.pages.queries.call import ROUTES, call_view
from heart.pages.reading import log_answer
from heart.pages.views.triage import whole_number
from heart.roles import Permission, needs
from intake.actions import add_note
from intake.models import Call
from triage import actions as triage
from triage.models import ReasonCode
from triage.queries import clinical_notes_of

MOVES = {
    "acknowledge": (safety.acknowledge, "Acknowledged."),
    "check-in": (safety.check_in, "They are well."),
    "start": (dispatch.start, "En route."),
    "arrive": (dispatch.arrive, "On scene."),
    "transport": (dispatch.transport, "Transporting."),
    "begin_clearing": (dispatch.begin_clearing, "Clearing."),
}


def choices() -> dict[str, Any]:
    """What the dialogs of a call offer."""
    return {
        "routes": ROUTES,
        "agencies": Handoff.Agency.choices,
        "outcomes": Run.Outcome.choices,
        "call_outcomes": Call.Outcome.choices,
        "felt_safe": Run.FeltSafe.choices,
        "hold_reasons": Hold.Reason.choices,
        "cancel_reasons": dispatch.CANCEL_REASONS.items(),
        "handoff_outcomes": dispatch.HANDOFF_OUTCOMES.items(),
        "consents": Consent.Answer.choices,
        "reason_codes": ReasonCode.objects.filter(is_active=True),
    }


@needs(Permission.VIEW_CALL)
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The call; as a part of a page when the board asks for it. Opening it is written down."""
    call = get_object_or_404(Call, number=number)
    screen = "board" if request.headers.get("HX-Request") else "call"
    log_read(by=signed_in(request).actor("console"), call_id=call.pk, what="call", screen=screen)
    cursor = head()
    view = call_view(call.pk)
    if view is None:
        raise Http404(number)
    template = "calls/_call.html" if screen == "board" else "calls/call.html"
    parts = call_parts(view)
    context = {"view": view, "call": call, "parts": parts, "cursor": cursor}
    return render(request, template, context if screen == "board" else context | choices())


@needs(Permission.VIEW_CALL)
@require_GET
def changes(request: HttpRequest, number: str) -> JsonResponse:
    """What a call's page missed since a cursor, for screens without a socket."""
    call = get_object_or_404(Call, number=number)
    log_answer(signed_in(request), call.pk, "call")
    return JsonResponse(tail.changes(Audience(Kind.CALL, call.pk), request.GET.get("after", "")))


@needs(Permission.VIEW_CALL)
@require_GET
def parts(request: HttpRequest, number: str) -> JsonResponse:
    """The call beside the board as it is now; opened there before, else written down here."""
    call = get_object_or_404(Call, number=number)
    log_answer(signed_in(request), call.pk, "board")
    view = call_view(call.pk)
    return JsonResponse({"items": items_of(view) if view else []})


@needs(Permission.TAKE_CALL)
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Note added.",
        lambda call, command: add_note(
            call_id=call.pk,
            text=request.POST.get("text", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.READ_CLINICAL)
@require_GET
def clinical(request: HttpRequest, number: str) -> HttpResponse:
    """Clinical notes, read apart from the call and never pushed; every reading is written down."""
    call = get_object_or_404(Call, number=number)
    by = signed_in(request).actor("console")
    log_read(by=by, call_id=call.pk, what="clinical notes", screen="call")
    return _clinical(request, call)


def _clinical(request: HttpRequest, call: Call) -> HttpResponse:
    context = {"call": call, "notes": clinical_notes_of(call)}
    return render(request, "calls/_clinical.html", context)


@needs(Permission.WRITE_CLINICAL)
@require_POST
def clinical_note(request: HttpRequest, number: str) -> HttpResponse:
    answer = press(
        request,
        number,
        "Clinical note written.",
        lambda call, command: triage.write_clinical_note(
            call_id=call.pk,
            text=request.POST.get("text", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )
    if answer.status_code == 200:
        answer.content += _clinical(request, get_object_or_404(Call, number=number)).content
    return answer


@needs(Permission.DISPATCH)
@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Sent.",
        lambda call, command: dispatch.assign(
            call_id=call.pk,
            unit_id=whole_number(request.POST.get("unit"), "unit"),
            by=command.by,
            command_id=command.command_id,
        ),
    )


def _run_of(call: Call, pk: int) -> int:
    return Run.objects.values_list("pk", flat=True).get(pk=pk, call=call)


@needs(Permission.DISPATCH)
@require_POST
def move(request: HttpRequest, number: str, pk: int, move: str) -> HttpResponse:
    if move not in MOVES:
        raise Http404(move)
    action, said = MOVES[move]
    return press(
        request,
        number,
        said,
        lambda call, command: action(
            run_id=_run_of(call, pk), by=command.by, command_id=command.command_id
        ),
    )


@needs(Permission.DISPATCH)
@require_POST
def clear(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return press(
        request,
        number,
        "Cleared.",
        lambda call, command: dispatch.clear(
            run_id=_run_of(call, pk),
            outcome=request.POST.get("outcome", ""),
            felt_safe=request.POST.get("felt_safe", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.DISPATCH)
@require_POST
def cancel(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return press(
        request,
        number,
        "Cancelled.",
        lambda call, command: dispatch.cancel(
            run_id=_run_of(call, pk),
            reason=request.POST.get("reason", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.DISPATCH)
@require_POST
def backup(request: HttpRequest, number: str, pk: int, agency: str) -> HttpResponse:
    return press(
        request,
        number,
        "Backup is asked for; the call is at level 4.",
        lambda call, command: safety.request_backup(
            run_id=_run_of(call, pk), agency=agency, by=command.by, command_id=command.command_id
        ),
    )


BACKUP_MOVES = {
    "coming": (safety.backup_coming, "Backup is coming."),
    "arrival": (safety.backup_arrived, "Backup is with the crew."),
    "stand-down": (safety.stand_down, "Backup is stood down."),
}


@needs(Permission.DISPATCH)
@require_POST
def move_backup(request: HttpRequest, number: str, pk: int, move: str) -> HttpResponse:
    """The agency was told, is there, or is not needed any more."""
    if move not in BACKUP_MOVES:
        raise Http404(move)
    action, said = BACKUP_MOVES[move]
    return press(
        request,
        number,
        said,
        lambda call, command: action(
            backup_id=Backup.objects.get(pk=pk, run__call=call).pk,
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.TAKE_CALL)
@require_POST
def hand_off(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Hand-off written down; find out later whether they reached the person.",
        lambda call, command: dispatch.hand_off(
            call_id=call.pk,
            agency=request.POST.get("agency", ""),
            agency_name=request.POST.get("agency_name", ""),
            reference=request.POST.get("reference", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.TAKE_CALL)
@require_POST
def confirm_handoff(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return press(
        request,
        number,
        "The loop is closed.",
        lambda call, command: dispatch.confirm_handoff(
            handoff_id=call.handoffs.get(pk=pk).pk,
            outcome=request.POST.get("outcome", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )


@needs(Permission.CLOSE_CALL)
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    def do(call: Call, command: Command) -> Call:
        form = request.POST
        return followup.close_call(
            call_id=call.pk,
            consent=followup.Consented(
                answer=form.get("consent", ""),
                by_call="by_call" in form,
                by_voicemail="by_voicemail" in form,
                by_text="by_text" in form,
                phone=form.get("phone", ""),
                preferred_time=form.get("preferred_time", ""),
            ),
            not_served_reason=form.get("not_served_reason", ""),
            outcome=form.get("outcome", ""),
            by=command.by,
            command_id=command.command_id,
        )

    return press(request, number, "Closed.", do)


@needs(Permission.CLOSE_CALL)
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    return press(
        request,
        number,
        "Reopened.",
        lambda call, command: followup.reopen(
            call_id=call.pk,
            reason=request.POST.get("reason", ""),
            by=command.by,
            command_id=command.command_id,
        ),
    )
