"""Claims about two calls that differ in one answer: regions of the first, cut again for the second."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from triage.rules.counter_examples import Search, Violation
from triage.rules.evaluation import Outcome
from triage.rules.invariants import LEVEL, Excused, Independent, Monotone
from triage.rules.regions import WHOLE, Region, Table, View
from triage.rules.rule_set import RuleSet
from triage.rules.space import Call, Cells, Value, settle
from triage.rules.table import Guarded, Rule, When, holds


class Step(NamedTuple):
    """From one answer to another, and what must not be lost on the way."""

    field: str
    low: Value
    high: Value
    keeps: str
    excused: tuple[Excused, ...]


def lowered(search: Search, claim: Monotone) -> Iterator[Violation]:
    """A pair of calls of every region in which a step up the ladder, short or long, loses something."""
    space, field, rungs = search.space, claim.field, claim.rungs
    for one in claim.keeps:
        excused = tuple(exception for exception in claim.exceptions if one in exception.loses)
        table = Table(space, _view(one))
        for about in search.about():
            for before in search.cut(table, space.among(about, field, rungs)):
                lows = [value for value in rungs if before.cells & space.of(field, [value])]
                if not lows or not (before.level or before.units):
                    continue
                lowest = min(rungs[low] for low in lows)
                higher = [v for v in rungs if rungs[v] > lowest and v not in lows]
                if not higher:
                    continue  # every step stays in this region
                for after in search.cut(table, space.only(before.cells, field, higher)):
                    if after.level < before.level or after.units < before.units:
                        highs = [v for v in higher if after.cells & space.of(field, [v])]
                        for low, high in product(lows, highs):
                            if rungs[low] < rungs[high]:
                                step = Step(field, low, high, one, excused)
                                yield from _lowered_by(search, step, after.cells)


def changed(search: Search, claim: Independent) -> Iterator[Violation]:
    """A pair of calls of every region in which another answer to the field changes the outcome."""
    space, field = search.space, claim.field
    mask = space.masks[field]
    decided, whole = Table(space, View(rules=True)), Table(space, WHOLE)
    touched = _touched(search.rule_set, field)
    for cells in search.about():
        for region in search.cut(decided, cells):
            if region.rule not in claim.within:
                continue
            if region.cells & mask == mask and region.rule not in touched:
                continue
            for part in search.cut(whole, region.cells):
                other_answers = mask & ~part.cells
                if other_answers:
                    yield from _changed_from(search, claim, whole, part)


def is_lost(one: str, before: Outcome, after: Outcome) -> bool:
    """Whether the level is lower, or this unit no longer goes."""
    if one == LEVEL:
        return after.level < before.level
    return one in before.units and one not in after.units


def is_same(one: Outcome, other: Outcome) -> bool:
    """Whether two calls get the same; the sentences that explain it may differ."""
    return _plain(one) == _plain(other)


def _plain(outcome: Outcome) -> tuple[str, str, frozenset[str], int]:
    return outcome.rule, outcome.route, frozenset(outcome.units), outcome.level


def _view(one: str) -> View:
    return View(levels=frozenset({1, 2, 3, 4})) if one == LEVEL else View(units={one: one})


def _lowered_by(search: Search, step: Step, cells: Cells) -> Iterator[Violation]:
    def breaks(call: Call) -> Violation | None:
        return _loses(search, step, call)

    before = search.space.only(cells, step.field, [step.low])
    for part in _not_excused(search, step, step.excused, before):
        yield search.shown(part, breaks)


def _not_excused(
    search: Search, step: Step, excused: tuple[Excused, ...], cells: Cells
) -> Iterator[Cells]:
    """The parts of these calls before the step to which no exception applies."""
    if not excused:
        yield cells
        return
    space, (first, *others) = search.space, excused
    for before, starts in settle(space.cuts(first.before), cells):
        stepped = space.only(before, step.field, [step.high])
        for after, ends in settle(space.cuts(first.after), stepped):
            if not (starts and ends):
                part = space.only(after, step.field, [step.low])
                yield from _not_excused(search, step, tuple(others), part)


def _loses(search: Search, step: Step, call: Call) -> Violation | None:
    rule_set = search.rule_set
    call, other = call.given(step.field, step.low), call.given(step.field, step.high)
    before, after = call.decide(rule_set), other.decide(rule_set)
    if not is_lost(step.keeps, before, after) or not search.is_about(call):
        return None
    facts, other_facts = call.facts(rule_set), other.facts(rule_set)
    if any(holds(e.before, facts) and holds(e.after, other_facts) for e in step.excused):
        return None
    return Violation(search.invariant, call, before, other, after, step.keeps)


def _changed_from(
    search: Search, claim: Independent, whole: Table, part: Region
) -> Iterator[Violation]:
    space, field = search.space, claim.field
    mask = space.masks[field]
    low = _answer(part.cells, search, field)
    for other in search.cut(whole, part.cells & ~mask | mask & ~part.cells):
        if other.outcome == part.outcome:
            continue
        high = _answer(other.cells, search, field)

        def breaks(call: Call, high: Value = high) -> Violation | None:
            call, changed = call.given(field, low), call.given(field, high)
            before, after = call.decide(search.rule_set), changed.decide(search.rule_set)
            if before.rule not in claim.within or is_same(before, after):
                return None
            return (
                Violation(search.invariant, call, before, changed, after)
                if search.is_about(call)
                else None
            )

        yield search.shown(space.only(other.cells, field, [low]), breaks)


def _answer(cells: Cells, search: Search, field: str) -> Value:
    known = search.space.values[field]
    return next(value for value, cell in known.items() if cells & cell)


def _touched(rule_set: RuleSet, field: str) -> frozenset[str]:
    """The rules whose outcome may depend on the field once they have decided."""
    touched, later = [rule_set.default.id] if _in_first(rule_set.default, field) else [], False
    for rule in reversed(rule_set.rules):
        if later or _in_first(rule, field):
            touched.append(rule.id)
        later = later or _in_later(rule, field)
    return frozenset(touched)


def _in_first(rule: Rule, field: str) -> bool:
    return _reads(field, *_whens(rule.routes), *_whens(rule.adds), *_whens(rule.levels))


def _in_later(rule: Rule, field: str) -> bool:
    return _reads(field, rule.when, *_whens(rule.later_adds), *_whens(rule.levels))


def _whens(entries: tuple[Guarded[str], ...] | tuple[Guarded[int], ...]) -> list[When]:
    return [entry.when for entry in entries]


def _reads(field: str, *whens: When) -> bool:
    return any(c.reads == field for when in whens for branch in when for c in branch)
