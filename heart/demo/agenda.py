"""What is to happen when, in the time of the demo, which runs faster than ours."""

import heapq
import math
import time
from collections.abc import Callable
from itertools import count

Step = Callable[[], None]
LONGEST_NAP = 0.25


class Agenda:
    """Steps in the order of their demo seconds; ``speed`` demo seconds pass in one of ours."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.at = 0.0
        self.began = time.monotonic()
        self.is_in_a_hurry = False
        self._steps: list[tuple[float, int, Step]] = []
        self._order = count()

    def after(self, seconds: float, step: Step) -> None:
        """Do it so many demo seconds after the step that is being done now."""
        heapq.heappush(self._steps, (self.at + seconds, next(self._order), step))

    def run(self, go_on: Callable[[], bool], between: Step) -> None:
        """Do what is due, in order, while ``go_on``; ``between`` is called after every nap and step."""
        while self._steps and go_on():
            due_at, _, step = self._steps[0]
            if (wait := due_at - self.now()) > 0:
                time.sleep(min(wait / self.speed, LONGEST_NAP))
            else:
                heapq.heappop(self._steps)
                self.at = due_at
                step()
            between()

    def now(self) -> float:
        """The demo seconds that have passed by our clock; in a hurry all of them have."""
        return math.inf if self.is_in_a_hurry else (time.monotonic() - self.began) * self.speed

    def hurry(self) -> None:
        """Wait for nothing any more."""
        self.is_in_a_hurry = True

    def seconds_behind(self) -> float:
        """How far the steps lag behind our clock, in our seconds."""
        if self.is_in_a_hurry or not self._steps:
            return 0.0
        return max(0.0, (self.now() - self._steps[0][0]) / self.speed)
