"""Takes many calls through an automaton at once: one addition and one look-up for each fact."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.replay.automaton import Automaton, L, Steps
from triage.replay.columns import MISSING, Codes

Places = npt.NDArray[np.intp]
Ends = Mapping[str, npt.NDArray[Any]]
MOST_TOGETHER = 128
"""So many values of facts that are looked up together: more would need tables beyond the cache."""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that are looked up together, by the code that stands for one code of each."""

    facts: tuple[str, ...]
    widths: tuple[int, ...]

    def codes(self, columns: Mapping[str, Codes], rows: slice) -> Codes:
        """The codes of these rows; one of the facts has a column, the others may be missing."""
        found: Codes = np.zeros(1, np.uint8)
        for fact, width in zip(self.facts, self.widths, strict=True):
            found = found * width
            if fact in columns:
                found = found + columns[fact][rows]
        return found


def groups_of(widths: Mapping[str, int]) -> list[Group]:
    """Neighbours together, as many as may be."""
    groups: list[Group] = []
    for fact, width in widths.items():
        last = groups[-1] if groups else None
        if last and prod(last.widths) * width <= MOST_TOGETHER:
            groups[-1] = Group((*last.facts, fact), (*last.widths, width))
        else:
            groups.append(Group((fact,), (width,)))
    return groups


@dataclass(frozen=True, slots=True)
class Walk:
    """``leads`` has for every group the next state at [state + code]; a state is the place of its row.

    ``ends`` has for every last state what came out, by name; ``final`` is the highest of them.
    """

    leads: tuple[tuple[str, Places], ...]
    ends: Ends
    final: int
    start: int = 0

    @classmethod
    def along(cls, automaton: Automaton[L], ends: Ends) -> "Walk":
        tables = list(automaton.steps.items())
        widths = [table.shape[1] for _, table in tables[1:]] + [1]
        leads = (
            (group, (table.astype(np.intp) * width).reshape(-1))
            for (group, table), width in zip(tables, widths, strict=False)
        )
        return cls(tuple(leads), ends, len(automaton.labels) - 1)

    def knowing(self, groups: Container[str]) -> "Walk":
        """The same where all other groups are missing: their steps are taken once, not for each row."""
        leads: list[tuple[str, Places]] = []
        start = self.start
        for group, table in self.leads:
            if group in groups:
                leads.append((group, table))
            elif leads:
                before, so_far = leads[-1]
                leads[-1] = before, table[so_far + MISSING]
            else:
                start = int(table[start + MISSING])
        return replace(self, leads=tuple(leads), start=start)

    def last_states(self, codes: Mapping[str, Codes], count: int) -> Places:
        """The last state of each of these rows."""
        state = np.full(count, self.start, np.intp)
        for group, leads in self.leads:
            state += codes[group]
            # every place is inside, codes are checked before; "clip" spares numpy a copy
            np.take(leads, state, out=state, mode="clip")
        return state


def stopping_at_missing(automaton: Automaton[L], label: L) -> Automaton[L]:
    """The same with value 0 for "nobody knows": where that matters, the last state, with this label."""
    tables = list(automaton.steps.items())
    stops = [*(len(table) for _, table in tables[1:]), len(automaton.labels)]
    steps = {
        fact: _stopping(table, stop) for (fact, table), stop in zip(tables, stops, strict=False)
    }
    return Automaton(steps, (*automaton.labels, label))


def _stopping(table: Steps, stop: int) -> Steps:
    """With a first column for "nobody knows" and a last row for those that have stopped."""
    is_same = (table == table[:, :1]).all(axis=1)
    wide = np.column_stack([np.where(is_same, table[:, 0], stop), table])
    return np.vstack([wide, np.full(wide.shape[1], stop)]).astype(np.int32)
