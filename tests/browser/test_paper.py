"""Back from paper by keyboard alone, and the pages as they look."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.look import look
from tests.console import Console

YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - any day on which the times are over


def types(page: Page, *texts: str) -> None:
    """Each text into the field with the focus, Enter to the next one; empty leaves it as it is."""
    for text in texts:
        if text:
            page.keyboard.type(text)
        page.keyboard.press("Enter")


def goes_to(page: Page, name: str) -> None:
    """Enter, or Tab where Enter begins a line, until the field of this name has the focus."""
    for _ in range(40):
        here, kind = page.evaluate("[document.activeElement.name, document.activeElement.type]")
        if here == name:
            return
        page.keyboard.press("Tab" if kind == "textarea" else "Enter")
    raise AssertionError(f"no way to {name}")


def test_cards_are_entered_by_keyboard_alone(sits: Sits, console: Console) -> None:
    board = sits("dispatcher").opens("/board/")
    page = sits("calltaker").opens("/paper/catch-up/")
    expect(page.locator("#f-paper_number")).to_be_focused()

    types(page, "k7-1")
    page.keyboard.type(f"{YESTERDAY:%m%d%Y}")
    goes_to(page, "received")
    types(page, "0912")
    expect(page.locator("#f-received")).to_have_value("09:12")
    page.keyboard.press("2")  # still going on
    page.keyboard.press("Enter")
    types(page, "555-0177", "4 Sluice Lane")
    goes_to(page, "caller_relation")
    page.keyboard.press("2")
    goes_to(page, "nature")
    types(
        page,
        "TRESPASS",
    )
    page.keyboard.type("A man sleeps in the doorway.")
    for key in ("in_area", "medical", "harm_now", "weapon"):
        goes_to(page, f"answer-{key}")
        page.keyboard.press("1")
    expect(page.locator("#f-consent-phone")).to_be_hidden()
    page.keyboard.press("Control+Enter")

    expect(page.locator(".catch-up [role=status]", has_text="K7-0001")).to_be_visible()
    expect(page.locator("#f-paper_number")).to_have_value("K7-0002")
    expect(page.locator("#f-paper_number")).to_be_focused()
    expect(board.locator("body")).to_contain_text("4 Sluice Lane")


def test_what_was_typed_stays_and_the_wrong_field_has_the_focus(sits: Sits) -> None:
    page = sits("calltaker").opens("/paper/catch-up/")
    types(page, "K8-1")
    page.keyboard.type(f"{YESTERDAY:%m%d%Y}")
    goes_to(page, "received")
    types(page, "quarter")
    page.keyboard.press("1")
    goes_to(page, "location_text")
    page.keyboard.type("9 Capstan Row")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#f-received")).to_be_focused()
    expect(page.locator("#p-received")).to_contain_text("a time like 0912")
    expect(page.locator("#f-place")).to_have_value("9 Capstan Row")
    expect(page.locator("input[name=state][value=over]")).to_be_checked()


def test_digits_choose_and_take_back(sits: Sits) -> None:
    page = sits("calltaker").opens("/paper/catch-up/")
    goes_to(page, "answer-weapon")

    page.keyboard.press("3")
    expect(page.locator("[name=answer-weapon][value=accessible]")).to_be_checked()
    page.keyboard.press("0")
    expect(page.locator("[name=answer-weapon]:checked")).to_have_count(0)
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("document.activeElement.name") == "answer-harm_now"


def test_pages_of_paper(sits: Sits) -> None:
    page = sits("calltaker").opens("/paper/")
    with page.expect_download() as download:
        page.fill("#f-position", "K9")
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "paper-K9-0001.pdf"
    page.reload()
    found = look(page, "paper")
    page.goto("/paper/catch-up/")
    found += look(page, "catch-up")
    page.keyboard.press("Control+Enter")
    page.locator(".catch-up [role=alert]").wait_for()
    found += look(page, "catch-up-refused")

    assert found == []
