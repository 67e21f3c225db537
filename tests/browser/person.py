"""Somebody at a browser: a context of their own, watched for everything a screen must not do."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request

from heart.runner.ports import LOOPBACK
from tests.console import Console

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 15_000

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  if (!event.sourceFile) return; // from no page of ours: axe tries out styles of its own
  blocked(`${event.violatedDirective} ${event.blockedURI} at ${location.pathname}`);
});
"""


class Person:
    def __init__(self, browser: Browser, console: Console, username: str, **look: Any) -> None:
        self.console = console
        self.faults: list[str] = []
        self.context = browser.new_context(
            base_url=console.url,
            viewport=look.get("viewport", DESKTOP),
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.expose_function("blocked", self._blocked)
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.context.on("request", self._asked)
        self.context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        if username:
            name, _, value = console.session(username).partition("=")
            self.context.add_cookies([{"name": name, "value": value, "url": console.url}])
        self.page: Page = self.context.new_page()

    def opens(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def sees(self, selector: str, **more: Any) -> Locator:
        """The one visible element that this names, waited for."""
        found = self.page.locator(selector, **more).filter(visible=True)
        found.first.wait_for()
        return found.first

    def _blocked(self, what: str) -> None:
        if " at /admin/" not in what:  # the theme of the panel has a relaxed policy of its own
            self.faults.append(f"policy: {what}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != LOOPBACK:
            self.faults.append(f"left the machine: {request.url}")
