"""Long lists in a real browser: a page with the beginning of each, and what pushes make of it."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect, sync_playwright

from heart.runner.browser import FLAGS, executable

STATIC = Path(__file__).parents[2] / "static"
NOW = "2026-03-01T12:00:00.000+00:00"
FIRST, MORE = 4, 3
LISTS = ("waiting", "active")
PAGE = """<!doctype html><title>t</title><style>
[data-scrolls] {{ height: 90px; overflow-y: auto }} li {{ height: 30px }} [hidden] {{ display: none }}
</style><main data-feed="/ws/board/" data-changes="/board/changes/" data-cursor="{cursor}">{lists}
<ol data-feed-list="events" data-feed-limit="3"></ol>
</main><script type="module" src="/static/js/live/feed.js"></script>"""
LIST = """<b data-feed-count="{name}"></b> <button data-feed-new="{name}" hidden></button>
<div data-scrolls><ol data-feed-list="{name}" data-feed-calm data-feed-rows="/board/rows/?list={name}"
 data-feed-edge="{edge}" data-feed-beyond="{beyond}">{rows}</ol>
<button data-feed-more="{name}" hidden>more</button></div>"""


class Room:
    """The calls as the server has them: the list and the order of each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.calls = {number: ("waiting", number) for number in range(1, 11)}
        self.version = 0
        self.cursor = 10
        self.sockets: list[WebSocketRoute] = []
        self.before_answer: list[Any] = []
        self.asked: list[str] = []
        page.route("**/*", self._answer)
        page.route_web_socket("**/ws/board/**", self._accept)

    # --- what is true --------------------------------------------------------------------------

    def numbers(self, name: str) -> list[int]:
        """The calls of a list in their order."""
        mine = [(order, number) for number, (place, order) in self.calls.items() if place == name]
        return [number for _, number in sorted(mine)]

    def row(self, number: int) -> str:
        name, _ = self.calls[number]
        return (
            f'<li id="call-{number}" data-list="{name}" data-order="{self.order(number)}">'
            f'<a data-row href="#" tabindex="-1">{number} v{self.version}</a></li>'
        )

    def order(self, number: int) -> str:
        return f"{self.calls[number][1]:05d}.{number:05d}"

    def piece(self, name: str, after: str, size: int) -> dict[str, Any]:
        here = [number for number in self.numbers(name) if self.order(number) > after]
        return {
            "items": [
                {"id": f"call-{number}", "html": self.row(number)} for number in here[:size]
            ],
            "edge": self.order(here[size - 1]) if len(here) > size else "",
            "beyond": " ".join(map(str, here[size:])),
        }

    # --- what the browser asks -----------------------------------------------------------------

    def _accept(self, socket: WebSocketRoute) -> None:
        after = parse_qs(urlsplit(socket.url).query)["after"][0]
        self.sockets.append(socket)
        socket.send(json.dumps({"type": "beat", "cursor": after, "previous": after, "now": NOW}))

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            file = STATIC / address.path.removeprefix("/static/")
            route.fulfill(body=file.read_text(), content_type="text/javascript")
        elif address.path == "/board/rows/":
            asked = {key: values[0] for key, values in parse_qs(address.query).items()}
            self.asked.append(asked["after"])
            answer = self.piece(asked["list"], asked["after"], MORE)
            for action in self.before_answer:
                action()
            route.fulfill(json=answer)
        else:
            lists = "".join(map(self._list, LISTS))
            body = PAGE.format(cursor=f"1-{self.cursor}-1", lists=lists)
            route.fulfill(body=body, content_type="text/html")

    def _list(self, name: str) -> str:
        piece = self.piece(name, "", FIRST)
        rows = "".join(item["html"] for item in piece["items"])
        return LIST.format(name=name, edge=piece["edge"], beyond=piece["beyond"], rows=rows)

    # --- what is pushed ------------------------------------------------------------------------

    def send(self, *items: dict[str, Any]) -> None:
        previous, self.cursor = self.cursor, self.cursor + 1
        places = {"cursor": f"1-{self.cursor}-1", "previous": f"1-{previous}-1", "now": NOW}
        self.sockets[-1].send(json.dumps({"type": "changes", **places, "items": list(items)}))

    def change(self, number: int, name: str = "", order: int | None = None) -> None:
        """Take a call into a list, move it, or (with the name "closed") take it away, and push it."""
        self.version += 1
        was, stood = self.calls.get(number, ("waiting", number))
        if name == "closed":
            self.calls.pop(number, None)
            self.send({"id": f"call-{number}", "html": ""})
            return
        self.calls[number] = (name or was, stood if order is None else order)
        data = {"list": name or was, "order": self.order(number)}
        self.send({"id": f"call-{number}", "html": self.row(number), "data": data})

    def settle(self) -> None:
        """Everything that was sent is on the screen."""
        main = self.page.locator("main")
        expect(main).to_have_attribute("data-cursor", f"1-{self.cursor}-1")

    # --- what is seen --------------------------------------------------------------------------

    def shown(self, name: str) -> list[int]:
        ids: list[str] = self.page.evaluate(
            "name => [...document.querySelectorAll(`[data-feed-list=${name}] > li`)].map(e => e.id)",
            name,
        )
        return [int(each.removeprefix("call-")) for each in ids]

    def is_true(self, name: str) -> bool:
        """Whether the screen shows the beginning of what is true, and counts all of it."""
        shown, true = self.shown(name), self.numbers(name)
        counted = self.page.locator(f"[data-feed-count={name}]").inner_text()
        return shown == true[: len(shown)] and counted == str(len(true))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def room(browser: Browser) -> Iterator[Room]:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script("window.IntersectionObserver = class { observe() {} }")  # only by hand
    room = Room(page)
    page.goto("http://localhost/board/")
    room.send()
    room.settle()
    yield room
    page.close()
    assert faults == []


def test_what_is_beyond_is_counted(room: Room) -> None:
    room.change(2)
    room.settle()

    assert room.shown("waiting") == [1, 2, 3, 4]
    expect(room.page.locator("[data-feed-count=waiting]")).to_have_text("10")
    expect(room.page.locator("[data-feed-more=waiting]")).to_have_text("6 more")


def test_new_call_beyond_the_edge_is_counted_and_not_shown(room: Room) -> None:
    room.change(50)
    room.settle()

    assert room.shown("waiting") == [1, 2, 3, 4]
    expect(room.page.locator("[data-feed-count=waiting]")).to_have_text("11")


def test_call_moves_into_the_beginning_and_out_of_it(room: Room) -> None:
    room.change(9, order=0)
    room.change(2, order=60)
    room.settle()

    assert room.shown("waiting") == [9, 1, 3, 4]
    expect(room.page.locator("[data-feed-count=waiting]")).to_have_text("10")


def test_call_beyond_closes_or_changes_lists(room: Room) -> None:
    room.change(8, "closed")
    room.change(9, "active")
    room.settle()

    assert (room.shown("waiting"), room.shown("active")) == ([1, 2, 3, 4], [9])
    expect(room.page.locator("[data-feed-count=waiting]")).to_have_text("8")
    expect(room.page.locator("[data-feed-count=active]")).to_have_text("1")


def test_walking_to_the_end_brings_more_and_goes_on(room: Room) -> None:
    end = room.page.locator("[data-feed-more=waiting]")
    end.focus()

    expect(room.page.locator("#call-5 a")).to_be_focused()
    assert room.shown("waiting") == [1, 2, 3, 4, 5, 6, 7]
    end.click()
    expect(room.page.locator("#call-10")).to_be_attached()
    expect(end).to_be_hidden()

    assert room.shown("waiting") == [*range(1, 11)]


def test_whole_list_takes_new_calls_at_its_end(room: Room) -> None:
    for _ in range(2):
        room.page.locator("[data-feed-more=waiting]").evaluate("button => button.click()")
        room.page.wait_for_timeout(100)

    room.change(77)
    room.settle()

    assert room.shown("waiting") == [*range(1, 11), 77]


def test_what_is_pushed_while_more_rows_are_on_their_way_is_newer(room: Room) -> None:
    def meanwhile() -> None:
        room.change(5, "closed")
        room.change(6)
        room.change(30, order=4)
        room.before_answer.clear()
        time.sleep(0.2)

    room.before_answer.append(meanwhile)
    room.page.locator("[data-feed-more=waiting]").click()

    expect(room.page.locator("#call-7")).to_be_attached()
    room.settle()
    expect(room.page.locator("#call-6")).to_have_text(f"6 v{room.version - 1}")
    assert room.shown("waiting") == [1, 2, 3, 4, 30, 6, 7]
    assert room.is_true("waiting")


def test_reset_begins_again_with_the_new_page(room: Room) -> None:
    room.page.locator("[data-feed-more=waiting]").click()
    expect(room.page.locator("#call-7")).to_be_attached()
    del room.calls[1]
    room.cursor = 50

    room.sockets[-1].send(json.dumps({"type": "reset", "now": NOW}))

    room.settle()
    assert room.shown("waiting") == [2, 3, 4, 5]
    assert room.is_true("waiting")


def test_new_rows_wait_while_somebody_reads_further_down(room: Room) -> None:
    scroller = room.page.locator("[data-scrolls]").first
    scroller.evaluate("element => element.scrollTop = 20")

    room.change(60, order=0)
    room.change(61, order=0)
    room.change(61, "closed")
    room.change(3)
    room.settle()

    assert room.shown("waiting") == [1, 2, 3, 4]
    new = room.page.locator("[data-feed-new=waiting]")
    expect(new).to_have_text("1 new")
    expect(room.page.locator("[data-feed-count=waiting]")).to_have_text("11")
    expect(room.page.locator("#call-3")).to_have_text(f"3 v{room.version}")

    new.click()

    expect(room.page.locator("#call-60")).to_be_attached()
    expect(new).to_be_hidden()
    assert scroller.evaluate("element => element.scrollTop") == 0
    assert room.is_true("waiting")


def test_new_rows_wait_while_text_is_selected(room: Room) -> None:
    room.page.evaluate("getSelection().selectAllChildren(document.querySelector('#call-2 a'))")

    room.change(60, order=0)
    room.settle()
    expect(room.page.locator("[data-feed-new=waiting]")).to_have_text("1 new")

    room.page.evaluate("getSelection().removeAllRanges()")
    expect(room.page.locator("#call-60")).to_be_attached()


def test_list_of_the_latest_things_ends_at_its_limit(room: Room) -> None:
    for number in range(5):
        html = (
            f'<li id="event-{number}" data-list="events" data-order="{9 - number}">{number}</li>'
        )
        room.send({"id": f"event-{number}", "html": html})
    room.settle()

    ids = room.page.locator("[data-feed-list=events] > li").all_inner_texts()
    assert ids == ["4", "3", "2"]


def test_list_that_has_grown_gives_its_end_back(room: Room) -> None:
    for number in range(100, 440):
        room.calls[number] = ("waiting", 0)
    room.send(*({"id": f"call-{n}", "html": room.row(n)} for n in range(100, 440)))
    room.settle()

    assert len(room.shown("waiting")) == 80
    assert room.is_true("waiting")


@pytest.mark.parametrize("seed", range(8))
def test_snapshot_and_pushes_are_the_fresh_page(room: Room, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(120):
        number = chance.randrange(1, 40)
        name = chance.choice([*LISTS, *LISTS, "closed"])
        room.change(number, name, chance.randrange(8))
        if step % 25 == 24:
            room.settle()
            more = room.page.locator(f"[data-feed-more={chance.choice(LISTS)}]")
            more.evaluate("button => button.click()")
    room.settle()
    room.page.evaluate("document.querySelectorAll('[data-scrolls]').forEach(e => e.scrollTop = 0)")
    for _ in range(100):
        if all(map(room.is_true, LISTS)):
            break
        room.page.wait_for_timeout(50)

    assert [room.is_true(name) for name in LISTS] == [True, True]
