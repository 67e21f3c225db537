"""What one invariant is about, and calls that break it with as few answers as will do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from triage.rules.evaluation import Outcome
from triage.rules.invariants import Invariant
from triage.rules.regions import Region, Table
from triage.rules.rule_set import RuleSet
from triage.rules.space import Call, Cells, Space, settle
from triage.rules.table import holds

MOST_REGIONS = 600_000
"""Where a proof of all invariants stops: some five seconds; the shipped table needs 76,000."""


class TooManyRegions(ValueError):
    """A table that cannot be proven because its conditions cut the space into too many parts."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            f"{name}: by here the table fell into more than {most:,} regions and cannot be"
            " proven; use fewer rules or simpler conditions"
        )


class Violation(NamedTuple):
    """A call that breaks an invariant; of a pair, the other call too, and what is ``lost`` there."""

    invariant: Invariant
    call: Call
    outcome: Outcome
    other: Call | None = None
    other_outcome: Outcome | None = None
    lost: str = ""


Breaks = Callable[[Call], Violation | None]


@dataclass(slots=True)
class Search:
    """The search for calls that break one invariant; counts the regions it looks at, up to ``most``."""

    space: Space
    invariant: Invariant
    most: int
    regions: int = field(default=0, init=False)

    @property
    def rule_set(self) -> RuleSet:
        return self.space.rule_set

    def about(self) -> Iterator[Cells]:
        """The calls that the invariant is about, each once."""
        spared = self.invariant.unless
        for cells, is_meant in settle(self.space.cuts(self.invariant.when), self.space.everything):
            if is_meant and spared is None:
                yield cells
            elif is_meant and spared is not None:
                parts = settle(self.space.cuts(spared), cells)
                yield from (part for part, is_spared in parts if not is_spared)

    def is_about(self, call: Call) -> bool:
        """The same of one call, as the rules read conditions."""
        facts, spared = call.facts(self.rule_set), self.invariant.unless
        return holds(self.invariant.when, facts) and not (spared and holds(spared, facts))

    def cut(self, table: Table, cells: Cells) -> Iterator[Region]:
        """The regions of these calls."""
        for region in table.regions(cells):
            self.regions += 1
            if self.regions > self.most:
                raise TooManyRegions(self.invariant.id, MOST_REGIONS)
            yield region

    def shown(self, cells: Cells, breaks: Breaks) -> Violation:
        """A call of these cells, all of which break the invariant, with what does not matter left out."""
        call = self.space.example(cells)
        found = breaks(call)
        if found is None:
            raise AssertionError(f"{self.invariant.id}: the rules do not confirm {call}")
        while smaller := self._smaller(found.call, breaks):
            found = smaller
        return found

    def _smaller(self, call: Call, breaks: Breaks) -> Violation | None:
        plainer = [replace(call, nature=None)] if call.nature else []
        plainer += [call.given(key, None) for key in call.answers]
        if call.switches != self.rule_set.switches:
            plainer.append(replace(call, switches=self.rule_set.switches))
        for one in plainer:
            found = breaks(one)
            if found is not None and found.call != call:
                return found
        return None
