"""When a unit works: spans of a week by the agency's clock on the wall, which may pass midnight."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from dispatch.models import UnitHours

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def on_hours(hours: Iterable[UnitHours], at: datetime) -> bool:
    """Whether one of the spans covers this moment."""
    local = _on_the_wall(at)
    return any(start <= local < end for start, end in _spans(hours, local.date()))


def closing(hours: Iterable[UnitHours], at: datetime) -> datetime | None:
    """When the work that goes on at this moment ends; None when none goes on, or it never ends."""
    local = end = _on_the_wall(at)
    spans = list(_spans(hours, local.date(), days=8))
    while covering := [stop for start, stop in spans if start <= end < stop]:
        end = max(covering)
    return end.replace(tzinfo=_zone()) if local < end < local + WEEK else None


def opening(hours: Iterable[UnitHours], at: datetime) -> datetime | None:
    """When the unit works next, None when it has no hours at all."""
    local = _on_the_wall(at)
    starts = [start for start, _ in _spans(hours, local.date(), days=8) if start > local]
    return min(starts).replace(tzinfo=_zone()) if starts else None


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.HEART_TIME_ZONE)


def _on_the_wall(at: datetime) -> datetime:
    return at.astimezone(_zone()).replace(tzinfo=None)


def _spans(
    hours: Iterable[UnitHours], today: date, days: int = 1
) -> Iterator[tuple[datetime, datetime]]:
    """Every span that begins yesterday or within so many days from then on."""
    for span in hours:
        first = (span.weekday - today.weekday() + 1) % 7 - 1
        for ahead in range(first, days, 7):
            day = today + timedelta(days=ahead)
            last = day if span.opens < span.closes else day + DAY
            yield datetime.combine(day, span.opens), datetime.combine(last, span.closes)
