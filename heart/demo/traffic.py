"""Live calls in the rhythm of a real export, in an invented city, with everybody at work."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from heart.demo.agenda import Agenda
from heart.demo.arrivals import Arrival
from heart.demo.chance import Chance
from heart.demo.room import Room

REPORT_SECONDS = 1.0
SHOWN = ("closed", "teams sent", "talks", "hand-offs", "follow-ups", "attempts", "backups")


@dataclass(frozen=True, slots=True)
class Limits:
    """When nobody calls any more: after so many calls, or after so many of our minutes."""

    calls: int | None = None
    minutes: float | None = None


class Traffic:
    """One run: feeds the arrivals, lets the room work, winds down, and counts."""

    def __init__(
        self, arrivals: list[Arrival], *, speed: float, limits: Limits, chance: Chance
    ) -> None:
        self.arrivals = arrivals[: limits.calls]
        self.ends_at = time.monotonic() + 60 * limits.minutes if limits.minutes else None
        self.agenda = Agenda(speed)
        self.room = Room(self.agenda, chance)
        self.is_interrupted = False
        self._total = len(self.arrivals)
        self._reported_at = 0.0

    def run(self, say: Callable[[str], None]) -> None:
        """Until the last call is served or the limit is reached."""
        self._total = len(self.arrivals) + self.room.pick_up()
        self._schedule(0)
        between = partial(self._report, say)
        self.agenda.run(self._is_time_left, between)
        if self.is_interrupted:
            say("No more calls. Finishing what is under way; interrupt again to leave it.")
        self.room.wind_down()
        self.agenda.run(lambda: True, between)

    def interrupt(self) -> None:
        """Nobody calls any more after the step that is being done; a second time it ends there."""
        if self.is_interrupted:
            raise KeyboardInterrupt
        self.is_interrupted = True

    def words(self) -> str:
        """What has happened so far, in one line."""
        tally = self.room.tally
        minutes = int(self.agenda.at // 60)
        parts = [f"{minutes // 60:02d}:{minutes % 60:02d} of demo time", f"{tally['calls']} calls"]
        parts += [f"{tally[name]} {name}" for name in SHOWN if tally[name]]
        parts += [f"{tally[name]} {name}" for name in ("overtaken", "retries") if tally[name]]
        if (behind := self.agenda.seconds_behind()) > 2:
            parts.append(f"{behind:.0f} s behind")
        return " · ".join(parts)

    def _schedule(self, index: int) -> None:
        """Put one arrival on the agenda, which puts the next one there when it has come in."""
        if index == len(self.arrivals) or self.room.is_closing_time:
            return
        begin = self.arrivals[0].at
        due_at = (self.arrivals[index].at - begin).total_seconds()
        self.agenda.after(due_at - self.agenda.at, partial(self._come_in, index))

    def _come_in(self, index: int) -> None:
        if self.room.is_closing_time:
            return
        self.room.tried(partial(self.room.call_comes_in, self.arrivals[index].nature))()
        self._schedule(index + 1)

    def _is_time_left(self) -> bool:
        is_over = self.ends_at is not None and time.monotonic() >= self.ends_at
        return not (is_over or self.is_interrupted) and self._somebody_calls()

    def _somebody_calls(self) -> bool:
        """With a number of calls as limit: until the last of them is closed."""
        tally = self.room.tally
        return tally["calls"] < self._total or tally["closed"] < tally["calls"]

    def _report(self, say: Callable[[str], None]) -> None:
        if time.monotonic() - self._reported_at >= REPORT_SECONDS:
            self._reported_at = time.monotonic()
            say(self.words())
