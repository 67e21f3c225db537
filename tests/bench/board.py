"""The board under load: frames, longest task, first load, memory, beside the same page doing nothing.

A whole console behind its front door; every call and every change is made by the real actions.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from heart.runner.browser import FLAGS, executable
from heart.runner.env import ROOT
from tests.browser.typing import Typed, type_through
from tests.console import Console, running_console, send

LOGS = ROOT / "var" / "bench"
RATE = 50
SCREEN: Any = {"width": 1440, "height": 900}
SAMPLES = 5
SERVERS_YIELD = 10
"""In a room the servers are another machine: here the browser comes first, and they and the load after it."""

COUNT = """seconds => new Promise(done => {
  const found = {frames: 0, longest: 0, tasks: 0};
  const seen = new PerformanceObserver(list => {
    for (const task of list.getEntries()) {
      found.longest = Math.max(found.longest, task.duration);
      found.tasks += 1;
    }
  });
  seen.observe({entryTypes: ["longtask"]});
  const began = performance.now();
  const frame = now => {
    found.frames += 1;
    if (now - began < seconds * 1000) requestAnimationFrame(frame);
    else {
      seen.disconnect();
      done({...found, fps: found.frames / ((now - began) / 1000)});
    }
  };
  requestAnimationFrame(frame);
})"""
"""Tasks below 50 ms are not reported by the browser: a longest task of 0 is one below that."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What a page did for some seconds; ``longest`` in milliseconds, 0 for less than 50."""

    fps: float
    longest: float
    tasks: int
    busy: float  # share of the time that the page's own thread has something to do

    def __str__(self) -> str:
        longest = f"{self.longest:.0f} ms, {self.tasks} over 50" if self.tasks else "< 50 ms"
        return f"{self.fps:.1f} / {longest}, busy {self.busy:.0%}"


@dataclass(frozen=True, slots=True)
class Room:
    """A board with so many open calls."""

    calls: int
    server_ms: float
    load_kb: float
    nodes: int
    still: Frames
    stormy: Frames
    changes: int
    seconds: float
    grown_mb: float
    typed: dict[str, Typed]


def measure(calls: tuple[int, ...], seconds: float) -> Iterator[Room]:
    """The same console with more and more open calls."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        os.nice(SERVERS_YIELD)
        with running_console(LOGS / "board") as console:
            for count in calls:
                _run(console, "open_calls", count)
                yield _room(console, browser, count, seconds)
        browser.close()


def _room(console: Console, browser: Browser, calls: int, seconds: float) -> Room:
    server_ms = median(_server_ms(console) for _ in range(SAMPLES))
    with _signed_in(console, browser) as context:
        page = context.new_page()
        load_kb = _first_load(page, f"{console.url}/board/")
        nodes = page.evaluate("document.querySelectorAll('*').length")
        still = Frames(**_frames(page, min(seconds, 10)))
        before = _heap_mb(page)
        with storm(console, seconds + 1) as blowing:
            stormy = Frames(**_frames(page, seconds))
            changes = finish(blowing)
        grown = _heap_mb(page) - before
    return Room(
        calls=calls,
        server_ms=server_ms,
        load_kb=load_kb,
        nodes=nodes,
        still=still,
        stormy=stormy,
        changes=changes,
        seconds=seconds,
        grown_mb=grown / (seconds / 60),
        typed=_typed(console, browser, seconds),
    )


# --- what is measured -------------------------------------------------------------------------------


def _server_ms(console: Console) -> float:
    """One page from the web process to the front door and here, uncompressed."""
    cookie = console.session("dispatcher")
    began = time.perf_counter()
    answer = send(console.port, "GET", "/board/", cookie=cookie, accept="text/html")
    assert answer.status == 200
    return (time.perf_counter() - began) * 1000


def _first_load(page: Page, address: str) -> float:
    """Kilobytes over the wire with an empty cache, all of them."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_timeout(3000)
    return sum(sizes) / 1024


def _frames(page: Page, seconds: float) -> dict[str, Any]:
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")
    before = _task_seconds(wire)
    found = page.evaluate(COUNT, seconds)
    busy = (_task_seconds(wire) - before) / seconds
    wire.detach()
    return {
        "fps": found["fps"],
        "longest": found["longest"],
        "tasks": found["tasks"],
        "busy": busy,
    }


def _task_seconds(wire: CDPSession) -> float:
    metrics = wire.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


def _heap_mb(page: Page) -> float:
    """What the page's script holds after everything that can go has gone."""
    wire: CDPSession = page.context.new_cdp_session(page)
    wire.send("HeapProfiler.collectGarbage")
    used: float = wire.send("Runtime.getHeapUsage")["usedSize"]
    wire.detach()
    return used / 2**20


def _typed(console: Console, browser: Browser, seconds: float) -> dict[str, Typed]:
    """In the form of a new call, and in the note of a call beside the lists."""
    found = {}
    with _signed_in(console, browser) as context:
        for place, (path, selector) in {
            "call form": ("/calls/new/", "[name=narrative]"),
            "note on the board": ("/board/", "#board-call [data-key-note]"),
        }.items():
            page = context.new_page()
            page.goto(console.url + path)
            if path == "/board/":
                page.locator("[data-feed-list=waiting] a.row").first.click()
            field = page.locator(selector)
            field.wait_for()
            with storm(console, seconds + 1) as blowing:
                found[place] = type_through(page, field, seconds)
                finish(blowing)
            page.close()
    return found


# --- what it takes ----------------------------------------------------------------------------------


@contextmanager
def _signed_in(console: Console, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=SCREEN, base_url=console.url)
    name, _, value = console.session("dispatcher").partition("=")
    context.add_cookies([{"name": name, "value": value, "url": console.url}])
    yield context
    context.close()


@contextmanager
def storm(console: Console, seconds: float) -> Iterator["subprocess.Popen[str]"]:
    """Changes, from the moment this is entered."""
    with _start(console, "storm", RATE, seconds) as blowing:
        assert blowing.stdout
        assert blowing.stdin
        if blowing.stdout.readline().strip() != "ready":
            raise SystemExit("the storm did not start")
        blowing.stdin.write("\n")
        blowing.stdin.flush()
        yield blowing
        blowing.kill()


def finish(blowing: "subprocess.Popen[str]") -> int:
    """How many changes there were, once it is over."""
    assert blowing.stdout
    return int(blowing.stdout.readline())


def _run(console: Console, module: str, *arguments: object) -> None:
    with _start(console, module, *arguments) as process:
        if process.wait() != 0:
            raise SystemExit(f"{module} failed")


def _start(console: Console, module: str, *arguments: object) -> "subprocess.Popen[str]":
    env = os.environ | {
        "DATABASE_URL": console.database_url,
        "REDIS_URL": console.redis_url,
        "SECRET_KEY": secrets.token_hex(32),
        "DJANGO_SETTINGS_MODULE": "heart.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=env,
    )
