"""What is written on a card by hand, read: its number, its day, its times."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heart.paper.numbers import PaperNumber, number_of, prefix_of, spans
from heart.paper.times import NotATime, clock_time, first_time, next_time

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # ten in the morning


def local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%m-%d %H:%M}"


@pytest.mark.parametrize("typed", ["P1-0003", "p1-3", " P1 3 ", "P1- 0003", "p1-000003"])
def test_number_is_read_however_it_is_typed(typed: str) -> None:
    assert str(number_of(typed)) == "P1-0003"


@pytest.mark.parametrize("typed", ["", "P1", "P10003", "3", "P1-0", "1P-3", "P1-٣", "P1-1234567"])
def test_what_is_no_number_of_a_card_is_none(typed: str) -> None:
    assert number_of(typed) is None


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [("p1", "P1"), (" DESK2 ", "DESK2"), ("1", None), ("P-1", None), ("", None)],
)
def test_position_begins_with_a_letter(typed: str, prefix: str | None) -> None:
    assert prefix_of(typed) == prefix


@given(st.sets(st.integers(1, 60)))
def test_spans_hold_exactly_the_numbers_they_were_made_of(runnings: set[int]) -> None:
    found = spans(sorted(runnings))

    assert {n for first, last in found for n in range(first, last + 1)} == runnings
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))


@given(st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True), st.integers(1, 999_999))
def test_a_printed_number_is_read_back(prefix: str, running: int) -> None:
    assert number_of(str(PaperNumber(prefix, running))) == (prefix, running)


@pytest.mark.parametrize("typed", ["0912", "09:12", "9:12", "912", " 0912 "])
def test_clock_time_is_read_however_it_is_typed(typed: str) -> None:
    assert f"{clock_time(typed):%H:%M}" == "09:12"


@pytest.mark.parametrize("typed", ["", "2460", "9", "09.12", "noon", "0960", "٠٩١٢"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(NotATime, match="like 0912"):
        clock_time(typed)


def test_received_is_today_or_yesterday_when_that_is_still_to_come() -> None:
    assert local(first_time("0912", None, now=NOW, zone=ZONE)) == "11-25 09:12"
    assert local(first_time("2350", None, now=NOW, zone=ZONE)) == "11-24 23:50"


def test_a_day_that_was_typed_counts_as_it_is() -> None:
    day = date(2026, 11, 20)

    assert local(first_time("2350", day, now=NOW, zone=ZONE)) == "11-20 23:50"


def test_a_later_time_may_lie_past_midnight_but_not_half_a_day_on() -> None:
    received = first_time("2350", None, now=NOW, zone=ZONE)

    assert local(next_time("0010", received, zone=ZONE)) == "11-25 00:10"
    assert local(next_time("2340", received, zone=ZONE)) == "11-24 23:40"  # before: is refused


def test_the_hour_that_is_left_out_in_spring_is_no_time() -> None:
    with pytest.raises(NotATime, match="no 02:30 on that day"):
        first_time("0230", date(2026, 3, 8), now=NOW, zone=ZONE)


def test_of_the_doubled_hour_in_autumn_the_first_counts() -> None:
    at = first_time("0130", date(2026, 11, 1), now=NOW, zone=ZONE)

    assert at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_all_days_is_refused_or_read(day: date) -> None:
    try:
        at = first_time("2359", day, now=NOW, zone=ZONE)
    except NotATime:
        return
    assert at.tzinfo is not None
