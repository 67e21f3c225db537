from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.live.process import Live


@pytest.fixture
def live(transactional_db: None) -> Iterator["Live"]:
    """A running live process."""
    from tests.live.process import serving

    with serving() as live:
        yield live


@pytest.fixture
def token(transactional_db: None, people: Any) -> dict[str, str]:
    """The headers of a program that may see the board."""
    from tests.live.process import token_of

    return token_of(people.dev)


@pytest.fixture
def probes() -> Iterator[None]:
    """A part of board and worklist that shows how often a record was opened."""
    from heart.live.audiences import Kind
    from tests.live.process import probing

    with probing(Kind.BOARD, Kind.WORKLIST):
        yield
