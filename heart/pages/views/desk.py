"""The clinician's desk: the queue on one side, my call with everything already known on the other."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import replace_url

from followup import actions as followup
from followup.models import Consent
from heart.accounts.models import User
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import DESK
from heart.moves import MoveRefused
from heart.pages.commands import signed_in
from heart.pages.presses import carry_out, done, refusal, refused
from heart.pages.queries.call import call_view
from heart.pages.queries.desk import (
    desk_rows,
    lowerings_asked,
    my_calls,
    not_asked,
    to_close,
    who_has,
)
from heart.pages.reading import log_opening
from heart.roles import Permission, needs
from intake.models import Call
from triage import actions
from triage.models import Consult, Lowering, ReasonCode
from triage.queries import clinical_notes_of
from triage.states import ConsultStatus

SCREEN = "desk"

ENDINGS = {
    Consult.Outcome.RESOLVED: ("Resolved by phone", "then: may we follow up?"),
    Consult.Outcome.SEND_CRT: ("Send a response team", "unarmed: clinician, peer, EMT"),
    Consult.Outcome.SEND_COR: ("Send co-response", "level 3: clinician and officer"),
    Consult.Outcome.SEND_EMS: ("Send EMS", "level 4"),
    Consult.Outcome.SEND_POLICE: ("Send police", "level 4"),
    Consult.Outcome.TO_988: ("988 takes over", "stay on the line until they have it"),
    Consult.Outcome.CALL_BACK: ("Call back later", "back into the queue as a call back"),
    Consult.Outcome.LINE_LOST: ("Line lost", "call back at once"),
}
HELP = (
    ("EMS", "EMS", "medical danger: level 4"),
    ("POLICE", "Police", "violence or a weapon in hand: level 4"),
    ("COR", "Co-response", "clinician with an officer: at least level 3"),
    ("CRT", "Response team", "unarmed team; the level stays"),
)
SENT: dict[str, str] = {
    Consult.Outcome.RESOLVED: "Resolved by phone. Ask about follow-up and close the call.",
    Consult.Outcome.CALL_BACK: "The call waits in the queue as a call back.",
    Consult.Outcome.LINE_LOST: "Line lost: call back at once, and again within two minutes.",
}


@needs(Permission.WORK_DESK)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    cursor = head()
    rows = desk_rows()
    return render(
        request,
        "desk/desk.html",
        {
            "cursor": cursor,
            "queue": [row for row in rows if row.place == "queue"],
            "talking": [row for row in rows if row.place == "talking"],
            "lowerings": lowerings_asked(),
            **_mine(signed_in(request), request.GET.get("consult")),
        },
    )


@needs(Permission.WORK_DESK)
@require_GET
def changes(request: HttpRequest) -> JsonResponse:
    """What the desk missed since a cursor, for screens without a socket."""
    return JsonResponse(tail.changes(DESK, request.GET.get("after", "")))


@needs(Permission.WORK_DESK)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My call as a part of the page."""
    return _mine_now(request, request.GET.get("consult"))


@needs(Permission.WORK_DESK)
@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of my call that change by themselves; nothing that is typed into."""
    user = signed_in(request)
    consult = get_object_or_404(_my_consults(user), pk=pk)
    log_opening(user, consult.call_id, "call", SCREEN)
    return render(request, "desk/_record.html", _known(consult))


@needs(Permission.WORK_DESK)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a call from the queue; whoever is slower is told who has it."""
    consult = get_object_or_404(Consult.objects.select_related("call"), pk=pk)
    error = carry_out(
        request,
        lambda press: actions.accept_consult(
            consult_id=pk, by=press.by, command_id=press.command_id
        ),
    )
    if isinstance(error, MoveRefused):
        return refused({"": who_has(pk)}, 409)
    if error:
        return refusal(error)
    return done(_mine_now(request, str(pk)), f"{consult.call} is yours.")


@needs(Permission.WORK_DESK)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The contact is over; after "resolved by phone" the closing panel follows."""
    consult = get_object_or_404(Consult, pk=pk)
    outcome = request.POST.get("outcome", "")
    error = carry_out(
        request,
        lambda press: actions.end_consult(
            consult_id=consult.pk,
            outcome=outcome,
            by=press.by,
            command_id=press.command_id,
        ),
    )
    if error:
        return refusal(error)
    said = SENT.get(outcome, "Done: the board shows what is to be sent.")
    return done(_mine_now(request, str(consult.pk)), said)


@needs(Permission.WORK_DESK)
@require_POST
def send_help(request: HttpRequest, number: str) -> HttpResponse:
    """Help is sent while the clinician stays on the line."""
    call = get_object_or_404(Call, number=number)
    error = carry_out(
        request,
        lambda press: actions.send_help(
            call_id=call.pk,
            route=request.POST.get("route", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    if error:
        return refusal(error)
    consult = _my_consults(signed_in(request)).filter(call=call).last()
    if consult is None:
        return done(HttpResponse(status=204), "Asked for; the board shows it.")
    answer = render(request, "desk/_record.html", _known(consult))
    return done(answer, "Asked for; the board shows it. Stay on the line.")


@needs(Permission.READ_CLINICAL)
@require_GET
def clinical(request: HttpRequest, number: str) -> HttpResponse:
    """The clinical notes of a call, read apart from everything else."""
    call = get_object_or_404(Call, number=number)
    log_opening(signed_in(request), call.pk, "clinical notes", SCREEN)
    return _clinical(request, call)


@needs(Permission.WRITE_CLINICAL)
@require_POST
def clinical_note(request: HttpRequest, number: str) -> HttpResponse:
    call = get_object_or_404(Call, number=number)
    error = carry_out(
        request,
        lambda press: actions.write_clinical_note(
            call_id=call.pk,
            text=request.POST.get("text", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    if error:
        return refusal(error)
    log_opening(signed_in(request), call.pk, "clinical notes", SCREEN)
    return done(_clinical(request, call), "Clinical note saved.")


@needs(Permission.AGREE_LOWERING)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Lowering.objects.select_related("call"), pk=pk)
    error = carry_out(
        request,
        lambda press: actions.agree_lowering(
            lowering_id=pk,
            shown=request.POST.get("shown", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    if error:
        return refusal(error)
    return done(HttpResponse(status=204), f"Agreed: {asked.call} is lowered.")


@needs(Permission.AGREE_LOWERING)
@require_POST
def disagree(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Lowering.objects.select_related("call"), pk=pk)
    error = carry_out(
        request,
        lambda press: actions.refuse_lowering(
            lowering_id=pk, by=press.by, command_id=press.command_id
        ),
    )
    if error:
        return refusal(error)
    return done(HttpResponse(status=204), f"Not lowered: {asked.call} stays as it is.")


@needs(Permission.CLOSE_CALL)
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a call that was resolved by phone, with the answer about follow-up."""
    call = get_object_or_404(Call, number=number)
    form = request.POST
    consent = followup.Consented(
        answer=form.get("consent", ""),
        by_call="by_call" in form,
        by_voicemail="by_voicemail" in form,
        by_text="by_text" in form,
        phone=form.get("phone", ""),
        preferred_time=form.get("preferred_time", ""),
    )
    error = carry_out(
        request,
        lambda press: followup.close_call(
            call_id=call.pk,
            consent=consent,
            not_served_reason=form.get("not_served_reason", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )
    if error:
        return refusal(error)
    said = f"{call} is closed."
    if consent.answer == Consent.Answer.YES:
        said += " A care navigator reaches them within 48 hours."
    return done(_mine_now(request, None), said)


def _my_consults(user: User) -> Any:
    return Consult.objects.filter(accepted_by=user, status=ConsultStatus.ACCEPTED)


def _mine_now(request: HttpRequest, consult_id: str | None) -> HttpResponse:
    """My call as a part of the page; a reload of the page opens the same."""
    context = _mine(signed_in(request), consult_id)
    shown = context.get("consult")
    answer = render(request, "desk/_mine.html", context)
    return replace_url(answer, f"/desk/?consult={shown.pk}" if shown else "/desk/")


def _mine(user: User, consult_id: str | None) -> dict[str, Any]:
    """My call: the one asked for, else the last I accepted, else one I resolved and have to close."""
    talking, closing = my_calls(user.pk), to_close(user.pk)
    mine = [row.consult for row in talking] + closing
    chosen = [consult for consult in mine if str(consult.pk) == consult_id] or mine
    others = {"my_consults": mine}
    if not chosen:
        return others
    consult = chosen[0]
    log_opening(user, consult.call_id, "call", SCREEN)
    if consult in closing:
        return {**others, **_known(consult), **_closing()}
    log_opening(user, consult.call_id, "clinical notes", SCREEN)
    return {
        **others,
        **_known(consult),
        "clinical_notes": clinical_notes_of(consult.call),
        **_choices(),
    }


def _known(consult: Consult) -> dict[str, Any]:
    view = call_view(consult.call_id)
    assert view is not None  # noqa: S101 - a consult has its call
    return {"consult": consult, "view": view, "call": view.call, "unasked": not_asked(view)}


def _choices() -> dict[str, Any]:
    endings = [(value, *words) for value, words in ENDINGS.items()]
    return {"endings": endings, "help": HELP}


def _closing() -> dict[str, Any]:
    return {
        "is_closing": True,
        "consents": Consent.Answer.choices,
        "reason_codes": ReasonCode.objects.filter(is_active=True),
    }


def _clinical(request: HttpRequest, call: Call) -> HttpResponse:
    context = {"call": call, "clinical_notes": clinical_notes_of(call)}
    return render(request, "desk/_clinical.html", context)
