"""Reads a decision table from plain data; refuses, naming the rule, what makes no sense."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from triage.rules.answers import Question
from triage.rules.fields import (
    MANY,
    NONE,
    OPERATORS,
    ROUTES,
    SWITCHES,
    Field,
    fields,
    load_natures,
)
from triage.rules.index import build_index
from triage.rules.rule_set import RuleSet
from triage.rules.table import Condition, Guarded, Rule, When, Words

T = TypeVar("T")
LONGEST_SENTENCE = 300
MOST_RULES = 500
RULE_KEYS = frozenset(
    {
        *("id", "hard", "when", "routes", "adds", "later_adds", "level", "notes"),
        *("reason_en", "reason_es"),
    }
)
NOTE_KEYS = frozenset({"en", "es", "when"})


class RuleError(ValueError):
    """A table that cannot be used: which rule, where in it, and why."""

    def __init__(self, rule: str, pointer: str, message: str) -> None:
        self.rule, self.pointer, self.message = rule, pointer, message
        super().__init__(f"{rule}{' ' if pointer else ''}{pointer}: {message}")


def load(
    *,
    rules: Iterable[Mapping[str, Any]],
    questions: Iterable[Question],
    natures: Iterable[Mapping[str, Any]],
    switches: Mapping[str, str],
) -> RuleSet:
    """Read, check and compile one version; RuleError names the rule that cannot be used."""
    questions, by_code = tuple(questions), load_natures(natures)
    known = fields(questions, by_code.values())
    switches = {name: values[0] for name, values in SWITCHES.items()} | dict(switches)
    _check_switches(switches)
    rows = tuple(rules)
    if len(rows) > MOST_RULES:
        raise RuleError("table", "", f"has {len(rows)} rules; at most {MOST_RULES} can be read")
    table = [_rule(row, known, place) for place, row in enumerate(rows)]
    ids = [rule.id for rule in table]
    if twice := [rule_id for rule_id in ids if ids.count(rule_id) > 1]:
        raise RuleError(twice[0], "/id", "stands in the table twice")
    if not table or table[-1].when:
        raise RuleError(
            ids[-1] if ids else "table", "/when", "the last rule must have no condition"
        )
    for rule in table[:-1]:
        if not rule.when:
            raise RuleError(rule.id, "/when", "only the last rule may have no condition")
    for above, below in pairwise(table):
        if below.is_hard and not above.is_hard:
            raise RuleError(
                below.id,
                "/hard",
                f"a hard disqualifier cannot stand below {above.id}, which is none",
            )
    return RuleSet(
        rules=tuple(table[:-1]),
        default=table[-1],
        index=build_index(table[:-1], table[-1], questions, by_code),
        questions=questions,
        natures=by_code,
        switches=switches,
        answers={q.key: None if q.is_open else frozenset(q.values) for q in questions},
    )


def _check_switches(switches: Mapping[str, str]) -> None:
    for name in sorted({*switches, *SWITCHES}):
        if name not in SWITCHES:
            raise RuleError("switches", f"/{name:.60}", "no such switch")
        if switches.get(name) not in SWITCHES[name]:
            wanted = ", ".join(SWITCHES[name])
            raise RuleError("switches", f"/{name}", f"must be one of {wanted}")


def _rule(row: object, known: Mapping[str, Field], place: int) -> Rule:
    rule_id = row.get("id") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(rule_id, str) or not 1 <= len(rule_id) <= 8:
        raise RuleError(f"row {place + 1}", "/id", "must be a text of 1 to 8 characters")
    try:
        return _Reader(known).rule(rule_id, row)
    except PartError as wrong:
        raise RuleError(rule_id, wrong.pointer, wrong.message) from None


def read_when(rows: object, known: Mapping[str, Field], pointer: str) -> When:
    """A condition that stands outside a rule; PartError says where it is wrong."""
    return _Reader(known).when(rows, pointer)


class PartError(Exception):
    """Where in a rule something is wrong; the rule's name is added outside."""

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer, self.message = pointer, message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class _Reader:
    known: Mapping[str, Field]

    def rule(self, rule_id: str, row: Mapping[str, Any]) -> Rule:
        if unknown := sorted(map(str, row.keys() - RULE_KEYS)):
            raise PartError(f"/{unknown[0]:.60}", "no such part of a rule")
        levels = row.get("level")
        if not isinstance(levels, list):
            levels = [{"level": _level(levels, "/level")}]
        return Rule(
            id=rule_id,
            is_hard=_flag(row.get("hard", False), "/hard"),
            when=self.when(row.get("when"), "/when"),
            routes=self.choice(row.get("routes"), "/routes", "route", _unit),
            adds=self.guarded(row.get("adds", []), "/adds", "unit", _unit),
            later_adds=self.guarded(row.get("later_adds", []), "/later_adds", "unit", _unit),
            levels=self.choice(levels, "/level", "level", _level),
            notes=self.notes(row.get("notes", [])),
            reason=Words(
                _sentence(row.get("reason_en"), "/reason_en"),
                _sentence(row.get("reason_es"), "/reason_es"),
            ),
        )

    def choice(
        self, rows: object, pointer: str, key: str, read: Callable[[object, str], T]
    ) -> tuple[Guarded[T], ...]:
        """A list of which the first that holds is taken, so only the last has no condition."""
        found = self.guarded(rows, pointer, key, read)
        if not found or found[-1].when:
            raise PartError(pointer, "the last entry must have no condition")
        for place, entry in enumerate(found[:-1]):
            if not entry.when:
                raise PartError(f"{pointer}/{place + 1}", "can never be reached")
        return found

    def guarded(
        self, rows: object, pointer: str, key: str, read: Callable[[object, str], T]
    ) -> tuple[Guarded[T], ...]:
        found = []
        for place, row in enumerate(_list(rows, pointer)):
            at = f"{pointer}/{place}"
            if not isinstance(row, Mapping) or not {key} <= row.keys() <= {key, "when"}:
                raise PartError(at, f"must have {key} and may have when")
            value = read(row[key], f"{at}/{key}")
            found.append(Guarded(value, self.when(row.get("when", []), f"{at}/when")))
        return tuple(found)

    def notes(self, rows: object) -> tuple[Guarded[Words], ...]:
        found = []
        for place, row in enumerate(_list(rows, "/notes")):
            at = f"/notes/{place}"
            if not isinstance(row, Mapping) or not {"en", "es"} <= row.keys() <= NOTE_KEYS:
                raise PartError(at, "must have en and es and may have when")
            words = Words(_sentence(row["en"], f"{at}/en"), _sentence(row["es"], f"{at}/es"))
            found.append(Guarded(words, self.when(row.get("when", []), f"{at}/when")))
        return tuple(found)

    def when(self, rows: object, pointer: str) -> When:
        alternatives = enumerate(_list(rows, pointer))
        return tuple(self.all_of(row, f"{pointer}/{place}") for place, row in alternatives)

    def all_of(self, rows: object, pointer: str) -> tuple[Condition, ...]:
        found = tuple(
            self.condition(row, f"{pointer}/{place}")
            for place, row in enumerate(_list(rows, pointer))
        )
        if not found:
            raise PartError(pointer, "needs at least one condition")
        for reads in {condition.reads for condition in found}:
            if not frozenset.intersection(*(c.passes for c in found if c.reads == reads)):
                raise PartError(pointer, f"can never hold: no {reads} passes")
        return found

    def condition(self, row: object, pointer: str) -> Condition:
        if not isinstance(row, Mapping) or not row.keys() <= {"field", "op", "value"}:
            raise PartError(pointer, "must have field, op and value")
        name, op, value = row.get("field"), row.get("op"), row.get("value")
        field = self.known.get(name) if isinstance(name, str) else None
        if field is None:
            raise PartError(f"{pointer}/field", f"no field {name!r:.60}")
        if field.name == "route" and not pointer.startswith("/later_adds"):
            raise PartError(f"{pointer}/field", "the route is known only in later_adds")
        if op not in field.operators:
            what = "does not fit" if op in OPERATORS else "is no operator for"
            raise PartError(
                f"{pointer}/op", f"{op!r:.60} {what} {field.name}: {', '.join(field.operators)}"
            )
        wanted_values = self.values(field, op, value, f"{pointer}/value")
        written = tuple(value) if isinstance(value, list) else value
        return Condition(field.name, op, written, field.reads, _passes(field, op, wanted_values))

    def values(self, field: Field, op: str, value: object, pointer: str) -> list[str]:
        if op in NONE:
            if value is not None:
                raise PartError(pointer, f"{op} takes no value")
            return []
        if op in MANY and (not isinstance(value, list) or not value):
            raise PartError(pointer, f"{op} takes a list of values")
        wanted = value if isinstance(value, list) and op in MANY else [value]
        return [_value(field, one, pointer) for one in wanted]


def _passes(field: Field, op: str, wanted: list[str]) -> frozenset[str | None]:
    if op == "not_asked":
        return frozenset([None])
    everything = frozenset[str | None]().union(*field.meaning.values())
    named = frozenset[str | None]().union(*(field.meaning[value] for value in wanted))
    if op == "asked":
        return everything
    return everything - named if op in ("is_not", "not_in") else named


def _value(field: Field, value: object, pointer: str) -> str:
    if not isinstance(value, str) or value not in field.meaning:
        choose = ", ".join(field.values[:12])
        raise PartError(pointer, f"{value!r:.60} is not a value of {field.name}: {choose}")
    return value


def _list(rows: object, pointer: str) -> list[object]:
    if not isinstance(rows, list):
        raise PartError(pointer, "must be a list")
    return rows


def _unit(value: object, pointer: str) -> str:
    if not isinstance(value, str) or value not in ROUTES:
        raise PartError(pointer, f"{value!r:.60} is not one of {', '.join(ROUTES)}")
    return value


def _flag(value: object, pointer: str) -> bool:
    if not isinstance(value, bool):
        raise PartError(pointer, "must be true or false")
    return value


def _level(value: object, pointer: str) -> int:
    if type(value) is not int or not 1 <= value <= 4:
        raise PartError(pointer, "must be a level from 1 to 4")
    return value


def _sentence(value: object, pointer: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SENTENCE:
        raise PartError(pointer, f"must be a sentence of at most {LONGEST_SENTENCE} characters")
    return value
