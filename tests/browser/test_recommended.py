"""The recommended team in a browser: one key sends it, what is guessed counts down, axe is silent."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.look import violations
from tests.browser.test_command_line import crt1  # noqa: F401 - a fixture
from tests.browser.world import World


def test_one_key_sends_the_recommended_team_and_no_second(
    sits: Sits,
    world: World,
    crt1: None,  # noqa: F811 - the fixture
) -> None:
    number = world.call("TRESPASS")
    page = sits("dispatcher").opens(f"/calls/{number}/")
    teams = page.locator("[data-part=teams]")
    first = teams.locator("[data-recommended]")
    expect(first).to_have_text(re.compile(r"Send CRT1\s+F9"))
    expect(teams.locator(".candidate").first).to_contain_text("CRT1")
    expect(teams.locator(".because").first).to_have_text(re.compile("CRT1 (before|and) "))
    assert violations(page, "[data-part=teams]", ()) == []

    page.keyboard.press("F9")

    expect(teams.locator(".run")).to_contain_text("CRT1")
    expect(first).to_have_count(0)
    page.keyboard.press("F9")
    expect(page.locator("[data-toasts]")).to_contain_text("No call with a recommended team")
    expect(teams.locator(".run")).to_have_count(1)


def test_what_is_guessed_counts_down_and_the_list_stays_open(
    sits: Sits,
    world: World,
    crt1: None,  # noqa: F811 - the fixture
) -> None:
    busy, waiting = world.call("TRESPASS"), world.call("TRESPASS")
    page = sits("dispatcher").opens(f"/calls/{waiting}/")
    cannot = page.locator("#cannot-go")

    world.does(f"calls/{busy}/assignments/", {"unit": "CRT1"})

    one = cannot.locator(".candidate", has_text="CRT1")
    expect(one).to_have_count(1)
    if cannot.get_attribute("open") is None:
        cannot.locator("summary").click()
    expect(one).to_contain_text(f"dispatched on {busy}")
    expect(one.locator("time")).to_have_text(re.compile(r"in about \d+ min"))
    world.does(f"calls/{busy}/notes/", {"text": "at the back door"})
    world.does("units/CRT1/status/", {"status": "en_route"})
    expect(one).to_contain_text(f"en route on {busy}")
    expect(one).to_be_visible()
    assert violations(page, "[data-part=teams]", ()) == []
