"""What others do arrives by itself, and takes nothing away from who is typing."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.world import World
from tests.console import Console

TYPED = "She asks for her brother, and"


def test_typed_words_focus_and_place_survive_pushes(sits: Sits, world: World) -> None:
    number = world.wants_to_talk()
    page = sits("calltaker", viewport={"width": 1440, "height": 400}).opens(f"/calls/{number}/")
    note = page.locator("[data-key-note]")
    note.click()
    page.keyboard.type(TYPED)
    place = scrolled(page)
    expect(page.locator("[data-feed-state]")).to_have_text("live")

    for text in ("The lift is out of order.", "The dog is friendly."):
        world.does(f"calls/{number}/notes/", {"text": text})
        expect(page.locator("[data-part=notes]")).to_contain_text(text)
    world.does(f"calls/{number}/level/", {"level": 3})
    expect(page.locator("[data-part=decision] .level-big")).to_contain_text("3")

    assert scrolled(page) == pytest.approx(place, abs=2)
    page.keyboard.type(" wants the light on.")
    expect(note).to_have_value(f"{TYPED} wants the light on.")


def test_row_in_focus_keeps_it(sits: Sits, world: World) -> None:
    number = world.wants_to_talk()
    page = sits("dispatcher").opens("/board/")
    row = page.locator(f"a.board-row[href='/calls/{number}/']")
    row.focus()
    expect(page.locator("[data-feed-state]")).to_have_text("live")

    other = world.call("TRESPASS", weapon="accessible")
    expect(page.locator(f"a.board-row[href='/calls/{other}/']")).to_be_visible()
    world.does(f"calls/{number}/notes/", {"text": "He is calm."})
    expect(row).to_contain_text("1")

    expect(row).to_be_focused()


@pytest.mark.parametrize("redis", ["up", "hung"])
def test_board_has_a_call_within_a_second(
    sits: Sits, console: Console, world: World, redis: str
) -> None:
    page = sits("dispatcher").opens("/board/")
    expect(page.locator("[data-feed-state]")).to_have_text("live")
    with console.hung(*(["redis"] if redis == "hung" else [])):
        quickest = min(seconds_until_seen(page, world) for _ in range(4))

    print(f"Redis {redis}: on the board after {quickest:.2f} s")
    assert quickest < 1


def seconds_until_seen(page: Page, world: World) -> float:
    """From the answer to who sent it until the row is on the screen."""
    number = world.call("TRESPASS")
    began = time.monotonic()
    page.locator(f"a.board-row[href='/calls/{number}/']").wait_for()
    return time.monotonic() - began


def scrolled(page: Page) -> float:
    """How far down the window is, and with it whatever scrolls inside it."""
    far: float = page.evaluate(
        "[document.scrollingElement, ...document.querySelectorAll('*')]"
        ".reduce((sum, element) => sum + element.scrollTop, 0)"
    )
    return far
