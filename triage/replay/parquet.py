"""Calls from a Parquet file, part by part, so that a file may be larger than memory."""

from collections.abc import Iterator
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
    except (OSError, pl.exceptions.PolarsError) as wrong:
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
    """A column as categories, and the code of each of them; the last code is for nulls."""

    name: str
    categories: pl.Expr
    table: Codes

    @classmethod
    def of(cls, name: str, kind: pl.DataType, book: Book) -> "_Fact":
        column = pl.col(name)
        if isinstance(kind, pl.Enum):
            spelled = kind.categories.to_list()
        elif isinstance(kind, pl.String | pl.Categorical):
            spelled = [*(NOT_ASKED_TEXT if value is None else value for value in book), NO_NAME]
            column = _named(column.cast(pl.String), pl.Enum(spelled)).alias(name)
        else:
            raise ColumnError(name, f"must be of texts or categories, not {kind}")
        codes = [code_of(book, None if text == NOT_ASKED_TEXT else text) for text in spelled]
        return cls(name, column, np.array([*codes, MISSING], code_type(book)))

    def codes(self, column: pl.Series) -> Codes:
        places = column.to_physical()
        if places.null_count():
            places = places.cast(pl.UInt32).fill_null(len(self.table) - 1)
        found: Codes = self.table[places.to_numpy()]
        return found


def _named(text: pl.Expr, kind: pl.Enum) -> pl.Expr:
    """Texts as categories; those without one of their own share the last."""
    named = text.cast(kind, strict=False)
    return (
        pl.when(named.is_null() & text.is_not_null()).then(pl.lit(NO_NAME, kind)).otherwise(named)
    )
