"""Every test of every rule with what was wanted and what was answered: "why not R08?"."""

from collections.abc import Mapping
from typing import NamedTuple

from triage.rules.rule_set import RuleSet
from triage.rules.table import holds


class Tested(NamedTuple):
    """One condition of one rule against one call; ``alternative`` numbers the "or" branches."""

    rule: str
    alternative: int
    field: str
    op: str
    wanted: str | tuple[str, ...] | None
    got: str | None
    passed: bool
    rule_holds: bool


def trace(rule_set: RuleSet, answers: Mapping[str, str], nature: str | None) -> tuple[Tested, ...]:
    """The whole reading of the table for one call, row by row; ``got`` is None when not asked."""
    facts = rule_set.facts(answers, nature)
    return tuple(
        Tested(
            rule=rule.id,
            alternative=place,
            field=condition.field,
            op=condition.op,
            wanted=condition.value,
            got=facts.get(condition.reads),
            passed=facts.get(condition.reads) in condition.passes,
            rule_holds=holds(rule.when, facts),
        )
        for rule in rule_set.rules
        for place, alternative in enumerate(rule.when)
        for condition in alternative
    )
