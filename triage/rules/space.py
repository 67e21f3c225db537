"""All calls there can be: a bit for each value of each fact, so that a set of calls is one number.

A ``Cells`` number holds for every fact the values that are possible. It stands for every call that
takes one of the possible values of each fact: a box in the space of all calls.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import NamedTuple

from triage.rules.evaluation import Outcome, evaluate
from triage.rules.fields import GIVEN, ROUTES, SWITCHES
from triage.rules.rule_set import RuleSet
from triage.rules.table import When

Value = str | None
Box = Mapping[str, frozenset[Value]]
Cells = int


class Cut(NamedTuple):
    """One condition as cells: those of its fact that pass, and those that do not."""

    inside: Cells
    outside: Cells


Cuts = tuple[tuple[Cut, ...], ...]
"""A ``When`` as cells."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, filled in: what was answered, of which nature, under which switches."""

    nature: str | None
    answers: Mapping[str, str]
    switches: Mapping[str, str]

    def given(self, fact: str, value: Value) -> "Call":
        """The same call with another answer, nature or switch; None is "not asked"."""
        if fact == "nature":
            return replace(self, nature=value)
        if fact in self.switches:
            return replace(self, switches={**self.switches, fact: str(value)})
        answers = {key: answer for key, answer in self.answers.items() if key != fact}
        return replace(self, answers=answers if value is None else {**answers, fact: value})

    def facts(self, rule_set: RuleSet) -> dict[str, Value]:
        """What conditions read of it."""
        return {**rule_set.facts(self.answers, self.nature), **self.switches}

    def decide(self, rule_set: RuleSet) -> Outcome:
        """What the table says to it; the switches are those of the call."""
        under = replace(rule_set, switches=self.switches)
        return evaluate(under, self.answers, self.nature)


@dataclass(frozen=True, slots=True)
class Space:
    """The facts of a rule set with the cells of their values; ``route`` is one while adding units."""

    rule_set: RuleSet
    values: Mapping[str, Mapping[Value, Cells]]
    masks: Mapping[str, Cells]
    everything: Cells

    @property
    def size(self) -> int:
        """How many calls there are."""
        return self.count(self.everything)

    def count(self, cells: Cells) -> int:
        """How many calls these cells stand for."""
        return prod((cells & m).bit_count() for name, m in self.masks.items() if name != "route")

    def of(self, fact: str, values: Iterable[Value]) -> Cells:
        """The cells of these values of a fact; a value that it cannot have has none."""
        known = self.values[fact]
        return sum(known.get(value, 0) for value in values)

    def only(self, cells: Cells, fact: str, values: Iterable[Value]) -> Cells:
        """The same calls with these values of the fact instead."""
        return cells & ~self.masks[fact] | self.of(fact, values)

    def among(self, cells: Cells, fact: str, values: Iterable[Value]) -> Cells:
        """Those of the calls that have one of these values of the fact."""
        return cells & (~self.masks[fact] | self.of(fact, values))

    def within(self, box: Box) -> Cells:
        """The calls with these values; facts that are not named may have any."""
        cells = self.everything
        for fact, values in box.items():
            cells = self.only(cells, fact, values)
        return cells

    def box(self, cells: Cells) -> dict[str, frozenset[Value]]:
        """The values that are possible, by fact."""
        return {
            fact: frozenset(value for value, cell in known.items() if cells & cell)
            for fact, known in self.values.items()
            if fact != "route"
        }

    def cuts(self, when: When) -> Cuts:
        """A condition as cells."""
        return tuple(tuple(self.cut(c.reads, c.passes) for c in branch) for branch in when)

    def cut(self, fact: str, passes: Iterable[Value]) -> Cut:
        inside = self.of(fact, passes)
        return Cut(inside, self.masks[fact] & ~inside)

    def example(self, cells: Cells) -> Call:
        """A call in these cells in which as little was asked as can be."""
        answers = {}
        for question in self.rule_set.questions:
            value = self._plainest(question.key, cells)
            if value is not None:
                answers[question.key] = "en" if question.kind == "language" else value
        own = self.rule_set.switches
        switches = {
            name: own[name] if cells & self.of(name, [own[name]]) else self._some(name, cells)
            for name in SWITCHES
        }
        return Call(self._plainest("nature", cells), answers, switches)

    def _plainest(self, fact: str, cells: Cells) -> Value:
        return next(value for value, cell in self.values[fact].items() if cells & cell)

    def _some(self, fact: str, cells: Cells) -> str:
        return str(self._plainest(fact, cells))


def space_of(rule_set: RuleSet) -> Space:
    """Every answer to every question ("not asked" included), every nature, every switch."""
    values: dict[str, tuple[Value, ...]] = {
        q.key: (None, *([GIVEN] if q.is_open else q.values)) for q in rule_set.questions
    }
    values["nature"] = (None, *rule_set.natures)
    values |= SWITCHES
    values["route"] = ROUTES
    cells: dict[str, dict[Value, Cells]] = {}
    bit = 1
    for fact, known in values.items():
        cells[fact] = {value: bit << place for place, value in enumerate(known)}
        bit <<= len(known)
    masks = {fact: sum(known.values()) for fact, known in cells.items()}
    return Space(rule_set, cells, masks, bit - 1)


def truth(cuts: Cuts, cells: Cells) -> bool | Cut:
    """Whether a condition holds in all these calls or in none, or where it can be cut."""
    undecided: Cut | None = None
    for branch in cuts:
        partial: Cut | None = None
        for cut in branch:
            if not cells & cut.inside:
                break
            if partial is None and cells & cut.outside:
                partial = cut
        else:
            if partial is None:
                return True
            undecided = undecided or partial
    return undecided or not cuts


def settle(cuts: Cuts, cells: Cells) -> Iterator[tuple[Cells, bool]]:
    """The parts of these calls in which the condition holds for all or for none."""
    found = truth(cuts, cells)
    while not isinstance(found, bool):
        yield from settle(cuts, cells & ~found.outside)
        cells &= ~found.inside
        found = truth(cuts, cells)
    yield cells, found
