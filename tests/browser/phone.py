"""What hands do on a team's phone, and the call that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.world import World

PRESSES = "**/team/CRT1/runs/**"


@contextmanager
def on_a_call(world: World, *steps: str) -> Iterator[tuple[str, int]]:
    """CRT1 is sent to a call and brought on its way; afterwards it is free again."""
    number = world.call("TRESPASS")
    run: int = world.does(f"calls/{number}/assignments/", {"unit": "CRT1"})["id"]
    for step in steps:
        world.does(f"runs/{run}/{step}/")
    try:
        yield number, run
    finally:
        if steps:
            world.does(f"runs/{run}/clear/", {"outcome": "resolved", "felt_safe": "yes"})
        else:
            world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})


def is_kept(page: Page, words: str = "En route") -> None:
    """One press waits, and the page says so."""
    expect(page.locator("[data-outbox]")).to_be_visible()
    expect(page.locator("[data-outbox]")).to_contain_text("1 not sent")
    expect(page.locator("[data-outbox]")).to_contain_text(words)


def hold(page: Page, selector: str, milliseconds: int = 1700) -> None:
    """A finger on a button for so long."""
    button = page.locator(selector)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()


def choose(page: Page, name: str, value: str) -> None:
    """Press one of the big choices of the open form."""
    field = page.locator(f"[name={name}][value='{value}']")
    page.locator("dialog[open] label").filter(has=field).click()
