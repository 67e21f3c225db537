from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from heart.replay.models import Replay
    from tests.pages.screen import Screen
    from tests.people import People


@pytest.fixture
def replayed(people: "People") -> "Callable[..., Replay]":
    """``replayed(version=2, against=1, source="here")``: asked for by Sam, run to its end."""
    from tests.replay_jobs.history import run_to_the_end

    return lambda **wish: run_to_the_end(by=people.sam.actor("admin"), **wish)


@pytest.fixture
def at() -> "Callable[..., Screen]":
    """``at(people.sam)``: the screen that Sam sits at."""
    from tests.pages.screen import Screen

    return Screen
