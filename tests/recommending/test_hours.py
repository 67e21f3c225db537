"""When a unit's work ends and when it works next, by the agency's clock on the wall."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.hours import WEEK, closing, on_hours, opening
from dispatch.models import UnitHours

ZONE = ZoneInfo("America/New_York")
MONDAY, FRIDAY, SUNDAY = 0, 4, 6


def span(weekday: int, opens: str, closes: str) -> UnitHours:
    return UnitHours(
        weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
    )


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


DAY = [span(MONDAY, "06:00", "18:00")]
NIGHT = [span(SUNDAY, "22:00", "06:00")]
ALWAYS = [span(weekday, "00:00", "00:00") for weekday in range(7)]
JOINED = [span(MONDAY, "06:00", "18:00"), span(MONDAY, "18:00", "02:00")]


@pytest.mark.parametrize(
    ("hours", "at", "on", "ends", "begins"),
    [
        (DAY, "2026-03-02 05:59", False, None, "2026-03-02 06:00"),
        (DAY, "2026-03-02 06:00", True, "2026-03-02 18:00", "2026-03-09 06:00"),
        (DAY, "2026-03-02 17:59", True, "2026-03-02 18:00", "2026-03-09 06:00"),
        (DAY, "2026-03-02 18:00", False, None, "2026-03-09 06:00"),
        (NIGHT, "2026-03-01 23:00", True, "2026-03-02 06:00", "2026-03-08 22:00"),
        (NIGHT, "2026-03-02 05:00", True, "2026-03-02 06:00", "2026-03-08 22:00"),
        (NIGHT, "2026-03-02 06:00", False, None, "2026-03-08 22:00"),
        (JOINED, "2026-03-02 12:00", True, "2026-03-03 02:00", "2026-03-02 18:00"),
        (ALWAYS, "2026-03-02 12:00", True, None, "2026-03-03 00:00"),
        ([], "2026-03-02 12:00", False, None, None),
        # the clock went from 02:00 to 03:00 in this night
        (NIGHT, "2026-03-08 23:00", True, "2026-03-09 06:00", "2026-03-15 22:00"),
    ],
)
def test_hours(
    hours: list[UnitHours], at: str, on: bool, ends: str | None, begins: str | None
) -> None:
    moment = local(at)

    assert on_hours(hours, moment) is on
    assert closing(hours, moment) == (local(ends) if ends else None)
    assert opening(hours, moment) == (local(begins) if begins else None)


spans = st.builds(
    UnitHours,
    weekday=st.integers(0, 6),
    opens=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    closes=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)


@given(
    st.lists(spans, max_size=5),
    st.integers(0, 60 * 24 * 30).map(
        lambda n: datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=n)
    ),
)
def test_work_ends_where_no_span_goes_on_and_begins_where_one_starts(hours, at) -> None:
    ends, begins = closing(hours, at), opening(hours, at)

    if ends is not None:
        assert on_hours(hours, at)
        assert at < ends < at + WEEK
        assert not on_hours(hours, ends)
    assert (begins is None) == (not hours)
    if begins is not None:
        assert begins > at
        assert on_hours(hours, begins)
