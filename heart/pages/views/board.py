"""The board: the cursor first, the rows second."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from dispatch.actions import into_service, out_of_service
from dispatch.models import Unit
from heart.journal.queries import head
from heart.live import tail
from heart.live.audiences import BOARD
from heart.pages.commands import REFUSALS, command_of, problems_of, run
from heart.pages.queries.board import windows
from heart.pages.queries.board_teams import board_units
from heart.pages.views.call import choices
from heart.roles import Permission, needs


@needs(Permission.VIEW_BOARD)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    cursor = head()
    lists = windows()
    return render(
        request,
        "board/board.html",
        {
            "cursor": cursor,
            "waiting": lists["waiting"].rows,
            "active": lists["active"].rows,
            "units": board_units(),
            **choices(),
        },
    )


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
