"""A protocol as a folder of JSON files: read and checked as a whole before anything is stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triage import rules

DEFAULTS = Path(__file__).with_name("defaults")
"""The protocol that comes with the console; synthetic, to be signed off or replaced by an agency."""

Row = dict[str, Any]


class ProtocolFault(ValueError):
    """What is wrong with a protocol: in which file, where in it, and why."""

    def __init__(self, file: str, pointer: str, message: str) -> None:
        super().__init__(f"{file}{pointer}: {message}")
        self.file, self.pointer, self.message = file, pointer, message


@dataclass(frozen=True, slots=True)
class ProtocolFiles:
    """Rows as they are written in the files, named like their columns."""

    rule_set: Row
    natures: list[Row]
    questions: list[Row]
    rules: list[Row]
    targets: list[Row]
    fallback: list[Row]
    reason_codes: list[Row] = field(default_factory=list)
    invariants: list[Row] = field(default_factory=list)
    scenarios: list[Row] = field(default_factory=list)


COLUMNS: dict[str, frozenset[str]] = {
    "rule_set": frozenset({"version", "title", "is_synthetic", "switches"}),
    "natures": frozenset({"code", "name", "name_es", "category", "routes", "upgrades", "basis"}),
    "questions": frozenset({"key", "order", "kind", "ask_en", "ask_es", "answers", "only_after"}),
    "rules": frozenset(
        {"code", "order", "is_hard", "body", "reason_en", "reason_es", "citation", "basis"}
    ),
    "targets": frozenset({"key", "level", "seconds", "label_en", "label_es", "basis"}),
    "fallback": frozenset({"order", "action", "highest_level", "label_en", "label_es"}),
    "reason_codes": frozenset({"code", "label_en", "label_es"}),
}
SCENARIO_COLUMNS = frozenset({"code", "title", "nature", "answers", "route", "added", "level"})


def read(folder: Path) -> ProtocolFiles:
    """Read the files of a folder; raises ProtocolFault naming the first that cannot be used.

    A folder without invariants or scenarios adds none to those that the console knows.
    """
    parts = {name: _part(folder, name, COLUMNS[name]) for name in COLUMNS}
    files = ProtocolFiles(
        parts.pop("rule_set")[0],
        **parts,
        invariants=_optional(folder, "invariants"),
        scenarios=_optional(folder, "scenarios", SCENARIO_COLUMNS),
    )
    _check_version(files.rule_set)
    try:
        rules.load_invariants(files.invariants, compiled(files))
    except rules.InvariantError as fault:
        raise ProtocolFault("invariants.json", "", str(fault)) from None
    except rules.RuleError as fault:
        raise ProtocolFault("rules.json", f" {fault.rule}{fault.pointer}", fault.message) from None
    except (ValueError, TypeError, KeyError) as fault:
        raise ProtocolFault(folder.name, "", str(fault)) from None
    return files


def compiled(files: ProtocolFiles) -> rules.RuleSet:
    """The table of a protocol, ready to be asked or proven; RuleError or ValueError if it is not."""
    return rules.load(
        rules=[rule_row(row) for row in files.rules],
        questions=rules.load_questions(files.questions),
        natures=files.natures,
        switches=files.rule_set["switches"],
    )


def rule_row(row: Row) -> Row:
    """A rule as it stands in its table, in the shape of ``triage.rules``."""
    return {
        "id": row["code"],
        "hard": row["is_hard"],
        **row["body"],
        "reason_en": row["reason_en"],
        "reason_es": row["reason_es"],
    }


def read_invariants(file: Path = DEFAULTS / "invariants.json") -> object:
    """The invariants as they are written; ``rules.load_invariants`` checks them against a table."""
    try:
        return json.loads(file.read_text())
    except OSError as error:
        raise ProtocolFault(file.name, "", error.strerror or "cannot be read") from None
    except (ValueError, RecursionError) as error:
        raise ProtocolFault(file.name, "", f"is not JSON: {error}") from None


def _optional(folder: Path, name: str, columns: frozenset[str] | None = None) -> list[Row]:
    return _part(folder, name, columns) if (folder / f"{name}.json").exists() else []


def _part(folder: Path, name: str, columns: frozenset[str] | None) -> list[Row]:
    file = f"{name}.json"
    try:
        found = json.loads((folder / file).read_text())
    except OSError as error:
        raise ProtocolFault(file, "", error.strerror or "cannot be read") from None
    except ValueError as error:
        raise ProtocolFault(file, "", f"is not JSON: {error}") from None
    rows = [found] if name == "rule_set" else found
    if not isinstance(rows, list):
        raise ProtocolFault(file, "", "must be a list")
    for place, row in enumerate(rows):
        for message in column_faults(row, columns) if columns else ():
            raise ProtocolFault(file, f"/{place}", message)
    return rows


def column_faults(row: object, columns: frozenset[str]) -> Iterator[str]:
    """What a row lacks or has too much."""
    if not isinstance(row, dict):
        yield "must be an object"
    elif missing := sorted(columns - row.keys()):
        yield f"lacks {', '.join(missing)}"
    elif unknown := sorted(row.keys() - columns):
        yield f"has the unknown {', '.join(unknown)}"


def _check_version(row: Row) -> None:
    version = row["version"]
    if type(version) is not int or not 1 <= version <= 100_000:
        raise ProtocolFault("rule_set.json", "/version", "must be a whole number from 1")
