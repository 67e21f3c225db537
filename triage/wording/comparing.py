"""Two versions side by side in words: what was added, removed, changed and moved. Pure."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from operator import itemgetter
from typing import Any

from triage.protocol_files import ProtocolFiles, Row
from triage.wording.grammar import Language, duration
from triage.wording.words import Words

Lines = tuple[str, ...]
Key = str
WORD = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, and whether the other version has it otherwise."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a row that differs, as it reads in each version."""

    part: str
    before: Lines
    after: Lines

    @property
    def runs_before(self) -> tuple[tuple[Run, ...], ...]:
        return tuple(marked(line, other) for line, other in self._pairs(self.before, self.after))

    @property
    def runs_after(self) -> tuple[tuple[Run, ...], ...]:
        return tuple(marked(line, other) for line, other in self._pairs(self.after, self.before))

    def _pairs(self, lines: Lines, others: Lines) -> Iterator[tuple[str, str]]:
        """Each line with the one it is read against; a line that is there too is not marked."""
        rest = [line for line in others if line not in lines]
        for line in lines:
            yield line, line if line in others else rest.pop(0) if rest else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stood and stands, counted from 1."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of either version, what became of it, and which of its parts differ."""

    key: Key
    title: str
    kind: Kind
    moved: Place | None
    parts: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        return self.kind is Kind.SAME and self.moved is None


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of rows of a version, in their order."""

    name: str
    title: str
    rows: tuple[Compared, ...]

    @property
    def changed(self) -> tuple[Compared, ...]:
        return tuple(row for row in self.rows if not row.is_same)

    @property
    def same(self) -> tuple[Compared, ...]:
        return tuple(row for row in self.rows if row.is_same)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were added, removed, changed, moved."""
        found = {
            kind.value: sum(row.kind is kind for row in self.rows)
            for kind in (Kind.ADDED, Kind.REMOVED, Kind.CHANGED)
        }
        return {**found, "moved": sum(row.moved is not None for row in self.rows)}


def compare(
    before: ProtocolFiles, after: ProtocolFiles, language: Language = "en"
) -> tuple[Section, ...]:
    """Every part of two versions; sections without a difference are there too."""
    told = Words(before, language), Words(after, language)
    say = told[0].say
    parts = (
        ("rules", say("Rules", "Reglas"), "code", _rule),
        ("questions", say("Questions", "Preguntas"), "key", _question),
        ("switches", say("Settings", "Ajustes"), "key", _plain),
        ("targets", say("Targets", "Objetivos"), "key", _target),
        ("fallback", say("When nobody is free", "Cuando no hay nadie libre"), "key", _fallback),
        ("natures", say("Types of call", "Tipos de llamada"), "code", _nature),
        ("rule_set", say("The version itself", "La versión misma"), "key", _plain),
    )
    return tuple(
        Section(name, title, _rows(_table(told[0], name), _table(told[1], name), key, tell, told))
        for name, title, key, tell in parts
    )


def marked(text: str, other: str) -> tuple[Run, ...]:
    """A text in pieces: those that the other has too, and those that it has not."""
    words, others = _split(text), _split(other)
    runs: list[Run] = []
    for tag, start, end, _, _ in SequenceMatcher(
        None, words, others, autojunk=False
    ).get_opcodes():
        if piece := "".join(words[start:end]):
            runs.append(Run(piece, tag != "equal"))
    return tuple(runs)


Tell = Callable[[Words, Row], Mapping[str, tuple[object, Lines]]]
"""The parts of a row by name: what they are compared by, and how they read."""


def _table(words: Words, name: str) -> list[Row]:
    """The rows of a section, each with a key of its own and a title."""
    files = words.files
    if name == "switches":
        return [
            {"key": line.key, "title": line.name, "value": line.value} for line in words.switches()
        ]
    if name == "rule_set":
        version = files.rule_set
        is_synthetic = words.say("yes", "sí") if version["is_synthetic"] else "no"
        return [
            {"key": "title", "title": words.say("Title", "Título"), "value": version["title"]},
            {
                "key": "is_synthetic",
                "title": words.say("Synthetic", "Sintética"),
                "value": is_synthetic,
            },
        ]
    if name == "targets":
        keyed = [
            {**row, "key": f"{row['key']} {row['level'] or ''}".strip()} for row in files.targets
        ]
        return sorted(keyed, key=itemgetter("key"))
    if name == "fallback":
        return [
            {**row, "key": f"{row['action']} {row['highest_level']}"} for row in files.fallback
        ]
    if name == "natures":
        return sorted(files.natures, key=itemgetter("code"))
    return list(getattr(files, name))


def _rows(
    before: Sequence[Row], after: Sequence[Row], key: str, tell: Tell, told: tuple[Words, Words]
) -> tuple[Compared, ...]:
    was = {row[key]: (place, row) for place, row in enumerate(before, start=1)}
    now = {row[key]: (place, row) for place, row in enumerate(after, start=1)}
    moved = _moved([k for k in now if k in was], {k: was[k][0] for k in was})
    found = []
    for name in _both(list(was), list(now)):
        old, new = was.get(name), now.get(name)
        parts = tuple(
            _differences(
                tell(told[0], old[1]) if old else {}, tell(told[1], new[1]) if new else {}
            )
        )
        row, words = (new[1], told[1]) if new else (old[1], told[0]) if old else ({}, told[0])
        if old is None or new is None:
            kind = Kind.ADDED if old is None else Kind.REMOVED
        else:
            kind = Kind.CHANGED if parts else Kind.SAME
        place = Place(old[0], new[0]) if old and new and name in moved else None
        found.append(Compared(name, _title(words, row), kind, place, parts))
    return tuple(found)


def _differences(
    before: Mapping[str, tuple[object, Lines]], after: Mapping[str, tuple[object, Lines]]
) -> Iterator[Difference]:
    nothing: tuple[object, Lines] = (None, ())
    for part in dict.fromkeys([*after, *before]):
        (old, old_lines), (new, new_lines) = before.get(part, nothing), after.get(part, nothing)
        if old != new and (old_lines or new_lines):
            yield Difference(part, old_lines, new_lines)


def _both(before: list[Key], after: list[Key]) -> list[Key]:
    """The keys in the order of ``after``, with what is gone where it stood."""
    found = list(after)
    for place, key in enumerate(before):
        if key not in after:
            above = next((k for k in reversed(before[:place]) if k in found), None)
            found.insert(0 if above is None else found.index(above) + 1, key)
    return found


def _moved(keys: list[Key], places: Mapping[Key, int]) -> set[Key]:
    """As few keys as will do to explain the new order: all that are on no longest rising run."""
    tails: list[int] = []
    ends: list[list[Key]] = []
    for key in keys:
        at = bisect_left(tails, places[key])
        run = [*(ends[at - 1] if at else []), key]
        tails[at : at + 1], ends[at : at + 1] = [places[key]], [run]
    return set(keys) - set(ends[-1] if ends else [])


def _title(words: Words, row: Row) -> str:
    """What a row is called in the list."""
    names = {"en": "name", "es": "name_es"}
    wanted = (f"reason_{words.language}", f"ask_{words.language}", f"label_{words.language}")
    return str(next(row[n] for n in (*wanted, names[words.language], "title") if n in row))


# --- how rows read -------------------------------------------------------------------------------


def _rule(words: Words, row: Row) -> Mapping[str, tuple[object, Lines]]:
    body, say = row["body"], words.say
    told = words.rule(row)
    return {
        say("When", "Cuándo"): (_normal(body["when"]), (str(told.when),)),
        say("Route", "Vía"): (_guarded(body["routes"], "route"), _lines(told.route)),
        say("Added units", "Unidades añadidas"): (
            _guarded(body.get("adds", []), "unit"),
            _lines(told.adds),
        ),
        say("Still added after an earlier rule", "Añade aun tras una regla anterior"): (
            _guarded(body.get("later_adds", []), "unit"),
            _lines(words.adds(body.get("later_adds", []))),
        ),
        say("Level", "Nivel"): (_levels(body["level"]), _lines(told.level)),
        say("Reason in English", "Motivo en inglés"): _text(row["reason_en"]),
        say("Reason in Spanish", "Motivo en español"): _text(row["reason_es"]),
        say("Further sentences", "Otras frases"): (body.get("notes", []), _notes(words, body)),
        say("Source", "Fuente"): _text(row["citation"]),
        say("Basis", "Base"): (row["basis"], (words.basis(row["basis"]),)),
        say("Hard exclusion", "Exclusión estricta"): (
            row["is_hard"],
            (say("yes", "sí") if row["is_hard"] else "no",),
        ),
    }


def _question(words: Words, row: Row) -> Mapping[str, tuple[object, Lines]]:
    say = words.say
    answers = tuple(
        f"{answer['label_en']} · {answer['label_es']} ({answer['value']})"
        for answer in row["answers"]
    )
    return {
        say("In English", "En inglés"): _text(row["ask_en"]),
        say("In Spanish", "En español"): _text(row["ask_es"]),
        say("Kind", "Clase"): (row["kind"], (words.kind(row["kind"]),)),
        say("Answers", "Respuestas"): (answers, answers),
        say("Who is asked", "A quién se pregunta"): (row["only_after"], (words.asked(row),)),
    }


def _target(words: Words, row: Row) -> Mapping[str, tuple[object, Lines]]:
    say = words.say
    return {
        say("Time", "Tiempo"): (row["seconds"], (duration(row["seconds"], words.language),)),
        say("In English", "En inglés"): _text(row["label_en"]),
        say("In Spanish", "En español"): _text(row["label_es"]),
        say("Basis", "Base"): _text(row["basis"]),
    }


def _fallback(words: Words, row: Row) -> Mapping[str, tuple[object, Lines]]:
    say, highest = words.say, row["highest_level"]
    return {
        say("Up to level", "Hasta el nivel"): (highest, (str(highest),)),
        say("In English", "En inglés"): _text(row["label_en"]),
        say("In Spanish", "En español"): _text(row["label_es"]),
    }


def _nature(words: Words, row: Row) -> Mapping[str, tuple[object, Lines]]:
    say = words.say
    return {
        say("In English", "En inglés"): _text(row["name"]),
        say("In Spanish", "En español"): _text(row["name_es"]),
        say("Category", "Categoría"): (
            row["category"],
            (words.value("nature_category", row["category"]),),
        ),
        say("May be served by", "Puede atenderlo"): (row["routes"], (words.units(row["routes"]),)),
        say("Remark", "Observación"): _text(row["upgrades"]),
        say("Basis", "Base"): _text(row["basis"]),
    }


def _plain(words: Words, row: Row) -> Mapping[str, tuple[object, Lines]]:
    return {words.say("Set to", "Valor"): _text(row["value"])}


def _text(text: str) -> tuple[object, Lines]:
    return text, (text,) if text else ()


def _lines(parts: Sequence[object]) -> Lines:
    return tuple(str(part) for part in parts)


def _notes(words: Words, body: Mapping[str, Any]) -> Lines:
    """Notes in both languages: each is read in one of them."""
    own = _lines(words.notes(body.get("notes", [])))
    other = "en" if words.language == "es" else "es"
    return own + tuple(words.quoted(note[other]) for note in body.get("notes", []))


# --- what makes no difference ------------------------------------------------------------------


def _normal(when: Sequence[Sequence[Mapping[str, Any]]]) -> object:
    """A condition without what changes nothing: the order of alternatives, "is" for "in" of one."""
    return sorted(sorted(_condition(row) for row in branch) for branch in when)


def _condition(row: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    many = {"is": "in", "is_not": "not_in"}.get(row["op"], row["op"])
    value = row.get("value")
    values = value if isinstance(value, list) else [] if value is None else [value]
    return row["field"], many, tuple(sorted(values))


def _guarded(rows: Sequence[Mapping[str, Any]], key: str) -> object:
    return [(row[key], _normal(row.get("when", []))) for row in rows]


def _levels(level: int | Sequence[Mapping[str, Any]]) -> object:
    return _guarded([{"level": level}] if isinstance(level, int) else level, "level")


def _split(text: str) -> list[str]:
    """Words and signs, each with the blank before it."""
    return WORD.findall(text)
