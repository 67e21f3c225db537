"""Reads a call fact by fact: a state for everything that may still come out, a table to the next.

An automaton asks its facts in a fixed order. What it knows of a call after some of them is one
number, its state; the next value leads to the next state by one look-up, and the last state has a
label: what came out.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

L = TypeVar("L", bound=Hashable)
M = TypeVar("M", bound=Hashable)
Steps = npt.NDArray[np.int32]
MOST_STATES = 20_000
"""Where building stops: after seconds; the shipped table needs 1,000."""


class TooManyStates(ValueError):
    """A table that cannot be replayed because its conditions cross each other too often."""

    def __init__(self) -> None:
        super().__init__(
            f"the table needs more than {MOST_STATES:,} states and cannot be replayed; use fewer"
            " rules or simpler conditions"
        )


@dataclass(frozen=True, slots=True)
class Automaton(Generic[L]):
    """``steps[fact][state, value]`` is the next state; facts that change nothing are left out."""

    steps: Mapping[str, Steps]
    labels: tuple[L, ...]

    def named(self, name: Callable[[L], M]) -> "Automaton[M]":
        """The same with other labels, and no more states than these need."""
        return Automaton(self.steps, tuple(map(name, self.labels))).smallest()

    def smallest(self) -> "Automaton[L]":
        """The same with one state for all that lead to the same, whatever comes."""
        labels = tuple(dict.fromkeys(self.labels))
        number = {label: place for place, label in enumerate(labels)}
        becomes = np.array([number[label] for label in self.labels], np.int32)
        steps: dict[str, Steps] = {}
        for fact, table in reversed(list(self.steps.items())):
            rows, same = np.unique(becomes[table], axis=0, return_inverse=True)
            becomes = same.reshape(-1).astype(np.int32)
            if (rows == rows[:, :1]).all():
                becomes = rows[becomes, 0]
            else:
                steps[fact] = rows
        return Automaton(dict(reversed(list(steps.items()))), labels)

    def grouped(
        self, groups: Iterable[Sequence[str]], widths: Mapping[str, int]
    ) -> "Automaton[L]":
        """The same, asking the facts of a group at once: a value stands for one of each, in order.

        A group goes by the name of its first fact.
        """
        steps: dict[str, Steps] = {}
        for group in groups:
            asked = [self.steps[fact] for fact in group if fact in self.steps]
            if asked:
                table = np.arange(len(asked[0]), dtype=np.int32)[:, None]
                for fact in group:
                    step = self.steps.get(fact)
                    wide = np.repeat(table, widths[fact], 1) if step is None else step[table]
                    table = wide.reshape(len(table), -1)
                steps[group[0]] = table
        return Automaton(steps, self.labels)


def from_boxes(
    boxes: Iterable[tuple[int, L]], values: Mapping[str, Sequence[int]]
) -> Automaton[L]:
    """The automaton of boxes that cover every call once; ``values`` has the cells of every value.

    A state is the set of boxes that the call may still be in; where they all have one label, it is
    the set of all boxes with it.
    """
    cells, names = zip(*boxes, strict=True)
    alike: dict[L, int] = {}
    for place, name in enumerate(names):
        alike[name] = alike.get(name, 0) | 1 << place

    def settled(state: int) -> int:
        same = alike[names[state.bit_length() - 1]]
        return state if state & ~same else same

    states, steps = [(1 << len(cells)) - 1], {}
    for fact, of_value in values.items():
        masks = [_mask(box & cell for box in cells) for cell in of_value]
        rows = ([settled(state & mask) for mask in masks] for state in states)
        steps[fact], states = _numbered(rows)
    return Automaton(steps, tuple(names[state.bit_length() - 1] for state in states)).smallest()


def with_missing(
    automaton: Automaton[L], never_meant: Mapping[str, int]
) -> Automaton[frozenset[L]]:
    """The same for calls of which not all is known; a label is the set of labels still possible.

    Value 0 now means that nobody knows, and the others come after it. A state is the set of states
    that the call may be in. ``never_meant`` names for a fact how many of its last values are not
    meant when nobody knows.
    """
    states, steps = [1], {}
    for fact, table in automaton.steps.items():
        columns, same = np.unique(table, axis=1, return_inverse=True)
        kinds = same.reshape(-1)
        meant = set(kinds[: len(kinds) - never_meant.get(fact, 0)].tolist())
        steps[fact], states = _numbered(_unknown_steps(states, columns, meant))
        steps[fact] = steps[fact][:, np.concatenate([[0], kinds + 1])]
    labels = tuple(frozenset(automaton.labels[at] for at in _bits(s)) for s in states)
    return Automaton(steps, labels).smallest()


def product(
    one: Automaton[L], other: Automaton[M], order: Iterable[str], most: int
) -> Automaton[tuple[L, M]] | None:
    """An automaton in the states of both, its labels pairs; None if it needs too many states."""
    first, second = np.zeros(1, np.int32), np.zeros(1, np.int32)
    steps: dict[str, Steps] = {}
    for fact in order:
        if fact not in one.steps and fact not in other.steps:
            continue
        left = one.steps[fact][first] if fact in one.steps else first[:, None]
        right = other.steps[fact][second] if fact in other.steps else second[:, None]
        stride = int(right.max()) + 1
        pairs, number = np.unique(left.astype(np.int64) * stride + right, return_inverse=True)
        if len(pairs) > most:
            return None
        steps[fact] = number.astype(np.int32)
        first, second = (pairs // stride).astype(np.int32), (pairs % stride).astype(np.int32)
    ends = zip(first.tolist(), second.tolist(), strict=True)
    return Automaton(steps, tuple((one.labels[a], other.labels[b]) for a, b in ends))


def _unknown_steps(states: list[int], columns: Steps, meant: set[int]) -> Iterator[list[int]]:
    """For each set of states the set after "nobody knows" and after each kind of value."""
    leads = [[1 << state for state in row] for row in columns.tolist()]
    for state in states:
        here = [leads[place] for place in _bits(state)]
        reached = [_union(column) for column in zip(*here, strict=True)]
        yield [_union(reached[kind] for kind in meant), *reached]


def _numbered(rows: Iterable[list[int]]) -> tuple[Steps, list[int]]:
    """The states in these rows as numbers, and the states by number."""
    number: dict[int, int] = {}
    table = []
    for row in rows:
        table.append([number.setdefault(state, len(number)) for state in row])
        if len(number) > MOST_STATES:
            raise TooManyStates
    return np.array(table, np.int32), list(number)


def _mask(bits: Iterable[int]) -> int:
    return sum(1 << place for place, is_set in enumerate(bits) if is_set)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
