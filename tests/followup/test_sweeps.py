"""Due rows are the truth: sweeps find them by the clock, with or without a broker."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import redis
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from followup.actions import mark_due, mark_overdue
from followup.models import FollowUp, Notice
from followup.states import FollowUpStatus
from heart.clock.management.commands.clock import tick
from heart.clock.models import Heartbeat
from heart.clock.sweeps import BY_NAME, SWEEPS, run_sweep, silent_sweeps
from heart.journal.actor import Actor
from heart.moves import each_by_itself
from tests.builders import CLOCK, Given, told

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def sweep_at(moment: datetime) -> tuple[int, int]:
    with time_machine.travel(moment, tick=False):
        return mark_due(limit=500, by=CLOCK), mark_overdue(limit=500, by=CLOCK)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_fails_stops_neither_the_others_nor_the_audit(
    given: Given, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    row = given.followup(due_in=-HOUR)
    broken = replace(BY_NAME["clarifying_over"], run=_fails)
    monkeypatch.setitem(BY_NAME, "clarifying_over", broken)

    tick()

    row.refresh_from_db()
    assert row.status == "overdue"
    assert Heartbeat.objects.filter(name__in=["clock", "auditor"]).count() == 2
    assert "sweep clarifying_over failed" in caplog.text


def test_a_row_that_cannot_be_moved_holds_up_none_of_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def move(pk: int) -> bool:
        if pk == 2:
            raise ValueError("unreadable")
        return pk != 3  # another sweeper was quicker

    assert each_by_itself("follow-up", [1, 2, 3, 4], move) == 2
    assert "follow-up 2 could not be moved" in caplog.text


def test_a_database_that_is_away_ends_the_sweep() -> None:
    def move(pk: int) -> bool:
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        each_by_itself("follow-up", [1, 2], move)


def _fails(*, limit: int, by: Actor) -> int:
    raise ValueError(f"of {limit} rows one cannot be read by {by.name}")


def test_a_promise_falls_due_at_its_first_attempt_and_the_navigators_are_told(
    given: Given,
) -> None:
    row = given.followup()

    too_early = sweep_at(row.attempt_due_at - SECOND)
    in_time = sweep_at(row.attempt_due_at)

    row.refresh_from_db()
    assert (too_early, in_time, row.status) == ((0, 0), (1, 0), "due")
    assert Notice.objects.values_list("code", "role").get() == ("due", "care_navigator")
    assert told(row.call)[-1] == "the clock the first attempt is due"


def test_without_contact_it_runs_over_and_the_supervisor_is_told(given: Given) -> None:
    row = given.followup()

    sweep_at(row.attempt_due_at)
    too_early = sweep_at(row.due_at - SECOND)
    in_time = sweep_at(row.due_at)

    row.refresh_from_db()
    assert (too_early, in_time, row.status) == ((0, 0), (0, 1), "overdue")
    assert Notice.objects.filter(code="overdue").values_list("role").get() == ("supervisor",)


def test_sweeping_again_marks_and_tells_nothing_twice(given: Given) -> None:
    row = given.followup()

    counts = [sweep_at(row.due_at + n * HOUR) for n in range(3)]

    assert counts == [(1, 1), (0, 0), (0, 0)]
    assert sorted(Notice.objects.values_list("code", flat=True)) == ["due", "overdue"]


@pytest.mark.parametrize("status", ["reached", "closed"])
def test_a_kept_or_ended_promise_is_left_alone(status: str, given: Given) -> None:
    row = given.followup(status=FollowUpStatus(status))

    assert sweep_at(row.due_at + HOUR) == (0, 0)
    assert not Notice.objects.exists()


def test_a_sweep_moves_no_more_than_its_limit(given: Given) -> None:
    for _ in range(3):
        given.followup(due_in=HOUR)

    assert [mark_due(limit=2, by=CLOCK), mark_due(limit=2, by=CLOCK)] == [2, 1]


def test_the_longest_waiting_is_marked_first(given: Given) -> None:
    late, later = given.followup(due_in=2 * HOUR), given.followup(due_in=HOUR)

    mark_due(limit=1, by=CLOCK)

    assert FollowUp.objects.get(status="due") == later
    assert FollowUp.objects.get(status="promised") == late


def test_an_emptied_broker_loses_nothing(given: Given) -> None:
    given.followup(due_in=HOUR)

    redis.Redis.from_url(settings.REDIS_URL).flushall()

    assert run_sweep("followups_due", by="worker") == 1


@pytest.mark.django_db(transaction=True)
def test_the_clock_sweeps_while_celery_is_silent(given: Given) -> None:
    row = given.followup(due_in=-HOUR)

    tick()

    row.refresh_from_db()
    assert row.status == "overdue"
    assert dict(Heartbeat.objects.values_list("name", "by")) == {
        **{sweep.name: "clock" for sweep in SWEEPS},
        "auditor": "clock",
        "clock": "clock",
    }


@pytest.mark.django_db(transaction=True)
def test_the_clock_leaves_the_sweeps_to_celery_while_it_is_alive(given: Given) -> None:
    for sweep in SWEEPS:
        run_sweep(sweep.name, by="worker")
    row = given.followup(due_in=HOUR)

    tick()

    row.refresh_from_db()
    assert row.status == "promised"


@pytest.mark.django_db
def test_silence_is_measured_per_sweep() -> None:
    never = silent_sweeps(20)
    for sweep in SWEEPS:
        run_sweep(sweep.name, by="worker")

    fresh = silent_sweeps(20)
    with time_machine.travel(timezone.now() + 21 * SECOND):
        old = silent_sweeps(20)

    names = [sweep.name for sweep in SWEEPS]
    assert (never, fresh, old) == (names, [], names)
