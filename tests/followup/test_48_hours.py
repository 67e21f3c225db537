"""48 hours are 48 hours, whatever the clocks on the wall do meanwhile."""

from datetime import datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from heart.templatetags.heart import clock
from tests.builders import Given, ended_at

DAYS = {
    "clocks go forward": ("2026-03-07 12:00", 49),
    "clocks go back": ("2026-10-31 12:00", 47),
    "a leap day": ("2028-02-28 12:00", 48),
}
"""A noon before each, and the hour count of the wall clock over the next 48 hours where it moves."""


def us_zones() -> list[str]:
    """Every zone in which somebody in the United States lives."""
    table = files("tzdata.zoneinfo").joinpath("zone1970.tab").read_text()
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return sorted(row[2] for row in rows if "US" in row[0].split(","))


def test_the_zones_are_all_there() -> None:
    assert len(us_zones()) == 29
    assert {"America/Phoenix", "Pacific/Honolulu", "America/Adak"} <= set(us_zones())


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("zone", us_zones())
def test_the_promise_is_due_48_hours_later_in_utc(
    zone: str, day: str, given: Given, settings: pytest.FixtureRequest
) -> None:
    settings.HEART_TIME_ZONE = settings.TIME_ZONE = zone
    noon, on_the_wall = DAYS[day]
    there = ZoneInfo(zone)

    with time_machine.travel(datetime.fromisoformat(noon).replace(tzinfo=there), tick=False):
        promise = given.closed_call().followup
        ended = ended_at(promise.call.runs.get())

    assert promise.due_at - ended == timedelta(hours=48)
    assert promise.due_at.utcoffset() == timedelta(0)
    local = promise.due_at.astimezone(there), ended.astimezone(there)
    moved = local[0].utcoffset() != local[1].utcoffset()
    naive = local[0].replace(tzinfo=None) - local[1].replace(tzinfo=None)
    assert naive == timedelta(hours=on_the_wall if moved else 48)


def test_people_see_it_in_their_own_time(given: Given, settings: pytest.FixtureRequest) -> None:
    settings.HEART_TIME_ZONE = settings.TIME_ZONE = "America/New_York"
    there = ZoneInfo("America/New_York")

    with time_machine.travel(datetime(2026, 3, 7, 12, tzinfo=there), tick=False):
        promise = given.closed_call().followup
        with timezone.override(there):
            shown = clock(promise.due_at)

    assert shown == "Mar 9 13:00"
