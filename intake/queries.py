"""What is known about calls."""

import csv
import math
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from intake.models import Beat, Nature


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
    """The beat whose box holds the point; the smaller box wins where two overlap."""
    boxes = Beat.objects.filter(
        south__lte=latitude, north__gte=latitude, west__lte=longitude, east__gte=longitude
    )
    return min(boxes, key=_box_size, default=None)


def beats_at(points: Sequence[tuple[float, float] | None]) -> list[Beat | None]:
    """The beat of each point, with one query for all of them."""
    beats = sorted(Beat.objects.exclude(south=None), key=_box_size)
    return [
        next((beat for beat in beats if _holds(beat, *point)), None) if point else None
        for point in points
    ]


def _holds(beat: Beat, latitude: float, longitude: float) -> bool:
    sides = (beat.south, beat.north, beat.west, beat.east)
    south, north, west, east = (math.nan if side is None else side for side in sides)
    return south <= latitude <= north and west <= longitude <= east


def _box_size(beat: Beat) -> float:
    sides = (beat.north, beat.south, beat.east, beat.west)
    north, south, east, west = (side or 0.0 for side in sides)
    return (north - south) * (east - west)
