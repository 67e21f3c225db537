"""What became of every row: counted, the refused ones named, all of them on request."""

import csv
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

COLUMNS = ("line", "number", "outcome", "reason")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Outcome(StrEnum):
    IMPORTED = "imported"
    ALREADY = "already there"
    REFUSED = "refused"


@dataclass(slots=True)
class Tally:
    """Rows by outcome; ``changes`` counts what was changed in imported ones, by reason."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    changed_rows: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    differing: int = 0

    @property
    def read(self) -> int:
        """Every row of the file, whatever became of it."""
        return self.outcomes.total()


class Report:
    """Takes each row's outcome; writes the CSV files it was asked for."""

    def __init__(
        self,
        say: Callable[[str], object],
        *,
        refused: Path | None = None,
        every: Path | None = None,
    ) -> None:
        self.tally = Tally()
        self._say = say
        self._paths = refused, every
        self._files = ExitStack()

    def __enter__(self) -> Self:
        self._refused, self._every = (self._open(path) if path else None for path in self._paths)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.close()

    def imported(self, line: int, number: str, changes: list[str]) -> None:
        """The row is a call now, with these changes."""
        self.tally.changed_rows += bool(changes)
        self.tally.changes.update(changes)
        self._take(Outcome.IMPORTED, line, number, "; ".join(changes))

    def already_there(self, line: int, number: str, *, is_same: bool) -> None:
        """The call was imported before; a row that differs now changes nothing."""
        self.tally.differing += not is_same
        reason = "" if is_same else "the row differs from what was imported: kept as it was"
        self._take(Outcome.ALREADY, line, number, reason)

    def refused(self, line: int, number: str, reason: str) -> None:
        """The row did not become a call."""
        self._say(f"line {line}: refused: {reason}")
        self._take(Outcome.REFUSED, line, number, reason)

    def _take(self, outcome: Outcome, line: int, number: str, reason: str) -> None:
        self.tally.outcomes[outcome] += 1
        row = [line, harmless(number), outcome.value, harmless(reason)]
        if self._every:
            self._every.writerow(row)
        if self._refused and outcome is Outcome.REFUSED:
            self._refused.writerow(row)

    def _open(self, path: Path) -> Any:
        file = self._files.enter_context(path.open("w", encoding="utf-8", newline=""))
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        return writer


def harmless(text: str) -> str:
    """A spreadsheet must not run what stood in a cell of the export."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
