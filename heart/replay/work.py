"""One batch of a replay: calls in, counts and the calls that flip out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from heart.replay import tally
from heart.replay.outcomes import Version, frame
from heart.replay.reading import Past
from heart.replay.tally import Tallies, levels_in, routes_in
from triage.replay import Possible


class Flipped(NamedTuple):
    """A call with what the first and the second version say to it."""

    call: Past
    routes: tuple[str, str]
    rules: tuple[list[str], list[str]]
    levels: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of a batch."""

    tallies: Tallies
    flips: list[Flipped]
    first: datetime | None
    last: datetime | None


def replayed(calls: Sequence[Past], versions: Sequence[Version]) -> Counted:
    """Put one or two versions to these calls and count."""
    outcomes = [version.run(calls) for version in versions]
    rows = frame(calls, outcomes)
    moments = [call.received_at for call in calls]
    flips = []
    if len(versions) == 2:
        places = tally.flipped(rows.with_row_index("row"))["row"]
        flips = [_flipped(calls[row], row, versions, outcomes) for row in places]
    return Counted(
        tally.count(rows, len(versions)),
        flips,
        min(moments, default=None),
        max(moments, default=None),
    )


def _flipped(
    call: Past, row: int, versions: Sequence[Version], outcomes: Sequence[Possible]
) -> Flipped:
    one, other = outcomes
    return Flipped(
        call,
        (routes_in(int(one.routes[row]))[0], routes_in(int(other.routes[row]))[0]),
        (versions[0].rules_at(one, row), versions[1].rules_at(other, row)),
        (levels_in(int(one.levels[row])), levels_in(int(other.levels[row]))),
    )
