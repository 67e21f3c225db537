"""What holds of a call, found by one AND for each answer instead of one test for each condition.

Every alternative of every condition in the table is one bit. An answer keeps the bits of those
that it lets pass and of those that do not ask about it; what is left after all answers holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, getitem, or_
from typing import Final

from triage.rules.answers import Question
from triage.rules.fields import GIVEN, ROUTES, SWITCHES
from triage.rules.table import Guarded, Rule, T, When, Words

Bits = int
Chosen = tuple[tuple[Bits, T], ...]
"""Entries with the bits of their conditions: one counts when any of its bits is left."""

ALWAYS: Final = 1
"""The bit of what has no condition: no answer takes it away."""
NOT_ASKED: Final = object()
"""Stands for the answer to a question that was not asked; nobody can answer that."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A rule with its conditions as bits; ``fact`` is what it tells when it did not decide.

    ``deciding`` are all bits that count when it is the first that holds, ``adding`` all that count
    when it is a later one.
    """

    id: str
    routes: Chosen[str]
    adds: Chosen[str]
    later_adds: Chosen[str]
    levels: Chosen[int]
    notes: Chosen[Words]
    reason: Words
    fact: Words
    highest: int
    deciding: Bits
    adding: Bits


class _OpenAnswers(dict[object, Bits]):
    """Bits of a question that takes any text."""

    def __missing__(self, answer: object) -> Bits:
        return self[GIVEN]


@dataclass(frozen=True, slots=True)
class Index:
    """The table as rows with bits, and the bits that each answer, nature, switch and route keeps."""

    by_bit: Mapping[Bits, tuple[Row, Bits]]
    """For each alternative of a rule the rule, and the bits that are not its own."""
    deciding: Bits
    default: Row
    not_asked: Mapping[str, object]
    by_answer: tuple[Mapping[object, Bits], ...]
    by_nature: Mapping[str | None, Bits]
    by_later_nature: Bits
    by_switch: Mapping[str, Mapping[str | None, Bits]]
    by_route: Mapping[str, Bits]

    def under(self, switches: Mapping[str, str]) -> Bits:
        """The bits that these switches leave."""
        return reduce(and_, (by[switches.get(name)] for name, by in self.by_switch.items()))

    def held(self, answers: Mapping[str, str], nature: str | None, start: Bits) -> Bits:
        """What of these bits holds; KeyError if a question or an answer is not of this version."""
        every: dict[str, object] = {**self.not_asked, **answers}
        if len(every) > len(self.not_asked):
            raise KeyError
        start &= self.by_nature.get(nature, self.by_later_nature)
        return reduce(and_, map(getitem, self.by_answer, every.values()), start)

    def matching(self, held: Bits) -> list[Row]:
        """The rules that hold, in order: the same as testing each of them with ``holds``."""
        found = []
        held &= self.deciding
        while held:
            row, others = self.by_bit[held & -held]
            found.append(row)
            held &= others
        return found


def build_index(
    rules: Iterable[Rule], default: Rule, questions: Iterable[Question], natures: Iterable[str]
) -> Index:
    """The index of a table with these rules."""
    bits = _Numbering()
    rules = tuple(rules)
    whens = [bits.when(rule.when) for rule in rules]
    rows, last = tuple(map(bits.row, rules)), bits.row(default)
    # texts of which no rule wants to know come last, and are not looked up
    questions = sorted(questions, key=bits.is_unread)
    looked_up = [question for question in questions if not bits.is_unread(question)]
    return Index(
        by_bit={
            bit: (row, ~when) for row, when in zip(rows, whens, strict=True) for bit in _each(when)
        },
        deciding=_all(whens),
        default=last,
        not_asked={question.key: NOT_ASKED for question in questions},
        by_answer=tuple(map(bits.by_answer, looked_up)),
        by_nature={nature: bits.kept("nature", nature) for nature in (None, *natures)},
        by_later_nature=bits.kept("nature", ""),
        by_switch={
            name: {value: bits.kept(name, value) for value in (None, *values)}
            for name, values in SWITCHES.items()
        },
        by_route={route: bits.kept("route", route) for route in ROUTES},
    )


class _Numbering:
    """Gives every alternative its bit, and knows what each bit asks."""

    def __init__(self) -> None:
        self.every: Bits = ALWAYS
        self.passing: dict[str, dict[Bits, frozenset[str | None]]] = {}

    def row(self, rule: Rule) -> Row:
        routes, levels = self.chosen(rule.routes), self.chosen(rule.levels)
        adds, later_adds = self.chosen(rule.adds), self.chosen(rule.later_adds)
        notes = self.chosen(rule.notes)
        return Row(
            id=rule.id,
            routes=routes,
            adds=adds,
            later_adds=later_adds,
            levels=levels,
            notes=notes,
            reason=rule.reason,
            fact=Words(_fact(rule.reason.en), _fact(rule.reason.es)),
            highest=max(level.value for level in rule.levels),
            deciding=_all(when for when, _ in (*routes, *levels, *adds, *notes)),
            adding=_all(when for when, _ in (*levels, *later_adds)),
        )

    def chosen(self, entries: Iterable[Guarded[T]]) -> Chosen[T]:
        return tuple((self.when(entry.when), entry.value) for entry in entries)

    def when(self, when: When) -> Bits:
        """The bits of which one has to be left for the condition to hold."""
        if not when:
            return ALWAYS
        found = 0
        for alternative in when:
            bit = self.every + 1
            self.every |= bit
            found |= bit
            for condition in alternative:
                of_fact = self.passing.setdefault(condition.reads, {})
                of_fact[bit] = of_fact.get(bit, condition.passes) & condition.passes
        return found

    def kept(self, fact: str, value: str | None) -> Bits:
        """The bits that a value leaves."""
        passing = self.passing.get(fact, {})
        return self.every - sum(bit for bit, passes in passing.items() if value not in passes)

    def is_unread(self, question: Question) -> bool:
        return question.is_open and question.key not in self.passing

    def by_answer(self, question: Question) -> Mapping[object, Bits]:
        kind = _OpenAnswers if question.is_open else dict[object, Bits]
        values = [GIVEN] if question.is_open else question.values
        known = kind({value: self.kept(question.key, value) for value in values})
        known[NOT_ASKED] = self.kept(question.key, None)
        return known


def _each(mask: Bits) -> Iterator[Bits]:
    while mask:
        yield mask & -mask
        mask &= mask - 1


def _all(masks: Iterable[Bits]) -> Bits:
    return reduce(or_, masks, 0)


def _fact(reason: str) -> str:
    """The part before the colon: what comes after it would have been done had the rule decided."""
    fact, colon, _ = reason.partition(": ")
    return f"{fact}." if colon else fact
