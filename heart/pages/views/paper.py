"""Paper: the board and blank cards as PDF, and entering the calls that were taken on them."""

import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch.models import Unit
from heart.accounts.actions import log_reads
from heart.accounts.models import User
from heart.desks.models import Position
from heart.pages.commands import REFUSALS, command_of, problems_of, run, signed_in
from heart.pages.queries.board import STATUS_CODES
from heart.pages.queries.call import questions
from heart.pages.views.call import choices
from heart.pages.views.intake import IN_FIELDS, LANGUAGES, Asked
from heart.paper.actions import catch_up as enter
from heart.paper.actions import print_pack
from heart.paper.board import board_pdf, board_sheet
from heart.paper.card import ANSWER, read_card
from heart.paper.models import NumberSeries
from heart.paper.numbers import PaperNumber, number_of
from heart.paper.pack import blank_pack, pack_pdf
from heart.paper.queries import entered_in_this_sitting, pack_reports
from heart.paper.rolling import last_print
from heart.roles import Permission, Role, needs
from intake.models import Beat, Call, Nature
from intake.steps import Refused

SOME = re.compile(r"[0-9]{1,4}")


@needs(Permission.TAKE_CALL)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What can be printed, what was printed, and the way to the catch-up screen."""
    return _page(request, {}, {})


def _page(
    request: HttpRequest, typed: Mapping[str, str], problems: Mapping[str, str]
) -> HttpResponse:
    positions = Position.objects.filter(is_active=True).values_list("code", flat=True)
    printed = NumberSeries.objects.values_list("prefix", flat=True)
    context = {
        "typed": {"position": next(iter(positions), "P1"), "count": "20", **typed},
        "problems": problems,
        "positions": sorted({*positions, *printed}),
        "reports": pack_reports(),
        "rolling": last_print(),
        "minutes": settings.HEART_PAPER_MINUTES,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "paper/paper.html", context, status=status)


@needs(Permission.VIEW_CALL)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board as it is now; every call on it counts as read."""
    user = signed_in(request)
    sheet = board_sheet(printed_by=str(user))
    log_reads(by=user.actor("console"), call_ids=sheet.call_ids, what="call", screen="print")
    return _pdf(board_pdf(sheet), f"board-{timezone.localtime():%Y-%m-%d-%H%M}.pdf", "inline")


@needs(Permission.TAKE_CALL)
@require_POST
def cards(request: HttpRequest) -> HttpResponse:
    """Blank cards with numbers that nobody else has; each press prints new ones."""
    user = signed_in(request)
    typed = request.POST.dict()
    count = typed.get("count", "")
    try:
        pack = print_pack(
            position=typed.get("position", ""),
            count=int(count) if SOME.fullmatch(count) else 0,
            by=user.actor("console"),
        )
    except Refused as refused:
        return _page(request, typed, refused.problems)
    address = request.build_absolute_uri(reverse("paper-catch-up"))
    content = blank_pack(pack, printed_by=str(user), address=address, codes=STATUS_CODES)
    return _pdf(pack_pdf(content), f"paper-{pack.numbers[0]}.pdf", "attachment")


def _pdf(content: bytes, name: str, how: str) -> HttpResponse:
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@needs(Permission.TAKE_CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def catch_up(request: HttpRequest) -> HttpResponse:
    """Enter one card after the other; what is refused stays on the page as it was typed."""
    if request.method != "POST":
        return _form(request, _following(request), {})
    typed = request.POST.dict()
    command = command_of(request, typed.get("command_id"))
    try:
        zone = ZoneInfo(settings.HEART_TIME_ZONE)
        card = read_card(typed, now=timezone.now(), zone=zone)
        run(command, lambda: enter(card=card, by=command.by, command_id=command.command_id))
    except REFUSALS as refused:
        return _form(request, typed, problems_of(refused))
    query = urlencode({"entered": str(card.number), "day": typed.get("day", "")})
    return redirect(f"{reverse('paper-catch-up')}?{query}")


def _following(request: HttpRequest) -> dict[str, str]:
    """An empty card with the number after the one that was entered, and the same day."""
    entered = number_of(request.GET.get("entered", ""))
    if entered is None:
        return {}
    following = PaperNumber(entered.prefix, entered.running + 1)
    return {"paper_number": str(following), "day": request.GET.get("day", "")}


def _form(
    request: HttpRequest, typed: Mapping[str, str], problems: Mapping[str, str]
) -> HttpResponse:
    asked = {
        question.key: Asked(question, typed.get(f"{ANSWER}{question.key}", ""))
        for question in questions()
        if question.kind != "automatic" and question.key not in IN_FIELDS
    }
    interpreter = asked.pop("interpreter", None)
    entered = entered_in_this_sitting(signed_in(request).pk)
    just_now = request.GET.get("entered", "")
    context: dict[str, Any] = {
        "typed": {"language": "en", **typed},
        "command_id": typed.get("command_id") or uuid.uuid4(),
        "problems": problems,
        "interpreter": interpreter,
        "asked": asked.values(),
        "natures": Nature.objects.filter(is_active=True),
        "beats": Beat.objects.all(),
        "clinicians": User.objects.filter(role=Role.CLINICIAN, is_active=True),
        "units": Unit.objects.filter(is_active=True).exclude(kind=Unit.Kind.CCD),
        "relations": Call.Relation.choices,
        "languages": LANGUAGES,
        "entered": entered,
        "just_now": next((row for row in entered if row.call.external_ref == just_now), None),
        "reports": pack_reports(),
        **choices(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "paper/catch_up.html", context, status=status)
