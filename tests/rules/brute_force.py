"""The judge of the prover: asks ``evaluate`` about call after call, and knows nothing of regions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

from triage import rules
from triage.rules.fields import GIVEN
from triage.rules.invariants import (
    Independent,
    Invariant,
    LevelAtLeast,
    Monotone,
    NotAlone,
    RouteIn,
    UnitsExclude,
    UnitsInclude,
)
from triage.rules.table import holds

Facts = dict[str, str | None]


def every_call(rule_set: rules.RuleSet) -> Iterator[Facts]:
    """All of them: for small tables only."""
    axes: dict[str, list[str | None]] = {
        q.key: [None, *(q.values or [GIVEN])] for q in rule_set.questions
    }
    axes["nature"] = [None, *rule_set.natures]
    axes |= {name: list(values) for name, values in rules.SWITCHES.items()}
    return (dict(zip(axes, values, strict=True)) for values in product(*axes.values()))


class Judge:
    """Answers of one table, each asked once."""

    def __init__(self, rule_set: rules.RuleSet) -> None:
        self.rule_set = rule_set
        self.known: dict[tuple[str | None, ...], tuple[rules.Outcome, frozenset[str]]] = {}
        self.keys = [*(q.key for q in rule_set.questions), "nature", *rules.SWITCHES]
        self.under: dict[tuple[str | None, ...], rules.RuleSet] = {}

    def ask(self, facts: Facts) -> tuple[rules.Outcome, frozenset[str]]:
        key = tuple(map(facts.get, self.keys))
        if key not in self.known:
            answers = {q.key: facts[q.key] for q in self.rule_set.questions if facts.get(q.key)}
            outcome = rules.evaluate(self.under_switches(facts), answers, facts.get("nature"))
            self.known[key] = outcome, frozenset(outcome.units)
        return self.known[key]

    def under_switches(self, facts: Facts) -> rules.RuleSet:
        """The table with the switches of this call; those it does not name are the table's own."""
        switches = {name: facts.get(name) or own for name, own in self.rule_set.switches.items()}
        key = tuple(switches.values())
        if key not in self.under:
            self.under[key] = replace(self.rule_set, switches=switches)
        return self.under[key]

    def broken(self, invariant: Invariant, calls: Iterable[Facts]) -> Facts | None:
        """The first of these calls that breaks the invariant."""
        for facts in calls:
            spared = invariant.unless is not None and holds(invariant.unless, facts)
            if holds(invariant.when, facts) and not spared:
                for claim in invariant.then:
                    if not self.keeps(claim, facts):
                        return facts
        return None

    def keeps(self, claim: rules.invariants.Claim, facts: Facts) -> bool:
        outcome, units = self.ask(facts)
        if isinstance(claim, UnitsInclude):
            return claim.all_of <= units and (not claim.any_of or bool(claim.any_of & units))
        if isinstance(claim, UnitsExclude):
            return not claim.units & units
        if isinstance(claim, NotAlone):
            return claim.unit not in units or bool(claim.beside & units)
        if isinstance(claim, RouteIn):
            return outcome.route in claim.routes
        if isinstance(claim, LevelAtLeast):
            return outcome.level >= claim.level
        if isinstance(claim, Independent):
            return outcome.rule not in claim.within or not self.depends(claim.field, facts)
        return all(self.keeps_step(claim, facts, higher) for higher in self.higher(claim, facts))

    def depends(self, field: str, facts: Facts) -> bool:
        return any(
            self.plain({**facts, field: v}) != self.plain(facts) for v in self.all_of(field)
        )

    def all_of(self, field: str) -> list[str | None]:
        if field in rules.SWITCHES:
            return list(rules.SWITCHES[field])
        question = next(q for q in self.rule_set.questions if q.key == field)
        return [None, *(question.values or [GIVEN])]

    def plain(self, facts: Facts) -> tuple[object, ...]:
        outcome, units = self.ask(facts)
        return outcome.rule, outcome.route, units, outcome.level

    def higher(self, claim: Monotone, facts: Facts) -> list[Facts]:
        now = [place for place, rung in enumerate(claim.ladder) if facts.get(claim.field) in rung]
        rungs = claim.ladder[now[0] + 1 :] if now else ()
        return [{**facts, claim.field: value} for rung in rungs for value in rung]

    def keeps_step(self, claim: Monotone, facts: Facts, higher: Facts) -> bool:
        (before, units), (after, more) = self.ask(facts), self.ask(higher)
        for one in claim.keeps:
            lost = after.level < before.level if one == "level" else one in units - more
            if lost and not any(
                one in e.loses and holds(e.before, facts) and holds(e.after, higher)
                for e in claim.exceptions
            ):
                return False
        return True


def facts_of(call: rules.Call) -> Facts:
    return {**call.answers, "nature": call.nature, **call.switches}
