"""The replay says what ``evaluate`` says, of every row and whatever is missing from it."""

import random
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.replay.fillings import LATER_NATURE, Judge, columns, told
from tests.rules.default_table import QUESTIONS, rows, table
from tests.rules.default_table import load as load_default
from tests.rules.test_prover import ROW, load
from triage import replay, rules
from triage.replay import asking, automaton, compiled

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def usable(rows, switches):
    """What was drawn, loaded; a branch that can never hold is refused and drawn again."""
    try:
        return replace(load(rows), switches=switches)
    except rules.RuleError as wrong:
        assert "can never" in str(wrong)  # noqa: PT017
        return None


SWITCHES = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in rules.SWITCHES.items()}
)
TABLES = st.builds(usable, st.lists(ROW, min_size=1, max_size=4), SWITCHES).filter(bool)


def every_row(judge: Judge):
    """Every way to know a call: each fact missing, not asked, each of its values."""
    axes = {fact: [replay.MISSING, *values] for fact, values in judge.values.items()}
    axes["nature"].append(LATER_NATURE)
    return [dict(zip(axes, row, strict=True)) for row in product(*axes.values())]


def assert_exact(rule_set: rules.RuleSet) -> None:
    judge, one = Judge(rule_set), replay.compile(rule_set)
    every = every_row(judge)

    found = one.run(columns(one, every))

    for place, row in enumerate(every):
        assert told(one, found, place) == judge.told(row), row


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(TABLES)
def test_of_every_row_exactly_what_could_be_decided(rule_set):
    assert_exact(rule_set)


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@settings(max_examples=2_000, deadline=None, suppress_health_check=QUIET)
@given(TABLES)
def test_of_every_row_exactly_what_could_be_decided_at_length(rule_set):
    assert_exact(rule_set)


@pytest.mark.parametrize(("known", "open_"), [(0, 0), (2, 5), (0, 10**6)])
def test_limits_of_size_change_nothing(monkeypatch, known, open_):
    monkeypatch.setattr(compiled, "MOST_KNOWN_STATES", known)
    monkeypatch.setattr(compiled, "MOST_OPEN_STATES", open_)

    @settings(max_examples=15, deadline=None, suppress_health_check=QUIET)
    @given(TABLES)
    def each(rule_set):
        assert_exact(rule_set)

    each()


VALUES = {q.key: [None, *(q.values or ["some text"])] for q in QUESTIONS}
VALUES["nature"] = [None, *table().natures, LATER_NATURE]


def drawn(rng: random.Random, gaps: int) -> dict[str, str | int | None]:
    row = {fact: rng.choice(values) for fact, values in VALUES.items()}
    return row | dict.fromkeys(rng.sample(sorted(VALUES), gaps), replay.MISSING)


@pytest.mark.parametrize("policy", rules.SWITCHES["unknown_safety_policy"])
def test_default_table_on_known_rows(policy):
    rule_set, rng = table(policy), random.Random(policy)
    one = replay.compile(rule_set)
    some = [drawn(rng, 0) for _ in range(4_000)]

    found = one.run(columns(one, some))

    for place, row in enumerate(some):
        answers = {key: value for key, value in row.items() if key != "nature" and value}
        outcome = rules.evaluate(rule_set, answers, row["nature"])
        said = told(one, found, place)
        assert said.routes == {outcome.route}
        assert said.levels == {outcome.level}
        assert said.surely == said.possibly == set(outcome.units)
        assert said.rules == {said.rule} == {outcome.rule}


def test_default_table_on_rows_with_gaps():
    judge, rng = Judge(table()), random.Random(7)
    one = replay.compile(judge.rule_set)
    some = [drawn(rng, 1 + place % 3) for place in range(1_500)]
    some = [{**row, "loc": None, "lang": None, "weapon_type": None} for row in some]

    found = one.run(columns(one, some))

    for place, row in enumerate(some):
        assert told(one, found, place) == judge.told(row), row


def test_a_fact_without_a_column_is_missing():
    one, rng = replay.compile(table()), random.Random(3)
    some = [{**drawn(rng, 2), "age": replay.MISSING} for _ in range(500)]
    full = columns(one, some)

    with_column = one.run(full)
    without = one.run({fact: column for fact, column in full.items() if fact != "age"})

    for name in replay.Possible.__slots__:
        assert np.array_equal(getattr(with_column, name), getattr(without, name))


def test_columns_longer_than_one_part():
    one, rng = replay.compile(table()), random.Random(4)
    some = columns(one, [drawn(rng, place % 2) for place in range(300)])
    short = one.run(some)
    times = compiled.ROWS_AT_ONCE // 100

    long = one.run({fact: np.tile(column, times) for fact, column in some.items()})

    assert len(long) == 300 * times
    for name in replay.Possible.__slots__:
        assert np.array_equal(
            getattr(long, name),
            np.tile(getattr(short, name), times if name != "rules" else (1, times)),
        )


def test_more_rules_than_fit_into_a_word():
    many = [
        {**rows()[-1], "id": f"X{n:02}", "when": [[{"field": "age", "op": "is", "value": "teen"}]]}
        for n in range(70)
    ]
    rule_set = load_default([*many, rows()[-1]])
    one = replay.compile(rule_set)

    found = one.run({"age": one.encode("age", ["adult", "teen", replay.MISSING])})

    assert found.rules.shape == (2, 3)
    assert [told(one, found, n).rule for n in range(3)] == ["R99", "X00", None]
    assert told(one, found, 2).rules == {"X00", "R99"}


def test_a_tangled_table_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(asking, "MOST_REGIONS", 100)
    with pytest.raises(replay.TooManyRegions, match="more than 100 regions"):
        replay.compile(table())
    monkeypatch.undo()
    monkeypatch.setattr(automaton, "MOST_STATES", 50)
    with pytest.raises(replay.TooManyStates, match="more than 50 states"):
        replay.compile(table())


def test_what_matters_is_named():
    one = replay.compile(table())

    assert {"weapon", "si", "nature"} <= set(one.facts)
    assert not {"loc", "lang", "caller"} & set(one.facts)
    assert one.rules[-1] == "R99"
