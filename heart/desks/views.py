"""Choosing where one sits, and keeping the layout of that position."""

import json
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from heart.desks import seats
from heart.desks.layout import Layout, LayoutFault, checked, preset
from heart.desks.models import Position
from heart.roles import Permission, needs


@needs(Permission.VIEW_BOARD)
@require_http_methods(["GET", "POST"])
def positions(request: HttpRequest) -> HttpResponseBase:
    """Where do you sit? Asked at sign-on, and again whenever somebody moves."""
    next_page = request.POST.get("next") or request.GET.get("next") or "/board/"
    if not url_has_allowed_host_and_scheme(next_page, allowed_hosts=None):
        next_page = "/board/"
    known = Position.objects.filter(is_active=True)
    if request.method == "POST":
        seats.sit(request, _named(request.POST.get("code", ""), known))
        return redirect(next_page)
    return render(request, "desks/positions.html", {"positions": known, "next": next_page})


def _named(code: str, known: Iterable[Position]) -> Position | None:
    """The position that was pressed; None for none of them."""
    if not code:
        return None
    for position in known:
        if position.code == code:
            return position
    raise Http404("there is no such position")


@needs(Permission.VIEW_BOARD)
@require_POST
def keep_layout(request: HttpRequest) -> HttpResponse:
    """Keep a layout, or a named one; the answer is what is kept."""
    try:
        kept = _asked(request)
    except LayoutFault as fault:
        return JsonResponse({"problems": {fault.field: str(fault)}}, status=422)
    seats.keep(request, kept)
    return JsonResponse(kept)


def _asked(request: HttpRequest) -> Layout:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise LayoutFault("", "not a JSON document") from error
    if isinstance(body, dict) and "preset" in body:
        return preset(str(body["preset"]))
    return checked(body)
