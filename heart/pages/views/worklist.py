"""The care navigator's worklist, and one person's follow-up beside it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from followup import actions
from followup.models import Attempt, FollowUp, Notice
from heart.accounts.models import User
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import WORKLIST
from heart.pages.commands import signed_in
from heart.pages.presses import carry_out, done, refusal
from heart.pages.queries.worklist import WorkRow, notices_for, open_notices, work_row, work_rows
from heart.pages.reading import log_opening
from heart.pages.scripts import scripts_for
from heart.roles import Permission, needs
from triage.models import ClinicalNote

SCREEN = "worklist"


@needs(Permission.WORK_FOLLOWUP)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return _page(request, None)


@needs(Permission.WORK_FOLLOWUP)
@require_GET
def changes(request: HttpRequest) -> JsonResponse:
    """What the worklist missed since a cursor, for screens without a socket."""
    return JsonResponse(tail.changes(WORKLIST, request.GET.get("after", "")))


@needs(Permission.WORK_FOLLOWUP)
@require_GET
def followup(request: HttpRequest, pk: int) -> HttpResponse:
    """One follow-up: as a part when the list asks for it, else with the list around it."""
    row = _opened(signed_in(request), pk)
    if request.headers.get("HX-Request"):
        return render(request, "worklist/_panel.html", _panel(row))
    return _page(request, row)


@needs(Permission.WORK_FOLLOWUP)
@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of the panel that change by themselves; nothing that is typed into."""
    return render(request, "worklist/_live.html", {"row": _opened(signed_in(request), pk)})


@needs(Permission.READ_CLINICAL)
@require_GET
def clinical(request: HttpRequest, pk: int) -> HttpResponse:
    """The clinical notes of the call, read apart."""
    row = get_object_or_404(FollowUp, pk=pk)
    log_opening(signed_in(request), row.call_id, "clinical notes", SCREEN)
    notes = ClinicalNote.objects.filter(call_id=row.call_id).select_related("author")
    return render(request, "worklist/_clinical.html", {"notes": notes})


@needs(Permission.WORK_FOLLOWUP)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it mine."""
    row = get_object_or_404(FollowUp, pk=pk)
    error = carry_out(
        request,
        lambda press: actions.take(followup_id=row.pk, by=press.by, command_id=press.command_id),
    )
    return refusal(error) if error else done(_live_now(request, pk), "It is yours.")


@needs(Permission.WORK_FOLLOWUP)
@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down one try."""
    row = get_object_or_404(FollowUp, pk=pk)
    outcome = request.POST.get("outcome", "")
    error = carry_out(
        request,
        lambda press: actions.log_attempt(
            followup_id=row.pk,
            channel=request.POST.get("channel", ""),
            outcome=outcome,
            note=request.POST.get("note", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    if error:
        return refusal(error)
    said = "Attempt logged."
    if outcome == Attempt.Outcome.CRISIS:
        said = "Logged. The call is back with the clinicians: stay on the line."
    return done(_live_now(request, pk), said)


@needs(Permission.WORK_FOLLOWUP)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The promise is over."""
    row = get_object_or_404(FollowUp, pk=pk)
    error = carry_out(
        request,
        lambda press: actions.close_followup(
            followup_id=row.pk,
            reason=request.POST.get("reason", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    return refusal(error) if error else done(_live_now(request, pk), "Follow-up closed.")


@needs(Permission.WORK_FOLLOWUP)
@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice of one's role was seen; it goes for all of the role."""
    notice = get_object_or_404(notices_for(signed_in(request), seen=True), pk=pk)
    error = carry_out(
        request,
        lambda press: actions.see_notice(
            notice_id=notice.pk, by=press.by, command_id=press.command_id
        ),
    )
    return refusal(error) if error else HttpResponse(status=204)


def _opened(user: User, pk: int) -> WorkRow:
    row = work_row(pk)
    if row is None:
        raise Http404("no such follow-up")
    log_opening(user, row.followup.call_id, "follow-up", SCREEN)
    return row


def _page(request: HttpRequest, opened: WorkRow | None) -> HttpResponse:
    cursor = head()
    rows = work_rows()
    context = {
        "cursor": cursor,
        "unreached": [row for row in rows if row.place == "unreached"],
        "reached": [row for row in rows if row.place == "reached"],
        "notices": open_notices(),
        "notice_codes": Notice.Code,
        **(_panel(opened) if opened else {}),
    }
    return render(request, "worklist/worklist.html", context)


def _panel(row: WorkRow) -> dict[str, Any]:
    return {
        "row": row,
        "scripts": scripts_for(row.followup.call.language),
        "channels": Attempt.Channel.choices,
        "outcomes": Attempt.Outcome.choices,
        "reasons": FollowUp.CloseReason.choices,
        "clinical_count": ClinicalNote.objects.filter(call_id=row.followup.call_id).count(),
    }


def _live_now(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "worklist/_live.html", {"row": work_row(pk)})
