"""A CSV file record by record, each with its line number; a broken record stops nothing."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heart.history.profiles import Profile


class FileFault(Exception):
    """The file as a whole cannot be read with this profile."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row by column, or why there are none."""

    line: int
    cells: dict[str, str]
    fault: str = ""


def count_lines(path: Path) -> int:
    """How many lines the file has, for the progress bar."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def header(path: Path, profile: Profile) -> list[str]:
    """The column names of the file; raises FileFault when the profile names one it does not have."""
    with path.open(encoding=profile.encoding, errors="surrogateescape", newline="") as file:
        try:
            names = next(csv.reader(file, delimiter=profile.delimiter, strict=True), [])
        except csv.Error as error:
            raise FileFault(f"line 1: {error}") from None
    if missing := sorted(profile.named_columns() - set(names)):
        raise FileFault(
            f"line 1: the profile {profile.name} expects columns that are not there:"
            f" {', '.join(missing)}"
        )
    if len(set(names)) < len(names):
        raise FileFault("line 1: two columns have the same name")
    return names


def records(path: Path, profile: Profile) -> Iterator[Record]:
    """Every record after the header; lines without anything are passed over."""
    names = header(path, profile)
    with path.open(encoding=profile.encoding, errors="surrogateescape", newline="") as file:
        rows = csv.reader(file, delimiter=profile.delimiter, strict=True)
        next(rows)
        while True:
            line = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                where = f" up to line {rows.line_num}" if rows.line_num > line else ""
                yield Record(line, {}, f"is not CSV: {error}{where}")
                continue
            if cells:
                yield _record(line, names, cells)


def _record(line: int, names: list[str], cells: list[str]) -> Record:
    if len(cells) != len(names):
        return Record(line, {}, f"has {len(cells)} cells where the header has {len(names)}")
    if any(_unstorable(cell) for cell in cells):
        return Record(line, {}, "has bytes that are not text in this encoding, or NUL")
    return Record(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True)})


def _unstorable(cell: str) -> bool:
    if cell.isascii():
        return "\x00" in cell
    return any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in cell)
