"""What can happen: one frozen dataclass per verb, registered with its sentence.

A fact's meaning never changes; its fields are ids and codes only, never a name or free text, so that
a person's data can be erased without touching history.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts: belongs to a call unless ``call_id`` is None."""

    verb: ClassVar[str]
    noun: ClassVar[str]
    words: ClassVar[str]

    call_id: int | None

    def payload(self) -> dict[str, Any]:
        """The codes and ids of this fact, as they are stored."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "call_id"}

    def subject(self) -> str:
        """The row this is about, like ``run:7``."""
        return f"{self.noun}:{getattr(self, f'{self.noun}_id')}"


FACTS: dict[str, type[Fact]] = {}
F = TypeVar("F", bound=type[Any])


@dataclass_transform(kw_only_default=True, frozen_default=True)
def fact(verb: str, words: str) -> Callable[[F], F]:
    """Register a fact class under ``verb``; ``words`` is its sentence, with payload fields in braces."""

    def register(cls: F) -> F:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        if verb in FACTS:
            raise ValueError(f"the verb {verb!r} is registered twice")
        made.verb, made.words = verb, words
        made.noun = verb.partition(".")[0]
        FACTS[verb] = made
        return cast(F, made)

    return register


def sentence(verb: str, payload: dict[str, Any]) -> str:
    """A stored entry in plain words; an unknown verb is shown as it is."""
    known = FACTS.get(verb)
    if known is None:
        return verb
    shown = {f.name: "" for f in fields(known)} | {
        key: ", ".join(map(str, value)) if isinstance(value, list) else value
        for key, value in payload.items()
    }
    return known.words.format(**shown).strip()
