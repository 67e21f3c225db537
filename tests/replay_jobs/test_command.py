"""``manage.py rules replay``: over the console's calls or a file, for people and for machines."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from heart.journal.models import Entry
from heart.replay.models import Replay
from tests.builders import Given
from tests.replay_jobs.history import imported, version_with
from tests.replay_jobs.test_comparing import send_co_response

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("rules", "replay", *map(str, arguments), stdout=out)
    return out.getvalue()


def body(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


def rows(of: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = of["tables"][table]["rows"]
    return found


def test_one_version_for_machines_stores_nothing(given: Given) -> None:
    given.call()
    imported("ASSAULT")
    entries = Entry.objects.count()

    found = body("--version", 1)

    assert (found["version"], found["against"], found["calls"]) == (1, None, 2)
    assert found["tables"]["shares"]["definition"].startswith(
        "A HEART response is CCD, CRT or COR"
    )
    first = rows(found, "shares")[0]
    assert (first["calls"], first["sure"], first["open"], first["not"]) == (2, 1, 0, 1)
    assert not Replay.objects.exists()
    assert Entry.objects.count() == entries


def test_two_versions_over_one_source_and_some_days(given: Given) -> None:
    given.call()
    imported("TRESPASS")
    draft = version_with(send_co_response, "R20", by=given.people.sam.actor("admin"))

    found = body(
        "--version", draft.version, "--against", 1, "--source", "here", "--from", "2020-01-01"
    )

    assert rows(found, "flips") == [{"before": "CRT", "after": "COR", "calls": 1}]
    assert (found["source"], found["from"], found["to"]) == ("here", "2020-01-01", None)


def test_people_get_tables_with_their_definitions(given: Given) -> None:
    given.call()

    told = run("--version", 1)

    assert "1 calls in" in told
    assert "To a HEART response" in told
    assert "100.0 %" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--version", "99"], "there is no such version"),
        (["--version", "x"], "--version 'x' is no version"),
        (["--version", "1", "--against", "1"], "--against is the same version"),
        (["--version", "1", "--from", "2026-13-01"], "--from '2026-13-01' is no day"),
        (["--version", "1", "--from", "2026-02-01", "--to", "2026-01-01"], "--to ends before"),
        (["--version", "1", "--source", "atlantis"], "--source 'atlantis' is none of all, here"),
        (["--version", "1", "--file", "none.parquet"], "none.parquet cannot be read as Parquet"),
        (
            ["--version", "1", "--file", "x", "--source", "here"],
            "--file has no days and no source",
        ),
    ],
)
def test_bad_input_is_said_and_ends_with_2(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*arguments)

    assert words in str(refused.value)
    assert refused.value.returncode == 2


def test_a_file_is_counted_like_the_calls_of_the_console(tmp_path: Path) -> None:
    file = tmp_path / "history.parquet"
    pl.DataFrame(
        {
            "nature": ["ASSAULT", "TRESPASS", "TRESPASS", None],
            "weapon": [None, None, "in_hand", "(not asked)"],
            "community": [True, True, True, False],
            "police": [True, None, True, None],
            "tier": ["no", "core", None, "excl"],
            "hour": [3, 4, 4, None],
            "beat": ["B1", "B1", None, None],
        }
    ).write_parquet(file)

    found = body("--version", 1, "--file", file)

    shares = [row for row in rows(found, "shares") if row["of"] == "community calls"]
    assert (shares[0]["calls"], shares[0]["not"], shares[0]["open"]) == (3, 2, 1)
    assert {row["tier"]: row["calls"] for row in rows(found, "tiers")} == {
        "core": 1, "no": 1, "excl": 1, "no tier": 1
    }  # fmt: skip
    assert {row["hour"]: row["calls"] for row in rows(found, "hours")} == {"03": 1, "04": 2}
    assert {row["beat"]: row["calls"] for row in rows(found, "beats")} == {"B1": 2, "not known": 1}


def test_a_file_may_say_only_the_natures(tmp_path: Path) -> None:
    file = tmp_path / "natures.parquet"
    pl.DataFrame({"nature": ["ASSAULT", "TRESPASS"]}).write_parquet(file)

    found = body("--version", 1, "--file", file)

    assert found["calls"] == 2
    assert "tiers" not in found["tables"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"nature": ["TRESPASS"], "weapon": ["sword"]}, "column weapon: row 1: 'sword'"),
        ({"nature": ["TRESPASS"], "hour": ["noon"]}, "column hour: cannot be read as Int8"),
        ({"color": ["red"]}, "nor any other fact that rules read"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(
    columns: dict[str, list[str]], words: str, tmp_path: Path
) -> None:
    file = tmp_path / "faulty.parquet"
    pl.DataFrame(columns).write_parquet(file)

    with pytest.raises(CommandError) as refused:
        run("--version", 1, "--file", file)

    assert words in str(refused.value)
    assert refused.value.returncode == 2
