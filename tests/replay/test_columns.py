"""Calls from sequences and from Parquet files; what cannot be understood is named."""

import random

import numpy as np
import polars as pl
import pytest

from tests.replay.test_equality import VALUES, drawn
from tests.rules.default_table import table
from triage import replay
from triage.replay import parquet


@pytest.fixture(scope="module")
def compiled():
    return replay.compile(table())


def frame(rows, kinds=None) -> pl.DataFrame:
    def spelled(value):
        if value == replay.MISSING:
            return None
        return replay.NOT_ASKED_TEXT if value is None else value

    texts = {
        fact: pl.Series([spelled(row[fact]) for row in rows], dtype=pl.String) for fact in VALUES
    }
    return pl.DataFrame(texts)


def as_enums(texts: pl.DataFrame) -> pl.DataFrame:
    """Categories in an order of their own, with some that no row has."""
    return texts.with_columns(
        pl.col(name).cast(
            pl.Enum(sorted({*texts[name].drop_nulls(), replay.NOT_ASKED_TEXT}, reverse=True))
        )
        for name in texts.columns
    )


KINDS = {
    "texts": lambda texts: texts,
    "categories": lambda texts: texts.with_columns(pl.all().cast(pl.Categorical)),
    "fixed categories": as_enums,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_says_what_sequences_say(compiled, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 1_000)
    rng = random.Random(kind)
    rows = [drawn(rng, place % 4) for place in range(5_000)]
    path = tmp_path / "calls.parquet"
    KINDS[kind](frame(rows)).with_columns(beat=pl.int_range(5_000)).write_parquet(
        path, row_group_size=700
    )

    parts = list(replay.read_parquet(path, compiled))

    assert len(parts) > 1
    assert pl.concat(part.others for part in parts)["beat"].to_list() == list(range(5_000))
    for fact in compiled.facts:
        read = np.concatenate([part.columns[fact] for part in parts])
        assert np.array_equal(read, compiled.encode(fact, [row[fact] for row in rows])), fact
    assert set(parts[0].columns) == set(compiled.facts)


def written(tmp_path, **columns):
    path = tmp_path / "calls.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["no", "yes", "perhaps"])])
def test_an_unknown_answer_is_named_with_its_row(compiled, tmp_path, kind):
    asked = pl.Series(["no", None, "yes", "perhaps", "perhaps"], dtype=kind)
    path = written(tmp_path, nature=["x"] * 5, harm_now=asked)

    with pytest.raises(replay.ColumnError) as wrong:
        list(replay.read_parquet(path, compiled))

    assert str(wrong.value) == "column harm_now: row 4: 'perhaps' is not an answer"


def test_rows_are_counted_over_all_parts(compiled, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 100)
    path = written(tmp_path, harm_now=["no"] * 1_234 + ["perhaps"])

    with pytest.raises(replay.ColumnError, match="row 1,235: 'perhaps'"):
        list(replay.read_parquet(path, compiled))


def test_a_category_that_no_row_has_is_no_fault(compiled, tmp_path):
    asked = pl.Series(["no", "yes"], dtype=pl.Enum(["perhaps", "no", "yes"]))

    (part,) = replay.read_parquet(written(tmp_path, harm_now=asked), compiled)

    assert np.array_equal(part.columns["harm_now"], compiled.encode("harm_now", ["no", "yes"]))


@pytest.mark.parametrize(
    "values", [[1, 2], [True, False], [b"no", b"yes"], [["no"], ["yes"]], [None, None]]
)
def test_a_column_of_another_type_is_named(compiled, tmp_path, values):
    path = written(tmp_path, harm_now=values)

    with pytest.raises(
        replay.ColumnError, match="column harm_now: must be of texts or categories"
    ):
        list(replay.read_parquet(path, compiled))


def test_a_file_without_facts_is_refused(compiled, tmp_path):
    path = written(tmp_path, beat=["1"], hour=["07"])

    with pytest.raises(replay.ColumnError, match="is not there, nor any other fact"):
        list(replay.read_parquet(path, compiled))


def test_a_file_without_rows_has_no_calls(compiled, tmp_path):
    path = written(tmp_path, harm_now=pl.Series([], dtype=pl.String))

    assert (
        sum(len(compiled.run(part.columns)) for part in replay.read_parquet(path, compiled)) == 0
    )


def damaged(path, tmp_path, how):
    content = path.read_bytes()
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(
        {
            "empty": b"",
            "text": b"nature,harm_now\nx,no\n",
            "cut short": content[: len(content) // 2],
            "pages wiped out": content[:4]
            + bytes(len(content) // 2)
            + content[len(content) // 2 + 4 :],
        }[how]
    )
    return bad


@pytest.mark.parametrize("how", ["empty", "text", "cut short", "pages wiped out"])
def test_what_is_no_parquet_is_said_so(compiled, tmp_path, how):
    rng = random.Random(1)
    whole = tmp_path / "calls.parquet"
    frame([drawn(rng, 0) for _ in range(2_000)]).write_parquet(whole)

    with pytest.raises(replay.FileError, match=r"bad\.parquet cannot be read as Parquet"):
        list(replay.read_parquet(damaged(whole, tmp_path, how), compiled))


def test_a_file_that_is_not_there_is_said_so(compiled, tmp_path):
    with pytest.raises(replay.FileError, match=r"none\.parquet cannot be read"):
        list(replay.read_parquet(tmp_path / "none.parquet", compiled))


def test_values_that_cannot_be_are_named(compiled):
    with pytest.raises(
        replay.ColumnError, match="column weapon: row 2: 'banana' is not an answer"
    ):
        compiled.encode("weapon", ["none", "banana"])
    with pytest.raises(replay.ColumnError, match="column colour: is no question of this version"):
        compiled.encode("colour", ["red"])
    with pytest.raises(replay.ColumnError, match="column unknown_safety_policy: is no question"):
        compiled.encode("unknown_safety_policy", ["cor"])


BYTES = np.ones(3, np.uint8)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"colour": BYTES}, "column colour: is no question of this version, nor the nature"),
        ({"weapon": BYTES, "si": BYTES[:2]}, "column si: has 2 rows, others have 3"),
        ({"weapon": BYTES.astype(np.int64)}, "column weapon: must be one row of uint8"),
        ({"weapon": BYTES.reshape(3, 1)}, "column weapon: must be one row of uint8"),
        ({"harm_now": BYTES * 5}, "column harm_now: row 1: no value has code 5"),
    ],
)
def test_columns_that_cannot_be_are_named(compiled, columns, message):
    with pytest.raises(replay.ColumnError, match=message):
        compiled.run(columns)


def test_without_columns_there_are_no_rows(compiled):
    assert len(compiled.run({})) == 0
