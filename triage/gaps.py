"""What the safety statements would not see of a version, so that nobody may slip through there.

A statement is about answers. It says nothing of an answer that its ladder does not name, and nothing
of a question that is hidden from the very calls a hard rule is for.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triage import rules
from triage.protocol_files import ProtocolFiles
from triage.rules.invariants import Monotone
from triage.rules.table import Condition


def gaps(
    files: ProtocolFiles, rule_set: rules.RuleSet, invariants: Iterable[rules.Invariant]
) -> tuple[str, ...]:
    """Each gap in a sentence; none for a version whose statements see every answer."""
    return (*_unplaced(rule_set, invariants), *_hidden(files, rule_set))


def _unplaced(rule_set: rules.RuleSet, invariants: Iterable[rules.Invariant]) -> Iterator[str]:
    """Answers that a supervisor added to a question whose answers stand on a ladder of risk."""
    known = {question.key: question.values for question in rule_set.questions}
    for invariant in invariants:
        for claim in invariant.then:
            if isinstance(claim, Monotone):
                for value in known.get(claim.field, ()):
                    if value not in claim.rungs:
                        yield (
                            f"{claim.field}: how risky the answer {value} is, is not said in"
                            f" “{invariant.statement.en}”"
                        )


def _hidden(files: ProtocolFiles, rule_set: rules.RuleSet) -> Iterator[str]:
    """A hard rule reads a question that is asked only in some calls, and not just in those it is for."""
    after = {row["key"]: row["only_after"] for row in files.questions if row["only_after"]}
    for rule in rule_set.rules:
        for branch in rule.when if rule.is_hard else ():
            for condition in branch:
                asked = after.get(condition.field)
                if asked and None not in condition.passes and not _implied(asked, branch):
                    yield (
                        f"{rule.id}: reads {condition.field}, which is asked only after"
                        f" {asked['field']}; where nobody asks it, the rule cannot hold"
                    )


def _implied(asked: Mapping[str, Any], branch: tuple[Condition, ...]) -> bool:
    """Whether the rule is only for calls in which the question is asked."""
    return any(one.reads == asked["field"] and one.passes <= set(asked["in"]) for one in branch)
