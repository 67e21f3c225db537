"""The two real exports, when they lie beside the repository: every row is accounted for."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from heart.history.models import ImportedCall
from heart.journal.models import Entry
from intake.models import Call
from tests.shared_data import FOLDER, needs_shared_data

pytestmark = [needs_shared_data, pytest.mark.django_db, pytest.mark.timeout(300)]
MAPPING = FOLDER / "mapping" / "nature_to_apco.csv"


def run(name: str, profile: str, refused: Path) -> str:
    out = StringIO()
    call_command(
        "import_calls",
        FOLDER / "cfs" / name,
        profile=profile,
        mapping=MAPPING,
        refused=refused,
        stdout=out,
    )
    return out.getvalue()


def test_milwaukee_every_row_becomes_a_call_and_a_second_run_changes_nothing(
    tmp_path: Path,
) -> None:
    first = run("milwaukee_2018-05.csv", "milwaukee", tmp_path / "refused.csv")
    entries = Entry.objects.count()
    second = run("milwaukee_2018-05.csv", "milwaukee", tmp_path / "refused.csv")

    assert "33,968 rows read = 33,968 imported + 0 already there + 0 refused" in first
    assert "489  coordinates: far outside the city, left out" in first
    assert "11  coordinates: blank, left out" in first
    assert "33,968 rows read = 0 imported + 33,968 already there + 0 refused" in second
    assert Call.objects.filter(source="import").count() == 33_968
    assert Call.objects.filter(source="import", latitude=None).count() == 500
    assert Entry.objects.count() == entries


def test_alexandria_only_the_row_without_a_number_is_refused(tmp_path: Path) -> None:
    first = run("alexandria_decc_2025w35-40.csv", "alexandria", tmp_path / "refused.csv")
    second = run("alexandria_decc_2025w35-40.csv", "alexandria", tmp_path / "refused.csv")

    assert "7,852 rows read = 7,851 imported + 0 already there + 1 refused" in first
    assert "744  first_cleared: before arrived, kept as it is" in first
    assert "183  first_closed: before first_cleared, kept as it is" in first
    assert "7,852 rows read = 0 imported + 7,851 already there + 1 refused" in second
    assert ImportedCall.objects.filter(is_officer_initiated=True).count() == 286
    with (tmp_path / "refused.csv").open(newline="") as lines:
        assert [row["line"] for row in csv.DictReader(lines)] == ["268"]
