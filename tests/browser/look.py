"""Look at a screen at both sizes in both themes: keep a picture, and ask axe what is wrong with it."""

from collections.abc import Container
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.person import DESKTOP, PHONE

PICTURES = Path(__file__).parents[2] / "test-results"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
THEMES = ("dark", "light")
PUT_ON = """theme => {
  document.documentElement.dataset.theme = theme;
  document.documentElement.classList.toggle("dark", theme === "dark"); // the panel's own way
}"""
axe = Axe()


def look(page: Page, name: str, *, only: str | None = None, but: Container[str] = ()) -> list[str]:
    """Pictures under test-results/, and every violation (inside ``only``; rules ``but`` these)."""
    PICTURES.mkdir(exist_ok=True)
    found = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
        for theme in THEMES:
            page.evaluate(PUT_ON, theme)
            picture = PICTURES / f"{name}-{size}-{theme}.png"
            # Hiding the caret would take a style that the policy of the page forbids.
            page.screenshot(path=picture, full_page=True, caret="initial")
            found += [f"{name}, {size}, {theme}: {fault}" for fault in violations(page, only, but)]
            if wide := too_wide(page):
                found.append(f"{name}, {size}, {theme}: scrolls sideways by {wide} px")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # width and height
    return found


def violations(page: Page, only: str | None, but: Container[str]) -> list[str]:
    """What axe finds, with every rule on but these."""
    report: dict[str, Any] = axe.run(page, only).response
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}".replace("\n", " ")
        for rule in report["violations"]
        if rule["id"] not in but
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> int:
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
