"""A whole version, ready to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.rules.answers import Question
from triage.rules.fields import GIVEN, Nature
from triage.rules.index import Bits, Index
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
    start: Bits = field(init=False, repr=False)
    """What the switches leave."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.index.under(self.switches))

    def held(self, answers: Mapping[str, str], nature: str | None) -> Bits:
        """What holds of a call; ValueError names the answer that cannot be one."""
        try:
            return self.index.held(answers, nature, self.start)
        except KeyError:
            self.facts(answers, nature)
            raise

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
