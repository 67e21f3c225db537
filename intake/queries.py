"""What is known about calls."""

import csv
import math
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import shapely
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from intake.models import Beat, BeatOutline, Nature


def next_number() -> str:
    """A call number like 26-000123: year, then a running number that never repeats, in any year."""
    return next_numbers([timezone.now()])[0]


def next_numbers(moments: Sequence[datetime]) -> list[str]:
    """A call number for each of these moments, by the year there was in the agency's zone."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT nextval('intake_call_number') FROM generate_series(1, %s)", [len(moments)]
        )
        runnings = [running for (running,) in sql.fetchall()]
    zone = ZoneInfo(settings.HEART_TIME_ZONE)
    return [
        f"{moment.astimezone(zone).year % 100:02d}-{running:06d}"
        for moment, running in zip(moments, runnings, strict=True)
    ]


def nature_by_code(code: str) -> Nature | None:
    """The nature with this code, whatever its case."""
    return Nature.objects.filter(code=code.upper()).first()


UNKNOWN_NATURE = "OTHER"
"""The nature of an incident that no table knows."""


@lru_cache(maxsize=1)
def natures_of_apco() -> dict[str, str]:
    """APCO incident type -> code of our nature: a synthetic default, our own judgement.

    It proposes which questions to ask, never an unarmed team by itself. Types left out are unknown.
    """
    path = Path(__file__).with_name("apco_natures.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["apco_code"]: row["nature"] for row in csv.DictReader(lines)}


def beat_at(latitude: float, longitude: float) -> Beat | None:
    """The beat that holds the point; the smaller one wins where two overlap."""
    around = Beat.objects.filter(
        south__lte=latitude, north__gte=latitude, west__lte=longitude, east__gte=longitude
    )
    return _holding((latitude, longitude), _areas(around))


def beats_at(points: Sequence[tuple[float, float] | None]) -> list[Beat | None]:
    """The beat of each point, with one query for all of them."""
    areas = _areas(Beat.objects.filter(south__isnull=False))
    return [_holding(point, areas) if point else None for point in points]


def _holding(point: tuple[float, float], areas: list[tuple[BaseGeometry, Beat]]) -> Beat | None:
    latitude, longitude = point
    held = (beat for area, beat in areas if shapely.intersects_xy(area, longitude, latitude))
    return next(held, None)


def _areas(beats: QuerySet[Beat]) -> list[tuple[BaseGeometry, Beat]]:
    """Beats with their ground, the smallest first, ready to be asked often."""
    areas = [(_ground(beat), beat) for beat in beats.select_related("outline")]
    for ground, _ in areas:
        shapely.prepare(ground)
    return sorted(areas, key=lambda area: area[0].area)


def _ground(beat: Beat) -> BaseGeometry:
    """The outline that the agency gave, else the box."""
    outline: BeatOutline | None = getattr(beat, "outline", None)
    if outline:
        return shape(outline.geometry)
    sides = (beat.west, beat.south, beat.east, beat.north)
    west, south, east, north = (math.nan if side is None else side for side in sides)
    return shapely.box(west, south, east, north)
