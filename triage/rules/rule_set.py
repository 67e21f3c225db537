"""A whole version, ready to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.rules.answers import Question
from triage.rules.fields import GIVEN, Nature
from triage.rules.index import Index
from triage.rules.table import Rule


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version of the table with the questions, natures and switches it was written for."""

    rules: tuple[Rule, ...]
    default: Rule
    index: Index
    questions: tuple[Question, ...]
    natures: Mapping[str, Nature]
    switches: Mapping[str, str]
    answers: Mapping[str, frozenset[str] | None]

    def facts(self, answers: Mapping[str, str], nature: str | None) -> dict[str, str | None]:
        """What the conditions read; a nature added after loading is known by its code alone."""
        facts: dict[str, str | None] = {**self.switches, "nature": nature}
        for key, value in answers.items():
            if key not in self.answers:
                raise ValueError(f"no question {key!r:.60}")
            allowed = self.answers[key]
            if allowed is not None and value not in allowed:
                raise ValueError(f"{key}: {value!r:.60} is not an answer")
            facts[key] = value if allowed is not None else GIVEN
        return facts
