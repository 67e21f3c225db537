"""Sweepers at once: each row is moved once, and none is left."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Count

from followup.actions import mark_due, mark_overdue
from followup.models import FollowUp, Notice
from heart.clock.sweeps import SWEEPS, run_sweep
from heart.journal.models import Entry
from tests.builders import CLOCK, Given
from tests.races.threads import at_once, winners

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def per_follow_up(verb: str) -> set[int]:
    """How many entries of the verb the follow-ups have."""
    counts = Entry.objects.filter(verb=verb).values("subject").annotate(times=Count("id"))
    return set(counts.values_list("times", flat=True))


def test_two_sweepers_at_once_mark_each_follow_up_once(given: Given) -> None:
    rows = [given.followup(due_in=HOUR) for _ in range(12)]

    results = at_once(*[partial(mark_due, limit=500, by=CLOCK)] * 2)

    assert sum(winners(results)) == len(rows)
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"due"}
    assert per_follow_up("followup.due") == {1}
    assert Notice.objects.count() == len(rows)


def test_due_and_overdue_at_once_raise_each_notice_once(given: Given) -> None:
    rows = [given.followup(due_in=-HOUR) for _ in range(8)]

    at_once(
        *[partial(mark_due, limit=500, by=CLOCK), partial(mark_overdue, limit=500, by=CLOCK)] * 2
    )
    mark_overdue(limit=500, by=CLOCK)

    assert set(FollowUp.objects.values_list("status", flat=True)) == {"overdue"}
    assert per_follow_up("followup.overdue") == {1}
    assert Notice.objects.filter(code="overdue").count() == len(rows)
    assert per_follow_up("followup.due") <= {1}


def test_a_row_that_somebody_holds_does_not_stop_the_others(given: Given) -> None:
    held, *others = [given.followup(due_in=HOUR) for _ in range(3)]

    with transaction.atomic():
        FollowUp.objects.select_for_update().get(pk=held.pk)
        meanwhile = at_once(partial(mark_due, limit=500, by=CLOCK))

    assert meanwhile == [len(others)]
    assert mark_due(limit=500, by=CLOCK) == 1


def test_worker_and_clock_may_run_every_sweep_at_once(given: Given) -> None:
    given.followup(due_in=-HOUR)
    given.call("VERBDIST", {"weapon": "unknown", "contact": "willing"})

    results = at_once(
        *(partial(run_sweep, sweep.name, by=by) for sweep in SWEEPS for by in ("worker", "clock"))
    )

    assert len(winners(results)) == 2 * len(SWEEPS)
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM heart_clock_heartbeat")
        assert sql.fetchone() == (len(SWEEPS),)
