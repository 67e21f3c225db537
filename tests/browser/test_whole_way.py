"""The whole way of a call by one dispatcher: take, triage, recommend, dispatch, arrive, backup, clear.

Once with the keyboard alone, once with the mouse alone; typing words is the only thing both share.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sits
from tests.browser.intake import NUMBER, ask
from tests.browser.world import World

LINE, WORDS = "#command-input", "[data-command-words]"


def command(page: Page, line: str) -> None:
    """A line of the command line, carried out; it closes when it was."""
    page.keyboard.press("Control+Space")
    field = page.locator(LINE)
    expect(field).to_be_focused()
    page.keyboard.type(line)
    expect(page.locator(WORDS)).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(page.locator("[data-command-line]")).to_be_hidden()


def chip(page: Page, number: str) -> Locator:
    return page.locator(f"a.board-row[href='/calls/{number}/'] .chip")


def takes_alert(page: Page, words: str) -> None:
    """F8 goes from alert to alert that nobody has; Enter takes the one that is meant."""
    wanted = page.locator("[data-alerts] li", has_text=words)
    expect(wanted).to_be_visible()
    for _ in range(10):
        page.keyboard.press("F8")
        expect(page.locator("[data-alert-ack]:focus")).to_have_count(1)
        if wanted.locator("[data-alert-ack]:focus").count():
            page.keyboard.press("Enter")
            expect(wanted).to_contain_text("Dev Heron has it")
            return
    raise AssertionError(f"F8 does not reach: {words}")


def test_keyboard_alone(sits: Sits, world: World) -> None:
    world.frees("CRT1")
    page = sits("dispatcher").opens("/board/")

    page.keyboard.press("/")
    expect(page.locator(LINE)).to_be_focused()
    page.keyboard.type("new 12 Thimble Street; tres")
    expect(page.locator(WORDS)).to_contain_text("Begin a call")
    page.keyboard.press("Enter")
    page.wait_for_url("**/intake/")
    title = page.locator("[data-title]")
    expect(title).to_have_text(NUMBER)
    number = title.inner_text()
    ask(page, "weapon", 1)
    ask(page, "violence", 1)
    expect(page.locator("[data-part=decision] .verdict")).not_to_be_empty()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/board/$"))
    expect(page.locator(f"a.board-row[href='/calls/{number}/']")).to_be_visible()

    command(page, f"d crt1 {number[-3:]}")
    expect(chip(page, number)).to_have_text(re.compile("CRT1.*DP"))
    command(page, "en crt1")
    command(page, "os crt1")
    expect(chip(page, number)).to_have_text(re.compile("CRT1.*OS"))
    command(page, "bk crt1")
    takes_alert(page, "CRT1 asks for police")
    command(page, "cl crt1 res yes")

    expect(chip(page, number)).to_have_count(0)
    assert world.status_of("CRT1") == "available"


def test_mouse_alone(sits: Sits, world: World) -> None:
    world.frees("CRT1")
    page = sits("dispatcher").opens("/board/")

    page.get_by_role("link", name="New call").click()
    page.locator("[name=location_text]").click()
    page.keyboard.type("14 Thimble Street")
    page.locator("#f-nature").click()
    page.keyboard.type("tres")
    page.locator("#nature-TRESPASS").click()
    title = page.locator("[data-title]")
    expect(title).to_have_text(NUMBER)
    number = title.inner_text()
    for question in ("weapon", "violence"):
        page.locator(f"label:has([name={question}])").nth(1).click()
    expect(page.locator("[data-part=decision] .verdict")).not_to_be_empty()
    page.locator("[data-key-finish]").click()
    expect(page).to_have_url(re.compile("/board/$"))

    page.locator(f"a.board-row[href='/calls/{number}/']").click()
    panel = page.locator("#board-call")
    panel.get_by_role("button", name=re.compile("CRT1")).first.click()
    run = panel.locator(".run", has_text="CRT1")
    for press in ("Acknowledged", "En route", "On scene"):
        run.get_by_role("button", name=press, exact=True).click()
    expect(chip(page, number)).to_have_text(re.compile("CRT1.*OS"))
    run.get_by_role("button", name="Police to CRT1").click()
    expect(run).to_contain_text("police backup")
    for press in ("Coming", "They are there"):
        run.get_by_role("button", name=press, exact=True).click()
    expect(run).to_contain_text("there")
    run.get_by_role("button", name="Clear…").click()
    dialog = page.locator("#dialog-clear")
    expect(dialog).to_be_visible()
    assert not dialog.evaluate("element => element.matches(':modal')")
    dialog.locator("#clear-outcome").select_option("resolved")
    dialog.locator("label", has=page.locator("[name=felt_safe][value=yes]")).click()
    dialog.locator("button[type=submit]").click()

    expect(dialog).to_be_hidden()
    expect(run).to_contain_text("felt safe: yes")
    assert world.status_of("CRT1") == "available"
