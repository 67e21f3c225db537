"""Cuts the space of all calls into regions that the table treats alike.

The table is followed rule by rule; where a condition holds for a part of a region only, the region
is cut in two. The regions that remain cover every combination of answers, natures and switches
exactly once, so that what is true in each of them is proven and not sampled.

Whoever needs to know one thing only ("are police sent?") says so with a ``View``: what it does not
tell apart is not cut, and far fewer regions remain.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from triage.rules.fields import ROUTES
from triage.rules.rule_set import RuleSet
from triage.rules.space import Box, Call, Cells, Cuts, Space, settle, space_of, truth
from triage.rules.table import Guarded, Rule

T = TypeVar("T")
U = TypeVar("U")
Units = frozenset[str]
EACH: Mapping[str, str] = {name: name for name in ROUTES}


@dataclass(frozen=True, slots=True)
class View:
    """What of an outcome is told apart, and by which name; what is not named is not.

    Two units of one name count as one: ``{"CRT": "team", "COR": "team"}`` tells whether any team
    goes. A level counts as the highest of ``levels`` that it reaches, or as 0.
    """

    routes: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    levels: frozenset[int] = frozenset()
    rules: bool = False


WHOLE = View(routes=EACH, units=EACH, levels=frozenset({1, 2, 3, 4}), rules=True)


@dataclass(frozen=True, slots=True)
class Region:
    """Calls with one outcome, as far as the view tells."""

    space: Space
    cells: Cells
    rule: str
    route: str
    units: Units
    level: int

    @property
    def outcome(self) -> tuple[str, str, Units, int]:
        return self.rule, self.route, self.units, self.level

    @property
    def size(self) -> int:
        """How many combinations are in here."""
        return self.space.count(self.cells)

    @property
    def box(self) -> Box:
        """The values that every fact may have in here."""
        return self.space.box(self.cells)

    def example(self) -> Call:
        """One call in here."""
        return self.space.example(self.cells)


def regions(rule_set: RuleSet, within: Box | None = None, view: View = WHOLE) -> Iterator[Region]:
    """Every region of the space, or of the part of it that ``within`` names."""
    space = space_of(rule_set)
    yield from Table(space, view).regions(space.within(within or {}))


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """A route, unit or level with its condition as cells."""

    value: T
    when: Cuts


@dataclass(frozen=True, slots=True)
class Primary:
    """Routes that the view does not tell apart: their name, the unit they are, their cells."""

    name: str
    units: Units
    cells: Cells


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as the view sees it, with the highest level and all units that it can bring later."""

    id: str
    when: Cuts
    routes: tuple[Choice[Primary], ...]
    levels: tuple[Choice[int], ...]
    adds: tuple[Choice[str], ...]
    later_adds: tuple[Choice[str], ...]
    highest: int
    brings: Units

    def changes(self, units: Units, level: int) -> bool:
        """Whether it can add anything when an earlier rule has decided."""
        return self.highest > level or not self.brings <= units


class Table:
    """The table as a view sees it, ready to cut."""

    def __init__(self, space: Space, view: View) -> None:
        self.space, self.view = space, view
        self._primaries = _primaries(space, view)
        rows = [self._row(rule) for rule in space.rule_set.rules]
        self.default = self._row(space.rule_set.default)
        self.rows = self._free_of_order(rows) if self._is_free_of_order(rows) else rows

    def regions(self, cells: Cells) -> Iterator[Region]:
        """The regions of these calls."""
        yield from self._first(0, cells)

    def _row(self, rule: Rule) -> Row:
        levels = self._choices(rule.levels, self._level)
        later_adds = self._units(rule.later_adds)
        return Row(
            id=rule.id if self.view.rules else "",
            when=self.space.cuts(rule.when),
            routes=self._choices(rule.routes, self._primaries.__getitem__),
            levels=levels,
            adds=self._units(rule.adds),
            later_adds=later_adds,
            highest=max(level.value for level in levels),
            brings=frozenset(unit.value for unit in later_adds),
        )

    def _level(self, level: int) -> int:
        return max((told for told in self.view.levels if told <= level), default=0)

    def _choices(
        self, entries: Iterable[Guarded[T]], name: Callable[[T], U]
    ) -> tuple[Choice[U], ...]:
        """The entries of which the first that holds counts; the last ones that say the same are one."""
        found = [Choice(name(entry.value), self.space.cuts(entry.when)) for entry in entries]
        while len(found) > 1 and found[-2].value == found[-1].value:
            del found[-2]
        return tuple(found)

    def _units(self, entries: Iterable[Guarded[str]]) -> tuple[Choice[str], ...]:
        told = self.view.units
        return tuple(
            Choice(told[entry.value], self.space.cuts(entry.when))
            for entry in entries
            if entry.value in told
        )

    def _is_free_of_order(self, rows: list[Row]) -> bool:
        """Whether every rule brings the same, be it the first that holds or a later one."""
        if self.view.rules or self.view.routes:
            return False
        nobody: Units = frozenset()
        return all(
            first == later
            for row in rows
            for holding, holds in settle(row.when, self.space.everything)
            if holds
            for at_route, primary in _choose(row.routes, holding)
            for part, first in _add(row.adds, at_route, primary.units)
            for _, later in _add(row.later_adds, part, nobody)
        )

    def _free_of_order(self, rows: list[Row]) -> list[Row]:
        """The strongest rules first, so that little is left to cut; without those that bring nothing."""
        default_brings = self.default.highest or self.default.adds or _are_units(self.default)
        kept = [row for row in rows if default_brings or row.highest or row.brings]
        return sorted(kept, key=lambda row: (-row.highest, -len(row.brings)))

    def _first(self, place: int, cells: Cells) -> Iterator[Region]:
        """The regions of calls in which none of the rules before this place holds."""
        rows = self.rows
        while place < len(rows):
            found = truth(rows[place].when, cells)
            if found is True:
                yield from self._decided(rows[place], place + 1, cells)
                return
            if found is False:
                place += 1
            else:
                yield from self._first(place, cells & ~found.outside)
                cells &= ~found.inside
        yield from self._decided(self.default, place, cells)

    def _decided(self, row: Row, place: int, cells: Cells) -> Iterator[Region]:
        for at_route, primary in _choose(row.routes, cells):
            for at_level, level in _choose(row.levels, at_route & primary.cells):
                for part, units in _add(row.adds, at_level, primary.units):
                    start = Region(self.space, part, row.id, primary.name, units, level)
                    yield from self._later(place, start)

    def _later(self, place: int, region: Region) -> Iterator[Region]:
        """The regions of a region in which a rule before this place has decided."""
        rows, cells, units, level = self.rows, region.cells, region.units, region.level
        while place < len(rows):
            row = rows[place]
            found = row.changes(units, level) and truth(row.when, cells)
            if found is False:
                place += 1
            elif found is True:
                for at_level, its_level in _choose(row.levels, cells):
                    for part, more in _add(row.later_adds, at_level, units):
                        grown = self._like(region, part, more, max(level, its_level))
                        yield from self._later(place + 1, grown)
                return
            else:
                yield from self._later(
                    place, self._like(region, cells & ~found.outside, units, level)
                )
                cells &= ~found.inside
        yield self._like(region, cells | self.space.masks["route"], units, level)

    def _like(self, region: Region, cells: Cells, units: Units, level: int) -> Region:
        return Region(self.space, cells, region.rule, region.route, units, level)


def _primaries(space: Space, view: View) -> dict[str, Primary]:
    """Routes by what the view, and the conditions on the route that it needs, can tell of them."""
    asked = {
        condition.passes
        for rule in space.rule_set.rules
        for entry in rule.later_adds
        if entry.value in view.units
        for branch in entry.when
        for condition in branch
        if condition.reads == "route"
    }

    def told(route: str) -> tuple[object, ...]:
        seen = view.routes.get(route, ""), view.units.get(route)
        return (*seen, *(route in passes for passes in asked))

    return {
        route: Primary(
            view.routes.get(route, ""),
            frozenset([view.units[route]] if route in view.units else []),
            ~space.masks["route"]
            | space.of("route", (r for r in ROUTES if told(r) == told(route))),
        )
        for route in ROUTES
    }


def _are_units(row: Row) -> bool:
    return any(choice.value.units for choice in row.routes)


def _choose(entries: tuple[Choice[T], ...], cells: Cells) -> Iterator[tuple[Cells, T]]:
    """The parts of these calls, each with the entry that counts there."""
    for place, entry in enumerate(entries):
        found = truth(entry.when, cells)
        while not isinstance(found, bool):
            yield from _choose(entries[place:], cells & ~found.outside)
            cells &= ~found.inside
            found = truth(entry.when, cells)
        if found:
            yield cells, entry.value
            return


def _add(
    entries: tuple[Choice[str], ...], cells: Cells, units: Units
) -> Iterator[tuple[Cells, Units]]:
    """The parts of these calls, each with the units after these entries."""
    for place, entry in enumerate(entries):
        if entry.value in units:
            continue
        found = truth(entry.when, cells)
        while not isinstance(found, bool):
            yield from _add(entries[place:], cells & ~found.outside, units)
            cells &= ~found.inside
            found = truth(entry.when, cells)
        if found:
            units |= {entry.value}
    yield cells, units
