"""The little language of a table in a spreadsheet: conditions and lists as readable text. Pure.

    weapon in accessible|in_hand AND si is plan OR line is lost
    PSAP if weapon is unknown; 988 if contact is willing; PSAP
    3 if health_worry is y; 2
    "The team goes." / "Acude el equipo." if health_worry is n

AND binds closer than OR; there are no brackets. The operators are is, is not, in, not in, contains,
asked, not asked; ``in`` takes values parted by "|". What is not one plain word stands in double
quotes, in which a double quote is written twice.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = dict[str, Any]
When = list[list[Row]]

TOKEN = re.compile(r'"(?:[^"]|"")*"|[;|/]|[^\s;|/"]+|"', re.DOTALL)
PLAIN = re.compile(r"[\w.+:-]+")
KEYWORDS = frozenset({"and", "or", "if"})
RESERVED = KEYWORDS | {"is", "not", "in", "asked", "contains"}
"""Words that are quoted when a field or a value is called so."""

OPERATORS: Mapping[tuple[str, ...], str] = {
    ("is", "not"): "is_not",
    ("not", "in"): "not_in",
    ("not", "asked"): "not_asked",
    ("is",): "is",
    ("in",): "in",
    ("contains",): "contains",
    ("asked",): "asked",
}
"""As it is written, longest first, and as the rules call it."""

WITHOUT_VALUE = ("asked", "not_asked")
MANY = ("in", "not_in")


class CellFault(ValueError):
    """What is wrong in a cell, and at which character, counted from 1."""

    def __init__(self, character: int, message: str) -> None:
        self.character, self.message = character, message
        super().__init__(f"character {character}: {message}")


class Token(NamedTuple):
    text: str
    is_quoted: bool
    character: int

    def is_word(self, word: str) -> bool:
        return not self.is_quoted and self.text.lower() == word


# --- writing -------------------------------------------------------------------------------------


def written_when(when: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """A condition; without alternatives, which is always, an empty text."""
    return " OR ".join(" AND ".join(map(_condition, branch)) for branch in when)


def written_entries(rows: Sequence[Mapping[str, Any]], key: str) -> str:
    """Units, routes or levels, each with its condition."""
    return "; ".join(_word(str(row[key])) + _if(row) for row in rows)


def written_notes(rows: Sequence[Mapping[str, Any]]) -> str:
    """Sentences in both languages, each with its condition."""
    return "; ".join(f"{_quoted(row['en'])} / {_quoted(row['es'])}{_if(row)}" for row in rows)


def _condition(row: Mapping[str, Any]) -> str:
    said = " ".join(next(words for words, op in OPERATORS.items() if op == row["op"]))
    if row["op"] in WITHOUT_VALUE:
        return f"{_word(row['field'])} {said}"
    value = row["value"]
    values = value if isinstance(value, list) else [value]
    return f"{_word(row['field'])} {said} {'|'.join(map(_word, values))}"


def _if(row: Mapping[str, Any]) -> str:
    return f" if {written_when(row['when'])}" if row.get("when") else ""


def _word(text: str) -> str:
    return text if PLAIN.fullmatch(text) and text.lower() not in RESERVED else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# --- reading -------------------------------------------------------------------------------------


@dataclass
class Cell:
    """A cell being read. ``places`` remembers at which character each condition began."""

    text: str
    places: dict[str, int] = field(default_factory=dict)
    at: int = 0

    def __post_init__(self) -> None:
        self.tokens = list(_tokens(self.text))

    def when(self, pointer: str) -> When:
        """The whole cell as one condition; an empty cell is always."""
        found = self._when(pointer) if self.tokens else []
        self._end()
        return found

    def entries(self, pointer: str, key: str, read: Callable[[Token], Any]) -> list[Row]:
        """The whole cell as a list parted by semicolons."""
        return self._list(pointer, lambda: {key: read(self._next(f"a {key}"))})

    def notes(self, pointer: str) -> list[Row]:
        """The whole cell as sentences in both languages."""
        return self._list(pointer, self._note)

    def _list(self, pointer: str, head: Callable[[], Row]) -> list[Row]:
        found: list[Row] = []
        while self.tokens:
            at = f"{pointer}/{len(found)}"
            self.places[at] = self._character()
            row = head()
            if self._takes("if"):
                row["when"] = self._when(f"{at}/when")
            found.append(row)
            if not self._takes(";"):
                break
        self._end()
        return found

    def _note(self) -> Row:
        english = self._sentence()
        if not self._takes("/"):
            raise CellFault(self._character(), 'expected "/" and the sentence in Spanish')
        return {"en": english, "es": self._sentence()}

    def _sentence(self) -> str:
        token = self._next("a sentence in double quotes")
        if not token.is_quoted:
            raise CellFault(token.character, "a sentence stands in double quotes")
        return token.text

    def _when(self, pointer: str) -> When:
        found = [self._all_of(f"{pointer}/0")]
        while self._takes("or"):
            found.append(self._all_of(f"{pointer}/{len(found)}"))
        return found

    def _all_of(self, pointer: str) -> list[Row]:
        found = [self._condition(f"{pointer}/0")]
        while self._takes("and"):
            found.append(self._condition(f"{pointer}/{len(found)}"))
        return found

    def _condition(self, pointer: str) -> Row:
        self.places[pointer] = self._character()
        name = self._next("a field")
        if not name.is_quoted and name.text.lower() in KEYWORDS:
            raise CellFault(name.character, f"expected a field, not {name.text}")
        op = self._operator()
        if op in WITHOUT_VALUE:
            return {"field": name.text, "op": op}
        at, values = self._character(), [self._value()]
        while self._takes("|"):
            values.append(self._value())
        if op in MANY:
            return {"field": name.text, "op": op, "value": values}
        if len(values) > 1:
            raise CellFault(at, f"{op.replace('_', ' ')} takes one value; several go with in")
        return {"field": name.text, "op": op, "value": values[0]}

    def _operator(self) -> str:
        at = self._character()
        for words, op in OPERATORS.items():
            ahead = self.tokens[self.at : self.at + len(words)]
            if len(ahead) == len(words) and all(
                token.is_word(word) for token, word in zip(ahead, words, strict=True)
            ):
                self.at += len(words)
                return op
        known = ", ".join(" ".join(words) for words in OPERATORS)
        raise CellFault(at, f"expected an operator: {known}")

    def _value(self) -> str:
        token = self._next("a value")
        if not token.is_quoted and (token.text in ";|/" or token.text.lower() in KEYWORDS):
            raise CellFault(token.character, f"expected a value, not {token.text}")
        return token.text

    def _next(self, what: str) -> Token:
        if self.at == len(self.tokens):
            raise CellFault(len(self.text) + 1, f"expected {what}")
        self.at += 1
        return self.tokens[self.at - 1]

    def _takes(self, word: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at].is_word(word)
        self.at += found
        return found

    def _character(self) -> int:
        if self.at < len(self.tokens):
            return self.tokens[self.at].character
        return len(self.text) + 1

    def _end(self) -> None:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            raise CellFault(token.character, f"did not expect {token.text[:40]!r} here")


def _tokens(text: str) -> Iterator[Token]:
    for found in TOKEN.finditer(text):
        written, character = found.group(), found.start() + 1
        if written == '"':
            raise CellFault(character, "this double quote is never closed")
        if written.startswith('"'):
            yield Token(written[1:-1].replace('""', '"'), True, character)  # noqa: FBT003 - is_quoted
        else:
            yield Token(written, False, character)  # noqa: FBT003 - is_quoted
