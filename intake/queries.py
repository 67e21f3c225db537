"""What is known about calls."""

import csv
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from intake.models import Beat, Nature


def next_number() -> str:
    """A call number like 26-000123: year, then a running number that never repeats, in any year."""
    year = timezone.now().astimezone(ZoneInfo(settings.HEART_TIME_ZONE)).year
    with connection.cursor() as sql:
        sql.execute("SELECT nextval('intake_call_number')")
        (running,) = sql.fetchone()
    return f"{year % 100:02d}-{running:06d}"


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


def _box_size(beat: Beat) -> float:
    sides = (beat.north, beat.south, beat.east, beat.west)
    north, south, east, west = (side or 0.0 for side in sides)
    return (north - south) * (east - west)
