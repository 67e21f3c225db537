"""Calls of a Parquet file put to versions of the rules, for history that is not in this console."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from heart.replay import tally
from heart.replay.outcomes import RECORD, Version, beside
from heart.replay.tally import Tallies
from triage.replay import NOT_ASKED_TEXT, ColumnError, read_parquet

UNTOLD = {"community": True, "here": False, "disorder": False, "police": None, "hour": None}
"""What a column counts as where the file does not have it; a text is empty."""


def counted(path: Path, versions: Sequence[Version]) -> Iterator[tuple[int, Tallies]]:
    """Part after part: how many rows, and their tables of counts.

    Columns named like questions, and ``nature``, are what is known of the calls; ``community``,
    ``police``, ``tier``, ``disorder``, ``day``, ``hour`` and ``beat`` are counted by where they
    are there.
    """
    files = [read_parquet(path, version.compiled) for version in versions]
    first = 0
    for parts in zip(*files, strict=True):
        outcomes = [
            version.compiled.run(part.columns)
            for version, part in zip(versions, parts, strict=True)
        ]
        rows = len(outcomes[0])
        record = _record(pl.scan_parquet(path).slice(first, rows), rows)
        yield rows, tally.count(beside(record, outcomes), len(versions))
        first += rows


def _record(part: pl.LazyFrame, rows: int) -> pl.DataFrame:
    """What the file says of the calls beside the answers."""
    there = part.collect_schema()
    told = part.select([name for name in RECORD if name in there]).collect()
    columns = {}
    for name, kind in RECORD.items():
        otherwise = UNTOLD.get(name, "")
        if name not in there:
            columns[name] = pl.Series([otherwise], dtype=kind).new_from_index(0, rows)
            continue
        column = told[name]
        if column.dtype != pl.Boolean:  # a category, a text or a number
            column = column.cast(pl.String).replace(NOT_ASKED_TEXT, None)
        try:
            column = column.cast(kind)
        except pl.exceptions.PolarsError:
            raise ColumnError(name, f"cannot be read as {kind}") from None
        columns[name] = column if otherwise is None else column.fill_null(otherwise)
    return pl.DataFrame(columns)
