"""One decision: the first rule that holds sets the route, later ones only add or raise."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from triage.rules.index import Bits, Chosen, Row
from triage.rules.rule_set import RuleSet
from triage.rules.table import T

Units = tuple[str, ...]
MOST_KEPT = 1 << 14
"""So many parts of decisions are kept, sentences included: the same few come again and again."""


class Reason(NamedTuple):
    """What one rule contributed ("CCD + CRT, L3"; a later one "+ EMS, L4"), and why."""

    rule: str
    contributed: str
    sentence: str


class Outcome(NamedTuple):
    """The answer of the table: where the call goes, how urgently, by which rule and why."""

    route: str
    added: tuple[str, ...]
    level: int
    rule: str
    reasons: tuple[Reason, ...]
    matched: tuple[str, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The primary route and everything added to it."""
        return (self.route, *self.added)


def evaluate(
    rule_set: RuleSet, answers: Mapping[str, str], nature: str | None, *, language: str = "en"
) -> Outcome:
    """Decide one call. Only asked questions are in ``answers``; they have passed check_answers."""
    index = rule_set.index
    held = rule_set.held(answers, nature)
    matching = index.matching(held) or [index.default]
    first, *later = matching
    units, level, reason = _decided(first, held & first.deciding, language)
    route, reasons = units[0], [reason]
    held &= index.by_route[route]
    for row in later:
        if row.later_adds or row.highest > level:
            units, level, more = _added(row, held & row.adding, units, level, language)
            if more is not None:
                reasons.append(more)
    matched = tuple([row.id for row in matching])
    return Outcome(route, units[1:], level, first.id, tuple(reasons), matched)


@lru_cache(MOST_KEPT)
def _decided(row: Row, held: Bits, language: str) -> tuple[Units, int, Reason]:
    """What the first rule that holds decides, and why."""
    units = _with([_choice(row.routes, held)], row.adds, held)
    level = _choice(row.levels, held)
    why = [row.reason.in_language(language)]
    why += [note.in_language(language) for when, note in row.notes if held & when]
    return units, level, Reason(row.id, f"{' + '.join(units)}, L{level}", " ".join(why))


@lru_cache(MOST_KEPT)
def _added(
    row: Row, held: Bits, units: Units, level: int, language: str
) -> tuple[Units, int, Reason | None]:
    """Units and level after a later rule, and its reason if it changed them."""
    more, raised = _with(units, row.later_adds, held), max(level, _choice(row.levels, held))
    gained = [f"+ {' + '.join(more[len(units) :])}"] * (more != units)
    gained += [f"L{raised}"] * (raised > level)
    told = Reason(row.id, ", ".join(gained), row.fact.in_language(language)) if gained else None
    return more, raised, told


def _choice(entries: Chosen[T], held: Bits) -> T:
    for when, value in entries:
        if held & when:
            return value
    raise AssertionError("the last entry has no condition")


def _with(units: Iterable[str], adds: Chosen[str], held: Bits) -> Units:
    """These units and those that are added, each once."""
    return tuple(dict.fromkeys([*units, *(unit for when, unit in adds if held & when)]))
