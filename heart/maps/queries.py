"""What the map stands on: beats, and the layers of the agency."""

from typing import Any

from dispatch.models import Unit
from heart.maps.models import Layer
from intake.models import Beat


def ground() -> list[dict[str, Any]]:
    """The beats and every layer, the lowest first, as a browser draws them."""
    beats = {
        "name": "Beats",
        "kind": Layer.Kind.BEATS,
        "is_shown": True,
        "credit": "",
        "geojson": {"type": "FeatureCollection", "features": _beats()},
    }
    return [beats, *map(_layer, Layer.objects.all())]


def working_place() -> tuple[float, float] | None:
    """A latitude and longitude at which the agency is known to work."""
    unit = Unit.objects.filter(is_active=True).exclude(latitude=None).first()
    if unit is None or unit.latitude is None or unit.longitude is None:
        return None
    return unit.latitude, unit.longitude


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "is_shown": layer.is_shown,
        "credit": f"{layer.name}: {layer.source}, {layer.year}",
        "geojson": layer.geojson,
    }


def _beats() -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "properties": {"name": beat.code}, "geometry": geometry}
        for beat in Beat.objects.select_related("outline")
        if (geometry := _geometry(beat))
    ]


def _geometry(beat: Beat) -> dict[str, Any] | None:
    """The outline that the agency gave, else the box."""
    outline = getattr(beat, "outline", None)
    if outline:
        geometry: dict[str, Any] = outline.geometry
        return geometry
    west, south, east, north = beat.west, beat.south, beat.east, beat.north
    if None in (west, south, east, north):
        return None
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
