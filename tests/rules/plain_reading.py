"""The judge of ``evaluate``: reads the table rule by rule and condition by condition, slowly."""

from collections.abc import Iterable, Mapping

from triage import rules
from triage.rules.table import Facts, Guarded, Rule, T, holds


def plainly(
    rule_set: rules.RuleSet, answers: Mapping[str, str], nature: str | None, language: str
) -> rules.Outcome:
    """The decision as the documentation of the rules tells it."""
    facts = rule_set.facts(answers, nature)
    matching = [rule for rule in rule_set.rules if holds(rule.when, facts)] or [rule_set.default]
    first, *later = matching
    route, level = _choice(first.routes, facts), _choice(first.levels, facts)
    units = [route]
    _extend(units, first.adds, facts)
    notes = [note.value.in_language(language) for note in first.notes if holds(note.when, facts)]
    why = " ".join([first.reason.in_language(language), *notes])
    reasons = [rules.Reason(first.id, f"{' + '.join(units)}, L{level}", why)]
    facts["route"] = route
    for rule in later:
        count, before = len(units), level
        _extend(units, rule.later_adds, facts)
        level = max(level, _choice(rule.levels, facts))
        gained = [f"+ {' + '.join(units[count:])}"] * (len(units) > count)
        gained += [f"L{level}"] * (level > before)
        if gained:
            reasons.append(rules.Reason(rule.id, ", ".join(gained), _fact(rule, language)))
    return rules.Outcome(
        route, tuple(units[1:]), level, first.id, tuple(reasons), tuple(r.id for r in matching)
    )


def _choice(entries: Iterable[Guarded[T]], facts: Facts) -> T:
    return next(entry.value for entry in entries if holds(entry.when, facts))


def _extend(units: list[str], adds: Iterable[Guarded[str]], facts: Facts) -> None:
    for entry in adds:
        if entry.value not in units and holds(entry.when, facts):
            units.append(entry.value)


def _fact(rule: Rule, language: str) -> str:
    fact, colon, _ = rule.reason.in_language(language).partition(": ")
    return f"{fact}." if colon else fact
