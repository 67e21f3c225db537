"""Positions in the order of GeoJSON, longitude first, and the usual ways in which they are wrong."""

from collections.abc import Iterable, Iterator
from typing import Any

POLAR = 66.5
"""No agency sends teams beyond the polar circles: a whole layer there is a layer turned round."""
FAR_DEGREES = 5.0
Position = list[float]
Box = tuple[float, float, float, float]


def position(value: Any) -> Position:
    """Longitude and latitude of a position, heights left out; ValueError says what is wrong."""
    if not isinstance(value, list) or len(value) < 2 or not all(map(_is_number, value[:2])):
        raise ValueError(f"{_short(value)} is not a position of two numbers")
    longitude, latitude = value[:2]
    if -180 <= longitude <= 180 and -90 <= latitude <= 90:
        return [float(longitude), float(latitude)]
    if -90 <= longitude <= 90 and -180 <= latitude <= 180:
        raise ValueError(f"{_short(value[:2])} is latitude first; GeoJSON is longitude first")
    if abs(longitude) > 1000 or abs(latitude) > 1000:
        raise ValueError(
            f"{_short(value[:2])} is in metres or feet; export in degrees (WGS 84, EPSG:4326)"
        )
    raise ValueError(f"{_short(value[:2])} is no place on earth")


def is_turned_round(box: Box, near: tuple[float, float] | None) -> bool:
    """Whether the layer makes sense only with latitude and longitude exchanged.

    ``near`` is a latitude and longitude at which the agency is known to work.
    """
    west, south, east, north = box
    if (south > POLAR or north < -POLAR) and west > -POLAR and east < POLAR:
        return True
    if near is None:
        return False
    across, up = (west + east) / 2, (south + north) / 2
    return _is_near(across, up, near) and not _is_near(up, across, near)


def positions(coordinates: Any) -> Iterator[Position]:
    """Every position in nested coordinates that have been checked."""
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for part in coordinates:
        yield from positions(part)


def box_of(points: Iterable[Position]) -> Box:
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _is_near(latitude: float, longitude: float, near: tuple[float, float]) -> bool:
    return abs(latitude - near[0]) < FAR_DEGREES and abs(longitude - near[1]) < FAR_DEGREES


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
