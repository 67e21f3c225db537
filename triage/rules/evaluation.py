"""One decision: the first rule that holds sets the route, later ones only add or raise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from triage.rules.table import Guarded, Rule, RuleSet, When

T = TypeVar("T")
Facts = Mapping[str, str | None]


class Reason(NamedTuple):
    """What one rule contributed ("CCD + CRT, L3"; a later one "+ EMS, L4") and why, in a sentence."""

    rule: str
    contributed: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Outcome:
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
    matching = [rule for rule in rule_set.rules if holds(rule.when, facts)] or [rule_set.default]
    first, *later = matching
    route, level = _choice(first.routes, facts), _choice(first.levels, facts)
    units = [route]
    _extend(units, first.adds, facts)
    reasons = [Reason(first.id, f"{' + '.join(units)}, L{level}", _why(first, facts, language))]
    facts["route"] = route
    for rule in later:
        count, before = len(units), level
        _extend(units, rule.later_adds, facts)
        level = max(level, _choice(rule.levels, facts))
        if gained := [f"+ {unit}" for unit in units[count:]] + [f"L{level}"] * (level > before):
            reasons.append(Reason(rule.id, ", ".join(gained), _why(rule, facts, language)))
    return Outcome(
        route, tuple(units[1:]), level, first.id, tuple(reasons), tuple(r.id for r in matching)
    )


def holds(when: When, facts: Facts) -> bool:
    """Whether any alternative holds in all its conditions; without alternatives always."""
    if not when:
        return True
    for alternative in when:
        for condition in alternative:
            if facts.get(condition.reads) not in condition.passes:
                break
        else:
            return True
    return False


def _choice(entries: Iterable[Guarded[T]], facts: Facts) -> T:
    return next(entry.value for entry in entries if holds(entry.when, facts))


def _extend(units: list[str], adds: Iterable[Guarded[str]], facts: Facts) -> None:
    for entry in adds:
        if entry.value not in units and holds(entry.when, facts):
            units.append(entry.value)


def _why(rule: Rule, facts: Facts, language: str) -> str:
    notes = [n.value.in_language(language) for n in rule.notes if holds(n.when, facts)]
    return " ".join([rule.reason.in_language(language), *notes])
