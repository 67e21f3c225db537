"""Columns of calls as small numbers: a code for every value of every fact."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from triage.rules.fields import GIVEN
from triage.rules.rule_set import RuleSet

Codes = npt.NDArray[np.uint8 | np.uint16]
Missing = Literal[0]
MISSING: Final = 0
"""The record does not tell; as a value given to ``encode`` and as a code, in every column."""
NOT_ASKED: Final = 1
"""The code of None: the question was not asked, the call has no nature."""
NOT_ASKED_TEXT: Final = "(not asked)"
"""How None is spelled in a file, where a null means that the record does not tell."""
OTHER_NATURE: Final = "(unknown to this version)"
"""Stands for every nature that came later: it is known by its code alone and passes no condition."""


class ColumnError(ValueError):
    """A column that cannot be used: which, where, and why."""

    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(f"column {column}: {message}")


Book = Mapping[str | None, int]
"""The codes of one fact, by value."""


def code_books(rule_set: RuleSet) -> dict[str, Book]:
    """The codes of every fact that a record can have: of each question, and of ``nature``."""
    values: dict[str, tuple[str, ...]] = {
        q.key: (GIVEN,) if q.is_open else q.values for q in rule_set.questions
    }
    values["nature"] = (*rule_set.natures, OTHER_NATURE)
    for fact, known in values.items():
        if NOT_ASKED_TEXT in known:
            raise ColumnError(fact, f"{NOT_ASKED_TEXT!r} cannot be the name of a value")
    return {
        fact: {value: code for code, value in enumerate((None, *known), start=NOT_ASKED)}
        for fact, known in values.items()
    }


def code_of(book: Book, value: str | None) -> int:
    """The code of a value; one beyond the last for what the fact cannot be."""
    otherwise = book.get(OTHER_NATURE, book.get(GIVEN, len(book) + 1))
    return book.get(value, otherwise)


def code_type(book: Book) -> type[np.uint8 | np.uint16]:
    """What the codes of a fact fit into."""
    return np.uint8 if len(book) < np.iinfo(np.uint8).max else np.uint16


def encoded(name: str, book: Book, values: Sequence[str | Missing | None]) -> Codes:
    """The codes of these values; ColumnError names the first that the fact cannot be."""
    codes = [MISSING if value == MISSING else code_of(book, value) for value in values]
    for row, code in enumerate(codes, start=1):
        if code > len(book):
            raise not_an_answer(name, row, values[row - 1])
    return np.array(codes, code_type(book))


def not_an_answer(column: str, row: int, value: object) -> ColumnError:
    return ColumnError(column, f"row {row:,}: {value!r:.60} is not an answer")
