"""The two real exports, when they lie beside the repository: the shares that docs/replay.md explains."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from heart.replay.models import Replay
from heart.replay.tables import Value
from tests.replay_jobs.history import lines, table
from tests.shared_data import FOLDER, needs_shared_data

pytestmark = [needs_shared_data, pytest.mark.django_db, pytest.mark.timeout(300)]
Replayed = Callable[..., Replay]


POLICE = (
    ("core", 249, 6.9),
    ("coresp", 30, 0.8),
    ("broad", 933, 25.9),
    ("screen", 511, 14.2),
    ("no", 1873, 52.1),
)


def load(file: Path, profile: str) -> None:
    mapping = FOLDER / "mapping" / "nature_to_apco.csv"
    call_command("import_calls", file, profile=profile, mapping=mapping, stdout=StringIO())


def parts(row: Replay) -> tuple[tuple[Value, ...], ...]:
    """Tier, community calls, and their part of all community calls in percent."""
    found = lines(row, "tiers").items()
    return tuple((tier, n, percent(part)) for tier, (_, n, part, *_) in found if n)


def shares(row: Replay) -> dict[Value, tuple[float | None, ...]]:
    """By tier, of its community calls: surely, decided by the questions, surely not."""
    return {tier: tuple(map(percent, rest[3:])) for tier, rest in lines(row, "tiers").items()}


def by_code(row: Replay) -> tuple[float | None, ...]:
    """The figures of the city as others publish them, in percent of the community calls."""
    return tuple(percent(rest[1]) for rest in lines(row, "by-code").values())


def percent(part: Value) -> float | None:
    return None if part is None else round(float(part) * 100, 1)


def figures(row: Replay) -> dict[Value, tuple[Value, ...]]:
    return {line[1]: line[2:] for line in table(row, "replaced").rows}


def test_milwaukee_is_counted_as_published_and_its_codes_decide_nothing(
    replayed: Replayed,
) -> None:
    load(FOLDER / "cfs" / "milwaukee_2018-05.csv", "milwaukee")

    row = replayed(source="milwaukee")

    assert parts(row) == (
        ("core", 972, 6.0),
        ("coresp", 1, 0.0),
        ("broad", 3679, 22.5),
        ("screen", 2029, 12.4),
        ("no", 9654, 59.1),
    )
    assert by_code(row) == (6.0, 28.5, 13.6, 12.4)
    assert shares(row)["core"] == shares(row)["broad"] == (0.0, 100.0, 0.0)
    assert shares(row)["no"] == (0.0, 62.9, 37.1)
    assert figures(row)["surely divertible"][:2] == (16_335, 0)
    assert figures(row)["the record shows that police were sent"][:2] == (16_335, 11_095)
    assert figures(row)["would truly have replaced a police response"][:2] == (11_095, 0)


def test_alexandria_police_differ_from_the_published_by_the_officers_own_calls(
    replayed: Replayed, tmp_path: Path
) -> None:
    police = tmp_path / "police.csv"
    with (
        (FOLDER / "cfs" / "alexandria_decc_2025w35-40.csv").open(encoding="utf-8-sig") as source,
        police.open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(target, rows.fieldnames or [])
        writer.writeheader()
        writer.writerows(row for row in rows if row["Agency"] == "POLICE")
    load(police, "alexandria")

    row = replayed(source="alexandria")

    assert parts(row) == POLICE
    assert by_code(row) == (
        7.8,
        33.7,
        18.9,
        14.2,
    )  # published of 3,633 calls: 7.8, 33.6, 18.9, 14.2
    assert shares(row)["core"] == shares(row)["broad"] == (0.0, 100.0, 0.0)
    assert figures(row)["surely divertible"][:2] == (3_596, 0)
