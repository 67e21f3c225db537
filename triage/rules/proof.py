"""Proves invariants over every call there can be, or shows calls that break them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from triage.rules import counter_examples, pair_claims, single_claims
from triage.rules.counter_examples import Search, Violation
from triage.rules.invariants import Claim, Independent, Invariant, Monotone
from triage.rules.rule_set import RuleSet
from triage.rules.space import space_of

MOST_LOOKED_AT = 40
"""So many broken regions of a claim are looked at, to show one call for each rule that decides."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether every invariant is true of every call, and the calls of which one is not.

    ``calls`` is the number of combinations, ``regions`` how many parts had to be looked at.
    """

    violations: tuple[Violation, ...]
    invariants: int
    calls: int
    regions: int

    @property
    def holds(self) -> bool:
        return not self.violations


def prove(rule_set: RuleSet, invariants: Iterable[Invariant]) -> Proof:
    """Check every invariant over every combination of answers, natures and switches.

    Raises TooManyRegions when the table is too tangled to be proven at all.
    """
    space, count, regions = space_of(rule_set), 0, 0
    violations: list[Violation] = []
    for invariant in invariants:
        search = Search(space, invariant, counter_examples.MOST_REGIONS - regions)
        violations += _broken(search)
        count, regions = count + 1, regions + search.regions
    return Proof(tuple(violations), count, space.size, regions)


def _broken(search: Search) -> Iterator[Violation]:
    """One call, or pair of calls, for each rule that decides where a claim is false."""
    for claim in search.invariant.then:
        found: dict[tuple[str, str], Violation] = {}
        for violation in islice(_violations(search, claim), MOST_LOOKED_AT):
            found.setdefault((violation.outcome.rule, violation.lost), violation)
        yield from found.values()


def _violations(search: Search, claim: Claim) -> Iterator[Violation]:
    match claim:
        case Monotone():
            return pair_claims.lowered(search, claim)
        case Independent():
            return pair_claims.changed(search, claim)
        case _:
            return single_claims.broken(search, claim)
