"""Reads a GeoJSON file strictly: the whole file is good, or it is said which feature is wrong and how."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from heart.maps.faults import MapFault, named
from heart.maps.places import Position, box_of, is_turned_round, position, positions

MOST_BYTES = 8 * 1024 * 1024
MOST_FEATURES = 5_000
MOST_POSITIONS = 300_000
NAMES = ("name", "label", "title", "code", "id")
"""Properties that name a feature where nobody said which one does."""
NAME_LENGTH = 60
DEGREES = ("CRS84", "4326", "4269")
"""Reference systems in degrees; NAD 83 (4269) differs from WGS 84 by about a metre."""
Remarks = list[str]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a map."""

    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Raw:
    """A feature as it stands in the file: its place in it, its name, its geometry."""

    number: int
    name: str
    geometry: dict[str, Any]

    def __str__(self) -> str:
        return f"feature {self.number} ({self.name})" if self.name else f"feature {self.number}"


def read(
    content: bytes, *, named_by: str = "", near: tuple[float, float] | None = None
) -> tuple[list[Feature], Remarks]:
    """The features of a file, and what was done to them; ``near`` is where the agency works."""
    document = _document(content)
    remarks: Remarks = []
    found = list(_features(document, named_by, remarks))
    if not found:
        raise MapFault("The file holds no feature with a place.")
    raws = _each(found, _checked)
    every = [point for raw in raws for point in positions(raw.geometry["coordinates"])]
    if len(every) > MOST_POSITIONS:
        raise MapFault(f"The file has {len(every):,} positions; at most {MOST_POSITIONS:,}.")
    if is_turned_round(box_of(every), near):
        raise MapFault(
            "Every position seems to be latitude first: GeoJSON is longitude first. Export it again."
        )
    return [Feature(raw.name, shape(raw.geometry)) for raw in raws], remarks


def _document(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise MapFault(
            f"The file has {len(content) / 1024**2:.1f} MB; at most {MOST_BYTES // 1024**2} MB."
        )
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as fault:
        raise MapFault(f"The file is not UTF-8 text (byte {fault.start:,}).") from None
    except json.JSONDecodeError as fault:
        raise MapFault(
            f"The file is not JSON: {fault.msg}, line {fault.lineno}, column {fault.colno}."
        ) from None
    except RecursionError:
        raise MapFault("The file is nested too deeply to be a map.") from None
    except ValueError as fault:
        raise MapFault(f"The file is not JSON: {fault}.") from None
    if not isinstance(document, dict) or document.get("type") not in (
        *("FeatureCollection", "Feature"),
        *COORDINATES,
    ):
        raise MapFault(
            "The file is JSON, but no GeoJSON: it names no type such as FeatureCollection."
        )
    _refuse_other_reference(document.get("crs"))
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _refuse_other_reference(crs: Any) -> None:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and not name.endswith(DEGREES):
        raise MapFault(f"The file is in {name[:60]}; export it in degrees (WGS 84, EPSG:4326).")


def _features(document: dict[str, Any], named_by: str, remarks: Remarks) -> Iterator[Raw]:
    """The features with a geometry; those without one are told."""
    if document["type"] == "FeatureCollection":
        rows = document.get("features")
    else:
        is_feature = document["type"] == "Feature"
        rows = [document if is_feature else {"type": "Feature", "geometry": document}]
    if not isinstance(rows, list):
        raise MapFault("The file has no list of features.")
    if len(rows) > MOST_FEATURES:
        raise MapFault(f"The file has {len(rows):,} features; at most {MOST_FEATURES:,}.")
    name_of = _namer(rows, named_by)
    without = 0
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or row.get("type") != "Feature":
            raise MapFault(f"feature {number} is not a GeoJSON feature")
        geometry = row.get("geometry")
        if geometry is None:
            without += 1
        elif isinstance(geometry, dict):
            yield Raw(number, name_of(row), geometry)
        else:
            raise MapFault(f"feature {number} has a geometry that is not an object")
    if without:
        remarks.append(f"{without:,} without a place left out")


def _namer(rows: list[Any], named_by: str) -> Callable[[dict[str, Any]], str]:
    """How a feature of this file is named: by the property asked for, or the first usual one."""
    kept = [row["properties"] for row in rows if isinstance(row, dict) and row.get("properties")]
    there = list(dict.fromkeys(name for each in kept if isinstance(each, dict) for name in each))
    if named_by and named_by not in there:
        choice = f"There are: {named(there, 12)}." if there else "Its features have none at all."
        raise MapFault(f"No feature has a property {named_by}. {choice}")
    by_lower = {name.lower(): name for name in reversed(there)}
    usual = next((by_lower[name] for name in NAMES if name in by_lower), "")
    wanted = named_by or usual

    def name_of(row: dict[str, Any]) -> str:
        properties = row.get("properties")
        value = properties.get(wanted) if isinstance(properties, dict) else None
        return "" if value is None else str(value).replace("\0", "").strip()[:NAME_LENGTH]

    return name_of


# --- coordinates ----------------------------------------------------------------------------------


def _list_of(value: Any, at_least: int, what: str) -> list[Any]:
    if not isinstance(value, list) or len(value) < at_least:
        raise ValueError(
            f"{what} has fewer than {at_least}" if at_least > 1 else f"{what} is empty"
        )
    return value


def _line(value: Any) -> list[Position]:
    return [position(each) for each in _list_of(value, 2, "a line")]


def _ring(value: Any) -> list[Position]:
    """A ring that ends where it begins; one that was left open is closed."""
    ring = [position(each) for each in _list_of(value, 3, "a ring of positions")]
    closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
    if len({tuple(each) for each in closed}) < 3:
        raise ValueError("a ring has fewer than 3 different positions")
    return closed


def _polygon(value: Any) -> list[list[Position]]:
    return [_ring(each) for each in _list_of(value, 1, "a polygon")]


COORDINATES: dict[str, Callable[[Any], Any]] = {
    "Point": position,
    "MultiPoint": lambda value: [position(each) for each in _list_of(value, 1, "a set of points")],
    "LineString": _line,
    "MultiLineString": lambda value: [
        _line(each) for each in _list_of(value, 1, "a set of lines")
    ],
    "Polygon": _polygon,
    "MultiPolygon": lambda value: [
        _polygon(each) for each in _list_of(value, 1, "a set of areas")
    ],
}
"""How the coordinates of each kind of geometry are read."""


def _checked(raw: Raw) -> Raw:
    kind = raw.geometry.get("type")
    if not isinstance(kind, str) or kind not in COORDINATES:
        raise ValueError(f"has the geometry {str(kind)[:30]}; use {named(list(COORDINATES), 6)}")
    coordinates = COORDINATES[kind](raw.geometry.get("coordinates"))
    return replace(raw, geometry={"type": kind, "coordinates": coordinates})


def _each(raws: list[Raw], check: Callable[[Raw], Raw]) -> list[Raw]:
    """Every feature checked, so that all faults are told at once."""
    good, faults = [], []
    for raw in raws:
        try:
            good.append(check(raw))
        except ValueError as fault:
            faults.append(f"{raw}: {fault}")
    if faults:
        raise MapFault(*faults)
    return good
