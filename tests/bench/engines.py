"""The table of a version for two general engines: the first rule that holds, and its route.

They are given what a decision table is to them, rows of tests with a result. Added units, levels,
notes and sentences are left out, so that they do less than the console does.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import cel
import zen

from triage.rules import RuleSet
from triage.rules.space import space_of
from triage.rules.table import When

Decide = Callable[[Mapping[str, str | None]], str]
"""From facts, null where not asked, to "rule route"."""
Values = frozenset[str | None]


class Line(NamedTuple):
    """One row: for each fact that it asks about the values that pass."""

    tests: dict[str, Values]
    result: str


def lines(rule_set: RuleSet) -> Iterator[Line]:
    """Every alternative of every rule with every alternative of each of its routes, in order."""
    for rule in (*rule_set.rules, rule_set.default):
        for route in rule.routes:
            for holds in _alternatives(rule.when):
                for guard in _alternatives(route.when):
                    both = {
                        fact: holds.get(fact, guard.get(fact)) & guard.get(fact, holds.get(fact))
                        for fact in {**holds, **guard}
                    }
                    if all(both.values()):
                        yield Line(both, f"{rule.id} {route.value}")


def with_zen(rule_set: RuleSet) -> Decide:
    rows = list(lines(rule_set))
    facts = sorted({fact for row in rows for fact in row.tests})
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in facts],
        "outputs": [{"id": "result", "name": "result", "field": "result"}],
        "rules": [
            {
                "_id": str(place),
                "result": json.dumps(row.result),
                **{fact: ", ".join(map(_quoted, values)) for fact, values in row.tests.items()},
            }
            for place, row in enumerate(rows)
        ],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table"},
        {"id": "2", "sourceId": "table", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: decision.evaluate(dict(facts))["result"]["result"]


def with_cel(rule_set: RuleSet) -> Decide:
    """One expression: test ? result : test ? result : ..."""
    every = {fact: frozenset(known) for fact, known in space_of(rule_set).values.items()}
    text = ""
    for row in reversed(list(lines(rule_set))):
        tests = " && ".join(_cel(fact, values, every[fact]) for fact, values in row.tests.items())
        text = f"({tests}) ? {_quoted(row.result)} : {text}" if tests else _quoted(row.result)
    program = cel.compile(text)
    return lambda facts: program.execute(dict(facts))


def _alternatives(when: When) -> Iterator[dict[str, Values]]:
    for alternative in when or ((),):
        tests: dict[str, Values] = {}
        for condition in alternative:
            passes = tests.get(condition.reads, condition.passes)
            tests[condition.reads] = passes & condition.passes
        yield tests


def _cel(fact: str, passes: Values, every: Values) -> str:
    if passes == every - {None}:
        return f"{fact} != null"
    if len(passes) == 1:
        return f"{fact} == {_quoted(*passes)}"
    return f"{fact} in [{', '.join(map(_quoted, passes))}]"


def _quoted(value: str | None) -> str:
    return json.dumps(value)
