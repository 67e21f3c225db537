"""What a replay has counted, asked by the tables of its report."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heart.replay.tables import Column, Kind, Value, share
from heart.replay.tally import NOT, OPEN, SURE, Tallies

SHARE_NAMES = {SURE: "surely", OPEN: "questions decide", NOT: "surely not"}
"""The three shares in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of call: what the record says of it, and what became of it."""

    community: bool
    here: bool
    police: bool | None
    tier: str
    disorder: bool
    nature: str
    share: str
    company: str
    goes_along: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted for one or two versions, and the units that are planned by hour."""

    tallies: Tallies
    versions: tuple[str, ...]
    staffing: Mapping[str, Sequence[float]]

    @property
    def sides(self) -> range:
        return range(len(self.versions))

    @property
    def days(self) -> int:
        """On how many local days there was any community call."""
        return len(self.table("days"))

    @property
    def headings(self) -> tuple[str, ...]:
        """The versions as headings over columns; a single one needs none."""
        return self.versions if len(self.versions) == 2 else ("",)

    def calls(self, side: int = 0) -> Iterator[tuple[Cell, int]]:
        """Every kind of call with how many there are."""
        for key, n in self.table(f"calls {side}").items():
            yield Cell(*key), n

    def community(self, side: int = 0) -> list[tuple[Cell, int]]:
        """The kinds of community calls with how many there are."""
        return [(cell, n) for cell, n in self.calls(side) if cell.community]

    def table(self, name: str) -> Counter[Any]:
        """A table of counts by its name; an empty one when nothing was counted."""
        return self.tallies.get(name, Counter())


def total(calls: Iterable[tuple[Cell, int]], test: Callable[[Cell], bool] = lambda _: True) -> int:
    """How many of these calls pass a test."""
    return sum(n for cell, n in calls if test(cell))


def by_share(calls: Iterable[tuple[Cell, int]]) -> Counter[str]:
    """How many of these calls are in each of the three shares."""
    found: Counter[str] = Counter()
    for cell, n in calls:
        found[cell.share] += n
    return found


def shares(by: Counter[str]) -> list[Value]:
    """The three shares, in their order."""
    return [share(by[name], by.total()) for name in SHARE_NAMES]


def share_columns(counts: Counts) -> Iterator[Column]:
    """The columns of the three shares, for each version."""
    for side, heading in enumerate(counts.headings):
        end = f"_{side + 1}" if side else ""
        for name, words in SHARE_NAMES.items():
            yield Column(f"{name}{end}", words, Kind.SHARE, heading)


def hour_words(hour: int | None) -> str:
    return "not known" if hour is None else f"{hour:02}"
