"""Makes geometry fit for a live map: repaired, united by name, light enough for a browser."""

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from heart.maps.faults import MapFault, named
from heart.maps.geojson import Feature, Remarks

LAYER_BYTES = 290_000
BEATS_BYTES = 220_000
"""Beats are asked with every address that is given, so their outlines are lighter still."""
TINY = 1e-10
"""Square degrees: about one square metre."""
FINEST, COARSEST = 0.00002, 0.02
"""Degrees by which a line may be off: about 2 metres, 2 kilometres."""
DECIMALS = 5
"""Of a degree: about one metre."""
AREAS = ("Polygon", "MultiPolygon")


def repaired(features: Sequence[Feature], remarks: Remarks) -> list[Feature]:
    """The same features with every outline valid; one with no area left refuses the file."""
    crossed, lost, good = [], [], []
    for number, feature in enumerate(features, start=1):
        geometry = feature.geometry
        if not geometry.is_valid:
            geometry = _areas_of(shapely.make_valid(geometry))
            crossed.append(feature.name or f"feature {number}")
        if feature.geometry.geom_type in AREAS and geometry.area < TINY:
            lost.append(f"{feature.name or f'feature {number}'}: no area is left of its outline")
        good.append(Feature(feature.name, geometry))
    if lost:
        raise MapFault(*lost)
    if crossed:
        remarks.append(f"{len(crossed):,} crossed themselves and were repaired: {named(crossed)}")
    return good


def united(features: Sequence[Feature], remarks: Remarks) -> list[Feature]:
    """One feature of each name, in the order of the names."""
    parts: dict[str, list[BaseGeometry]] = {}
    for number, feature in enumerate(features, start=1):
        if feature.geometry.geom_type not in AREAS:
            raise MapFault(f"feature {number} is a {feature.geometry.geom_type}, not an area")
        if not feature.name:
            raise MapFault(f"feature {number} has no name: say which property names the features")
        parts.setdefault(feature.name, []).append(feature.geometry)
    if len(parts) < len(features):
        remarks.append(f"{len(features):,} pieces united into {len(parts):,} areas")
    return [Feature(name, shapely.union_all(parts[name])) for name in sorted(parts)]


def light(
    features: Sequence[Feature], remarks: Remarks, at_most: int = LAYER_BYTES
) -> dict[str, Any]:
    """The features as GeoJSON of at most so many bytes, made coarser only as far as is needed."""
    before = _positions(features)
    tolerance = FINEST
    while tolerance <= COARSEST:
        coarser = _coarser(features, tolerance)
        collection = as_geojson(coarser)
        if len(json.dumps(collection, separators=(",", ":"))) <= at_most:
            after = _positions(coarser)
            if after < before:
                metres = max(1, round(tolerance * 111_000))
                remarks.append(
                    f"{before:,} positions became {after:,}, true to about {metres:,} m"
                )
            return collection
        tolerance *= 2
    raise MapFault("The layer is too detailed for a live map; export a simpler one.")


def as_geojson(features: Sequence[Feature]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": each.name},
                "geometry": _rounded(mapping(each.geometry)),
            }
            for each in features
        ],
    }


def _coarser(features: Sequence[Feature], tolerance: float) -> list[Feature]:
    """Neighbours keep the border between them in common; what is too small to be seen is left out."""
    areas = [each for each in features if each.geometry.geom_type in AREAS]
    others = [each for each in features if each.geometry.geom_type not in AREAS]
    outlines = shapely.coverage_simplify([each.geometry for each in areas], tolerance)
    coarser = [
        Feature(each.name, _on_grid(outline))
        for each, outline in zip(areas, outlines, strict=True)
    ]
    coarser += [Feature(each.name, each.geometry.simplify(tolerance)) for each in others]
    return [each for each in coarser if not each.geometry.is_empty]


def _on_grid(geometry: BaseGeometry) -> BaseGeometry:
    """Rounded in a way that leaves no outline crossing itself."""
    valid = geometry if geometry.is_valid else shapely.make_valid(geometry)
    return _areas_of(shapely.set_precision(valid, 10**-DECIMALS))


def _areas_of(geometry: BaseGeometry) -> BaseGeometry:
    """What has an area, without the lines and points that a repair leaves behind."""
    parts = getattr(geometry, "geoms", [geometry])
    return shapely.union_all([part for part in parts if part.geom_type in AREAS])


def _positions(features: Sequence[Feature]) -> int:
    return sum(int(shapely.get_num_coordinates(each.geometry)) for each in features)


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _round(geometry["coordinates"])}


def _round(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else [_round(each) for each in value]
