"""What may be answered: the questions of a rule set, and the check of what came in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CLOSED_KINDS = ("choice", "yes_no", "automatic")
KINDS = (*CLOSED_KINDS, "text", "language")
LONGEST_TEXT = 300
MOST_PROBLEMS = 50
SHOWN = 60
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}|unknown")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and lone surrogates: PostgreSQL refuses some of them, nobody can read any."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as far as the rules care: its key and what may be answered."""

    key: str
    kind: str
    values: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Free text, of which a rule can only know whether it was given."""
        return self.kind not in CLOSED_KINDS

    @property
    def is_asked(self) -> bool:
        """Answered by a person, not set by the console."""
        return self.kind != "automatic"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the answers, and where, as a JSON pointer into them."""

    pointer: str
    message: str


def load_questions(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions in order; ValueError names the one that cannot be used."""
    questions = tuple(_question(row) for row in rows)
    keys = [question.key for question in questions]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"question {twice[0]}: asked twice")
    return questions


def check_answers(questions: Iterable[Question], answers: object) -> list[Problem]:
    """Everything that is wrong with answers from outside; never raises, whatever comes in."""
    if not isinstance(answers, Mapping):
        return [Problem("", "must be an object of question and answer")]
    by_key = {question.key: question for question in questions}
    problems: list[Problem] = []
    for key, value in answers.items():
        message = _wrong(by_key.get(key), value) if isinstance(key, str) else "no such question"
        if message:
            problems.append(Problem(f"/{_token(key)}", message))
        if len(problems) == MOST_PROBLEMS:
            break
    return problems


def fitting(questions: Iterable[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """Of answers to the questions of another version, those that can be answers to these."""
    by_key = {question.key: question for question in questions}
    return {key: value for key, value in answers.items() if _wrong(by_key.get(key), value) is None}


def _question(row: Mapping[str, Any]) -> Question:
    key, kind = row.get("key"), row.get("kind")
    if not isinstance(key, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,19}", key):
        raise ValueError(f"question {key!r:.60}: the key must be a short lower-case name")
    if kind not in KINDS:
        raise ValueError(f"question {key}: kind {kind!r:.60} is not one of {', '.join(KINDS)}")
    values = tuple(answer["value"] for answer in row.get("answers", ()))
    if kind in CLOSED_KINDS and (len(values) < 2 or len(set(values)) < len(values)):
        raise ValueError(f"question {key}: needs at least two different answers")
    return Question(key, kind, values if kind in CLOSED_KINDS else ())


def _wrong(question: Question | None, value: object) -> str | None:
    if question is None:
        return "no such question"
    if not isinstance(value, str):
        return "must be a text"
    if question.kind == "text":
        return _wrong_text(value)
    if question.kind == "language":
        return (
            None if LANGUAGE.fullmatch(value) else "must be a language code such as es or zh-Hant"
        )
    if value not in question.values:
        return f"{value[:SHOWN]!r} is not an answer; choose one of {', '.join(question.values)}"
    return None


def _wrong_text(value: str) -> str | None:
    if len(value) > LONGEST_TEXT:
        return f"at most {LONGEST_TEXT} characters"
    if UNSTORABLE.search(value):
        return "contains a character that cannot be stored"
    return None


def _token(key: object) -> str:
    """A key as it stands in a JSON pointer, shortened and printable for the answer."""
    text = str(key)[:SHOWN].encode("utf-8", "backslashreplace").decode()
    return text.replace("~", "~0").replace("/", "~1")
