"""Cuts the space of all possible answers into regions that the table treats alike.

Every answer to every question ("not asked" included), every nature and every switch is one axis. The
table is followed rule by rule; where a condition holds for a part of a region only, the region is
cut in two. The regions that remain cover every combination exactly once, so that a claim that holds
in each of them is proven and not sampled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from triage.rules import Rule, RuleSet
from triage.rules.table import Condition, Guarded, When

Value = str | None
Box = dict[str, frozenset[Value]]


@dataclass(frozen=True, slots=True)
class Region:
    """Combinations of answers with one outcome."""

    box: Box
    rule: str
    route: str
    units: frozenset[str]
    level: int

    @property
    def size(self) -> int:
        return prod(len(values) for values in self.box.values())

    def example(self) -> tuple[dict[str, str], str | None, dict[str, str]]:
        """One call in here: answers, nature, switches."""
        call = {key: min(values, key=str) for key, values in self.box.items()}
        nature = call.pop("nature")
        switches = {"unknown_safety_policy": str(call.pop("unknown_safety_policy"))}
        return {key: value for key, value in call.items() if value is not None}, nature, switches


def everything(rule_set: RuleSet) -> Box:
    """All answers of all questions that can be told apart, all natures, all policies."""
    box: Box = {q.key: frozenset([*q.values, None]) for q in rule_set.questions if not q.is_open}
    box["nature"] = frozenset([*rule_set.natures, None])
    box["unknown_safety_policy"] = frozenset(["cor", "crt_staged", "police"])
    return box


def regions(rule_set: RuleSet, within: Box | None = None) -> Iterator[Region]:
    """Every region of the space, or of the part of it that ``within`` names."""
    yield from _first(rule_set, 0, {**everything(rule_set), **(within or {})})


def _first(rule_set: RuleSet, place: int, box: Box) -> Iterator[Region]:
    if place == len(rule_set.rules):
        yield from _decided(rule_set, rule_set.default, place, box)
        return
    rule = rule_set.rules[place]
    for part, holds in _settle(rule.when, box):
        if holds:
            yield from _decided(rule_set, rule, place + 1, part)
        else:
            yield from _first(rule_set, place + 1, part)


def _decided(rule_set: RuleSet, rule: Rule, place: int, box: Box) -> Iterator[Region]:
    for at_route, route in _choose(rule.routes, box):
        for at_level, level in _choose(rule.levels, at_route):
            for part, units in _add(rule.adds, at_level, frozenset([route])):
                start = Region({**part, "route": frozenset([route])}, rule.id, route, units, level)
                yield from _later(rule_set, place, start)


def _later(rule_set: RuleSet, place: int, region: Region) -> Iterator[Region]:
    while place < len(rule_set.rules) and not _can_change(rule_set.rules[place], region):
        place += 1
    if place == len(rule_set.rules):
        box = {key: values for key, values in region.box.items() if key != "route"}
        yield Region(box, region.rule, region.route, region.units, region.level)
        return
    rule = rule_set.rules[place]
    for part, holds in _settle(rule.when, region.box):
        if not holds:
            kept = Region(part, region.rule, region.route, region.units, region.level)
            yield from _later(rule_set, place + 1, kept)
            continue
        for at_level, level in _choose(rule.levels, part):
            for at_units, units in _add(rule.later_adds, at_level, region.units):
                highest = max(level, region.level)
                grown = Region(at_units, region.rule, region.route, units, highest)
                yield from _later(rule_set, place + 1, grown)


def _can_change(rule: Rule, region: Region) -> bool:
    highest = max(level.value for level in rule.levels)
    return highest > region.level or any(u.value not in region.units for u in rule.later_adds)


def _settle(when: When, box: Box) -> Iterator[tuple[Box, bool]]:
    """The parts of a box in which the condition holds everywhere or nowhere."""
    found = _truth(when, box)
    if isinstance(found, bool):
        yield box, found
        return
    values = box[found.reads]
    yield from _settle(when, {**box, found.reads: values & found.passes})
    yield from _settle(when, {**box, found.reads: values - found.passes})


def _truth(when: When, box: Box) -> bool | Condition:
    """Whether it holds, or the condition that does so for a part of the box only."""
    undecided: Condition | None = None
    for alternative in when:
        if any(box[c.reads].isdisjoint(c.passes) for c in alternative):
            continue
        partial = [c for c in alternative if not box[c.reads] <= c.passes]
        if not partial:
            return True
        undecided = undecided or partial[0]
    return undecided or not when


def _choose(entries: tuple[Guarded[Any], ...], box: Box) -> Iterator[tuple[Box, Any]]:
    for part, holds in _settle(entries[0].when, box):
        if holds:
            yield part, entries[0].value
        else:
            yield from _choose(entries[1:], part)


def _add(
    entries: tuple[Guarded[str], ...], box: Box, units: frozenset[str]
) -> Iterator[tuple[Box, frozenset[str]]]:
    if not entries:
        yield box, units
    elif entries[0].value in units:
        yield from _add(entries[1:], box, units)
    else:
        for part, holds in _settle(entries[0].when, box):
            grown = units | {entries[0].value} if holds else units
            yield from _add(entries[1:], part, grown)
