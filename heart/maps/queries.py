"""What the map stands on: beats, and the layers of the agency."""

from typing import Any

import shapely
from shapely.geometry import shape

from dispatch.models import Unit
from heart.maps.models import Layer
from heart.maps.outlines import AREAS, DECIMALS
from intake.models import Beat


def ground() -> list[dict[str, Any]]:
    """The beats and every layer, the lowest first, as a browser draws them."""
    beats = _layer(Layer(name="Beats", kind=Layer.Kind.BEATS, geojson=_beats()), credit="")
    return [
        beats,
        *(
            _layer(layer, credit=f"{layer.name}: {layer.source}, {layer.year}")
            for layer in Layer.objects.all()
        ),
    ]


def working_place() -> tuple[float, float] | None:
    """A latitude and longitude at which the agency is known to work."""
    unit = Unit.objects.filter(is_active=True).exclude(latitude=None).first()
    if unit is None or unit.latitude is None or unit.longitude is None:
        return None
    return unit.latitude, unit.longitude


def _layer(layer: Layer, *, credit: str) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "is_shown": layer.is_shown,
        "credit": credit,
        "geojson": {"type": "FeatureCollection", "features": list(map(_labelled, layer.features))},
    }


def _labelled(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature with the place inside it, latitude first, where an area's name can stand."""
    properties, geometry = feature["properties"], feature["geometry"]
    if not properties["name"] or geometry["type"] not in AREAS:
        return feature
    parts = shapely.get_parts(shape(geometry))
    inside = max(parts, key=lambda part: part.area).representative_point()
    label = [round(inside.y, DECIMALS), round(inside.x, DECIMALS)]
    return {**feature, "properties": {**properties, "label": label}}


def _beats() -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"name": beat.code}, "geometry": geometry}
        for beat in Beat.objects.select_related("outline")
        if (geometry := _geometry(beat))
    ]
    return {"type": "FeatureCollection", "features": features}


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
