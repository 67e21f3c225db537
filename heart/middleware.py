"""What every answer passes through: what the database cannot do is said calmly, scripts come by a map."""

import json
import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django_htmx.http import trigger_client_event

from heart.importmap import import_map

RETRY_SECONDS = 5
AWAY = "The database cannot be reached at the moment. Nothing was changed; try again in a few seconds."
Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


class DatabaseAway:
    """Turns a lost, locked or restarting database into 503 with Retry-After, on pages and API alike.

    A form with a character that no database can hold is 400, where the view itself did not say so.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404("no address has such a character, and the database cannot look for it")
        response = self.get_response(request)
        if policy := import_map().policy:
            known = getattr(response, "_csp_update", None) or {}
            scripts = [*known.get("script-src", []), policy]
            response._csp_update = {**known, "script-src": scripts}  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django asks here about errors of views."""
        if is_away(error):
            return away(request, error)
        return _unstorable(request) if isinstance(error, ValueError) else None


def is_away(error: BaseException | None) -> bool:
    """Whether the error says that the database is gone, restarting or too busy to answer in time."""
    return isinstance(error, OperationalError | InterfaceError)


def away(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503, for a person or a program, rendered without the database."""
    log.warning("database away at %r: %s", request.path, type(error).__name__)
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    if _wants_json(request):
        problem = {
            "type": "about:blank",
            "title": "Service unavailable",
            "status": HTTPStatus.SERVICE_UNAVAILABLE,
            "detail": AWAY,
        }
        return JsonResponse(
            problem,
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            content_type="application/problem+json",
            headers=headers,
        )
    page = render_to_string("errors/503.html", {"detail": AWAY}, request)
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def _unstorable(request: HttpRequest) -> HttpResponse | None:
    """400 that names the fields with a NUL; None when there are none, and the fault is ours."""
    fields = [name for name, values in request.POST.lists() if "\x00" in "".join([name, *values])]
    if not fields:
        return None
    problems = {"problems": dict.fromkeys(fields, "has a character that cannot be stored")}
    if _wants_json(request):
        return JsonResponse(problems, status=HTTPStatus.BAD_REQUEST)
    answer = HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)
    return trigger_client_event(answer, "heart:refused", problems)


def _wants_json(request: HttpRequest) -> bool:
    if request.path.startswith("/api/"):
        return True
    return request.headers.get("Accept", "").startswith("application/json")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for errors outside views (session, sign-in) and for faults of ours."""
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return away(request, error)
    if _wants_json(request):
        problem = {"type": "about:blank", "title": "Internal server error", "status": 500}
        return HttpResponse(
            json.dumps(problem), status=500, content_type="application/problem+json"
        )
    return render(request, "errors/500.html", status=500)
