"""A call taken by keyboard alone, and nothing lost when the page is left or the console is away."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.intake import ask, number_of
from tests.console import Console, until


def test_by_keyboard_alone(sits: Sits, console: Console) -> None:
    dispatcher = sits("dispatcher").opens("/board/")
    page = sits("calltaker").opens("/board/")
    page.keyboard.press("F2")
    expect(page.locator("#f-phone")).to_be_focused()
    page.keyboard.type("555-0143")
    page.keyboard.press("Enter")

    number = number_of(page)
    row = dispatcher.locator(f"a.board-row[href='/calls/{number}/']")
    expect(row).to_contain_text("being taken")

    page.keyboard.type("12 Thimble Street, second floor")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("12 Thimble Street, second floor")
    ask(page, "caller", 1)
    page.locator("#f-nature").press("Tab")  # no nature yet: the words first
    page.keyboard.type("She cannot stop crying and thinks of dying.")
    ask(page, "si", 2)
    ask(page, "contact", 1)

    decision = page.locator("[data-part=decision]")
    expect(decision).to_contain_text("R16")
    expect(decision.locator(".verdict")).to_contain_text("CCD")
    expect(decision.locator(".reasons li").first).not_to_be_empty()
    expect(decision.locator("#would-change li").first).to_be_visible()
    expect(row).to_contain_text("CCD")
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))


def test_leaving_the_page_loses_nothing(sits: Sits, console: Console, token: str) -> None:
    page = sits("calltaker").opens("/calls/new/")
    page.keyboard.type("555-0144")
    page.keyboard.press("Enter")
    number = number_of(page)
    page.keyboard.type("9 Capstan Row")
    page.goto("/board/")  # at once, before anything saves itself

    until(
        lambda: call(console, token, number)["location_text"] == "9 Capstan Row", 15, "the place"
    )
    page.goto(f"/calls/{number}/intake/")
    expect(page.locator("#f-place")).to_have_value("9 Capstan Row")
    expect(page.locator("#f-phone")).to_have_value("555-0144")


def test_typed_while_web_is_down_is_kept_and_saved_once(
    sits: Sits, console: Console, token: str
) -> None:
    calltaker = sits("calltaker")
    page = calltaker.opens("/calls/new/")
    before = calls(console)
    with console.stopped("web"):
        page.keyboard.type("555-0145")
        page.keyboard.press("Enter")
        page.keyboard.type("3 Weir Terrace")
        expect(page.locator("[data-save-state]")).to_contain_text("Not saved", timeout=30_000)
        expect(page.locator("#f-place")).to_have_value("3 Weir Terrace")

    number = number_of(page, timeout=60_000)
    expect(page.locator("[data-save-state]")).to_contain_text("Saved", timeout=30_000)
    until(
        lambda: call(console, token, number)["location_text"] == "3 Weir Terrace", 15, "the place"
    )
    assert calls(console) - before == 1
    assert call(console, token, number)["caller_phone"] == "555-0145"


def test_typed_before_a_reload_while_the_database_is_away(
    sits: Sits, console: Console, token: str
) -> None:
    page = sits("calltaker").opens("/calls/new/")
    page.keyboard.type("555-0146")
    page.keyboard.press("Enter")
    number = number_of(page)
    with console.stopped("postgresql"):
        page.keyboard.type("77 Brindle Street")
        page.keyboard.press("Enter")
        expect(page.locator("[data-save-state]")).to_contain_text("the database is away")
        page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
        page.reload()
        expect(page.locator("h1")).to_have_text("The database is away")

    expect(page.locator("#f-place")).to_have_value("77 Brindle Street", timeout=60_000)
    until(lambda: call(console, token, number)["location_text"] == "77 Brindle Street", 30, "it")


def call(console: Console, token: str, number: str) -> dict[str, Any]:
    answer = console.request("GET", f"/api/v1/calls/{number}/", token=token)
    assert answer.status == 200, answer
    body: dict[str, Any] = answer.body
    return body


def calls(console: Console) -> int:
    return int(console.sql("SELECT count(*) FROM intake_call")[0][0])
