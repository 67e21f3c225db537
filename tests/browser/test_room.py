"""The room on one screen: panels arranged without dragging, kept for the position, nothing in the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.bench.board import finish, storm
from tests.browser.conftest import Sits
from tests.browser.look import look, too_wide, violations
from tests.browser.person import DESKTOP, Person
from tests.browser.typing import type_through
from tests.browser.world import World
from tests.console import Console

STORM_SECONDS = 8
KEPT = "**/positions/layout/"
WHOLE_ROWS = """() => [...document.querySelectorAll(".board-list li")].filter(row => {
  const box = row.getBoundingClientRect(), list = row.closest("[data-scrolls]").getBoundingClientRect();
  return box.top >= list.top && box.bottom <= list.bottom;
}).length"""


def columns(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.board-column')].map("
        "column => [...column.querySelectorAll('[data-panel]')].map(panel => panel.dataset.panel))"
    )
    return found


def at_position(person: Person, code: str = "P4") -> Page:
    """The board of a position, put back to normal."""
    page = person.opens("/positions/")
    page.get_by_role("button", name=code).click()
    page.wait_for_selector("main.board")
    with page.expect_response(KEPT):
        page.locator("[data-layout-opener]").click()
        page.locator("[data-preset=normal]").click()
    page.keyboard.press("Escape")
    return page


def test_panels_are_arranged_by_keyboard_and_stay_so(sits: Sits) -> None:
    page = at_position(sits("dispatcher"))
    page.locator("[data-arrange=timeline]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-move=up]")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    with page.expect_response(KEPT):
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")

    expect(page.locator("[data-arrange=timeline]")).to_be_focused()
    wanted = [["waiting", "active", "timeline"], ["teams", "map"], ["call"]]
    assert columns(page) == wanted
    page.reload()
    assert columns(page) == wanted


def test_columns_are_widened_by_arrow_keys(sits: Sits) -> None:
    page = at_position(sits("dispatcher"))
    separator = page.get_by_role("separator").first
    width = page.locator(".board-column").first.evaluate("column => column.clientWidth")

    separator.focus()
    with page.expect_response(KEPT):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")

    expect(separator).to_be_focused()
    expect(separator).to_have_attribute("aria-valuenow", "16")
    page.reload()
    assert page.locator(".board-column").first.evaluate("column => column.clientWidth") > width


def test_panels_are_hidden_shown_and_put_back(sits: Sits) -> None:
    page = at_position(sits("dispatcher"))
    page.locator("[data-arrange=map]").click()
    with page.expect_response(KEPT):
        page.locator("[data-move=hide]").click()
    expect(page.locator("[data-panel=map]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-panel=map]")).to_be_hidden()

    page.locator("[data-layout-opener]").click()
    with page.expect_response(KEPT):
        page.get_by_role("checkbox", name="Map").check()
    expect(page.locator("[data-panel=map]")).to_be_visible()
    with page.expect_response(KEPT):
        page.locator("[data-preset=normal]").click()

    expect(page.get_by_role("radio", name="compact")).to_be_checked()
    assert columns(page) == [["waiting", "active"], ["teams", "map", "timeline"], ["call"]]


def test_twenty_five_rows_are_seen_at_once(sits: Sits, world: World) -> None:
    for _ in range(30):
        world.call("TRESPASS", weapon="accessible")
    page = at_position(sits("dispatcher"))
    page.locator("[data-layout-opener]").click()
    page.get_by_role("radio", name="dense").check()
    page.keyboard.press("Escape")
    page.locator("[data-arrange=active]").click()
    page.locator("[data-move=hide]").click()

    assert page.evaluate(WHOLE_ROWS) >= 25


def test_call_opens_in_the_window_that_shows_calls(sits: Sits, world: World) -> None:
    number = world.wants_to_talk()
    person = sits("dispatcher")
    page = at_position(person)
    page.locator("[data-arrange=call]").click()
    with page.context.expect_page() as opened:
        page.locator("[data-own-window]").click()
    beside = opened.value
    beside.wait_for_load_state()
    page.locator("[data-move=hide]").click()

    page.locator(f"a.board-row[href='/calls/{number}/']").click()

    expect(beside.locator("[data-call]")).to_have_attribute("data-number", number)
    expect(page.locator("main.board")).to_be_visible()
    world.does(f"calls/{number}/notes/", {"text": "The door is open."})
    expect(beside.locator("#board-call [data-part=notes]")).to_contain_text("The door is open.")


@pytest.mark.parametrize("place", ["the call form", "a note beside the lists"])
def test_typing_through_a_storm_loses_no_letter_and_never_the_focus(
    sits: Sits, console: Console, world: World, place: str
) -> None:
    number = world.wants_to_talk()
    person = sits("dispatcher")
    if place == "the call form":
        field = person.opens("/calls/new/").locator("[name=narrative]")
    else:
        page = at_position(person)
        page.locator(f"a.board-row[href='/calls/{number}/']").click()
        field = page.locator("#board-call [data-key-note]")
    field.wait_for()

    with storm(console, STORM_SECONDS + 1) as blowing:
        typed = type_through(person.page, field, STORM_SECONDS)
        changes = finish(blowing)

    print(f"{place}: {len(typed.wanted)} letters through {changes} changes")
    assert changes > STORM_SECONDS * 10
    assert (typed.found, typed.moved) == (typed.wanted, [])


def test_looks_of_positions_and_windows(sits: Sits, world: World) -> None:
    person = sits("dispatcher")
    found = look(person.opens("/positions/"), "positions")
    with world.in_every_hand():
        for name in ("waiting", "teams", "call", "timeline"):
            found += look(person.opens(f"/board/{name}/"), f"board-{name}")

    assert found == []


@pytest.mark.parametrize(("width", "height"), [(720, 450), (2560, 1440)])
def test_board_at_twice_the_size_and_on_a_wall(
    sits: Sits, world: World, width: int, height: int
) -> None:
    with world.in_every_hand() as number:
        page = at_position(sits("dispatcher"))
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(f"a.board-row[href='/calls/{number}/']")).to_be_visible()
        found = violations(page, None, ())

    assert (found, too_wide(page)) == ([], 0)
    assert DESKTOP["width"] == 2 * 720  # the first size is the desktop at 200 %
