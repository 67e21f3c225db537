"""The command line and the keys in a browser: focus and text come back, nothing is covered or lost."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.intake import number_of
from tests.browser.person import PHONE
from tests.browser.world import World

INPUT = "#command-input"
FOCUS = """() => {
  const { id, value, selectionStart, selectionEnd } = document.activeElement;
  return [id, value, selectionStart, selectionEnd];
}"""


def enters(page: Page, line: str) -> None:
    """Open the line, type, wait for the words, and send it off."""
    page.keyboard.press("Control+Space")
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.type(line)
    expect(page.locator("[data-command-words]")).not_to_be_empty()
    page.keyboard.press("Enter")


@pytest.fixture
def crt1(world: World) -> Iterator[None]:
    """CRT1 is free before and after."""
    yield
    for run in world.console.sql(
        "SELECT r.id FROM dispatch_run r JOIN dispatch_unit u ON u.id = r.unit_id"
        " WHERE u.code = 'CRT1' AND r.ended_at IS NULL"
    ):
        world.does(f"runs/{run[0]}/cancel/", {"reason": "not_needed"})


def test_dispatching_from_within_a_half_filled_form(sits: Sits, world: World, crt1: None) -> None:
    other = world.call("TRESPASS")
    page = sits("dispatcher").opens("/calls/new/")
    page.keyboard.type("555-0143")
    page.keyboard.press("Enter")
    own = number_of(page)
    page.keyboard.type("12 Thimble Street, second floor")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    before = page.evaluate(FOCUS)
    assert before == ["f-place", "12 Thimble Street, second floor", 0, 3]

    enters(page, f"d CRT1 {other}")

    expect(page.locator("[data-command-line]")).to_be_hidden()
    assert page.evaluate(FOCUS) == before
    assert page.url.endswith(f"/calls/{own}/intake/")
    expect(page.locator("[data-toasts]")).to_contain_text(f"CRT1 sent to {other}")
    page.keyboard.type("24")
    expect(page.locator("#f-place")).to_have_value("24Thimble Street, second floor")


def test_what_is_typed_into_the_nature_stays(sits: Sits) -> None:
    page = sits("calltaker").opens("/calls/new/")
    page.locator("#f-nature").fill("welf")

    page.keyboard.press("Control+Space")
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.press("Escape")

    assert page.evaluate(FOCUS) == ["f-nature", "welf", 4, 4]


def test_words_before_enter_tab_and_history(sits: Sits, world: World) -> None:
    number = world.call("TRESPASS")
    page = sits("dispatcher").opens("/board/")
    page.keyboard.press("/")
    expect(page.locator(INPUT)).to_be_focused()
    expect(page.locator(INPUT)).to_have_value("")
    page.keyboard.type("disp")
    page.keyboard.press("Tab")
    expect(page.locator(INPUT)).to_have_value("dispatch ")
    page.keyboard.type("crt1 ")
    page.keyboard.type(number[-3:])
    expect(page.locator("[data-command-words]")).to_have_text(
        f"Send CRT1 to {number}, 156 Russet Avenue, second floor, flat C"
    )
    page.keyboard.press("Escape")
    expect(page.locator("[data-command-line]")).to_be_hidden()

    enters(page, f"n {number} the gate is open")
    expect(page.locator("[data-command-line]")).to_be_hidden()
    page.keyboard.press("F10")
    page.keyboard.press("ArrowUp")
    expect(page.locator(INPUT)).to_have_value(f"n {number} the gate is open")
    page.keyboard.press("ArrowUp")
    expect(page.locator(INPUT)).to_have_value(f"dispatch crt1 {number[-3:]}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(INPUT)).to_have_value("")


def test_faults_are_said_and_the_line_stays(sits: Sits) -> None:
    page = sits("dispatcher").opens("/board/")
    page.keyboard.press("/")
    page.keyboard.type("cl CRT1 resolved")
    page.keyboard.press("Enter")

    expect(page.locator("[role=alert][data-command-problem]")).to_contain_text(
        "Column 18: expected whether the crew felt safe"
    )
    expect(page.locator(INPUT)).to_have_value("cl CRT1 resolved")
    expect(page.locator(INPUT)).to_be_focused()


def test_finding_and_choosing(sits: Sits, world: World) -> None:
    number = world.call("TRESPASS", "A man sleeps in the hall.")
    page = sits("dispatcher").opens("/rules/")
    enters(page, f"find {number[-6:]} russet")
    options = page.locator("#command-options [role=option]")
    expect(options.first).to_contain_text(f"open {number}")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.locator(INPUT)).to_have_attribute("aria-activedescendant", "command-option-0")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/calls/{number}/")


def test_over_an_open_dialog(sits: Sits, world: World) -> None:
    number = world.call("TRESPASS")
    page = sits("dispatcher").opens(f"/calls/{number}/")
    page.locator("[data-key-handoff]").first.click()
    page.locator("#handoff-name").fill("Night shelter")
    page.locator("#handoff-name").press("ArrowLeft")

    enters(page, "n the caller moved to the porch")

    expect(page.locator("[data-command-line]")).to_be_hidden()
    assert page.evaluate(FOCUS) == ["handoff-name", "Night shelter", 12, 12]
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Control+Space")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".call-notes")).to_contain_text("the caller moved to the porch")


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_it_takes_room_instead_of_covering(
    sits: Sits, world: World, look: dict[str, object]
) -> None:
    world.call("TRESPASS")
    page = sits("dispatcher", **look).opens("/board/")
    page.locator("[data-opens-command]").click()
    page.keyboard.type("f")
    expect(page.locator("#command-options [role=option]").first).to_be_visible()

    dock = page.locator("[data-command-line]").bounding_box()
    assert dock
    height = page.viewport_size["height"] if page.viewport_size else 0
    assert dock["y"] + dock["height"] <= height + 1
    if not look:
        board = page.locator("main.board").bounding_box()
        assert board
        assert board["y"] + board["height"] <= dock["y"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(page).response["violations"]
    assert violations == [], [(v["id"], [n["html"] for n in v["nodes"]]) for v in violations]


@pytest.mark.parametrize(("letter", "place"), [("o", "/handover/"), ("p", "/paper/")])
def test_two_letters_go_to_a_place(sits: Sits, letter: str, place: str) -> None:
    page = sits("dispatcher").opens("/board/")
    page.keyboard.press("?")
    caps = page.get_by_role("button", name=re.compile(f"^g {letter} Change the key: go to "))
    expect(caps).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("g")
    page.keyboard.press(letter)

    page.wait_for_url(f"**{place}")


def test_letters_can_be_switched_off_and_keys_changed(sits: Sits, world: World) -> None:
    number = world.call("TRESPASS")
    person = sits("dispatcher2")
    page = person.opens(f"/calls/{number}/")
    page.keyboard.press("?")
    sheet = page.locator("#cheat-sheet")
    expect(sheet.get_by_role("rowheader", name="d UNIT… [call] dispatch")).to_be_visible()

    change = sheet.get_by_role("button", name="Change the key: write a note")
    change.click()
    page.keyboard.press("F5")
    expect(page.locator("[data-keys-said]")).to_contain_text("F5 is left to the browser")
    change.click()
    page.keyboard.press("h")
    expect(page.locator("[data-keys-said]")).to_contain_text("h is taken: hand off to an agency")
    change.click()
    page.keyboard.press("F7")
    expect(page.locator("[data-keys-said]")).to_contain_text("write a note: F7.")
    page.keyboard.press("Escape")

    page.keyboard.press("n")
    expect(page.locator("#note-text")).not_to_be_focused()
    page.keyboard.press("F7")
    expect(page.locator("#note-text")).to_be_focused()

    page = person.opens(f"/calls/{number}/")  # kept on the server
    page.keyboard.press("F7")
    expect(page.locator("#note-text")).to_be_focused()
    page.locator("h1").first.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    sheet.get_by_role("checkbox").uncheck()
    expect(page.locator("[data-keys-said]")).to_contain_text("no shortcuts any more")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-command-line]")).to_be_hidden()
    page.keyboard.press("Control+Space")
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("[data-opens='cheat-sheet']").click()
    sheet.get_by_role("checkbox").check()
    sheet.get_by_role("button", name="Change the key: write a note").click()
    page.keyboard.press("Backspace")
    expect(page.locator("[data-keys-said]")).to_contain_text("write a note: n.")


def test_the_cheat_sheet_is_one_sheet_of_paper(sits: Sits) -> None:
    page = sits("supervisor").opens("/cheat-sheet/")
    expect(page.locator(".cheat-page .keys section").first).to_be_visible()

    paper = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_a_page_of_nobody_has_no_line(sits: Sits) -> None:
    page = sits().opens("/sign-in/")

    expect(page.locator("[data-command-line]")).to_have_count(0)
