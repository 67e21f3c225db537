"""A team's own phone page. Presses come from an outbox that keeps them until they are answered."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from dispatch import actions, safety_actions
from dispatch.models import Backup, Run, Unit
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import Audience, Kind
from heart.pages.commands import Command, problems_of, signed_in
from heart.pages.presses import carry_out, pressed_at
from heart.pages.queries.team import runs_for, team_view, units_for
from heart.pages.reading import log_opening
from heart.roles import Permission, needs
from intake.steps import Refused

SCREEN = "team page"

STEPS: dict[str, Callable[..., Any]] = {
    "start": actions.start,
    "arrival": actions.arrive,
    "transport": actions.transport,
    "clearing": actions.begin_clearing,
}
SERVICE = {"out": actions.out_of_service, "in": actions.into_service}


@needs(Permission.WORK_UNIT)
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The page of one's own team."""
    unit = units_for(signed_in(request)).first()
    if unit is None:
        return render(request, "team/none.html")
    return _page(request, unit)


@needs(Permission.MOVE_UNIT)
@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a team: one's own, or for dispatch any."""
    return _page(request, _unit(request, code))


@needs(Permission.MOVE_UNIT)
@require_GET
def changes(request: HttpRequest, code: str) -> JsonResponse:
    """What the page missed since a cursor, for phones without a socket."""
    audience = Audience(Kind.UNIT, _unit(request, code).pk)
    return JsonResponse(tail.changes(audience, request.GET.get("after", "")))


@needs(Permission.MOVE_UNIT)
@require_GET
def current(request: HttpRequest, code: str) -> HttpResponse:
    """What the team is on, as a part of the page; the reading is written down."""
    return render(request, "team/_current.html", _context(request, _unit(request, code)))


@needs(Permission.MOVE_UNIT)
@require_POST
def step(request: HttpRequest, code: str, pk: int, step: str) -> HttpResponse:
    """The next step of a run."""
    run = _run(request, code, pk)
    act = STEPS[step]
    return _pressed(
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
    """The crew is free again."""
    run = _run(request, code, pk)
    return _pressed(
        request,
        lambda press: actions.clear(
            run_id=run.pk,
            outcome=request.POST.get("outcome", ""),
            felt_safe=request.POST.get("felt_safe", ""),
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


@needs(Permission.MOVE_UNIT)
@require_POST
def backup(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The crew needs police or EMS now."""
    run = _run(request, code, pk)
    return _pressed(
        request,
        lambda press: safety_actions.request_backup(
            run_id=run.pk,
            agency=request.POST.get("agency", ""),
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


@needs(Permission.MOVE_UNIT)
@require_POST
def backup_arrived(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The backup is with the crew."""
    asked = get_object_or_404(Backup, pk=pk, run__unit=_unit(request, code))
    return _pressed(
        request,
        lambda press: safety_actions.backup_arrived(
            backup_id=asked.pk, by=press.by, command_id=press.command_id
        ),
    )


@needs(Permission.MOVE_UNIT)
@require_POST
def duty(request: HttpRequest, code: str, state: str) -> HttpResponse:
    """Out of service, or back."""
    unit = _unit(request, code)
    change = SERVICE[state]
    return _pressed(
        request,
        lambda press: change(unit_id=unit.pk, by=press.by, command_id=press.command_id),
    )


def _unit(request: HttpRequest, code: str) -> Unit:
    return get_object_or_404(units_for(signed_in(request)), code=code)


def _run(request: HttpRequest, code: str, pk: int) -> Run:
    return get_object_or_404(runs_for(signed_in(request)), pk=pk, unit__code=code)


def _pressed(request: HttpRequest, do: Callable[[Command], Any]) -> JsonResponse:
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
        "outcomes": Run.Outcome.choices,
        "felt_safe": Run.FeltSafe.choices,
        **_context(request, unit),
    }
    return render(request, "team/team.html", context)


def _context(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    view = team_view(unit.pk)
    assert view is not None  # noqa: S101 - the unit was just found
    if view.current:
        log_opening(signed_in(request), view.current.call.pk, "call", SCREEN)
    return {"view": view, "current": view.current, "unit": view.unit}
