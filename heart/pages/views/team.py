"""A team's own phone page. Presses come from an outbox that keeps them until they are answered."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from dispatch import actions, safety_actions
from dispatch.encounters import REFERRALS, SUPPLIES, Written
from dispatch.models import Backup, CrewMember, Encounter, Run, Unit
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import Audience, Kind
from heart.pages.commands import Command, problems_of, signed_in
from heart.pages.presses import carry_out, pressed_at
from heart.pages.queries.team import TeamView, own_units, runs_for, team_view, units_for
from heart.pages.reading import log_opening
from heart.push.sealing import our_public_key
from heart.roles import Permission, needs
from intake.models import Nature
from intake.steps import Refused

SCREEN = "team page"

STEPS: dict[str, Callable[..., Any]] = {
    "acknowledgement": safety_actions.acknowledge,
    "start": actions.start,
    "arrival": actions.arrive,
    "transport": actions.transport,
    "clearing": actions.begin_clearing,
    "check": safety_actions.check_in,
}
SERVICE = {"out": actions.out_of_service, "in": actions.into_service}


@needs(Permission.WORK_UNIT)
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The page of one's own team; with several, of the one where one is signed on."""
    units = own_units(signed_in(request))
    if not units:
        return render(request, "team/none.html")
    return _page(request, units[0])


@needs(Permission.MOVE_UNIT)
@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a team: one's own, or for dispatch any."""
    return _page(request, unit_of(request, code))


@needs(Permission.MOVE_UNIT)
@require_GET
def changes(request: HttpRequest, code: str) -> JsonResponse:
    """What the page missed since a cursor, for phones without a socket."""
    audience = Audience(Kind.UNIT, unit_of(request, code).pk)
    return JsonResponse(tail.changes(audience, request.GET.get("after", "")))


@needs(Permission.MOVE_UNIT)
@require_GET
def current(request: HttpRequest, code: str) -> HttpResponse:
    """What the team is on, as a part of the page; the reading is written down."""
    return render(request, "team/_current.html", _context(request, unit_of(request, code)))


@needs(Permission.MOVE_UNIT)
@require_POST
def step(request: HttpRequest, code: str, pk: int, step: str) -> HttpResponse:
    """The next step of a run."""
    run = _run(request, code, pk)
    act = STEPS[step]
    return pressed(
        request,
        lambda press: act(
            run_id=run.pk,
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


@needs(Permission.MOVE_UNIT)
@require_POST
def clear(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The crew is free again, and has written up the encounter."""
    run = _run(request, code, pk)
    return pressed(
        request,
        lambda press: actions.clear(
            run_id=run.pk,
            outcome=request.POST.get("outcome", ""),
            felt_safe=request.POST.get("felt_safe", ""),
            encounter=_written(request),
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


def _written(request: HttpRequest) -> Written:
    """The form as it was sent: lists are codes separated by blanks, a way is ``on`` or absent."""
    text = {name: request.POST.get(name, "") for name in TEXTS}
    return Written(
        **text,
        referrals=tuple(request.POST.get("referrals", "").split()),
        supplies=tuple(request.POST.get("supplies", "").split()),
        injuries=request.POST.get("injuries", Encounter.Injuries.NONE),
        consent=request.POST.get("consent", Encounter.Consent.NOT_ASKED),
        by_call="by_call" in request.POST,
        by_voicemail="by_voicemail" in request.POST,
        by_text="by_text" in request.POST,
    )


TEXTS = ("transported_to", "consent_language", "consent_phone", "preferred_time")


@needs(Permission.MOVE_UNIT)
@require_POST
def backup(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The crew needs police or EMS now."""
    run = _run(request, code, pk)
    return pressed(
        request,
        lambda press: safety_actions.request_backup(
            run_id=run.pk,
            agency=request.POST.get("agency", ""),
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


BACKUP_MOVES = {"arrival": safety_actions.backup_arrived, "end": safety_actions.stand_down}


@needs(Permission.MOVE_UNIT)
@require_POST
def backup_move(request: HttpRequest, code: str, pk: int, move: str) -> HttpResponse:
    """The backup is with the crew, or is not needed any more."""
    asked = get_object_or_404(Backup, pk=pk, run__unit=unit_of(request, code))
    act = BACKUP_MOVES[move]
    return pressed(
        request,
        lambda press: act(backup_id=asked.pk, by=press.by, command_id=press.command_id),
    )


@needs(Permission.MOVE_UNIT)
@require_POST
def panic(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody of the crew is in danger."""
    unit = unit_of(request, code)
    return pressed(
        request,
        lambda press: safety_actions.panic(
            unit_id=unit.pk,
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


@needs(Permission.MOVE_UNIT)
@require_POST
def duty(request: HttpRequest, code: str, state: str) -> HttpResponse:
    """Out of service, or back."""
    unit = unit_of(request, code)
    change = SERVICE[state]
    return pressed(
        request,
        lambda press: change(unit_id=unit.pk, by=press.by, command_id=press.command_id),
    )


def unit_of(request: HttpRequest, code: str) -> Unit:
    """The team of an address: one's own, or for dispatch any; else 404."""
    return get_object_or_404(units_for(signed_in(request)), code=code)


def _run(request: HttpRequest, code: str, pk: int) -> Run:
    return get_object_or_404(runs_for(signed_in(request)), pk=pk, unit__code=code)


def pressed(request: HttpRequest, do: Callable[[Command], Any]) -> JsonResponse:
    """What the outbox of the phone reads: done, or refused and why."""
    error = carry_out(request, do)
    if error is None:
        return JsonResponse({"problems": {}})
    status = 422 if isinstance(error, Refused) else 409
    return JsonResponse({"problems": problems_of(error)}, status=status)


def _page(request: HttpRequest, unit: Unit) -> HttpResponse:
    cursor = head()
    context = {
        "cursor": cursor,
        "push_key": our_public_key(),
        "others": [one for one in own_units(signed_in(request)) if one != unit],
        **forms(),
        **_context(request, unit),
    }
    return render(request, "team/team.html", context)


def forms() -> dict[str, Any]:
    """What the forms of the phone offer, also where the page is kept for later."""
    return {
        "outcomes": Run.Outcome.choices,
        "felt_safe": Run.FeltSafe.choices,
        "injuries": Encounter.Injuries.choices,
        "consents": Encounter.Consent.choices,
        "referrals": REFERRALS.items(),
        "supplies": SUPPLIES.items(),
        "natures": Nature.objects.filter(is_active=True).values_list("code", "name"),
        "hours": settings.HEART_FOLLOWUP_HOURS,
        "radio": settings.HEART_RADIO_FALLBACK,
        "dispatch_phone": settings.HEART_DISPATCH_PHONE,
    }


def _context(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    user = signed_in(request)
    view = team_view(unit.pk)
    assert view is not None  # noqa: S101 - the unit was just found
    plan = None
    if view.current:
        log_opening(user, view.current.call.pk, "call", SCREEN)
        plan = view.current.care_plan if user.may(Permission.READ_CARE_PLAN) else None
        if plan is not None:
            log_opening(user, view.current.call.pk, "care plan", SCREEN)
    return {
        "view": view,
        "current": view.current,
        "unit": view.unit,
        "care_plan": plan,
        "me": _member(view, user.pk),
    }


def _member(view: TeamView, user_id: int) -> CrewMember | None:
    return next((member for member in view.crew if member.user_id == user_id), None)
