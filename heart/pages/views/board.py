"""The board: the cursor first, the rows second."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from dispatch.actions import into_service, out_of_service
from dispatch.models import Unit
from dispatch.needs import ACTIVE, WAITING
from heart.desks import seats
from heart.desks.layout import DENSITIES, PANELS, PRESETS, WIDEST, Layout
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import BOARD
from heart.live.registry import render as render_items
from heart.pages.commands import REFUSALS, command_of, problems_of, run
from heart.pages.queries.board import beginnings, board_calls, following
from heart.pages.queries.board_events import RECENT, board_events
from heart.pages.queries.board_teams import board_units
from heart.pages.views.call import choices
from heart.roles import Permission, needs


@needs(Permission.VIEW_BOARD)
@require_GET
@gzip_page
def board(request: HttpRequest) -> HttpResponse:
    """All panels, as they stand at this position."""
    return _board(request, seats.layout(request))


@needs(Permission.VIEW_BOARD)
@require_GET
@gzip_page
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """One panel in a window of its own, for a second monitor: the same page, the same feed."""
    if name not in PANELS:
        raise Http404(name)
    density = seats.layout(request)["density"]
    alone: Layout = {"density": density, "columns": [{"width": WIDEST, "panels": [name]}]}
    return _board(request, alone, alone=PANELS[name])


def _board(request: HttpRequest, layout: Layout, alone: str = "") -> HttpResponse:
    """The panels of a layout; one that is hidden is there and kept up to date as well."""
    cursor = head()
    lists = beginnings()
    rows = board_calls(pk for each in lists for pk in each.ids)
    placed = [name for column in layout["columns"] for name in column["panels"]]
    return render(
        request,
        "board/board.html",
        {
            "cursor": cursor,
            "lists": {each.name: each for each in lists},
            # a call that moved on since its place was looked up comes with the feed
            "rows": {each.name: [row for row in rows if row.place == each.name] for each in lists},
            "units": board_units(),
            "events": board_events(),
            "event_limit": RECENT,
            "layout": layout,
            "hidden": [] if alone else [name for name in PANELS if name not in placed],
            "alone": alone,
            "panels": PANELS,
            "presets": {name: words for name, (words, _) in PRESETS.items()},
            "densities": DENSITIES,
            "bar_tools": "board/_tools.html",
            **choices(),
        },
    )


@needs(Permission.VIEW_BOARD)
@require_GET
@gzip_page
def rows(request: HttpRequest) -> JsonResponse:
    """The next piece of a list, as the feed would push its calls."""
    name = request.GET.get("list", "")
    if name not in (WAITING, ACTIVE):
        return JsonResponse({"problems": {"list": f"{WAITING} or {ACTIVE}"}}, status=422)
    piece = following(name, request.GET.get("after", ""))
    items = render_items(BOARD, [f"call-{pk}" for pk in piece.ids])
    return JsonResponse({"items": items, "edge": piece.edge, "beyond": piece.beyond})


@needs(Permission.VIEW_BOARD)
@require_GET
def changes(request: HttpRequest) -> JsonResponse:
    """What the board missed since a cursor, for screens without a socket."""
    return JsonResponse(tail.changes(BOARD, request.GET.get("after", "")))


SERVICE = {"out": out_of_service, "in": into_service}


@needs(Permission.DISPATCH)
@require_POST
def unit_service(request: HttpRequest, code: str, state: str) -> HttpResponse:
    """Take a team out of service, or back."""
    if state not in SERVICE:
        raise Http404(state)
    unit = get_object_or_404(Unit, code=code)
    command = command_of(request, request.POST.get("command_id"))
    answer = HttpResponse(status=204)
    try:
        run(
            command,
            lambda: SERVICE[state](unit_id=unit.pk, by=command.by, command_id=command.command_id),
        )
    except REFUSALS as refused:
        answer.status_code = 409
        return trigger_client_event(answer, "heart:refused", {"problems": problems_of(refused)})
    said = f"{unit} is {'out of service' if state == 'out' else 'in service'}."
    return trigger_client_event(answer, "heart:said", {"text": said, "tone": "ok"})
