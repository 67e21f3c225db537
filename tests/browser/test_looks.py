"""Every screen in every state: nothing for axe to say, nothing blocked, nothing from elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import Sits
from tests.browser.look import look
from tests.console import Console

CLOSE_ALL = """
WITH open AS (SELECT id, status FROM intake_call WHERE status <> 'closed')
UPDATE intake_call c SET status = 'closed', closed_at = clock_timestamp()
FROM open WHERE open.id = c.id RETURNING c.id, open.status
"""


def test_signed_out(sits: Sits) -> None:
    nobody = sits()
    page = nobody.opens("/sign-in/")
    found = look(page, "sign-in")
    page.fill("#id_username", "calltaker")
    page.fill("#id_password", "not the password")
    page.keyboard.press("Enter")
    nobody.sees("[role=alert]")

    assert found + look(page, "sign-in-refused") == []


def test_board(sits: Sits, console: Console) -> None:
    page = sits("dispatcher").opens("/board/")
    found = look(page, "board")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    found += look(page, "cheat-sheet")
    with nothing_open(console):
        page.reload()
        page.wait_for_selector("[data-feed-empty=waiting]")
        found += look(page, "board-empty")

    assert found == []


def test_intake(sits: Sits) -> None:
    page = sits("calltaker").opens("/calls/new/")

    assert look(page, "intake-new") == []


@contextmanager
def nothing_open(console: Console) -> Iterator[None]:
    """No call on the board, behind the journal's back, for as long as this lasts."""
    were = console.sql(CLOSE_ALL)
    try:
        yield
    finally:
        for row in were:
            console.sql(
                "UPDATE intake_call SET status = %s, closed_at = NULL WHERE id = %s",
                (row[1], row[0]),
            )
