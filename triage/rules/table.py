"""A decision table as typed data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Facts = Mapping[str, str | None]


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
    is_hard: bool
    when: When
    routes: tuple[Guarded[str], ...]
    adds: tuple[Guarded[str], ...]
    later_adds: tuple[Guarded[str], ...]
    levels: tuple[Guarded[int], ...]
    notes: tuple[Guarded[Words], ...]
    reason: Words


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
