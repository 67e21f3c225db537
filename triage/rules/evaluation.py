"""One decision: the first rule that holds sets the route, later ones only add or raise."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from triage.rules.rule_set import RuleSet
from triage.rules.table import Facts, Guarded, Rule, holds

T = TypeVar("T")


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
    facts = rule_set.facts(answers, nature)
    matching = rule_set.index.matching(facts) or [rule_set.default]
    first, *later = matching
    route, level = _choice(first.routes, facts), _choice(first.levels, facts)
    units = [route]
    _extend(units, first.adds, facts)
    why = " ".join([first.reason.in_language(language), *_notes(first, facts, language)])
    reasons = [Reason(first.id, f"{' + '.join(units)}, L{level}", why)]
    facts["route"] = route
    for rule in later:
        count, before = len(units), level
        _extend(units, rule.later_adds, facts)
        level = max(level, _choice(rule.levels, facts))
        gained = [f"+ {' + '.join(units[count:])}"] * (len(units) > count)
        gained += [f"L{level}"] * (level > before)
        if gained:
            reasons.append(Reason(rule.id, ", ".join(gained), _fact(rule, language)))
    return Outcome(
        route, tuple(units[1:]), level, first.id, tuple(reasons), tuple(r.id for r in matching)
    )


def _choice(entries: Iterable[Guarded[T]], facts: Facts) -> T:
    for entry in entries:
        if holds(entry.when, facts):
            return entry.value
    raise AssertionError("the last entry has no condition")


def _extend(units: list[str], adds: Iterable[Guarded[str]], facts: Facts) -> None:
    for entry in adds:
        if entry.value not in units and holds(entry.when, facts):
            units.append(entry.value)


def _notes(rule: Rule, facts: Facts, language: str) -> list[str]:
    return [note.value.in_language(language) for note in rule.notes if holds(note.when, facts)]


def _fact(rule: Rule, language: str) -> str:
    """The part before the colon: what comes after it would have been done had the rule decided."""
    fact, colon, _ = rule.reason.in_language(language).partition(": ")
    return f"{fact}." if colon else fact
