"""What is known from before: history, who the call is about, the care plan, notes of the place."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_GET, require_POST

from heart.accounts.actions import log_read
from heart.pages.commands import Command, press, signed_in
from heart.pages.queries.history import history
from heart.pages.views.triage import whole_number
from heart.roles import Permission, allowed, needs
from intake import neighbor_actions, place_actions
from intake.models import Call, CarePlan, Neighbor, PremiseNote
from intake.steps import Refused, text_fault

FOUND = 8


def _read(request: HttpRequest, number: str, what: str, *related: str) -> Call:
    """The call, with what is read of it written down."""
    call = get_object_or_404(Call.objects.select_related("nature", *related), number=number)
    log_read(by=signed_in(request).actor("console"), call_id=call.pk, what=what, screen="call")
    return call


@needs(Permission.VIEW_CALL)
@require_GET
def before(request: HttpRequest, number: str) -> HttpResponse:
    """Earlier calls here, from this number, about this person; the reading is written down."""
    call = _read(request, number, "history")
    return _history(request, call)


def _history(request: HttpRequest, call: Call) -> HttpResponse:
    return render(request, "calls/_history.html", {"call": call, "known": history(call)})


@needs(Permission.WRITE_CARE_PLAN)
@require_GET
def neighbors(request: HttpRequest, number: str) -> HttpResponse:
    """Cards by name or number; what is found is written down as read."""
    call = _read(request, number, "neighbor cards")
    said = request.GET.get("said", "").strip()
    if len(said) < 2 or text_fault(said, 80):
        said = ""
    found = Neighbor.objects.filter(Q(name__icontains=said) | Q(phone__icontains=said))
    context = {"call": call, "said": said, "found": found[:FOUND] if said else []}
    return render(request, "calls/_neighbors.html", context)


@needs(Permission.WRITE_CARE_PLAN)
@require_POST
def about(request: HttpRequest, number: str) -> HttpResponse:
    said = request.POST.get("neighbor", "")
    answer = press(
        request,
        number,
        "Written down." if said else "Taken back.",
        lambda call, command: neighbor_actions.say_who(
            call_id=call.pk,
            neighbor_id=whole_number(said, "neighbor") if said else None,
            by=command.by,
            command_id=command.command_id,
        ),
    )
    return _with_what_is_known(request, number, answer)


@needs(Permission.WRITE_CARE_PLAN)
@require_POST
def new_neighbor(request: HttpRequest, number: str) -> HttpResponse:
    def do(call: Call, command: Command) -> Neighbor:
        form = request.POST
        return neighbor_actions.add_neighbor(
            call_id=call.pk,
            name=form.get("name", ""),
            phone=form.get("phone", ""),
            born_on=_day(form.get("born_on", ""), "born_on"),
            language=form.get("language", "") or call.language,
            by=command.by,
            command_id=command.command_id,
        )

    answer = press(request, number, "The card is made.", do)
    return _with_what_is_known(request, number, answer)


def _with_what_is_known(request: HttpRequest, number: str, answer: HttpResponse) -> HttpResponse:
    """After another person was named: their history, and an empty place for their plan."""
    if answer.status_code == 200:
        call = _read(request, number, "history")
        answer.content += _history(request, call).content
        answer.content += b'<div id="neighbors-found"></div>'
        if allowed(request.user, Permission.READ_CARE_PLAN):
            answer.content += _plan_now(request, number).content
    return answer


@needs(Permission.READ_CARE_PLAN)
@require_GET
def care_plan(request: HttpRequest, number: str) -> HttpResponse:
    """The plan of the person the call is about, read apart from the call and never pushed."""
    return _plan_now(request, number)


@needs(Permission.WRITE_CARE_PLAN)
@require_POST
def new_care_plan(request: HttpRequest, number: str) -> HttpResponse:
    def do(call: Call, command: Command) -> CarePlan:
        form = request.POST
        return neighbor_actions.write_care_plan(
            call_id=call.pk,
            agreed=neighbor_actions.Agreed(
                helps=form.get("helps", ""),
                harms=form.get("harms", ""),
                whom_to_call=form.get("whom_to_call", ""),
                review_on=_day(form.get("review_on", ""), "review_on"),
            ),
            seen=_moment(form.get("seen", "")),
            by=command.by,
            command_id=command.command_id,
        )

    answer = press(request, number, "The care plan is written.", do)
    if answer.status_code == 200:
        answer.content += _plan_now(request, number).content
    return answer


def _plan_now(request: HttpRequest, number: str) -> HttpResponse:
    """The plan as it stands; the reading is written down."""
    call = _read(request, number, "care plan", "neighbor__care_plan")
    plan = getattr(call.neighbor, "care_plan", None)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "call": call,
        "plan": plan,
        "seen": plan.agreed_at.isoformat() if plan else "",
        "is_late": plan is not None and plan.review_on < today,
        "review_on": today + neighbor_actions.REVIEW_AFTER,
    }
    return render(request, "calls/_care_plan.html", context)


@needs(Permission.TAKE_CALL)
@require_POST
def premise_note(request: HttpRequest, number: str) -> HttpResponse:
    def do(call: Call, command: Command) -> PremiseNote:
        form = request.POST
        until = _day(form.get("expires", ""), "expires")
        return place_actions.write_premise_note(
            call_id=call.pk,
            kind=form.get("kind", ""),
            text=form.get("text", ""),
            source=form.get("source", ""),
            expires_at=timezone.make_aware(datetime.combine(until, time.max)) if until else None,
            by=command.by,
            command_id=command.command_id,
        )

    return press(request, number, "The note stands at the top of every call here.", do)


@needs(Permission.TAKE_CALL)
@require_POST
def withdraw_premise_note(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return press(
        request,
        number,
        "Withdrawn: it stays readable and counts no more.",
        lambda call, command: place_actions.withdraw_premise_note(
            note_id=pk, call_id=call.pk, by=command.by, command_id=command.command_id
        ),
    )


def _day(text: str, field: str) -> date | None:
    """A day from a form; an unreadable one is refused by the field's name."""
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(**{field: "a day like 2026-03-31"})
    return day


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
