"""One version of the rules as tables, ready to be put to columns of calls."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.replay.asking import Told, aspects, put_together
from triage.replay.automaton import Automaton
from triage.replay.columns import Book, Codes, ColumnError, Missing, code_books, encoded
from triage.replay.walking import Ends, Group, Walk, groups_of, stopping_at_missing
from triage.rules.rule_set import RuleSet

MOST_KNOWN_STATES = 50_000
MOST_OPEN_STATES = 1_000
"""So many stay in the fast cache; more questions are not put together."""
ROWS_AT_ONCE = 1 << 15
WORD = 64


@dataclass(frozen=True, slots=True)
class Possible:
    """What may come out of each row; where everything is known, that is one decision.

    Bit n of a set stands for the n-th of ROUTES, of the levels 1 to 4, of the rules of the version.
    ``rule`` is the place of the rule that decides, -1 where that is open; ``rules[word, row]`` are
    all that may decide, 64 to a word.
    """

    routes: npt.NDArray[np.uint16]
    levels: npt.NDArray[np.uint8]
    units_surely: npt.NDArray[np.uint16]
    units_possibly: npt.NDArray[np.uint16]
    rule: npt.NDArray[np.int16]
    rules: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.routes)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version ready to run: ``rules`` are the ids by place, ``facts`` what the rules read.

    ``known`` takes rows of which all is known, and as many others as it can; the rest goes through
    each of ``open``.
    """

    rules: tuple[str, ...]
    facts: tuple[str, ...]
    books: Mapping[str, Book]
    groups: tuple[Group, ...]
    known: Walk | None
    open: tuple[Walk, ...]

    def encode(self, column: str, values: Sequence[str | Missing | None]) -> Codes:
        """The codes of these values; ColumnError names the first that cannot be one."""
        return encoded(column, self.book(column), values)

    def book(self, column: str) -> Book:
        if column not in self.books:
            raise ColumnError(column, "is no question of this version, nor the nature")
        return self.books[column]

    def run(self, columns: Mapping[str, Codes], *, threads: int = 2) -> Possible:
        """What may come out of each row; a fact without a column is missing everywhere."""
        count = self._checked(columns)
        found = _nothing(count, len(self.rules))
        parts = (slice(at, min(at + ROWS_AT_ONCE, count)) for at in range(0, count, ROWS_AT_ONCE))
        fitting = self._knowing(columns)
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(fitting._fill, found, columns, part) for part in parts]:
                done.result()
        return Possible(rule=found.pop("decides") - 1, **found)

    def _knowing(self, facts: Collection[str]) -> "Compiled":
        """The same for rows in which all other facts are missing."""
        groups = tuple(group for group in self.groups if not set(group.facts).isdisjoint(facts))
        names = {group.facts[0] for group in groups}
        known = self.known.knowing(names) if self.known else None
        walks = tuple(walk.knowing(names) for walk in self.open)
        return replace(self, groups=groups, known=known, open=walks)

    def _fill(self, found: Ends, columns: Mapping[str, Codes], part: slice) -> None:
        codes = {group.facts[0]: group.codes(columns, part) for group in self.groups}
        here = {name: column[..., part] for name, column in found.items()}
        rows = np.arange(part.stop - part.start)
        if self.known is not None:
            last = self.known.last_states(codes, len(rows))
            for name, ends in self.known.ends.items():
                np.take(ends, last, axis=-1, out=here[name], mode="clip")
            rows = np.flatnonzero(last == self.known.final)
        if len(rows):
            some = {name: column[rows] for name, column in codes.items()}
            for name, bits in self._open(some, len(rows)).items():
                here[name][..., rows] = bits

    def _open(self, codes: Mapping[str, Codes], count: int) -> Ends:
        """What may come out of rows in which something is missing."""
        told = _nothing(count, len(self.rules))
        for walk in self.open:
            last = walk.last_states(codes, count)
            for name, ends in walk.ends.items():
                told[name] |= np.take(ends, last, axis=-1, mode="clip")
        return told

    def _checked(self, columns: Mapping[str, Codes]) -> int:
        """How many rows there are, in columns of one length with codes that there are."""
        counts = {len(column) for column in columns.values()}
        for name, column in columns.items():
            book = self.book(name)
            if column.ndim != 1 or column.dtype not in (np.uint8, np.uint16):
                raise ColumnError(name, "must be one row of uint8 or uint16 codes")
            if len(column) and int(column.max()) > len(book):
                row = int(np.argmax(column > len(book)))
                raise ColumnError(name, f"row {row + 1}: no value has code {column[row]}")
            if len(column) != max(counts):
                raise ColumnError(name, f"has {len(column)} rows, others have {max(counts)}")
        return max(counts, default=0)


def compile(rule_set: RuleSet) -> Compiled:  # noqa: A001
    """Everything that a replay needs to know of this version; takes about a second.

    Raises TooManyRegions or TooManyStates when the table is too tangled to be replayed.
    """
    books = code_books(rule_set)
    rules = tuple(rule.id for rule in (*rule_set.rules, rule_set.default))
    found = list(aspects(rule_set, books))
    known = put_together([one.known() for one in found], books, MOST_KNOWN_STATES)
    questions = [question for one in found for question in one.open()]
    together = put_together(questions, books, MOST_OPEN_STATES)
    read = {fact for one in (*known, *questions) for fact in one.steps}
    widths = {fact: len(book) + 1 for fact, book in books.items() if fact in read}
    groups = groups_of(widths)

    def walk(automaton: Automaton[Told]) -> Walk:
        grouped = automaton.grouped([group.facts for group in groups], widths)
        return Walk.along(grouped, _ends(automaton.labels, len(rules)))

    return Compiled(
        rules=rules,
        facts=tuple(widths),
        books=books,
        groups=tuple(groups),
        known=walk(stopping_at_missing(known[0], ())) if len(known) == 1 else None,
        open=tuple(map(walk, together)),
    )


def _nothing(count: int, rules: int) -> dict[str, npt.NDArray[Any]]:
    """The columns of a ``Possible`` with no bit set; ``decides`` is the place of the rule, plus 1."""
    return {
        "routes": np.zeros(count, np.uint16),
        "levels": np.zeros(count, np.uint8),
        "units_surely": np.zeros(count, np.uint16),
        "units_possibly": np.zeros(count, np.uint16),
        "decides": np.zeros(count, np.int16),
        "rules": np.zeros((-(-rules // WORD), count), np.uint64),
    }


def _ends(labels: Sequence[Told], rules: int) -> Ends:
    """What the labels tell, as columns in which the place is that of the label."""
    ends = _nothing(len(labels), rules)
    for state, told in enumerate(labels):
        for name, bits in told:
            if name == "rules":
                word, bit = divmod(bits.bit_length() - 1, WORD)
                ends[name][word, state] |= np.uint64(1 << bit)
            else:
                ends[name][state] |= bits
    names = {name for told in labels for name, _ in told}
    return {name: ends[name] for name in names}
