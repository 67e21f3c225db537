"""Takes many calls through an automaton at once: one addition and one look-up for each fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.replay.automaton import Automaton, L, Steps
from triage.replay.columns import Codes

Places = npt.NDArray[np.intp]
Ends = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Walk:
    """``leads`` has for every fact the next state at [state + code]; a state is the place of its row.

    ``ends`` has for every last state what came out, by name; ``final`` is the highest of them.
    """

    leads: tuple[tuple[str, Places], ...]
    ends: Ends
    final: int

    @classmethod
    def along(cls, automaton: Automaton[L], ends: Ends) -> "Walk":
        tables = list(automaton.steps.items())
        widths = [table.shape[1] for _, table in tables[1:]] + [1]
        leads = (
            (fact, (table.astype(np.intp) * width).reshape(-1))
            for (fact, table), width in zip(tables, widths, strict=False)
        )
        return cls(tuple(leads), ends, len(automaton.labels) - 1)

    def last_states(
        self, columns: Mapping[str, Codes], rows: slice | Places, count: int
    ) -> Places:
        """The last state of each of these rows; a fact without a column is missing."""
        state = np.zeros(count, np.intp)
        for fact, leads in self.leads:
            if fact in columns:
                state += columns[fact][rows]
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
