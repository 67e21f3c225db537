"""The worklist by keyboard: found, opened, made one's own, tried; what is typed stays."""

from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.world import World

NOTE = "Her sister answered; she is asleep."


def test_by_keyboard_from_the_list_to_an_attempt(sits: Sits, world: World) -> None:
    number = world.call("OVERDOSE", medical="serious")
    world.does(f"calls/{number}/close/", {"consent": "yes", "by_call": True, "phone": "555-0148"})
    page = sits("navigator").opens("/worklist/")
    row = page.locator("[data-feed-list=unreached] li", has_text=number)
    expect(row).to_contain_text("unassigned")

    page.locator("[data-filter=mine]").click()
    expect(row).to_be_hidden()
    page.locator("[data-filter=all]").click()
    row.locator("a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#opened-title")).to_be_focused()
    expect(page.locator(".opened-number")).to_contain_text("555-0148")
    page.keyboard.press("m")
    expect(row).to_contain_text("Ana Teal")
    expect(page.locator(".opened-take")).to_be_hidden()

    page.locator("#attempt-note").click()
    page.keyboard.type(NOTE)
    world.does(f"calls/{number}/notes/", {"text": "Somebody adds a note meanwhile."})
    page.wait_for_timeout(1000)
    expect(page.locator("#attempt-note")).to_be_focused()
    expect(page.locator("#attempt-note")).to_have_value(NOTE)
    page.locator("label", has=page.locator("[value=third_party]")).click()
    page.locator("#attempt-note").press("Control+Enter")

    expect(page.locator("#opened-history")).to_contain_text(NOTE)
    expect(page.locator("#attempt-note")).to_have_value("")
    expect(row).to_contain_text("somebody else answered")
    page.locator("[data-filter=mine]").click()
    expect(row).to_be_visible()
