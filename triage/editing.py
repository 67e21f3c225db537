"""Edits of a draft, pure: a version as plain rows goes in, the changed version comes out.

An edit touches what it names and nothing else. What makes no sense raises ProtocolFault with the
part of the version, the place in it and the reason; whether the whole still fits together is told
by ``faults``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from triage import protocol_files, rules
from triage.protocol_files import COLUMNS, ProtocolFault, ProtocolFiles, Row, column_faults

Edit = Callable[[ProtocolFiles], ProtocolFiles]
KEY = {"rules": "code", "questions": "key"}
"""The parts that are edited row by row, and the column that names a row."""

BODY = ("when", "routes", "adds", "later_adds", "level", "notes")
"""The parts of a rule that stand in its body."""

_ELSE = {"routes": [{"route": "DISPATCHER"}], "level": 1, "reason_en": "-", "reason_es": "-"}


class Fault(NamedTuple):
    """What is wrong with a version: in which part, in which row of it, where in that row, and why."""

    part: str
    row: str
    pointer: str
    message: str


# --- rows that have an order: rules and questions --------------------------------------------


def put_row(
    files: ProtocolFiles, part: str, name: str | None, row: Row, place: int | None = None
) -> ProtocolFiles:
    """Put a row in the place of the one with this name; without a name it is new.

    A new row goes to ``place``; without one in front of the default rule, or to the end.
    """
    key, rows = KEY[part], _rows(files, part)
    _check_shape(part, row)
    if any(other[key] == row[key] for other in rows if other[key] != name):
        raise ProtocolFault(part, f"/{key}", f"{row[key]!r:.60} is there already")
    if name is not None:
        at = _at(rows, part, name)
        return _with(files, part, [*rows[:at], row, *rows[at + 1 :]])
    end = len(rows) - (part == "rules")
    at = end if place is None else _place(place, end, part)
    return _with(files, part, [*rows[:at], row, *rows[at:]])


def move_row(files: ProtocolFiles, part: str, name: str, place: int) -> ProtocolFiles:
    """Move a row so that it is the one at ``place``, counted from 0."""
    rows = _rows(files, part)
    row = rows.pop(_at(rows, part, name))
    at = _place(place, len(rows), part)
    return _with(files, part, [*rows[:at], row, *rows[at:]])


def remove_row(files: ProtocolFiles, part: str, name: str) -> ProtocolFiles:
    """Leave a row out."""
    rows = _rows(files, part)
    rows.pop(_at(rows, part, name))
    return _with(files, part, rows)


# --- parts that are one form ---------------------------------------------------------------------


def put_settings(files: ProtocolFiles, changes: Mapping[str, Any]) -> ProtocolFiles:
    """Other words or switches of the version itself; its number stays."""
    if unknown := sorted(changes.keys() - (COLUMNS["rule_set"] - {"version"})):
        raise ProtocolFault("rule_set", f"/{unknown[0]:.60}", "cannot be changed")
    return replace(files, rule_set={**files.rule_set, **changes})


def put_rows(files: ProtocolFiles, part: str, rows: list[Row]) -> ProtocolFiles:
    """All targets, or the whole fallback chain in its order."""
    if part == "targets":
        return replace(files, targets=rows)
    if part == "fallback":
        numbered = [{**row, "order": order} for order, row in enumerate(rows, start=1)]
        return replace(files, fallback=numbered)
    raise ProtocolFault(part, "", "is edited row by row")


# --- what is wrong -------------------------------------------------------------------------------


def faults(files: ProtocolFiles, code: str | None = None) -> tuple[Fault, ...]:
    """What keeps a version from being compiled; of the rule ``code`` one fault for each of its parts."""
    row = next((row for row in files.rules if row["code"] == code), None)
    if row is not None and (found := tuple(_faults_of(files, row))):
        return found
    try:
        protocol_files.compiled(files)
    except rules.RuleError as wrong:
        is_rule = any(row["code"] == wrong.rule for row in files.rules)
        if wrong.rule == "switches":
            return (Fault("rule_set", "", f"/switches{wrong.pointer}", wrong.message),)
        return (Fault("rules", wrong.rule if is_rule else "", wrong.pointer, wrong.message),)
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        return (Fault("questions", "", "", str(wrong)),)
    return ()


def _faults_of(files: ProtocolFiles, row: Row) -> Iterator[Fault]:
    """Each part of the rule is read alone, beside parts that are known to be right."""
    is_default = row is files.rules[-1]
    last = {**_ELSE, "id": "else", "when": []}
    written = {**row["body"], "reason_en": row["reason_en"], "reason_es": row["reason_es"]}
    for part, value in written.items():
        alone = {**_ELSE, "id": row["code"], "when": [], part: value}
        if part != "when" and not is_default:
            alone["when"] = [[{"field": "nature", "op": "not_asked"}]]
        try:
            rules.load(
                rules=[alone] if is_default else [alone, last],
                questions=rules.load_questions(files.questions),
                natures=files.natures,
                switches=files.rule_set["switches"],
            )
        except rules.RuleError as wrong:
            if wrong.rule == row["code"]:
                yield Fault("rules", row["code"], wrong.pointer, wrong.message)
        except (ValueError, TypeError, KeyError, AttributeError):
            return  # the questions are at fault, and are told as such


def _check_shape(part: str, row: Row) -> None:
    for message in column_faults(row, COLUMNS[part] - {"order"}):
        raise ProtocolFault(part, "", message)
    name = row[KEY[part]]
    if not isinstance(name, str) or not name.strip():
        raise ProtocolFault(part, f"/{KEY[part]}", "must be a short name")
    if part == "rules":
        body = row["body"]
        if not isinstance(body, dict) or not body.keys() <= set(BODY):
            raise ProtocolFault(part, "/body", f"may have {', '.join(BODY)}")


def _rows(files: ProtocolFiles, part: str) -> list[Row]:
    if part not in KEY:
        raise ProtocolFault(part, "", "has no rows to be edited one by one")
    return list(getattr(files, part))


def _at(rows: list[Row], part: str, name: str) -> int:
    for at, row in enumerate(rows):
        if row[KEY[part]] == name:
            return at
    raise ProtocolFault(part, "", f"there is no {name!r:.60}")


def _place(place: int, last: int, part: str) -> int:
    if not 0 <= place <= last:
        raise ProtocolFault(part, "/place", f"must be from 0 to {last}")
    return place


def _with(files: ProtocolFiles, part: str, rows: list[Row]) -> ProtocolFiles:
    first = 0 if part == "rules" else 1
    numbered = [{**row, "order": order} for order, row in enumerate(rows, start=first)]
    return (
        replace(files, rules=numbered) if part == "rules" else replace(files, questions=numbered)
    )
