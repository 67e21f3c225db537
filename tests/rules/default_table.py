"""The protocol that comes with the console, as the tests of the rules ask it: no database."""

from copy import deepcopy
from functools import lru_cache
from typing import Any

from triage import protocol_files, rules

FILES = protocol_files.read(protocol_files.DEFAULTS)
QUESTIONS = rules.load_questions(FILES.questions)
POLICIES = rules.SWITCHES["unknown_safety_policy"]


def rows() -> list[dict[str, Any]]:
    """The rules as ``load`` takes them, free to be changed."""
    return [deepcopy(protocol_files.rule_row(row)) for row in FILES.rules]


def load(
    changed: list[dict[str, Any]] | None = None, policy: str = "cor", **switches: str
) -> rules.RuleSet:
    return rules.load(
        rules=rows() if changed is None else changed,
        questions=QUESTIONS,
        natures=FILES.natures,
        switches={"unknown_safety_policy": policy, **switches},
    )


@lru_cache
def table(policy: str = "cor", **switches: str) -> rules.RuleSet:
    return load(policy=policy, **switches)


def decide(
    nature: str | None = None,
    *,
    policy: str = "cor",
    switches: dict[str, str] | None = None,
    **answers: str,
) -> rules.Outcome:
    """Ask the default table; the answers pass the check that the API makes."""
    assert rules.check_answers(QUESTIONS, answers) == []
    return rules.evaluate(table(policy, **(switches or {})), answers, nature)


def told(outcome: rules.Outcome) -> tuple[str, str, set[str], int]:
    """Rule, primary route, what goes along, and level."""
    return outcome.rule, outcome.route, set(outcome.added), outcome.level
