"""A table of a report: shown beside its definition, drawn, or written as CSV or JSON."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from typing import Any, NamedTuple

from heart.history.report import harmless

Value = str | int | float | None


class Kind(StrEnum):
    TEXT = "text"
    SENTENCE = "sentence"
    COUNT = "count"
    SHARE = "share"
    RATE = "rate"


class Column(NamedTuple):
    """A column: ``key`` is its name for machines, ``group`` the heading it shares with others."""

    key: str
    label: str
    kind: Kind = Kind.COUNT
    group: str = ""


class Cell(NamedTuple):
    """A value as people read it."""

    text: str
    kind: Kind


class Group(NamedTuple):
    """A heading over some columns."""

    label: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """``note`` is the definition of its figures, which is never shown apart from them."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]
    empty: str = "There are no such calls."
    chart: Any = field(default=None, compare=False)

    @property
    def groups(self) -> list[Group]:
        """The headings over the columns, or none."""
        found: list[Group] = []
        for column in self.columns:
            if found and found[-1].label == column.group:
                found[-1] = Group(column.group, found[-1].width + 1)
            else:
                found.append(Group(column.group, 1))
        return found if any(group.label for group in found) else []

    @property
    def lines(self) -> list[list[Cell]]:
        """The rows as people read them."""
        return [
            [
                Cell(shown(value, column.kind), column.kind)
                for value, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]

    def body(self) -> list[dict[str, Value]]:
        """The rows for machines."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]

    def csv(self) -> str:
        """The rows as CSV, harmless to a spreadsheet; the definition stands in no cell."""
        return written((column.key for column in self.columns), self.rows)


def written(head: Iterable[str], rows: Iterable[Sequence[Value]]) -> str:
    """Rows as CSV, harmless to a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def shown(value: Value, kind: Kind) -> str:
    """A value in words: 1,234; 12.3 %; a dash where there is none."""
    if value is None or value == "":
        return "–"
    if kind == Kind.SHARE:
        return f"{float(value) * 100:.1f} %"
    if kind == Kind.RATE:
        return f"{float(value):.2f}"
    return f"{value:,}" if kind == Kind.COUNT else str(value)


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None of nothing."""
    return round(part / whole, 7) if whole else None
