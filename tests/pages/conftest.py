from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pages.screen import Screen


@pytest.fixture
def at() -> "Callable[..., Screen]":
    """``at(people.dev)``: the screen that Dev sits at."""
    from tests.pages.screen import Screen

    return Screen
