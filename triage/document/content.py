"""A version of the rules as a document for everybody: one content for the page and the PDF. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from triage.document.texts import TEXTS, Step, Texts
from triage.protocol_files import ProtocolFiles, Row
from triage.wording.grammar import Language, duration, sentence
from triage.wording.phrases import LEVELS
from triage.wording.words import InvariantWords, RuleWords, Words

MONTHS: Mapping[Language, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
}


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a version besides its content.

    ``calls`` is the number of combinations for which the statements were proven, None if they were
    not; ``broken`` are the codes of statements that are not true of every one.
    """

    status: str
    is_installed: bool
    approved_on: date | None
    in_force_since: date | None
    in_force_until: date | None
    invariants: Sequence[Mapping[str, Any]]
    calls: int | None
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Basis:
    """Where something comes from: our word for it, and the source in the words of the agency."""

    word: str
    detail: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is asked, with its answers; ``who`` is empty when everybody is asked."""

    number: int
    ask: str
    who: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule with where it comes from."""

    words: RuleWords
    basis: Basis


@dataclass(frozen=True, slots=True)
class TargetLine:
    label: str
    level: str
    within: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class NatureLine:
    code: str
    name: str
    category: str
    served_by: str


@dataclass(frozen=True, slots=True)
class Safety:
    """A safety statement, and whether it was found to be broken."""

    words: InvariantWords
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that is said about a version, in order."""

    language: Language
    text: Texts
    number: int
    name: str
    status: str
    is_in_force: bool
    facts: tuple[Step, ...]
    counts: str
    notice: str
    mark: str
    levels: tuple[Step, ...]
    asked: tuple[AskedQuestion, ...]
    known: tuple[AskedQuestion, ...]
    hard: tuple[ToldRule, ...]
    rules: tuple[ToldRule, ...]
    default: ToldRule
    switches: tuple[Step, ...]
    targets: tuple[TargetLine, ...]
    fallback: tuple[Step, ...]
    safety_intro: str
    is_proven: bool
    safety: tuple[Safety, ...]
    natures: tuple[NatureLine, ...]


def document(files: ProtocolFiles, about: About, language: Language) -> Document:
    """The document of a version in one language."""
    text, words = TEXTS[language], Words(files, language)
    told = [_rule(words, row) for row in files.rules]
    hard = tuple(rule for rule in told[:-1] if rule.words.is_hard)
    other = tuple(rule for rule in told[:-1] if not rule.words.is_hard)
    questions = [_question(words, row) for row in files.questions if row["kind"] != "automatic"]
    known = [_question(words, row) for row in files.questions if row["kind"] == "automatic"]
    return Document(
        language=language,
        text=text,
        number=files.rule_set["version"],
        name=files.rule_set["title"],
        status=text.statuses.get(about.status, about.status),
        is_in_force=about.status == "active",
        facts=tuple(_facts(files, about, language)),
        counts=text.counts.format(
            questions=len(questions),
            hard=len(hard),
            rules=len(other) + 1,
            safety=len(about.invariants),
        ),
        notice=text.sign_off if files.rule_set["is_synthetic"] else text.own,
        mark=text.mark if files.rule_set["is_synthetic"] else "",
        levels=tuple(
            Step(str(level), sentence(means)) for level, means in LEVELS[language].items()
        ),
        asked=_numbered(questions),
        known=_numbered(known),
        hard=hard,
        rules=other,
        default=told[-1],
        switches=tuple(
            Step(line.name[:1].upper() + line.name[1:], line.value) for line in words.switches()
        ),
        targets=tuple(_target(words, row, text) for row in files.targets),
        fallback=tuple(
            Step(row[f"label_{language}"], f"{text.up_to_level} {row['highest_level']}")
            for row in files.fallback
        ),
        safety_intro=_safety_intro(text, about, language),
        is_proven=about.calls is not None,
        safety=tuple(
            Safety(words.invariant(row), row["id"] in about.broken) for row in about.invariants
        ),
        natures=tuple(
            NatureLine(
                row["code"],
                words.value("nature", row["code"]),
                words.value("nature_category", row["category"]),
                words.units(row["routes"], "or"),
            )
            for row in files.natures
        ),
    )


def spoken_date(day: date, language: Language) -> str:
    """A date as it is written out."""
    month = MONTHS[language][day.month - 1]
    return (
        f"{day.day} de {month} de {day.year}"
        if language == "es"
        else (f"{month} {day.day}, {day.year}")
    )


def grouped(number: int, language: Language) -> str:
    """A large number in groups of three digits."""
    return f"{number:,}".replace(",", "\u202f") if language == "es" else f"{number:,}"


def _facts(files: ProtocolFiles, about: About, language: Language) -> Iterable[Step]:
    text = TEXTS[language]
    yield Step(text.version, str(files.rule_set["version"]))
    yield Step(text.status, text.statuses.get(about.status, about.status))
    if about.in_force_since:
        yield Step(text.since, spoken_date(about.in_force_since, language))
    if about.in_force_until and about.status != "active":
        yield Step(text.until, spoken_date(about.in_force_until, language))
    approval = text.installed if about.is_installed else text.not_approved
    if about.approved_on:
        approval = text.approved.format(date=spoken_date(about.approved_on, language))
    yield Step(text.approval, approval)


def _safety_intro(text: Texts, about: About, language: Language) -> str:
    if about.calls is None:
        return text.safety_waits
    return text.safety_intro.format(calls=grouped(about.calls, language))


def _rule(words: Words, row: Row) -> ToldRule:
    return ToldRule(words.rule(row), Basis(words.basis(row["basis"]), row["citation"]))


def _question(words: Words, row: Row) -> AskedQuestion:
    answers = tuple(answer[f"label_{words.language}"] for answer in row["answers"])
    if row["key"] == "hour":  # 24 answers that say nothing more than the question
        answers = ()
    who = words.asked(row) if row["only_after"] else ""
    return AskedQuestion(0, row[f"ask_{words.language}"], who, answers)


def _numbered(questions: Sequence[AskedQuestion]) -> tuple[AskedQuestion, ...]:
    return tuple(
        AskedQuestion(number, one.ask, one.who, one.answers)
        for number, one in enumerate(questions, start=1)
    )


def _target(words: Words, row: Row, text: Texts) -> TargetLine:
    word, detail = [*re.split(r"\s*[;:]\s*", row["basis"], maxsplit=1), ""][:2]
    return TargetLine(
        label=row[f"label_{words.language}"],
        level=text.other_levels if row["level"] is None else str(row["level"]),
        within=duration(row["seconds"], words.language),
        basis=Basis(words.basis(word), detail),
    )
