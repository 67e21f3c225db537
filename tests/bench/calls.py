"""Calls as they might come: most questions asked, most answers the harmless first one."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from triage.replay import NOT_ASKED_TEXT
from triage.rules import RuleSet
from triage.rules.fields import GIVEN

ASKED = 0.6
HARMLESS = 0.7
INCOMPLETE = 1 / 3
LOST = 0.3
"""In an incomplete call each answer is lost with this chance."""
ROWS_AT_ONCE = 500_000
Call = tuple[dict[str, str], str | None]


def calls(
    rule_set: RuleSet, count: int, *, asked: float = ASKED, harmless: float = HARMLESS
) -> list[Call]:
    """Single calls: answers and nature."""
    rng = random.Random(count)
    values = {q.key: q.values or (GIVEN,) for q in rule_set.questions}
    natures = tuple(rule_set.natures)

    def answers() -> Iterator[tuple[str, str]]:
        for key, known in values.items():
            if rng.random() < asked:
                yield key, known[0] if rng.random() < harmless else rng.choice(known)

    return [(dict(answers()), rng.choice(natures)) for _ in range(count)]


def write(rule_set: RuleSet, path: Path, count: int, *, incomplete: bool, texts: bool) -> None:
    """The same kind of calls as a Parquet file with a column for each fact."""
    rng = np.random.default_rng(count)
    parts = [
        _part(rule_set, rng, min(ROWS_AT_ONCE, count - first), incomplete=incomplete)
        for first in range(0, count, ROWS_AT_ONCE)
    ]
    frame = pl.concat(parts, rechunk=False).lazy()
    (frame.cast(pl.String) if texts else frame).sink_parquet(path)


def _part(
    rule_set: RuleSet, rng: np.random.Generator, rows: int, *, incomplete: bool
) -> pl.DataFrame:
    values = {q.key: q.values or (GIVEN,) for q in rule_set.questions}
    values["nature"] = tuple(rule_set.natures)
    is_incomplete = rng.random(rows) < INCOMPLETE
    columns = {}
    for fact, known in values.items():
        spelled = pl.Series([NOT_ASKED_TEXT, *known], dtype=pl.Enum([NOT_ASKED_TEXT, *known]))
        places = rng.integers(1, len(spelled), rows, np.uint32)
        if fact != "nature":
            places[rng.random(rows) < HARMLESS] = 1
            places[rng.random(rows) >= ASKED] = 0
        column = spelled.gather(places)
        if incomplete:
            is_lost = pl.Series(is_incomplete & (rng.random(rows) < LOST))
            column = column.to_frame("x").select(pl.when(~is_lost).then(pl.col("x"))).to_series()
        columns[fact] = column
    return pl.DataFrame(columns)
