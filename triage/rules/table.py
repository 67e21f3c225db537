"""A decision table as typed data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from triage.rules.answers import Question
from triage.rules.fields import GIVEN, Nature

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Condition:
    """One test, as written and as compiled: the fact it reads and the values that pass.

    Compiling every operator to a set of values keeps one meaning for all readers of a rule:
    "not asked" is the value None, and only ``not_asked`` lets it pass.
    """

    field: str
    op: str
    value: str | tuple[str, ...] | None
    reads: str
    passes: frozenset[str | None]


When = tuple[tuple[Condition, ...], ...]
"""Alternatives, each a list of conditions that must all hold; empty means always."""


@dataclass(frozen=True, slots=True)
class Guarded(Generic[T]):
    """A route, unit, level or note that counts only when its condition holds."""

    value: T
    when: When


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in the languages of the console."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    id: str
    when: When
    routes: tuple[Guarded[str], ...]
    adds: tuple[Guarded[str], ...]
    later_adds: tuple[Guarded[str], ...]
    levels: tuple[Guarded[int], ...]
    notes: tuple[Guarded[Words], ...]
    reason: Words


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version of the table with the questions, natures and switches it was written for."""

    rules: tuple[Rule, ...]
    default: Rule
    questions: tuple[Question, ...]
    natures: Mapping[str, Nature]
    switches: Mapping[str, str]
    answers: Mapping[str, frozenset[str] | None]

    def facts(self, answers: Mapping[str, str], nature: str | None) -> dict[str, str | None]:
        """What the conditions read. A nature added after loading is known by its code alone."""
        facts: dict[str, str | None] = {**self.switches, "nature": nature}
        for key, value in answers.items():
            allowed = self.answers[key]
            if allowed is not None and value not in allowed:
                raise ValueError(f"{key}: {value!r:.60} is not an answer")
            facts[key] = value if allowed is not None else GIVEN
        return facts
