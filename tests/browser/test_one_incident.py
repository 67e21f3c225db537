"""Two people at one call, and two calls about one incident, in two browsers."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.look import look
from tests.browser.world import World


def test_two_calls_become_one_in_two_presses_and_nothing_takes_the_focus(
    sits: Sits, world: World
) -> None:
    call = world.call("TRESPASS", "A man cries in the stairwell.")
    other = world.call("SUITHREAT", "Rifle in the closet.", weapon="accessible", si="intent")
    watcher = sits("calltaker").opens(f"/calls/{other}/")
    page = sits("dispatcher").opens(f"/calls/{call}/")
    page.fill("#note-text", "half a sentence")

    page.locator(".call-alike li", has_text=other).get_by_role("button").click()
    preview = page.locator("#merge-preview")
    expect(preview).to_contain_text(f"{call} and {other}: one incident?")
    expect(preview).to_contain_text("Within reach counts")
    expect(page.locator("dialog[open]")).to_have_count(0)
    found = look(page, "call-merge-preview")
    preview.get_by_role("button", name=f"Merge {other} into {call}").click()

    expect(page.locator("#merge-preview")).to_be_empty()
    expect(page.locator(".call-head")).to_contain_text("Rifle in the closet.")
    expect(page.locator(".call-head .level-big")).to_have_attribute("data-level", "3")
    expect(page.locator("#note-text")).to_have_value("half a sentence")
    expect(watcher.locator(".call-head")).to_contain_text(f"Merged into {call}")
    found += look(page, "call-after-merge") + look(watcher, "call-merged")

    assert found == []


def test_board_drops_the_merged_call_by_itself(sits: Sits, world: World) -> None:
    call, other = world.call("TRESPASS"), world.call("TRESPASS")
    page = sits("dispatcher").opens("/board/")
    expect(page.locator(".rows").get_by_text(other).first).to_be_visible()

    world.does(f"calls/{other}/merge/", {"into": call})

    expect(page.locator("[data-feed-list='waiting'] > li", has_text=other)).to_have_count(0)


def test_same_field_shows_both_values_and_different_fields_come_onto_the_form(
    sits: Sits, world: World
) -> None:
    number = world.call("TRESPASS")
    first = sits("calltaker").opens(f"/calls/{number}/intake/")
    second = sits("dispatcher").opens(f"/calls/{number}/intake/")

    types(first, "#f-place", "Mill Lane 3")
    types(second, "#f-phone", "555-0177")
    second.keyboard.press("Tab")  # out of the location: what Rosa wrote there waits for that
    expect(second.locator("#f-place")).to_have_value("Mill Lane 3")

    types(first, "#f-phone", "555-0188")
    clash = first.locator(".f-phone .clash")
    expect(clash).to_contain_text("Dev Heron wrote this at")
    expect(clash).to_contain_text('"555-0177". You wrote "555-0188".')
    found = look(first, "intake-clash")
    clash.get_by_role("button", name="Use mine").click()
    is_saved(first)

    types(second, "#f-phone", "555-0199")
    clash = second.locator(".f-phone .clash")
    expect(clash).to_contain_text("Rosa Plover wrote this at")
    clash.get_by_role("button", name="Keep theirs").click()
    expect(second.locator("#f-phone")).to_have_value("555-0188")

    assert found == []


def types(page: Page, field: str, text: str) -> None:
    """Fill a field and leave it; the server has answered."""
    with page.expect_response(re.compile("/fields/$")):
        page.fill(field, text)
        page.keyboard.press("Tab")


def is_saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def test_who_else_is_here_is_said_and_gone_when_they_leave(sits: Sits, world: World) -> None:
    number = world.call("TRESPASS")
    editing = sits("calltaker").opens(f"/calls/{number}/intake/")
    editing.focus("#f-place")
    page = sits("dispatcher").opens(f"/calls/{number}/")

    chips = page.locator(".presence")
    expect(chips).to_contain_text("Rosa Plover is editing the location")
    editing.goto("/board/")
    page.focus("#note-text")

    expect(chips).not_to_contain_text("Rosa Plover")
