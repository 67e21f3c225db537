"""A Chromium for the browser tests: the machine's own, else one fetched once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SYSTEM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",  # our own test pages only
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def executable() -> Path | None:
    """HEART_CHROMIUM, else the distribution's; None: the browser that Playwright has fetched."""
    if given := os.environ.get("HEART_CHROMIUM"):
        return Path(given)
    return SYSTEM if SYSTEM.exists() else None


def install() -> None:
    """Playwright's browser, else as root the distribution's package."""
    if executable() is not None:
        return
    if _runs(sys.executable, "-m", "playwright", "install", "chromium") and _playwright_starts():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _runs("apt-get", "update", "-qq")
        _runs("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    if executable() is None:
        sys.exit("No browser for the browser tests: install chromium, or set HEART_CHROMIUM.")


def _playwright_starts() -> bool:
    """A fetched browser may still lack libraries of the system."""
    code = (
        "from playwright.sync_api import sync_playwright as p\nwith p() as b: b.chromium.launch()"
    )
    return _runs(sys.executable, "-c", code)


def _runs(*command: str) -> bool:
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0


if __name__ == "__main__":
    install()
