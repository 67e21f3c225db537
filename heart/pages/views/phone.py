"""What a team's phone does besides the steps of a call: duty, position, push, contacts, working offline."""

import hashlib
import json
import math
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from dispatch import crew_actions
from heart.accounts.actions import log_lookup
from heart.pages.commands import problems_of, signed_in
from heart.pages.phone_files import phone_files
from heart.pages.presses import pressed_at
from heart.pages.queries.team import neighbors_named
from heart.pages.views.team import SCREEN, forms, pressed, unit_of
from heart.pages.views.triage import whole_number
from heart.push import actions as push_actions
from heart.roles import Permission, needs
from intake.steps import Refused

SHELL = "/team/shell/"


@needs(Permission.WORK_UNIT)
@require_POST
def sign_on(request: HttpRequest, code: str) -> HttpResponse:
    """On duty with one's own team, as what."""
    unit = unit_of(request, code)
    return pressed(
        request,
        lambda press: crew_actions.sign_on(
            unit_id=unit.pk,
            duty=request.POST.get("duty", ""),
            by=press.by,
            command_id=press.command_id,
        ),
    )


@needs(Permission.WORK_UNIT)
@require_POST
def sign_off(request: HttpRequest, code: str) -> HttpResponse:
    """Off duty; this phone shares no position any more."""
    unit = unit_of(request, code)
    return pressed(
        request,
        lambda press: crew_actions.sign_off(
            unit_id=unit.pk, by=press.by, command_id=press.command_id
        ),
    )


@needs(Permission.WORK_UNIT)
@require_POST
def position(request: HttpRequest, code: str) -> JsonResponse:
    """Where the phone is; only the newest is kept, and nothing of it is journalled."""
    unit = unit_of(request, code)
    try:
        crew_actions.report_position(
            unit_id=unit.pk,
            latitude=_number(request, "latitude"),
            longitude=_number(request, "longitude"),
            accuracy_m=_number(request, "accuracy") if request.POST.get("accuracy") else None,
            fixed_at=_moment(request, "fixed_at"),
            by=signed_in(request).actor("phone"),
        )
    except Refused as error:
        return JsonResponse({"problems": problems_of(error)}, status=422)
    return JsonResponse({"problems": {}})


@needs(Permission.WORK_UNIT)
@require_POST
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """The team begins a contact by itself: it is on scene from now."""
    unit = unit_of(request, code)
    fields = {name: request.POST.get(name, "") for name in ("location_text", "narrative")}
    nature, neighbor = request.POST.get("nature", ""), request.POST.get("neighbor", "")
    return pressed(
        request,
        lambda press: crew_actions.begin_contact(
            unit_id=unit.pk,
            fields={**fields, **({"nature": nature} if nature else {})},
            neighbor_id=whole_number(neighbor, "neighbor") if neighbor else None,
            by=press.by,
            command_id=press.command_id,
            pressed_at=pressed_at(request),
        ),
    )


@needs(Permission.READ_CARE_PLAN)
@require_GET
def neighbors(request: HttpRequest, code: str) -> HttpResponse:
    """Familiar neighbors by name; whoever is shown is written down as read."""
    unit_of(request, code)
    words = request.GET.get("q", "")[:80]
    found = neighbors_named(words)
    for neighbor in found:
        log_lookup(
            by=signed_in(request).actor("console"),
            what="neighbor",
            record_id=neighbor.pk,
            screen=SCREEN,
        )
    return render(request, "team/_neighbors.html", {"neighbors": found, "words": words})


@needs(Permission.WORK_UNIT)
@require_POST
def subscribe(request: HttpRequest, code: str) -> JsonResponse:
    """This browser is told of new assignments."""
    unit = unit_of(request, code)
    try:
        push_actions.subscribe(
            user_id=signed_in(request).pk,
            unit_id=unit.pk,
            endpoint=request.POST.get("endpoint", ""),
            public_key=request.POST.get("public_key", ""),
            auth=request.POST.get("auth", ""),
        )
    except Refused as error:
        return JsonResponse({"problems": problems_of(error)}, status=422)
    return JsonResponse({"problems": {}})


@needs(Permission.WORK_UNIT)
@require_POST
def unsubscribe(request: HttpRequest, code: str) -> JsonResponse:
    """This browser is told no more."""
    unit_of(request, code)
    push_actions.unsubscribe(
        user_id=signed_in(request).pk, endpoint=request.POST.get("endpoint", "")
    )
    return JsonResponse({"problems": {}})


@needs(Permission.MOVE_UNIT)
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page without a signal: forms and scripts, and nothing about anybody."""
    return render(request, "team/shell.html", forms())


@needs(Permission.MOVE_UNIT)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the shell; another one whenever a file of it is another one."""
    files = [*phone_files(), static("icon.svg")]
    shown = render(request, "team/shell.html", forms()).content
    version = hashlib.sha256(json.dumps(files).encode() + shown).hexdigest()[:16]
    told = {"version": version, "shell": SHELL, "files": files, "icon": static("icon.svg")}
    script = (
        f"self.phone = {json.dumps(told)};\nimportScripts({json.dumps(static('js/worker.js'))});\n"
    )
    return HttpResponse(
        script, content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@needs(Permission.MOVE_UNIT)
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the page an app on the home screen."""
    icon = {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    return JsonResponse(
        {
            "id": "/team/",
            "name": "HEART team",
            "short_name": "HEART",
            "start_url": "/team/",
            "scope": "/team/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#0f1317",
            "theme_color": "#0f1317",
            "icons": [{**icon, "purpose": "any"}, {**icon, "purpose": "maskable"}],
        },
        content_type="application/manifest+json",
    )


def _number(request: HttpRequest, name: str) -> float:
    try:
        value = float(request.POST.get(name, ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refused(**{name: "a number"})
    return value


def _moment(request: HttpRequest, name: str) -> datetime:
    try:
        told = parse_datetime(request.POST.get(name, ""))
    except ValueError:
        told = None
    if told is None or timezone.is_naive(told):
        raise Refused(**{name: "a time with its zone"})
    return told
