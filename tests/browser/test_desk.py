"""The clinician's desk: one winner, and a note that nobody has to write twice."""

import os
import signal
from contextlib import suppress

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Sits
from tests.browser.world import World
from tests.console import Console, until

WORDS = "He sits down again and breathes slower."


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told_who(
    sits: Sits, world: World
) -> None:
    number = world.wants_to_talk()
    first, second = sits("clinician").opens("/desk/"), sits("clinician2").opens("/desk/")
    for page in (first, second):
        expect(waiting(page, number)).to_be_visible()

    on_its_way: list[Route] = []

    def hold(route: Route) -> None:
        on_its_way.append(route)

    first.route("**/acceptance/", hold)

    waiting(first, number).get_by_role("button").click()
    waiting(second, number).get_by_role("button").click()
    expect(second.locator("#mine")).to_contain_text(number)
    until(lambda: on_its_way, 5, "the first press")
    for route in on_its_way:
        route.continue_()

    expect(first.locator(".toast")).to_contain_text(f"Lena Dunlin accepted {number}")
    expect(first.locator("#mine")).not_to_contain_text(number)
    expect(waiting(first, number)).to_have_count(0)
    ends(second)


def test_keys_accept_and_end(sits: Sits, world: World) -> None:
    number = world.wants_to_talk()
    page = sits("clinician").opens("/desk/")
    expect(waiting(page, number)).to_be_visible()

    waiting(page, number).get_by_role("button").focus()
    page.keyboard.press("a")
    expect(page.locator("#clinical-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("7")
    expect(page.locator("[data-ending='7']")).to_be_focused()
    page.keyboard.press("Enter")

    expect(waiting(page, number)).to_contain_text("call back")
    expect(page.locator("#mine")).not_to_contain_text(number)


def test_note_survives_pushes_a_failed_save_and_a_reload(
    sits: Sits, world: World, console: Console
) -> None:
    number = world.wants_to_talk()
    page = sits("clinician").opens("/desk/")
    waiting(page, number).get_by_role("button").click()
    note = page.locator("#clinical-text")
    expect(note).to_be_focused()
    page.keyboard.type(WORDS)

    world.does(f"calls/{number}/notes/", {"text": "The sister is here."})
    expect(page.locator("#mine-notes")).to_contain_text("The sister is here.")
    expect(note).to_be_focused()
    expect(note).to_have_value(WORDS)

    family = console.family("web")
    with console.stopped("web"):
        for pid in family:  # its workers live on for a moment
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-draft-state]")).to_contain_text("Not saved", timeout=30_000)
        expect(note).to_have_value(WORDS)
    page.reload()
    expect(note).to_have_value(WORDS, timeout=30_000)
    expect(page.locator("[data-draft-state]")).to_contain_text("Not saved yet")
    note.press("Control+Enter")

    expect(page.locator("#clinical-notes li")).to_have_count(1)
    expect(page.locator("#clinical-notes")).to_contain_text(WORDS)
    expect(note).to_have_value("")
    page.reload()
    expect(note).to_have_value("")
    ends(page)


def test_what_is_sent_shows_while_the_clinician_talks(sits: Sits, world: World) -> None:
    number = world.wants_to_talk()
    page = sits("clinician").opens("/desk/")
    waiting(page, number).get_by_role("button").click()
    expect(page.locator("#clinical-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.locator(".help-choice", has_text="EMS").click()

    expect(page.locator("#mine-head .level-big")).to_contain_text("4")
    expect(page.locator("#mine-sent")).to_contain_text("EMS")
    world.does(f"calls/{number}/handoffs/", {"agency": "EMS", "agency_name": "Medic 4"})
    expect(page.locator("#mine-sent")).to_contain_text("Medic 4")
    expect(page.locator("dialog[open]")).to_have_count(0)
    ends(page)


def waiting(page: Page, number: str) -> Locator:
    return page.locator("[data-feed-list=queue] li", has_text=number)


def ends(page: Page) -> None:
    """The contact is over, so that the next test finds an empty desk."""
    page.locator("[data-ending='1']").click()
    expect(page.locator(".mine-close")).to_be_visible()
    page.locator("label", has=page.locator("[name=consent][value=no]")).click()
    page.locator(".mine-close button[type=submit]").click()
    expect(page.locator(".mine-close")).to_have_count(0)
