import csv
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest
from django.core.management import call_command

from tests.importing.exports import text, write_mapping, write_profile


class Told(NamedTuple):
    """What the command printed, and the outcome of each row by its line."""

    out: str
    rows: dict[int, tuple[str, str]]


class Load(Protocol):
    """Imports these rows of the made-up city."""

    def __call__(self, *rows: dict[str, str] | str, **options: Any) -> Told: ...


@pytest.fixture
def load(tmp_path: Path, db: None) -> Load:
    """Run the command on an export with these rows."""

    def run(*rows: dict[str, str] | str, **options: Any) -> Told:
        file = tmp_path / "export.csv"
        file.write_bytes(text(*rows).encode("utf-8", "surrogateescape"))
        report = tmp_path / "report.csv"
        given = {"profile": write_profile(tmp_path), "mapping": write_mapping(tmp_path)}
        out = StringIO()
        arguments = {**given, **options}
        arguments["profile"] = str(arguments["profile"])
        call_command("import_calls", file, report=report, stdout=out, **arguments)
        with report.open(newline="") as lines:
            outcomes = {
                int(row["line"]): (row["outcome"], row["reason"]) for row in csv.DictReader(lines)
            }
        return Told(out.getvalue(), outcomes)

    return run
