"""The decision table as CSV, to be edited in a spreadsheet: one line is one rule.

The file holds the table only; questions, targets and the rest come from the version it is read
beside. ``triage.exchange.cells`` describes how conditions are written.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from triage.exchange import cells, json_file
from triage.exchange.cells import Cell, CellFault, Token
from triage.protocol_files import ProtocolFault, ProtocolFiles, Row
from triage.rules.reading import MOST_RULES

COLUMNS = (
    *("code", "hard", "when", "route", "adds", "later_adds", "level"),
    *("reason_en", "reason_es", "notes", "citation", "basis"),
)
PARTS = {"route": "routes", "hard": "is_hard"}
"""Columns that the rules call otherwise."""

DELIMITERS = (",", ";", "\t")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""A spreadsheet would calculate a cell that begins like this; an apostrophe before it prevents that."""

LARGEST_CELL = 100_000
YES, NO = ("yes", "true", "1", "sí", "si"), ("no", "false", "0", "")
POINTER = re.compile(r"(?:/rules/(?P<place>\d+)| (?P<code>[^/]*))(?P<rest>/.*)?")


def written(files: ProtocolFiles) -> str:
    """The table of a version; the same version gives the same text."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for row in files.rules:
        lines.writerow(_safe(cell) for cell in _cells(row))
    return out.getvalue()


def encoded(files: ProtocolFiles) -> bytes:
    """The same as a file that spreadsheets take for Unicode."""
    return written(files).encode("utf-8-sig")


def read(file: Path, base: ProtocolFiles) -> ProtocolFiles:
    """The version ``base`` with the table of a file; ProtocolFault names line, column and character."""
    try:
        with file.open("rb") as stream:
            body = stream.read(json_file.LARGEST + 1)
    except OSError as error:
        raise ProtocolFault(file.name, "", error.strerror or "cannot be read") from None
    return parsed(body, base, file.name)


def parsed(body: bytes, base: ProtocolFiles, name: str) -> ProtocolFiles:
    """The same of what was uploaded."""
    if len(body) > json_file.LARGEST:
        raise ProtocolFault(name, "", f"is larger than {json_file.LARGEST:,} bytes")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ProtocolFault(name, f" line {line}", "is not UTF-8: save it as CSV UTF-8") from None
    lines = [_line(number, row, name) for number, row in _rows(text, name)]
    if not lines:
        raise ProtocolFault(name, "", "has no rules below its header")
    if len(lines) > MOST_RULES:
        raise ProtocolFault(name, "", f"has {len(lines)} rules; at most {MOST_RULES} can be read")
    rules = [{**line.rule, "order": place} for place, line in enumerate(lines)]
    try:
        json_file.checked(replace(base, rules=rules))
    except ProtocolFault as fault:
        place, message = _place(fault, lines)
        raise ProtocolFault(name, place, message) from None
    return replace(base, rules=rules)


# --- one rule and one line -----------------------------------------------------------------------


def _cells(row: Row) -> Iterator[str]:
    body = row["body"]
    yield row["code"]
    yield "yes" if row["is_hard"] else "no"
    yield cells.written_when(body["when"])
    yield cells.written_entries(body["routes"], "route")
    yield cells.written_entries(body.get("adds", []), "unit")
    yield cells.written_entries(body.get("later_adds", []), "unit")
    level = body["level"]
    yield cells.written_entries(level if isinstance(level, list) else [{"level": level}], "level")
    yield row["reason_en"]
    yield row["reason_es"]
    yield cells.written_notes(body.get("notes", []))
    yield row["citation"]
    yield row["basis"]


@dataclass(slots=True)
class Line:
    """A line of the file: where it began, the rule it says, and where in it each part stands."""

    number: int
    rule: Row
    places: dict[str, tuple[str, int]] = field(default_factory=dict)


def _line(number: int, row: Mapping[str, str], name: str) -> Line:
    line = Line(number, {})
    body: Row = {}
    readers: dict[str, Callable[[Cell, str], Any]] = {
        "when": lambda cell, at: cell.when(at),
        "routes": lambda cell, at: cell.entries(at, "route", _text),
        "adds": lambda cell, at: cell.entries(at, "unit", _text),
        "later_adds": lambda cell, at: cell.entries(at, "unit", _text),
        "level": lambda cell, at: _level(cell.entries(at, "level", _number)),
        "notes": lambda cell, at: cell.notes(at),
    }
    for column in COLUMNS:
        part, text = PARTS.get(column, column), row[column]
        try:
            if part in readers:
                cell = Cell(text)
                found = readers[part](cell, f"/{part}")
                line.places |= {at: (column, place) for at, place in cell.places.items()}
                if found or part in ("when", "routes", "level"):
                    body[part] = found
            elif part == "is_hard":
                line.rule[part] = _yes(text)
            else:
                line.rule[part] = text
        except CellFault as fault:
            raise ProtocolFault(name, f" line {number}, {column}", str(fault)) from None
    line.rule["body"] = body
    return line


def _text(token: Token) -> str:
    return token.text


def _number(token: Token) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", token.text):
        raise CellFault(token.character, f"{token.text[:40]!r} is no level: 1, 2, 3 or 4")
    return int(token.text)


def _level(rows: list[Row]) -> int | list[Row]:
    """One level for all calls is a number by itself."""
    if len(rows) == 1 and "when" not in rows[0]:
        level: int = rows[0]["level"]
        return level
    return rows


def _yes(text: str) -> bool:
    said = text.strip().lower()
    if said not in (*YES, *NO):
        raise CellFault(1, f"{text[:40]!r} is neither yes nor no")
    return said in YES


# --- the file ------------------------------------------------------------------------------------


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line as cells by column, with the number of the line on which it began."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(lines, [])
        names = [column.strip().lower() for column in header]
        _check_header(names, name)
        begins = lines.line_num + 1
        for found in lines:
            if any(cell.strip() for cell in found):
                yield begins, _row(names, found, begins, name)
            begins = lines.line_num + 1
    except csv.Error as error:
        at = f" line {lines.line_num or 1}"
        large = "field larger" in str(error)
        message = f"has a cell of more than {LARGEST_CELL:,} characters" if large else str(error)
        raise ProtocolFault(name, at, message) from None


def _row(names: list[str], found: list[str], number: int, name: str) -> dict[str, str]:
    if len(found) > len(names) and any(cell.strip() for cell in found[len(names) :]):
        raise ProtocolFault(name, f" line {number}", f"has more than {len(names)} cells")
    found += [""] * (len(names) - len(found))
    row = {column: _unsafe(cell) for column, cell in zip(names, found, strict=False)}
    for column, cell in row.items():
        if len(cell) > LARGEST_CELL:
            message = f"has more than {LARGEST_CELL:,} characters"
            raise ProtocolFault(name, f" line {number}, {column}", message)
    return row


def _delimiter(text: str) -> str:
    """What parts the columns of the first line: spreadsheets differ by country."""
    first = text.split("\n", 1)[0]
    return max(DELIMITERS, key=first.count)


def _check_header(names: list[str], name: str) -> None:
    if missing := [column for column in COLUMNS if column not in names]:
        raise ProtocolFault(name, " line 1", f"lacks the column {missing[0]}")
    if unknown := [column for column in names if column not in COLUMNS]:
        raise ProtocolFault(name, " line 1", f"has the unknown column {unknown[0]!r:.60}")
    if len(names) > len(COLUMNS):
        raise ProtocolFault(name, " line 1", "has a column twice")


def _place(fault: ProtocolFault, lines: list[Line]) -> tuple[str, str]:
    """Where in the file a fault of the checked version stands: the line, the column, the character."""
    found = POINTER.fullmatch(fault.pointer)
    if found is None:
        return "", f"{fault.pointer}: {fault.message}".strip(": ")
    if found["place"] is not None:
        line = lines[int(found["place"])]
    else:
        named = [line for line in lines if line.rule["code"] == found["code"]]
        if not named:
            return "", f"{fault.pointer.strip()}: {fault.message}"
        line = named[-1]
    rest = found["rest"] or ""
    for at, (column, character) in sorted(line.places.items(), key=lambda kept: -len(kept[0])):
        if rest.startswith(f"{at}/") or rest == at:
            return f" line {line.number}, {column}", f"character {character}: {fault.message}"
    column = _column(rest)
    return f" line {line.number}{column and ', '}{column}", fault.message


def _column(rest: str) -> str:
    part = rest.strip("/").split("/")[0]
    names = {PARTS.get(column, column): column for column in COLUMNS} | {"id": "code"}
    return names.get(part, names.get({"hard": "is_hard"}.get(part, ""), ""))


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
