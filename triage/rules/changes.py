"""What another answer would do, and what a changed answer did."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.rules.evaluation import Outcome, evaluate
from triage.rules.rule_set import RuleSet

CODE = re.compile(r"[\w-]{1,20}")


@dataclass(frozen=True, slots=True)
class Change:
    """One other answer to one question, and the decision it would bring."""

    question: str
    answer: str
    instead_of: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Inputs:
    """A decision with what it rested on, as far as a difference is told."""

    nature: str | None
    answers: Mapping[str, str]
    rule: str
    route: str
    level: int


def what_would_change(
    rule_set: RuleSet, answers: Mapping[str, str], nature: str | None, *, language: str = "en"
) -> tuple[Change, ...]:
    """Single other answers that give another route or a higher level, most urgent first."""
    now = evaluate(rule_set, answers, nature)
    found = []
    for key, value in _other_answers(rule_set, answers):
        then = evaluate(rule_set, {**answers, key: value}, nature, language=language)
        if then.route != now.route or then.level > now.level:
            found.append(Change(key, value, answers.get(key), then))
    return tuple(sorted(found, key=lambda change: -change.outcome.level))


def differences(before: Inputs, after: Inputs) -> list[str]:
    """What changed and what came of it: "weapon none -> accessible: R13 -> R08", "CCD -> COR"."""
    old, new = _facts(before), _facts(after)
    changed = [
        f"{key} {_shown(old.get(key))} -> {_shown(new.get(key))}"
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]
    rule = f"{before.rule} -> {after.rule}" if before.rule != after.rule else f"still {after.rule}"
    told = [f"{', '.join(changed)}: {rule}"] if changed else [rule] * (before.rule != after.rule)
    if before.route != after.route:
        told.append(f"{before.route} -> {after.route}")
    if before.level != after.level:
        told.append(f"level {before.level} -> {after.level}")
    return told


def _other_answers(rule_set: RuleSet, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for question in rule_set.questions:
        if question.is_asked:
            for value in question.values:
                if answers.get(question.key) != value:
                    yield question.key, value


def _facts(inputs: Inputs) -> dict[str, str]:
    nature = {"nature": inputs.nature} if inputs.nature else {}
    return {**nature, **inputs.answers}


def _shown(value: str | None) -> str:
    """An answer as it is spelled; free text is not repeated."""
    if value is None:
        return "not asked"
    return value if CODE.fullmatch(value) else "(text)"
