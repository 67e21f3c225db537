"""Times as they stand on a card: a clock time, with the day left to reason. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):?([0-5][0-9])")
LONGEST_GAP = timedelta(hours=12)
"""A later time of a card lies within this after the one before it, also past midnight."""


class NotATime(ValueError):
    """What stands there is no time that can be meant, in words for the person who typed it."""


def first_time(text: str, day: date | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """When a call came in: on this day, else today, or yesterday when that would be still to come."""
    at = clock_time(text)
    if day is not None:
        return _moment(day, at, zone)
    today = now.astimezone(zone).date()
    told = _moment(today, at, zone)
    return told if told <= now else _moment(today - timedelta(days=1), at, zone)


def next_time(text: str, before: datetime, *, zone: ZoneInfo) -> datetime:
    """A later time of the same card: on the day of the one before it, or past midnight."""
    at = clock_time(text)
    day = before.astimezone(zone).date()
    told = _moment(day, at, zone)
    if told >= before or day == date.max:
        return told
    following = _moment(day + timedelta(days=1), at, zone)
    return following if following - before <= LONGEST_GAP else told


def clock_time(text: str) -> time:
    """``0912``, ``09:12`` and ``9:12`` are twelve past nine."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise NotATime("a time like 0912 or 09:12")
    return time(int(found[1]), int(found[2]))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The hour that the clocks leave out in spring is no time; of a doubled one the first counts."""
    try:
        told = datetime.combine(day, at, zone).astimezone(UTC)
    except OverflowError as error:
        raise NotATime("a day of this century") from error
    if told.astimezone(zone).time() != at:
        raise NotATime(f"the clocks were put forward: there was no {at:%H:%M} on that day")
    return told
