"""How a call-taker's fingers move over the intake form."""

import re

from playwright.sync_api import Page, expect

NUMBER = re.compile(r"^\d\d-\d{6}$")
FOCUSED = "document.activeElement?.name ?? ''"


def number_of(page: Page, timeout: float = 15_000) -> str:
    """The call's number, once the form has one."""
    title = page.locator("[data-title]")
    expect(title).to_have_text(NUMBER, timeout=timeout)
    return title.inner_text()


def ask(page: Page, question: str, number: int) -> None:
    """Go on with Enter or Tab to a question and press the number of its answer."""
    for _ in range(40):
        if page.evaluate(FOCUSED) == question:
            page.keyboard.press(str(number))
            return
        page.keyboard.press("Tab" if page.evaluate(FOCUSED) == "narrative" else "Enter")
    raise AssertionError(f"{question} cannot be reached by keyboard")
