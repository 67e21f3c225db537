"""The shipped table with one condition changed, again and again: what breaks an invariant is caught.

Brute force judges: every violation that the prover shows is asked of the rules, and where the prover
says that an invariant holds, no call of a reduced domain may break it. The domain crosses the
calls that the invariants are about with the answers that the changed rule reads.
"""

from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.rules.brute_force import Facts, Judge, facts_of
from tests.rules.default_table import load, rows, table
from tests.rules.test_invariants import SHIPPED
from triage import rules
from triage.rules.space import settle, space_of

SEED = 911
Condition = dict[str, Any]


class Mutant(NamedTuple):
    rule: str
    rule_set: rules.RuleSet
    fields: frozenset[str]


class Figures(NamedTuple):
    mutants: int
    breaking: int
    caught: int
    falsely_accused: int
    calls_asked: int


def whens(row: dict[str, Any]) -> Iterator[list[list[Condition]]]:
    """Every condition of a rule that decides anything; notes only explain."""
    yield row["when"]
    levels = row["level"] if isinstance(row["level"], list) else []
    for entry in (*row["routes"], *row.get("adds", []), *row.get("later_adds", []), *levels):
        yield entry.get("when", [])


def mutate(random: Random) -> Mutant | None:
    """One condition changed; None where the changed table is refused or says the same."""
    changed = rows()
    places = [
        (row, branch, place)
        for row in changed
        for when in whens(row)
        for branch in when
        for place in range(len(branch))
    ]
    row, branch, place = random.choice(places)
    flipped = flip(branch[place], random)
    if flipped is None and len(branch) == 1:
        return None
    branch[place : place + 1] = [] if flipped is None else [flipped]
    fields = frozenset(c["field"] for when in whens(row) for one in when for c in one)
    try:
        return Mutant(row["id"], load(changed), fields - {"route"})
    except rules.RuleError:
        return None


def flip(condition: Condition, random: Random) -> Condition | None:
    """The opposite, another value, one value more or less, or (None) the condition left out."""
    field, op, value = condition["field"], condition["op"], condition.get("value")
    opposite = {"is": "is_not", "in": "not_in", "asked": "not_asked", "not_in": "in"}
    opposite |= {two: one for one, two in opposite.items()}
    how = random.choice(["opposite", "value", "value", "value", "drop"])
    if how == "drop":
        return None
    if how == "opposite" and op in opposite:
        return {**condition, "op": opposite[op]}
    known = VALUES.get(field, [])
    if isinstance(value, str) and known:
        return {**condition, "value": random.choice([v for v in known if v != value])}
    if isinstance(value, list):
        other = random.choice(known)
        fewer = [v for v in value if v != other]
        return {**condition, "value": fewer if other in value and fewer else [*value, other]}
    return condition


VALUES: dict[str, list[str]] = {q.key: list(q.values) for q in table().questions if q.values}
VALUES["nature"] = list(table().natures)
VALUES["nature_category"] = ["BH", "QOL", "MED", "SAF", "ADM"]
VALUES["nature_routes"] = VALUES["route"] = list(rules.ROUTES)
VALUES |= {name: list(values) for name, values in rules.SWITCHES.items()}


def mutants(count: int) -> Iterator[Mutant]:
    random = Random(SEED)
    drawn = (mutate(random) for _ in range(count * 10))
    return islice((m for m in drawn if m and m.rule_set.rules != table().rules), count)


def backgrounds() -> list[Facts]:
    """A call for every way to meet the condition of an invariant, and one of which nothing is known."""
    space = space_of(table())
    found = [facts_of(space.example(space.everything))]
    for invariant in SHIPPED:
        for branch in invariant.when:
            for cells, holds in settle(space.cuts((branch,)), space.everything):
                if holds:
                    found.append(facts_of(space.example(cells)))
    return found


def domain(mutant: Mutant, most: int, random: Random) -> list[Facts]:
    axes = {}
    for field in sorted(mutant.fields):
        name = "nature" if field.startswith("nature") else field
        known: list[str | None] = [*VALUES[name]]
        axes[name] = known if name in rules.SWITCHES else [None, *known]
    every = list(product(*axes.values())) if prod_of(axes) <= 20_000 else None
    chosen = (
        [tuple(random.choice(v) for v in axes.values()) for _ in range(most)]
        if every is None
        else every
        if len(every) <= most
        else random.sample(every, most)
    )
    changes = [dict(zip(axes, values, strict=True)) for values in chosen]
    return [{**background, **change} for background in BACKGROUNDS for change in changes]


def prod_of(axes: dict[str, list[str | None]]) -> int:
    size = 1
    for values in axes.values():
        size *= len(values)
    return size


BACKGROUNDS = backgrounds()


def judged(count: int, most: int) -> Figures:
    breaking = caught = accused = asked = 0
    random = Random(SEED)
    for mutant in mutants(count):
        judge, calls = Judge(mutant.rule_set), domain(mutant, most, random)
        proof = rules.prove(mutant.rule_set, SHIPPED)
        found = {violation.invariant.id for violation in proof.violations}
        for violation in proof.violations:
            shown = judge.broken(violation.invariant, [facts_of(violation.call)])
            accused += shown is None
        missed = [i.id for i in SHIPPED if i.id not in found and judge.broken(i, calls)]
        breaking += bool(found or missed)
        caught += bool(found) and not missed
        asked += len(judge.known)
    return Figures(count, breaking, caught, accused, asked)


def test_mutants_that_break_an_invariant_are_caught_and_no_other_is_accused():
    figures = judged(30, most=2)

    assert (figures.caught, figures.falsely_accused) == (figures.breaking, 0)
    assert 10 < figures.breaking < 30


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_500_mutants(capsys):
    figures = judged(500, most=40)

    with capsys.disabled():
        print(figures)
    assert (figures.caught, figures.falsely_accused) == (figures.breaking, 0)
    assert figures.mutants == len(list(mutants(500))) == 500
