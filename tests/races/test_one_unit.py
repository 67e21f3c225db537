"""A unit goes to one call at a time, however many people send it at once."""

from collections.abc import Iterator
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dispatch.actions import arrive, assign
from dispatch.crew_actions import sign_on
from dispatch.models import CrewMember, Run, Unit
from dispatch.states import RunStatus
from dispatch.steps import UnitTaken
from heart.journal.models import Entry
from heart.moves import MoveRefused
from intake.steps import Refused
from tests.builders import Given
from tests.races.threads import at_once, refusals, winners

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


@pytest.fixture
def scratch() -> Iterator[None]:
    """A table of runs like ours, with nothing that guards it."""
    with connection.cursor() as sql:
        sql.execute("CREATE TABLE scratch_run (unit_id integer, status text)")
    yield
    with connection.cursor() as sql:
        sql.execute("DROP TABLE scratch_run")


def look_then_insert(everybody_has_looked: Barrier) -> bool:
    """What code without a guard does: see that the unit is free, then send it."""
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM scratch_run WHERE unit_id = 1 AND status <> 'cleared'")
        (taken,) = sql.fetchone()
        everybody_has_looked.wait(timeout=30)
        if taken:
            return False
        sql.execute("INSERT INTO scratch_run VALUES (1, 'dispatched')")
    return True


def test_without_a_guard_everybody_sends_the_same_unit(scratch: None) -> None:
    everybody_has_looked = Barrier(THREADS)

    results = at_once(*[partial(look_then_insert, everybody_has_looked)] * THREADS)

    assert winners(results) == [True] * THREADS


def test_the_unique_index_alone_lets_exactly_one_through(scratch: None) -> None:
    with connection.cursor() as sql:
        sql.execute("CREATE UNIQUE INDEX ON scratch_run (unit_id) WHERE status <> 'cleared'")
    everybody_has_looked = Barrier(THREADS)

    results = at_once(*[partial(look_then_insert, everybody_has_looked)] * THREADS)

    assert winners(results) == [True]
    assert refusals(results) == [IntegrityError] * (THREADS - 1)


def test_assign_by_sixteen_people_at_once_has_exactly_one_winner(given: Given) -> None:
    unit, people = Unit.objects.get(code="CRT1"), (given.people.dev, given.people.omar)
    calls = [given.call() for _ in range(THREADS)]

    results = at_once(
        *(
            partial(assign, call_id=call.pk, unit_id=unit.pk, by=people[n % 2].actor("console"))
            for n, call in enumerate(calls)
        )
    )

    (run,) = winners(results)
    assert list(Run.objects.all()) == [run]
    assert refusals(results) == [UnitTaken] * (THREADS - 1)
    assert {result.run for result in results if isinstance(result, UnitTaken)} == {run}
    assert Entry.objects.filter(verb="run.assigned").count() == 1


@pytest.mark.tampers("inserts runs past the action")
def test_the_database_refuses_a_second_open_run_whatever_the_code_does(given: Given) -> None:
    unit, now = Unit.objects.get(code="CRT1"), timezone.now()
    calls = [given.call() for _ in range(THREADS)]

    results = at_once(
        *(
            partial(Run.objects.create, call=call, unit=unit, dispatched_at=now, status_since=now)
            for call in calls
        )
    )

    assert refusals(results) == [IntegrityError] * (THREADS - 1)


def test_sixteen_presses_of_arrive_are_one_arrival(given: Given) -> None:
    run, by = given.run(RunStatus.EN_ROUTE), given.people.imani.actor("console")

    results = at_once(*[partial(arrive, run_id=run.pk, by=by)] * THREADS)

    assert len(winners(results)) == 1
    assert refusals(results) == [MoveRefused] * (THREADS - 1)
    assert Entry.objects.filter(verb="run.arrived").count() == 1


def test_one_person_signs_on_to_one_unit_from_two_phones(given: Given) -> None:
    imani = given.people.imani
    units = [Unit.objects.get(code=code).pk for code in ("CRT1", "CRT2")]
    phones = [partial(sign_on, unit_id=pk, duty="peer", by=imani.actor("phone")) for pk in units]
    for _ in range(8):
        CrewMember.objects.filter(user=imani).update(on_since=None)

        results = at_once(*phones)

        assert refusals(results) == [Refused]
        assert "sign off there first" in "".join(str(r) for r in results)
        assert CrewMember.objects.filter(user=imani, on_since__isnull=False).count() == 1
