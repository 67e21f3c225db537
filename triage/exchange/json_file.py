"""A version of the rules as one JSON file, to be shared between cities: read whole or refused."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from triage import protocol_files, rules
from triage.models import FallbackStep, Question, Rule, RuleSet, Target
from triage.protocol_files import COLUMNS, ProtocolFault, ProtocolFiles, Row, column_faults
from triage.rules.answers import UNSTORABLE
from triage.rules.reading import MOST_RULES

FORMAT = "heart-rules-1"
LARGEST = 32_000_000
DEEPEST = 40
PARTS = tuple(part for part in COLUMNS if part != "reason_codes")
MODELS: Mapping[str, type[Model]] = {
    "rule_set": RuleSet,
    "questions": Question,
    "rules": Rule,
    "targets": Target,
    "fallback": FallbackStep,
}
KINDS: Mapping[str, tuple[Any, str]] = {
    "CharField": (str, "a text"),
    "JSONField": (dict | list, "an object or a list"),
    "BooleanField": (bool, "true or false"),
}
LONGEST_TARGET = 30 * 24 * 60 * 60
WHOLE_NUMBER = (int | None, "a whole number")
MOST = {"rules": MOST_RULES, "natures": 500, "questions": 100, "targets": 200, "fallback": 50}


def written(files: ProtocolFiles) -> str:
    """The file of a version; the same version gives the same bytes."""
    return json.dumps(whole(files), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def whole(files: ProtocolFiles) -> dict[str, Any]:
    """What the file of a version says."""
    parts = asdict(files)
    return {"format": FORMAT, **{part: parts[part] for part in PARTS}}


def read(file: Path, natures: Iterable[Row] | None = None) -> ProtocolFiles:
    """Read and check a file; ProtocolFault names the first place that cannot be used.

    The table has to fit ``natures``; without them, those that the file itself brings.
    """
    return _checked(_document(file), file.name, natures)


def checked(files: ProtocolFiles) -> ProtocolFiles:
    """The same checks of a version that somebody is editing; ProtocolFault names the first place."""
    return _checked(whole(files), "", None)


def _checked(document: object, name: str, natures: Iterable[Row] | None) -> ProtocolFiles:
    try:
        files = _files(document)
        if natures is not None:
            files = replace(files, natures=list(natures))
        try:
            protocol_files.compiled(files)
        except rules.RuleError as fault:
            raise _Fault(f" {fault.rule}{fault.pointer}", fault.message) from None
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise _Fault("", f"cannot be used: {fault}") from None
    except _Fault as fault:
        raise ProtocolFault(name, fault.pointer, fault.message) from None
    return files


class _Fault(Exception):
    """Where in the file something is wrong; the name of the file is added outside."""

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer, self.message = pointer, message
        super().__init__(message)


def _document(file: Path) -> object:
    try:
        with file.open("rb") as stream:
            body = stream.read(LARGEST + 1)
    except OSError as error:
        raise ProtocolFault(file.name, "", error.strerror or "cannot be read") from None
    if len(body) > LARGEST:
        raise ProtocolFault(file.name, "", f"is larger than {LARGEST:,} bytes")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ProtocolFault(file.name, f" line {line}", "is not UTF-8") from None
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ProtocolFault(file.name, "", f"is not JSON: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values for one name nobody knows which is meant."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:60]!r} stands twice in one object")
        found[name] = value
    return found


def _files(document: object) -> ProtocolFiles:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _Fault("/format", f"must be {FORMAT!r}: this is no file of rules")
    for message in column_faults(document, frozenset({"format", *PARTS})):
        raise _Fault("", message)
    parts = {part: _part(document[part], part) for part in PARTS}
    for pointer in _unstorable(document, "", 0):
        raise _Fault(
            pointer, f"has a character that cannot be stored, or is deeper than {DEEPEST}"
        )
    for part, model in MODELS.items():
        for place, row in enumerate(parts[part]):
            _check_columns(model, row, _at(part, place))
    _check_order(parts)
    _check_questions(parts["questions"])
    _check_known(parts)
    return ProtocolFiles(parts.pop("rule_set")[0], **parts)


def _part(rows: object, part: str) -> list[Row]:
    found = [rows] if part == "rule_set" else rows
    if not isinstance(found, list):
        raise _Fault(f"/{part}", "must be a list")
    if len(found) > MOST.get(part, 1):
        raise _Fault(f"/{part}", f"has {len(found)} rows; at most {MOST[part]} can be read")
    for place, row in enumerate(found):
        for message in column_faults(row, COLUMNS[part]):
            raise _Fault(_at(part, place), message)
    return found


def _unstorable(value: object, at: str, depth: int) -> Iterator[str]:
    if depth > DEEPEST or (isinstance(value, str) and UNSTORABLE.search(value)):
        yield at
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unstorable(key, at, depth + 1)
            yield from _unstorable(inner, f"{at}/{key[:40]}", depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _unstorable(inner, f"{at}/{place}", depth + 1)


def _check_columns(model: type[Model], row: Row, at: str) -> None:
    """Every column fits: no text is too long, no number too large, no kind of value another."""
    for name, value in row.items():
        wanted = model._meta.get_field(name)
        kind, words = KINDS.get(wanted.get_internal_type(), WHOLE_NUMBER)
        if not isinstance(value, kind) or (kind == int | None and isinstance(value, bool)):
            raise _Fault(f"{at}/{name}", f"must be {words}")
    others = {column.name for column in model._meta.get_fields()} - row.keys()
    may_be_empty = {name for name, value in row.items() if _may_be_empty(model, name, value)}
    try:
        model(**row).clean_fields(exclude=others | may_be_empty)
    except ValidationError as fault:
        name, messages = next(iter(fault.message_dict.items()))
        raise _Fault(f"{at}/{name}", messages[0]) from None


def _may_be_empty(model: type[Model], name: str, value: object) -> bool:
    """JSON is checked by what reads it; forms, which call an empty column blank, never see these."""
    return isinstance(value, dict | list) or (value is None and model._meta.get_field(name).null)


def _check_order(parts: Mapping[str, list[Row]]) -> None:
    for part in ("questions", "rules", "fallback"):
        highest = -1
        for place, row in enumerate(parts[part]):
            if row["order"] <= highest:
                raise _Fault(
                    f"/{part}/{place}/order", "must be higher than that of the row before"
                )
            highest = row["order"]
    seen: set[tuple[str, int | None]] = set()
    for place, row in enumerate(parts["targets"]):
        if not 1 <= row["seconds"] <= LONGEST_TARGET:
            raise _Fault(f"/targets/{place}/seconds", "must be from 1 second to 30 days")
        if (key := (row["key"], row["level"])) in seen:
            raise _Fault(f"/targets/{place}", "stands there twice: the same key and level")
        seen.add(key)


def _check_questions(questions: list[Row]) -> None:
    """Answers and their labels are whole, and a sub-question follows a question that can lead to it."""
    labels = {"value", "label_en", "label_es"}
    known: dict[str, set[str]] = {}
    _check_circles(questions)
    for place, row in enumerate(questions):
        at = f"/questions/{place}"
        if row["key"] in known:
            raise _Fault(f"{at}/key", f"{row['key']!r:.60} is a question already")
        for number, answer in enumerate(row["answers"]):
            if not isinstance(answer, dict) or answer.keys() != labels:
                raise _Fault(f"{at}/answers/{number}", f"must have {', '.join(sorted(labels))}")
            for name, text in answer.items():
                if not isinstance(text, str) or not 1 <= len(text) <= 120:
                    raise _Fault(f"{at}/answers/{number}/{name}", "must be 1 to 120 characters")
        _check_after(row["only_after"], known, f"{at}/only_after")
        known[row["key"]] = {answer["value"] for answer in row["answers"]}


def _check_circles(questions: list[Row]) -> None:
    """Of questions that wait for each other none would ever be asked."""
    after = {
        row["key"]: row["only_after"].get("field")
        for row in questions
        if isinstance(row["only_after"], dict)
    }
    for place, row in enumerate(questions):
        way = [row["key"]]
        while isinstance(following := after.get(way[-1]), str):
            if following in way:
                circle = " → ".join(
                    map("{:.40}".format, [*way[way.index(following) :], following])
                )
                raise _Fault(
                    f"/questions/{place}/only_after", f"asked only after each other: {circle}"
                )
            way.append(following)


def _check_after(after: object, known: Mapping[str, set[str]], at: str) -> None:
    if after == {}:
        return
    if not isinstance(after, dict) or after.keys() != {"field", "in"}:
        raise _Fault(at, "must be empty or have field and in")
    field, values = after["field"], after["in"]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _Fault(f"{at}/in", "must be a list of answers")
    if field != "nature" and (not isinstance(field, str) or field not in known):
        raise _Fault(f"{at}/field", f"{field!r:.60} is no earlier question")
    if field != "nature" and (wrong := sorted(set(values) - known[field])):
        raise _Fault(f"{at}/in", f"{wrong[0]!r:.60} is not an answer to {field}")


def _check_known(parts: Mapping[str, list[Row]]) -> None:
    """The console acts on keys of targets and on fallback actions: none is missing, none unheard of."""
    shipped = _shipped()
    if not isinstance(parts["rule_set"][0]["switches"], dict):
        raise _Fault("/rule_set/switches", "must be an object")
    anyway = {row["key"] for row in parts["targets"] if row["level"] is None}
    if missing := sorted({row["key"] for row in shipped.targets} - anyway):
        raise _Fault("/targets", f"lacks {missing[0]} without a level, for all other levels")
    if not parts["fallback"]:
        raise _Fault("/fallback", "must have at least one step")
    actions = {row["action"] for row in shipped.fallback}
    for place, row in enumerate(parts["fallback"]):
        if row["action"] not in actions:
            wanted = ", ".join(sorted(actions))
            raise _Fault(f"/fallback/{place}/action", f"must be one of {wanted}")


@lru_cache
def _shipped() -> ProtocolFiles:
    return protocol_files.read(protocol_files.DEFAULTS)


def _at(part: str, place: int) -> str:
    return f"/{part}" if part == "rule_set" else f"/{part}/{place}"
