"""Local times of an export as moments, with what the clock change makes doubtful."""

from collections.abc import Callable
from datetime import UTC, datetime

from heart.history.profiles import Profile

SKIPPED_HOUR = "did not exist on that day (clock change): read as an hour later"
REPEATED_HOUR = "happened twice on that day (clock change): the first one was taken"


class NoTime(Exception):
    """The cell holds no time in any of the profile's formats."""


Read = Callable[[str], tuple[datetime, str]]


def reader(profile: Profile) -> Read:
    """A function from a cell to (moment in UTC, doubt); it raises NoTime."""

    def read(cell: str) -> tuple[datetime, str]:
        local = _parse(cell, profile.time_formats)
        if local.tzinfo is not None:
            return local.astimezone(UTC), ""
        placed = local.replace(tzinfo=profile.zone)
        moment = placed.astimezone(UTC)
        if moment.astimezone(profile.zone).replace(tzinfo=None) != local:
            return moment, SKIPPED_HOUR
        if placed.utcoffset() != placed.replace(fold=1).utcoffset():
            return moment, REPEATED_HOUR
        return moment, ""

    return read


def _parse(cell: str, formats: tuple[str, ...]) -> datetime:
    for layout in formats:
        try:
            # A date alone would become midnight, and nobody said midnight.
            if layout == "iso" and cell[10:11] in (" ", "T"):
                return _in_range(datetime.fromisoformat(cell))
            if layout != "iso":
                return _in_range(datetime.strptime(cell, layout))  # noqa: DTZ007 - zone is the profile's
        except ValueError:
            continue
    raise NoTime


def _in_range(time: datetime) -> datetime:
    if not 1950 <= time.year <= 2200:
        raise ValueError(time.year)
    return time
