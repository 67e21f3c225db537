"""One console and one Chromium for all screens; every person sits at a browser of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from heart.runner.browser import FLAGS, executable
from tests.browser.person import PATIENCE_MS, Person
from tests.browser.world import World
from tests.console import Console, running_console, until

HERE = Path(__file__).parent
LOGS = HERE.parents[1] / "var" / "tests" / "browser"

Sits = Callable[..., Person]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The console's start is part of the first test's time."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="package")
def console() -> Iterator[Console]:
    with running_console(LOGS, HEART_PUSH_LOOPBACK="true") as console:
        until(console.is_whole, 60, "a whole console")
        yield console


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def sits(browser: Browser, console: Console) -> Iterator[Sits]:
    """`sits("dispatcher")`: a signed-in person; none of their screens may do anything wrong."""
    everybody: list[Person] = []
    with ExitStack() as at_the_end:

        def sit(username: str = "", **look: object) -> Person:
            person = Person(browser, console, username, **look)
            at_the_end.callback(person.context.close)
            everybody.append(person)
            return person

        yield sit
        faults = [fault for person in everybody for fault in person.faults]
    assert faults == []


@pytest.fixture(scope="package")
def token(console: Console) -> str:
    """Of another system, for what a dispatcher may do."""
    return console.token("dispatcher")


CLOSE_LATER_THAN = """
UPDATE intake_call c SET status = 'closed', closed_at = clock_timestamp()
WHERE id > %s AND status <> 'closed'
AND NOT EXISTS (SELECT FROM dispatch_run r WHERE r.call_id = c.id AND r.ended_at IS NULL)
"""


@pytest.fixture
def world(console: Console, token: str) -> Iterator[World]:
    """Afterwards the calls of this test are off the board, behind the journal's back: the next test
    finds its own at the beginning of the lists."""
    [(last,)] = console.sql("SELECT coalesce(max(id), 0) FROM intake_call")
    yield World(console, token)
    console.sql(CLOSE_LATER_THAN, (last,))
