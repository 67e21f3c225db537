"""Which rules hold, found by one AND for each fact instead of one test for each condition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triage.rules.table import Facts, Rule


@dataclass(frozen=True, slots=True)
class Index:
    """Every alternative of every rule is one bit.

    ``by_fact`` keeps for each value of a fact the bits it leaves possible, and last, for any other
    value, the bits that do not ask about this fact.
    """

    every: int
    by_fact: tuple[tuple[str, Mapping[str | None, int], int], ...]
    by_rule: tuple[tuple[Rule, int], ...]

    def matching(self, facts: Facts) -> list[Rule]:
        """The rules that hold, in order: the same as testing each of them with ``holds``."""
        possible = self.every
        for reads, by_value, otherwise in self.by_fact:
            possible &= by_value.get(facts.get(reads), otherwise)
        return [rule for rule, bits in self.by_rule if possible & bits]


def build_index(rules: Iterable[Rule]) -> Index:
    """The index of the rules that have a condition."""
    passing: dict[str, dict[int, frozenset[str | None]]] = {}
    by_rule, bit = [], 1
    for rule in rules:
        first = bit
        for alternative in rule.when:
            for condition in alternative:
                of_fact = passing.setdefault(condition.reads, {})
                of_fact[bit] = of_fact.get(bit, condition.passes) & condition.passes
            bit <<= 1
        by_rule.append((rule, bit - first))
    every = bit - 1
    return Index(every, tuple(_by_value(every, *item) for item in passing.items()), tuple(by_rule))


def _by_value(
    every: int, reads: str, passing: Mapping[int, frozenset[str | None]]
) -> tuple[str, Mapping[str | None, int], int]:
    otherwise = every - sum(passing)
    values = frozenset[str | None]().union(*passing.values())
    by_value = {
        value: otherwise + sum(bit for bit, passes in passing.items() if value in passes)
        for value in values
    }
    return reads, by_value, otherwise
