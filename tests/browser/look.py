"""Look at a screen at both sizes in both themes: ask axe what is wrong with it; keep a picture when asked."""

import os
from collections.abc import Container
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.person import DESKTOP, PHONE

PICTURES = os.environ.get("HEART_TEST_PICTURES")
"""The folder that they go to; without one none are taken, which costs a tenth of the time."""
SIZES = {"desktop": DESKTOP, "phone": PHONE}
THEMES = ("dark", "light")
PUT_ON = """theme => {
  document.documentElement.dataset.theme = theme;
  document.documentElement.classList.toggle("dark", theme === "dark"); // the panel's own way
}"""

ASK = """async ([about, options]) => {
  const { violations } = await axe.run(about ?? document, options);
  return violations; // what is in order is a hundred times as much
}"""
OPTIONS = {"resultTypes": ["violations"]}


def look(page: Page, name: str, *, only: str | None = None, but: Container[str] = ()) -> list[str]:
    """Every violation (inside ``only``; rules ``but`` these)."""
    found = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
        for theme in THEMES:
            page.evaluate(PUT_ON, theme)
            keep_picture(page, f"{name}-{size}-{theme}", full_page=True)
            found += [f"{name}, {size}, {theme}: {fault}" for fault in violations(page, only, but)]
            if wide := too_wide(page):
                found.append(f"{name}, {size}, {theme}: scrolls sideways by {wide} px")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # width and height
    return found


def keep_picture(page: Page, name: str, *, full_page: bool = False) -> None:
    if PICTURES:
        # Hiding the caret would take a style that the policy of the page forbids.
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=full_page, caret="initial")


def violations(page: Page, only: str | None, but: Container[str]) -> list[str]:
    """What axe finds, with every rule on but these."""
    page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = page.evaluate(ASK, [only, OPTIONS])
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}".replace("\n", " ")
        for rule in violations
        if rule["id"] not in but
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> int:
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
