"""What a condition may ask about: every field with its values, and which operators fit it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from triage.rules.answers import Question

ROUTES = ("CCD", "CRT", "COR", "POLICE", "EMS", "FIRE", "988", "PSAP", "DISPATCHER")
CATEGORIES = ("BH", "QOL", "MED", "SAF", "ADM")
SWITCHES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unknown_safety_policy": ("cor", "crt_staged", "police"),
        "minors": ("heart", "cor"),
        "third_party": ("accepted", "dispatcher"),
        "indoor": ("accepted", "cor"),
    }
)
"""What an agency settles once for all calls; a version that names no value has the first.

``unknown_safety_policy`` (domain.md 5.2, R11): who goes when weapon or violence stays unknown.
``minors``: whether children and teens are HEART's, or go to co-response (Baltimore began at 18).
``third_party``: whether a caller who is not with the person is enough (Raleigh: first party only).
``indoor``: whether the unarmed team enters homes, or co-response does (Portland began outdoors).
"""

ONE, MANY, NONE, ROUTE_LIST = (
    ("is", "is_not"),
    ("in", "not_in"),
    ("asked", "not_asked"),
    ("contains",),
)
OPERATORS = (*ONE, *MANY, *NONE, *ROUTE_LIST)
GIVEN = "(given)"
"""Stands for any free text: rules only see that there is one."""


@dataclass(frozen=True, slots=True)
class Nature:
    """A coded type of incident as far as the rules care."""

    code: str
    category: str
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Something a condition may ask about.

    ``reads`` names the fact that is looked up; ``meaning`` tells which values of that fact each
    value of the field stands for: a category stands for its natures, an answer for itself.
    """

    name: str
    reads: str
    meaning: Mapping[str, frozenset[str]]
    operators: tuple[str, ...]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.meaning)


def fields(questions: Iterable[Question], natures: Iterable[Nature]) -> dict[str, Field]:
    """Every field of a rule set, by name; ``route`` is the primary route already chosen."""
    natures = tuple(natures)
    found = [_answer(question) for question in questions]
    found += [_plain(name, values) for name, values in SWITCHES.items()]
    found += [
        _plain("nature", [nature.code for nature in natures]),
        _of_nature("nature_category", {c: _codes(natures, c) for c in CATEGORIES}, (*ONE, *MANY)),
        _of_nature("nature_routes", {r: _codes(natures, r) for r in ROUTES}, ROUTE_LIST),
        _plain("route", ROUTES),
    ]
    names = [field.name for field in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"question {twice[0]}: this name is taken")
    return {field.name: field for field in found}


def load_natures(rows: Iterable[Mapping[str, Any]]) -> dict[str, Nature]:
    """The natures by code; ValueError names the one that cannot be used."""
    natures = [Nature(row["code"], row["category"], tuple(row["routes"])) for row in rows]
    for nature in natures:
        if nature.category not in CATEGORIES:
            raise ValueError(f"nature {nature.code}: no category {nature.category!r:.60}")
        if wrong := sorted(set(nature.routes) - set(ROUTES)):
            raise ValueError(f"nature {nature.code}: no route {wrong[0]!r:.60}")
    return {nature.code: nature for nature in natures}


def _answer(question: Question) -> Field:
    if question.is_open:
        return Field(question.key, question.key, {GIVEN: frozenset([GIVEN])}, NONE)
    return _plain(question.key, question.values)


def _plain(name: str, values: Iterable[str]) -> Field:
    return Field(name, name, {v: frozenset([v]) for v in values}, (*ONE, *MANY, *NONE))


def _of_nature(
    name: str, meaning: Mapping[str, frozenset[str]], operators: tuple[str, ...]
) -> Field:
    return Field(name, "nature", meaning, operators)


def _codes(natures: Iterable[Nature], wanted: str) -> frozenset[str]:
    return frozenset(n.code for n in natures if wanted == n.category or wanted in n.routes)
