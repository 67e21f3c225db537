"""Somebody types while everything around moves: what was typed, and whether the focus ever moved."""

import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

WORDS = "the caller says that he stands at the corner and waits for somebody to come "
PAUSE_MS = 70

WATCH = """field => {
  window.moved = [];
  const tell = event => window.moved.push(`${event.type} ${event.target.id || event.target.tagName}`);
  for (const name of ["focusin", "focusout"]) document.addEventListener(name, tell, true);
}"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What reached the field of what was typed, and every move of the focus."""

    wanted: str
    found: str
    moved: list[str]

    @property
    def is_whole(self) -> bool:
        return self.wanted == self.found and not self.moved


def type_through(page: Page, field: Locator, seconds: float) -> Typed:
    """Type at the pace of a quick typist for ``seconds``."""
    field.click()
    field.evaluate(WATCH)
    typed = ""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        letter = WORDS[len(typed) % len(WORDS)]
        page.keyboard.type(letter)
        typed += letter
        page.wait_for_timeout(PAUSE_MS)
    return Typed(typed, field.input_value(), page.evaluate("window.moved"))
