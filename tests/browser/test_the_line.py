"""The whole line, five people at five browsers: from the phone to a promise due in 48 hours.

In the middle the live process dies of kill -9; nobody reloads a page.
"""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.intake import ask, number_of
from tests.browser.person import PHONE
from tests.console import Console

SEND_CRT = "2"


def test_from_the_phone_to_a_promise(sits: Sits, console: Console) -> None:
    calltaker, clinician = (
        sits("calltaker").opens("/calls/new/"),
        sits("clinician").opens("/desk/"),
    )
    dispatcher, navigator = (
        sits("dispatcher").opens("/board/"),
        sits("navigator").opens("/worklist/"),
    )
    team = sits("team", viewport=PHONE).opens("/team/")
    screens = (clinician, dispatcher, navigator, team)
    for screen in screens:
        never_reloaded(screen)

    number = takes(calltaker)
    row = dispatcher.locator(f"a.board-row[href='/calls/{number}/']")
    accepts(clinician, number)
    expect(calltaker.locator("[data-part=clinician]")).to_contain_text("accepted by Noor Avocet")
    calltaker.keyboard.press("Control+Enter")
    expect(calltaker).to_have_url(re.compile("/board/$"))
    expect(row).to_contain_text("Noor Avocet")

    with console.stopped("live"):
        expect(dispatcher.locator("#feed-banner")).to_contain_text("last update")
        sends_a_team(clinician)
        expect(clinician.locator("#mine")).not_to_contain_text(number)
    expect(row).to_contain_text("CRT", timeout=30_000)
    for screen in screens:
        expect(screen.locator("#feed-banner")).to_be_hidden(timeout=30_000)

    assigns(dispatcher, number, "CRT1")
    works(team, number)
    expect(row).to_be_visible()
    closes(dispatcher, number)
    expect(row).to_have_count(0)

    promise = navigator.locator("[data-feed-list=unreached] li", has_text=number)
    expect(promise).to_contain_text("unassigned")
    due = datetime.fromisoformat(str(promise.locator(".work-left time").get_attribute("datetime")))
    assert due == cleared_at(console, number) + timedelta(hours=48)
    for screen in screens:
        assert screen.evaluate("window.neverReloaded"), screen.url


def takes(page: Page) -> str:
    """A caller who thinks of dying, has no plan and wants to talk; all of it typed."""
    page.keyboard.type("555-0147")
    page.keyboard.press("Enter")
    number = number_of(page)
    page.keyboard.type("12 Thimble Street")
    ask(page, "caller", 1)
    ask(page, "si", 2)
    ask(page, "contact", 1)
    expect(page.locator("[data-part=decision] .verdict")).to_contain_text("CCD")
    return number


def accepts(page: Page, number: str) -> None:
    """The clinician, with the keyboard: the call has the focus before the second press takes it."""
    waiting = page.locator("[data-feed-list=queue] li", has_text=number)
    expect(waiting).to_be_visible()
    waiting.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#mine")).to_contain_text(number)
    expect(page.locator("#mine")).to_contain_text("12 Thimble Street")


def sends_a_team(page: Page) -> None:
    """A clinical note first, then the ending by its number."""
    note = page.locator("#clinical-text")
    expect(note).to_be_focused()
    page.keyboard.type("No means at home; wants to see somebody.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#clinical-notes")).to_contain_text("No means at home")
    page.keyboard.press("Escape")
    page.keyboard.press(SEND_CRT)
    page.keyboard.press("Enter")


def assigns(page: Page, number: str, unit: str) -> None:
    """The dispatcher opens the call beside the board and sends a team."""
    page.locator(f"a.board-row[href='/calls/{number}/']").click()
    page.locator("#board-call .candidate").get_by_role("button", name=unit).click()
    chip = page.locator(f"a.board-row[href='/calls/{number}/'] .chip", has_text=unit)
    expect(chip).to_be_visible()


def works(page: Page, number: str) -> None:
    """The team, on its phone: on the way, there, clearing, cleared, and whether they felt safe."""
    expect(page.locator("#team-now")).to_contain_text(number)
    for step, status in (("start", "en route"), ("arrival", "on scene"), ("clearing", "clearing")):
        page.locator(f"#step-{step}").click()
        expect(page.locator("#duty .chip")).to_have_text(status)
    page.locator("#step-clear").click()
    dialog = page.locator("#dialog-clear")
    dialog.locator("label", has=page.locator("[name=outcome]")).first.click()
    dialog.locator("label", has=page.locator("[name=felt_safe][value=yes]")).click()
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#team-now")).to_contain_text("Free")


def closes(page: Page, number: str) -> None:
    """The dispatcher closes with consent."""
    panel = page.locator("#board-call")
    expect(panel.locator("[data-part=teams]")).to_contain_text("felt safe: yes")
    panel.locator("[data-key-close]").click()
    dialog = page.locator("#dialog-close")
    dialog.locator("label", has=page.locator("[name=consent][value=yes]")).click()
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()


def cleared_at(console: Console, number: str) -> datetime:
    rows = console.sql(
        "SELECT r.ended_at FROM dispatch_run r JOIN intake_call c ON c.id = r.call_id"
        " WHERE c.number = %s",
        [number],
    )
    assert len(rows) == 1
    at: datetime = rows[0][0]
    return at.replace(microsecond=at.microsecond // 1000 * 1000)  # as precise as a page says it


def never_reloaded(page: Page) -> None:
    page.evaluate("window.neverReloaded = true")
