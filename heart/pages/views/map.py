"""The map's data: what lies still, what moves, and the teams again every few seconds."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_GET

from heart.maps.queries import ground as layers
from heart.pages.queries.map import call_points, unit_points
from heart.roles import Permission, needs


@needs(Permission.VIEW_BOARD)
@require_GET
@gzip_page
@conditional_page
@cache_control(private=True, no_cache=True)
def ground(request: HttpRequest) -> JsonResponse:
    """Beats, layers, and the tiles below them where the agency set an address."""
    tiles = {"url": settings.HEART_TILES_URL, "credit": settings.HEART_TILES_ATTRIBUTION}
    return JsonResponse({"tiles": tiles, "layers": layers()})


@needs(Permission.VIEW_BOARD)
@require_GET
@gzip_page
@cache_control(private=True, no_store=True)
def points(request: HttpRequest) -> JsonResponse:
    """Every open call and every team."""
    return JsonResponse({"calls": call_points(), "units": unit_points()})


@needs(Permission.VIEW_BOARD)
@require_GET
@cache_control(private=True, no_store=True)
def units(request: HttpRequest) -> JsonResponse:
    """The teams alone: their positions are not in the journal, so nothing pushes them."""
    return JsonResponse({"units": unit_points()})
