"""The replay check finds what an action did not do."""

import pytest
from django.db import DatabaseError, transaction

from dispatch.models import Run, Unit
from dispatch.states import RunStatus
from heart.journal.models import Entry
from heart.journal.replay import differences
from intake.models import Call
from tests.builders import Given


@pytest.mark.tampers("moves a run with SQL")
def test_a_status_changed_behind_the_journal_is_found(given: Given) -> None:
    run = given.run(RunStatus.EN_ROUTE)

    Run.objects.filter(pk=run.pk).update(status="on_scene")

    assert list(differences()) == [f"run:{run.pk} is on_scene, its journal says en_route"]


@pytest.mark.tampers("inserts a call without an entry")
def test_a_row_without_an_entry_is_found(given: Given) -> None:
    call = Call.objects.create(number="26-999999", received_at=given.call().received_at)

    assert list(differences()) == [f"call:{call.pk} is taking, its journal says None"]


@pytest.mark.tampers("writes an entry that no table allows")
def test_an_entry_that_no_table_allows_is_found(given: Given) -> None:
    run = given.run(RunStatus.DISPATCHED)
    subject = f"run:{run.pk}"

    Entry.objects.create(
        happened_at=run.dispatched_at,
        verb="run.cleared",
        subject=subject,
        actor_name="nobody",
        source="console",
        payload={"effects": [[subject, "clear", "cleared"]]},
    )

    assert list(differences()) == [
        f"{subject}: dispatched -> clear -> cleared is in no move table",
        f"{subject} is dispatched, its journal says cleared",
    ]


def test_a_new_unit_is_available_without_an_entry(given: Given) -> None:
    Unit.objects.create(code="CRT9", name="Entered in the admin panel", kind="CRT")

    assert list(differences()) == []


@pytest.mark.parametrize(
    "change", ["UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_entry"]
)
def test_the_journal_refuses_changes(change: str, given: Given) -> None:
    from django.db import connection

    given.call()

    with pytest.raises(DatabaseError, match="the journal is append-only"), transaction.atomic():
        connection.cursor().execute(change)
