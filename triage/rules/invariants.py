"""What must be true of every call, as data that a supervisor can read and a proof can check."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.rules.fields import ROUTES, Field, fields
from triage.rules.reading import PartError, read_when
from triage.rules.rule_set import RuleSet
from triage.rules.table import When, Words

Value = str | None
KEYS = frozenset({"id", "en", "es", "when", "then"})
EXCEPTION_KEYS = frozenset({"loses", "before", "after", "reason_en", "reason_es"})
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEVEL = "level"
LONGEST_TEXT = 300
MOST_INVARIANTS = 200


class InvariantError(ValueError):
    """An invariant that cannot be used: which one, where in it, and why."""

    def __init__(self, invariant: str, pointer: str, message: str) -> None:
        self.invariant, self.pointer, self.message = invariant, pointer, message
        super().__init__(f"{invariant}{' ' if pointer else ''}{pointer}: {message}")


@dataclass(frozen=True, slots=True)
class UnitsInclude:
    """At least one of ``any_of`` goes, and each of ``all_of``."""

    any_of: frozenset[str]
    all_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class UnitsExclude:
    """None of these goes."""

    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotAlone:
    """If this unit goes, so does one of ``beside``."""

    unit: str
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class RouteIn:
    """The primary route is one of these."""

    routes: frozenset[str]


@dataclass(frozen=True, slots=True)
class LevelAtLeast:
    """The level is this or higher."""

    level: int


@dataclass(frozen=True, slots=True)
class Excused:
    """What a riskier answer may lose after all, from which calls to which, and why."""

    loses: frozenset[str]
    before: When
    after: When
    reason: Words


@dataclass(frozen=True, slots=True)
class Monotone:
    """A step up the ladder of answers never lowers the level, never takes one of the units away."""

    field: str
    ladder: tuple[tuple[Value, ...], ...]
    keeps: tuple[str, ...]
    exceptions: tuple[Excused, ...]

    @property
    def rungs(self) -> dict[Value, int]:
        """The height of every answer on the ladder."""
        return {value: height for height, rung in enumerate(self.ladder) for value in rung}


@dataclass(frozen=True, slots=True)
class Independent:
    """Another answer to this field changes nothing that one of these rules has decided."""

    field: str
    within: frozenset[str]


Single = UnitsInclude | UnitsExclude | NotAlone | RouteIn | LevelAtLeast
"""A claim about each call by itself."""

Claim = Single | Monotone | Independent


@dataclass(frozen=True, slots=True)
class Invariant:
    """A statement, the calls it is about, and what must be true of them."""

    id: str
    statement: Words
    when: When
    unless: When | None
    then: tuple[Claim, ...]


def load_invariants(rows: object, rule_set: RuleSet) -> tuple[Invariant, ...]:
    """The invariants in order; InvariantError names the one that cannot be used and the place."""
    if not isinstance(rows, list):
        raise InvariantError("invariants", "", "must be a list")
    if len(rows) > MOST_INVARIANTS:
        raise InvariantError("invariants", "", f"are {len(rows)}; at most {MOST_INVARIANTS}")
    known = fields(rule_set.questions, rule_set.natures.values())
    table = (*rule_set.rules, rule_set.default)
    reader = _Reader(
        known,
        hard=frozenset(rule.id for rule in table if rule.is_hard),
        every=frozenset(rule.id for rule in table),
    )
    found: dict[str, Invariant] = {}
    for place, row in enumerate(rows):
        name = row.get("id") if isinstance(row, Mapping) else None
        if not isinstance(name, str) or len(name) > 40 or not SLUG.fullmatch(name):
            raise InvariantError(f"row {place + 1}", "/id", "must be words-like-this, at most 40")
        if name in found:
            raise InvariantError(name, "/id", "stands in the list twice")
        try:
            found[name] = reader.invariant(name, row)
        except PartError as wrong:
            raise InvariantError(name, wrong.pointer, wrong.message) from None
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Reader:
    known: Mapping[str, Field]
    hard: frozenset[str]
    every: frozenset[str]

    def invariant(self, name: str, row: Mapping[str, Any]) -> Invariant:
        _check_keys(row, KEYS, {"unless"}, "")
        then = _list(row["then"], "/then")
        return Invariant(
            name,
            Words(_text(row["en"], "/en"), _text(row["es"], "/es")),
            read_when(row["when"], self.known, "/when"),
            read_when(_list(row["unless"], "/unless"), self.known, "/unless")
            if "unless" in row
            else None,
            tuple(self.claim(claim, f"/then/{place}") for place, claim in enumerate(then)),
        )

    def claim(self, row: object, at: str) -> Claim:
        name = row.get("claim") if isinstance(row, Mapping) else None
        if not isinstance(row, Mapping) or not isinstance(name, str) or name not in CLAIMS:
            raise PartError(f"{at}/claim", f"{name!r:.60} is not one of {', '.join(CLAIMS)}")
        needed, optional = CLAIMS[name]
        _check_keys(row, {"claim", *needed}, optional, at)
        if name == "units_include":
            if len(row) != 2:
                raise PartError(at, "must have either any_of or all_of")
            any_of, all_of = row.get("any_of"), row.get("all_of")
            return UnitsInclude(
                _units(any_of, f"{at}/any_of") if "any_of" in row else frozenset(),
                _units(all_of, f"{at}/all_of") if "all_of" in row else frozenset(),
            )
        if name == "units_exclude":
            return UnitsExclude(_units(row["units"], f"{at}/units"))
        if name == "not_alone":
            return NotAlone(
                _unit(row["unit"], f"{at}/unit"), _units(row["without"], f"{at}/without")
            )
        if name == "route_in":
            return RouteIn(_units(row["routes"], f"{at}/routes"))
        if name == "route_not_in":
            return RouteIn(frozenset(ROUTES) - _units(row["routes"], f"{at}/routes"))
        if name == "has_route":
            return RouteIn(frozenset(ROUTES))
        if name == "level_at_least":
            if type(row["level"]) is not int or not 1 <= row["level"] <= 4:
                raise PartError(f"{at}/level", "must be a level from 1 to 4")
            return LevelAtLeast(row["level"])
        if name == "monotone":
            return self.monotone(row, at)
        return self.independent(row, at)

    def monotone(self, row: Mapping[str, Any], at: str) -> Monotone:
        name = self.answer_field(row["field"], f"{at}/field")
        allowed = {None, *self.known[name].values}
        ladder = []
        for place, rung in enumerate(_list(row["ladder"], f"{at}/ladder")):
            values = rung if isinstance(rung, list) else [rung]
            for value in values or ["(none)"]:
                if not isinstance(value, str | None) or value not in allowed:
                    raise PartError(f"{at}/ladder/{place}", f"{value!r:.60} is not an answer")
            ladder.append(tuple(values))
        every = [value for rung in ladder for value in rung]
        if len(ladder) < 2 or len(set(every)) < len(every):
            raise PartError(f"{at}/ladder", "needs two or more rungs, each answer on one of them")
        keeps = _list(row["keeps"], f"{at}/keeps")
        kept = _kept(keeps, f"{at}/keeps")
        return Monotone(
            name,
            tuple(ladder),
            tuple(dict.fromkeys(one for one in keeps if isinstance(one, str))),
            tuple(
                self.exception(one, kept, f"{at}/exceptions/{place}")
                for place, one in enumerate(_list(row.get("exceptions", []), f"{at}/exceptions"))
            ),
        )

    def exception(self, row: object, kept: frozenset[str], at: str) -> Excused:
        if not isinstance(row, Mapping):
            raise PartError(at, "must be an object")
        _check_keys(row, EXCEPTION_KEYS, set(), at)
        loses = _kept(row["loses"], f"{at}/loses")
        if not loses <= kept:
            raise PartError(f"{at}/loses", "may name only what is kept otherwise")
        return Excused(
            loses,
            read_when(row["before"], self.known, f"{at}/before"),
            read_when(row["after"], self.known, f"{at}/after"),
            Words(
                _text(row["reason_en"], f"{at}/reason_en"),
                _text(row["reason_es"], f"{at}/reason_es"),
            ),
        )

    def independent(self, row: Mapping[str, Any], at: str) -> Independent:
        if row["rules"] not in ("hard", "all"):
            raise PartError(f"{at}/rules", "must be hard or all")
        name = self.answer_field(row["field"], f"{at}/field")
        return Independent(name, self.hard if row["rules"] == "hard" else self.every)

    def answer_field(self, name: object, at: str) -> str:
        field = self.known.get(name) if isinstance(name, str) else None
        if field is None or field.name == "route" or field.reads != field.name:
            raise PartError(at, f"no question {name!r:.60}")
        return field.name


CLAIMS: Mapping[str, tuple[set[str], set[str]]] = {
    "units_include": (set(), {"any_of", "all_of"}),
    "units_exclude": ({"units"}, set()),
    "not_alone": ({"unit", "without"}, set()),
    "route_in": ({"routes"}, set()),
    "route_not_in": ({"routes"}, set()),
    "has_route": (set(), set()),
    "level_at_least": ({"level"}, set()),
    "monotone": ({"field", "ladder", "keeps"}, {"exceptions"}),
    "independent": ({"field", "rules"}, set()),
}


def _check_keys(
    row: Mapping[str, Any], needed: Iterable[str], optional: Iterable[str], at: str
) -> None:
    if missing := sorted(set(needed) - row.keys()):
        raise PartError(f"{at}/{missing[0]}", "is missing")
    if unknown := sorted(map(str, row.keys() - {*needed, *optional})):
        raise PartError(f"{at}/{unknown[0]:.60}", "no such part")


def _list(rows: object, at: str) -> list[object]:
    if not isinstance(rows, list) or (not rows and not at.endswith("exceptions")):
        raise PartError(at, "must be a list of one or more")
    return rows


def _unit(value: object, at: str) -> str:
    if not isinstance(value, str) or value not in ROUTES:
        raise PartError(at, f"{value!r:.60} is not one of {', '.join(ROUTES)}")
    return value


def _units(rows: object, at: str) -> frozenset[str]:
    return frozenset(_unit(one, f"{at}/{place}") for place, one in enumerate(_list(rows, at)))


def _kept(rows: object, at: str) -> frozenset[str]:
    """The level, units, or both."""
    units = [one for one in _list(rows, at) if one != LEVEL]
    return frozenset(
        [
            *(_unit(one, at) for one in units),
            *([LEVEL] if len(units) < len(_list(rows, at)) else []),
        ]
    )


def _text(value: object, at: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise PartError(at, f"must be a sentence of at most {LONGEST_TEXT} characters")
    return value
