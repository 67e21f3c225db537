"""Local times across the clock change, which some exports state and none explains."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heart.history.profiles import Profile
from heart.history.times import REPEATED_HOUR, SKIPPED_HOUR, NoTime, reader

COLUMNS = {"number": "n", "received": "t", "nature": "k"}


def profile(zone: str = "America/New_York", *formats: str) -> Profile:
    return Profile(
        name="town",
        title="town",
        zone=ZoneInfo(zone),
        time_formats=formats or ("iso",),
        columns=COLUMNS,
    )


@pytest.mark.parametrize(
    ("cell", "moment", "doubt"),
    [
        ("2024-07-01 10:00:00", "2024-07-01T14:00:00", ""),
        ("2024-01-01 10:00:00.250", "2024-01-01T15:00:00.250", ""),
        ("2024-03-10 02:30:00", "2024-03-10T07:30:00", SKIPPED_HOUR),
        ("2024-11-03 01:30:00", "2024-11-03T05:30:00", REPEATED_HOUR),
        ("2024-11-03 00:59:59", "2024-11-03T04:59:59", ""),
        ("2024-11-03 02:00:00", "2024-11-03T07:00:00", ""),
        ("2024-11-03T01:30:00-05:00", "2024-11-03T06:30:00", ""),
    ],
)
def test_local_time_becomes_a_moment(cell: str, moment: str, doubt: str) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert reader(profile())(cell) == (expected, doubt)


def test_zone_without_clock_change_is_never_in_doubt() -> None:
    read = reader(profile("America/Phoenix"))

    assert read("2024-03-10 02:30:00")[1] == ""
    assert read("2024-11-03 01:30:00")[1] == ""


def test_formats_are_tried_in_order() -> None:
    read = reader(profile("UTC", "iso", "%m/%d/%Y %I:%M %p"))

    assert read("05/01/2024 01:05 PM")[0] == datetime(2024, 5, 1, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["", "soon", "2024-05-01", "2024-13-01 00:00:00", "0001-01-01 00:00:00"]
)
def test_anything_else_is_no_time(cell: str) -> None:
    with pytest.raises(NoTime):
        reader(profile())(cell)


@given(
    st.datetimes(datetime.fromisoformat("1980-01-01"), datetime.fromisoformat("2090-01-01")),
    st.sampled_from(
        ["America/New_York", "America/Chicago", "America/Los_Angeles", "Pacific/Honolulu"]
    ),
)
def test_time_that_is_in_no_doubt_reads_back_as_it_stood(local: datetime, zone: str) -> None:
    moment, doubt = reader(profile(zone))(local.isoformat(sep=" "))

    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert (shown == local) is (doubt != SKIPPED_HOUR)
