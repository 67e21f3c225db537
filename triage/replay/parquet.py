"""Calls from a Parquet file, part by part, so that a file may be larger than memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from triage.replay.columns import (
    MISSING,
    NOT_ASKED_TEXT,
    Book,
    Codes,
    ColumnError,
    code_of,
    code_type,
    not_an_answer,
)
from triage.replay.compiled import Compiled

ROWS_AT_ONCE = 1 << 18
NO_NAME = "(another text)"
"""Stands for every text that is no value of a fact: a given text, a later nature, or a fault."""


class FileError(ValueError):
    """A file that cannot be read as Parquet."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows: the codes of the facts that the rules read, and all other columns as they are."""

    columns: dict[str, Codes]
    others: pl.DataFrame


def read_parquet(path: Path | str, compiled: Compiled) -> Iterator[Part]:
    """The rows in order; ColumnError names column, row and value of what cannot be understood.

    Facts are columns of texts or categories: null is missing, "(not asked)" is not asked.
    """
    try:
        yield from _parts(path, compiled)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as wrong:
        raise FileError(f"{Path(path).name} cannot be read as Parquet: {wrong}") from wrong


def _parts(path: Path | str, compiled: Compiled) -> Iterator[Part]:
    rows = pl.scan_parquet(path)
    schema = rows.collect_schema()
    facts = [
        _Fact.of(name, kind, compiled.books[name])
        for name, kind in schema.items()
        if name in compiled.facts
    ]
    if compiled.facts and not facts:
        raise ColumnError(compiled.facts[0], "is not there, nor any other fact that rules read")
    others = [name for name in schema if name not in compiled.books]
    wanted = rows.select(*(fact.categories for fact in facts), *others)
    first = 0
    for batch in wanted.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True):
        columns = {fact.name: fact.codes(batch[fact.name]) for fact in facts}
        for name, codes in columns.items():
            last = len(compiled.books[name])
            if len(codes) and codes.max() > last:
                row = first + int(np.argmax(codes > last))
                value = rows.select(name).slice(row, 1).collect().item()
                raise not_an_answer(name, row + 1, value)
        yield Part(columns, batch.select(others))
        first += len(batch)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A column as categories, with the code of each of them where they are known before."""

    name: str
    book: Book
    categories: pl.Expr
    table: Codes | None

    @classmethod
    def of(cls, name: str, kind: pl.DataType, book: Book) -> "_Fact":
        column = pl.col(name)
        if isinstance(kind, pl.Categorical):
            return cls(name, book, column, None)
        if isinstance(kind, pl.String):
            kind = pl.Enum([*(_spelled(value) for value in book), NO_NAME])
            column = _named(column, kind).alias(name)
        if not isinstance(kind, pl.Enum):
            raise ColumnError(name, f"must be of texts or categories, not {kind}")
        spelled = kind.categories
        return cls(name, book, column, _table(book, range(len(spelled)), spelled))

    def codes(self, column: pl.Series) -> Codes:
        places, table = column.to_physical(), self.table
        if table is None:
            used = column.drop_nulls().unique()
            table = _table(self.book, used.to_physical(), used.cast(pl.String))
        if places.null_count():
            places = places.fill_null(len(table) - 1)
        numbers = places.to_numpy()
        if numbers.dtype == table.dtype == np.uint8:
            # four times as fast as numpy, which turns every place into a long integer first
            by_byte = table.tobytes()[:256].ljust(256, b"\0")
            return np.frombuffer(numbers.tobytes().translate(by_byte), np.uint8)
        codes: Codes = table[numbers]
        return codes


def _table(book: Book, places: Iterable[int], spelled: Iterable[str]) -> Codes:
    """The code at the place of every category; the last one is for nulls."""
    by_place = {
        place: code_of(book, None if text == NOT_ASKED_TEXT else text)
        for place, text in zip(places, spelled, strict=True)
    }
    table = np.zeros(max(by_place, default=-1) + 2, code_type(book))
    table[list(by_place)] = list(by_place.values())
    table[-1] = MISSING
    return table


def _spelled(value: str | None) -> str:
    return NOT_ASKED_TEXT if value is None else value


def _named(text: pl.Expr, kind: pl.Enum) -> pl.Expr:
    """Texts as categories; those without one of their own share the last."""
    named = text.cast(kind, strict=False)
    return (
        pl.when(named.is_null() & text.is_not_null()).then(pl.lit(NO_NAME, kind)).otherwise(named)
    )
