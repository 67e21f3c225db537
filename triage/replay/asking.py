"""What a replay asks of one version, each as an automaton made from the regions of the proof."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Generic

from triage.replay.automaton import Automaton, L, from_boxes, product, with_missing
from triage.replay.columns import OTHER_NATURE, Book
from triage.rules.fields import ROUTES, Nature
from triage.rules.regions import EACH, Region, Table, View
from triage.rules.rule_set import RuleSet
from triage.rules.space import Cells, Space, space_of

LEVELS = (1, 2, 3, 4)
MOST_REGIONS = 60_000
"""Where cutting stops, for one view: after ten seconds; the shipped table needs 1,500."""
NEVER_MEANT = {"nature": 1}
"""A nature that nobody knows is one of this version's, or none."""

Told = tuple[tuple[str, int], ...]
"""Bits to be set in the columns of a ``Possible``, by name."""


class TooManyRegions(ValueError):
    """A table that cannot be replayed because its conditions cut the space into too many parts."""

    def __init__(self) -> None:
        super().__init__(
            f"the table falls into more than {MOST_REGIONS:,} regions and cannot be replayed; use"
            " fewer rules or simpler conditions"
        )


@dataclass(frozen=True, slots=True)
class Asked(Generic[L]):
    """A question about what came out, with what is told if some of ``these`` may, or must, be it."""

    these: frozenset[L]
    possibly: Told
    surely: Told = ()


@dataclass(frozen=True, slots=True)
class Aspect(Generic[L]):
    """What one view tells apart when all facts are known, and what is asked about it."""

    automaton: Automaton[L]
    asked: tuple[Asked[L], ...]

    def known(self) -> Automaton[Told]:
        """Everything that is told of a call of which all is known."""

        def told(label: L) -> Told:
            meant = (asked for asked in self.asked if label in asked.these)
            return tuple(bits for asked in meant for bits in (*asked.possibly, *asked.surely))

        return self.automaton.named(told)

    def open(self) -> Iterator[Automaton[Told]]:
        """For each question an automaton that also takes calls of which something is missing."""
        for asked in self.asked:
            one = with_missing(self.automaton.named(asked.these.__contains__), NEVER_MEANT)
            yield one.named(_tells(asked))


def _tells(asked: Asked[L]) -> Callable[[frozenset[bool]], Told]:
    may, must = frozenset([True, False]), frozenset([True])
    by_answer = {may: asked.possibly, must: (*asked.possibly, *asked.surely)}
    return lambda answer: by_answer.get(answer, ())


def aspects(rule_set: RuleSet, books: Mapping[str, Book]) -> Iterator[Aspect[Any]]:
    """Route and rule, level, and each unit: views of their own, which stay small."""
    part = _Part.of(rule_set, books)
    rules = [rule.id for rule in (*rule_set.rules, rule_set.default)]
    view = part.automaton(View(routes=EACH, rules=True), lambda r: (r.rule, r.route))
    by_rule = [
        Asked(_labels(view, 0, rule), (("rules", 1 << at),), (("decides", at + 1),))
        for at, rule in enumerate(rules)
    ]
    by_route = [
        Asked(_labels(view, 1, route), (("routes", 1 << at),)) for at, route in enumerate(ROUTES)
    ]
    yield Aspect(view, (*by_rule, *by_route))
    yield Aspect(
        part.automaton(View(levels=frozenset(LEVELS)), lambda region: region.level),
        tuple(Asked(frozenset([n]), (("levels", 1 << at),)) for at, n in enumerate(LEVELS)),
    )
    for at, unit in enumerate(ROUTES):
        asked = Asked(
            frozenset([True]), (("units_possibly", 1 << at),), (("units_surely", 1 << at),)
        )
        yield Aspect(
            part.automaton(View(units={unit: unit}), lambda region: bool(region.units)), (asked,)
        )


def put_together(
    automata: Iterable[Automaton[Told]], facts: Iterable[str], most: int
) -> list[Automaton[Told]]:
    """Fewer automata that tell the same, each with at most so many states after any fact."""
    order, done = tuple(facts), list[Automaton[Told]]()
    for one in automata:
        both = product(done[-1], one, order, most) if done else None
        if both is None:
            done.append(one)
        else:
            done[-1] = both.named(lambda pair: pair[0] + pair[1])
    return done


@dataclass(frozen=True, slots=True)
class _Part:
    """The calls under the switches of one version, of natures that it does not know too."""

    space: Space
    cells: Cells
    values: Mapping[str, Sequence[Cells]]

    @classmethod
    def of(cls, rule_set: RuleSet, books: Mapping[str, Book]) -> "_Part":
        natures = {**rule_set.natures, OTHER_NATURE: Nature(OTHER_NATURE, "", ())}
        space = space_of(replace(rule_set, natures=natures))
        cells = space.within({name: frozenset([is_]) for name, is_ in rule_set.switches.items()})
        values = {fact: [space.of(fact, [v]) for v in book] for fact, book in books.items()}
        return cls(space, cells, values)

    def automaton(self, view: View, name: Callable[[Region], L]) -> Automaton[L]:
        regions = Table(self.space, view).regions(self.cells)
        found = list(islice(regions, MOST_REGIONS + 1))
        if len(found) > MOST_REGIONS:
            raise TooManyRegions
        return from_boxes([(r.cells & self.cells, name(r)) for r in found], self.values)


def _labels(view: Automaton[tuple[str, str]], place: int, name: str) -> frozenset[tuple[str, str]]:
    return frozenset(label for label in view.labels if label[place] == name)
