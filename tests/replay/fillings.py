"""The judge of the replay: fills the gaps of a row in every way and asks ``evaluate`` each time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from triage import replay, rules
from triage.rules.fields import GIVEN, ROUTES

LATER_NATURE = "COMES LATER"
Row = Mapping[str, str | int | None]
"""A value for every fact; MISSING where the record does not tell."""


@dataclass(frozen=True)
class Told:
    """What a row of a ``Possible`` says, in words."""

    routes: frozenset[str]
    levels: frozenset[int]
    surely: frozenset[str]
    possibly: frozenset[str]
    rule: str | None
    rules: frozenset[str]


@dataclass(frozen=True)
class Judge:
    """Knows nothing of regions."""

    rule_set: rules.RuleSet

    @cached_property
    def values(self) -> dict[str, list[str | None]]:
        """What can fill a gap."""
        axes: dict[str, list[str | None]] = {
            q.key: [None, *(q.values or [GIVEN])] for q in self.rule_set.questions
        }
        return {**axes, "nature": [None, *self.rule_set.natures]}

    @cached_property
    def known(self) -> dict[tuple[str | None, ...], rules.Outcome]:
        return {}

    def decide(self, facts: tuple[str | None, ...]) -> rules.Outcome:
        if facts not in self.known:
            answers = dict(zip(self.values, facts, strict=True))
            nature = answers.pop("nature")
            given = {key: value for key, value in answers.items() if value is not None}
            self.known[facts] = rules.evaluate(self.rule_set, given, nature)
        return self.known[facts]

    def fillings(self, row: Row) -> Iterator[tuple[str | None, ...]]:
        return product(
            *(
                values if row[fact] == replay.MISSING else [row[fact]]
                for fact, values in self.values.items()
            )
        )

    def told(self, row: Row) -> Told:
        outcomes = [self.decide(facts) for facts in self.fillings(row)]
        decided = frozenset(outcome.rule for outcome in outcomes)
        units = [frozenset(outcome.units) for outcome in outcomes]
        return Told(
            routes=frozenset(outcome.route for outcome in outcomes),
            levels=frozenset(outcome.level for outcome in outcomes),
            surely=frozenset.intersection(*units),
            possibly=frozenset.union(*units),
            rule=min(decided) if len(decided) == 1 else None,
            rules=decided,
        )


def columns(compiled: replay.Compiled, rows: Sequence[Row]) -> dict[str, replay.Codes]:
    return {fact: compiled.encode(fact, [row[fact] for row in rows]) for fact in compiled.books}


def told(compiled: replay.Compiled, possible: replay.Possible, row: int) -> Told:
    rule = int(possible.rule[row])
    words = [int(word) for word in possible.rules[:, row]]
    return Told(
        routes=_of(ROUTES, possible.routes[row]),
        levels=_of((1, 2, 3, 4), possible.levels[row]),
        surely=_of(ROUTES, possible.units_surely[row]),
        possibly=_of(ROUTES, possible.units_possibly[row]),
        rule=None if rule < 0 else compiled.rules[rule],
        rules=_of(compiled.rules, sum(word << 64 * at for at, word in enumerate(words))),
    )


def _of(names, bits) -> frozenset:
    assert not int(bits) >> len(names)
    return frozenset(name for at, name in enumerate(names) if int(bits) >> at & 1)
