"""Claims about each call by itself: checked in every region that they can tell apart."""

from collections.abc import Iterator
from typing import assert_never

from triage.rules.counter_examples import Search, Violation
from triage.rules.fields import ROUTES
from triage.rules.invariants import (
    LevelAtLeast,
    NotAlone,
    RouteIn,
    Single,
    UnitsExclude,
    UnitsInclude,
)
from triage.rules.regions import Table, Units, View
from triage.rules.space import Call


def broken(search: Search, claim: Single) -> Iterator[Violation]:
    """A call of every region in which the claim is false."""

    def breaks(call: Call) -> Violation | None:
        outcome = call.decide(search.rule_set)
        if not search.is_about(call) or is_kept(
            claim, outcome.route, frozenset(outcome.units), outcome.level
        ):
            return None
        return Violation(search.invariant, call, outcome)

    table = Table(search.space, view_of(claim))
    for cells in search.about():
        for region in search.cut(table, cells):
            if not is_kept(claim, region.route, region.units, region.level):
                yield search.shown(region.cells, breaks)


def is_kept(claim: Single, route: str, units: Units, level: int) -> bool:
    """Whether a call with this outcome keeps the claim."""
    match claim:
        case UnitsInclude(any_of, all_of):
            return all_of <= units and (not any_of or not any_of.isdisjoint(units))
        case UnitsExclude(excluded):
            return excluded.isdisjoint(units)
        case NotAlone(unit, beside):
            return unit not in units or not beside.isdisjoint(units)
        case RouteIn(routes):
            return route in routes
        case LevelAtLeast(lowest):
            return level >= lowest
    assert_never(claim)


def view_of(claim: Single) -> View:
    """What the claim tells apart; where several would do, one name stands for all of them."""
    match claim:
        case UnitsInclude(any_of, all_of):
            return View(units={**_as_one(any_of), **{unit: unit for unit in all_of}})
        case UnitsExclude(excluded):
            return View(units=_as_one(excluded))
        case NotAlone(unit, beside):
            return View(units={**_as_one(beside), unit: unit})
        case RouteIn(routes):
            return View(routes=_as_one(routes) | _as_one(frozenset(ROUTES) - routes))
        case LevelAtLeast(lowest):
            return View(levels=frozenset([lowest]))
    assert_never(claim)


def _as_one(names: Units) -> dict[str, str]:
    return dict.fromkeys(names, min(names, default=""))
