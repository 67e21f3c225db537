"""One console for all that is killed here; whole again before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console import Console, running_console, until

HERE = Path(__file__).parent
LOGS = HERE.parents[1] / "var" / "tests" / "chaos"
TAKEOVER_SECONDS = 6.0
PAGING_PORT = 18_765
"""Where the agency's paging hook listens while a test wants one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The console's start is part of the first test's time."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="package")
def the_console() -> Iterator[Console]:
    with running_console(
        LOGS,
        HEART_CELERY_SILENT_SECONDS=str(TAKEOVER_SECONDS),
        HEART_PAGING_URL=f"http://127.0.0.1:{PAGING_PORT}/",
    ) as console:
        yield console


@pytest.fixture
def console(the_console: Console) -> Iterator[Console]:
    until(the_console.is_whole, 60, "a whole console")
    yield the_console
    until(the_console.is_whole, 60, "a whole console")
    assert the_console.manage("replay_check") == "journal and tables agree"


@pytest.fixture(scope="package")
def token(the_console: Console) -> str:
    return the_console.token("calltaker")
