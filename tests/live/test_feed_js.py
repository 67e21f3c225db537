"""feed.js in a real browser against a scripted server: order, gaps, resets, focus and typed text."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect, sync_playwright

from heart.runner.browser import FLAGS, executable

STATIC = Path(__file__).parents[2] / "static"
NOW = "2026-03-01T12:00:00.000+00:00"
PAGE = """<!doctype html><title>t</title>
<div data-feed-banner role="status"></div><span data-feed-state hidden></span>
<main data-feed="/ws/board/" data-changes="/board/changes/" data-cursor="{cursor}">
  <b data-feed-count="waiting">?</b>
  <ol data-feed-list="waiting">{waiting}</ol><p data-feed-empty="waiting" hidden>none</p>
  <ol data-feed-list="active"></ol>
  <div data-feed-list="strip"><ol id="strip" data-feed-pieces></ol></div>
</main><script type="module" src="/static/js/live/feed.js"></script>"""


def row(number: int, *, order: str = "", text: str = "", where: str = "waiting") -> str:
    return (
        f'<li id="call-{number}" data-list="{where}" data-order="{order or number}" tabindex="-1">'
        f'<span>{text or number}</span> <button id="call-{number}-go">go</button>'
        f'<form><input id="call-{number}-note" name="note" value=""></form></li>'
    )


def item(number: int, **look: Any) -> dict[str, Any]:
    return {"id": f"call-{number}", "html": row(number, **look), "data": {}}


def gone(number: int) -> dict[str, Any]:
    return {"id": f"call-{number}", "html": "", "data": {}}


def strip(*pieces: str) -> dict[str, Any]:
    """A list that comes whole; a piece is its name and what it says."""
    named = [(piece.split(" ")[0], piece) for piece in pieces]
    rows = "".join(f'<li id="{name}"><button>{words}</button></li>' for name, words in named)
    html = f'<ol id="strip" data-feed-pieces>{rows}</ol>'
    return {"id": "strip", "html": html, "data": {}}


class Server:
    """What the page asked, and what it is told; cursors are given as plain numbers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = [1, 3]
        self.cursor = 10
        self.missed: dict[str, Any] | None = None
        self.refused = False
        self.asked: list[str] = []
        self.sockets: list[WebSocketRoute] = []
        page.route("**/*", self._answer)
        page.route_web_socket("**/ws/board/**", self._accept)

    def _accept(self, socket: WebSocketRoute) -> None:
        after = parse_qs(urlsplit(socket.url).query)["after"][0]
        self.asked.append(f"socket {after}")
        self.sockets.append(socket)
        socket.send(json.dumps({"type": "beat", "cursor": after, "previous": after, "now": NOW}))

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            file = STATIC / address.path.removeprefix("/static/")
            route.fulfill(body=file.read_text(), content_type="text/javascript")
        elif address.path == "/board/changes/":
            self.asked.append(f"changes {parse_qs(address.query)['after'][0]}")
            status = 403 if self.refused else 200 if self.missed else 410
            route.fulfill(status=status, json=self.missed or {"title": "gone"})
        else:
            self.asked.append("page")
            rows = "".join(map(row, self.rows))
            body = PAGE.format(cursor=f"1-{self.cursor}-1", waiting=rows)
            route.fulfill(body=body, content_type="text/html")

    def message(self, previous: int, cursor: int, *items: dict[str, Any]) -> dict[str, Any]:
        places = {"cursor": f"1-{cursor}-1", "previous": f"1-{previous}-1", "now": NOW}
        return {"type": "changes", **places, "items": list(items)}

    def push_unseen(self, previous: int, cursor: int, *items: dict[str, Any]) -> None:
        self.sockets[-1].send(json.dumps(self.message(previous, cursor, *items)))

    def push(self, previous: int, cursor: int, *items: dict[str, Any]) -> None:
        self.push_unseen(previous, cursor, *items)
        expect(self.page.locator("main")).to_have_attribute("data-cursor", f"1-{cursor}-1")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def server(browser: Browser) -> Iterator[Server]:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    server = Server(page)
    page.goto("http://localhost/board/")
    expect(page.locator("span[data-feed-state]")).to_have_text("live")
    yield server
    page.close()
    assert faults == []


def ids(server: Server, where: str = "waiting") -> list[str]:
    found = server.page.locator(f"[data-feed-list={where}] > li")
    return [str(element.get_attribute("id")) for element in found.all()]


def test_push_puts_moves_and_removes_in_order(server: Server) -> None:
    server.push(10, 11, item(2), item(4), item(1, order="9"))

    assert ids(server) == ["call-2", "call-3", "call-4", "call-1"]
    expect(server.page.locator("[data-feed-count]")).to_have_text("4")

    server.push(11, 12, item(3, where="active"), gone(2), gone(4), gone(1))

    assert (ids(server), ids(server, "active")) == ([], ["call-3"])
    expect(server.page.locator("[data-feed-empty]")).to_be_visible()
    expect(server.page.locator("[data-feed-count]")).to_have_text("0")


def test_message_at_or_below_the_cursor_is_ignored(server: Server) -> None:
    server.push(10, 12, item(2, text="new"))

    server.sockets[-1].send(json.dumps(server.message(10, 11, item(2, text="old"))))
    server.push(12, 13)

    expect(server.page.locator("#call-2 span")).to_have_text("new")


def test_gap_is_filled_from_the_cursor_and_later_messages_follow(server: Server) -> None:
    server.missed = server.message(10, 13, item(2), gone(1))

    server.push(12, 14, item(3, text="after the gap"))

    assert server.asked[1:] == ["socket 1-10-1", "changes 1-10-1"]
    assert ids(server) == ["call-2", "call-3"]
    expect(server.page.locator("#call-3 span")).to_have_text("after the gap")


def test_reset_takes_a_new_snapshot_without_reload(server: Server) -> None:
    server.page.locator("#call-1-note").fill("half a sentence")
    server.rows, server.cursor = [1, 2, 5], 50

    server.sockets[-1].send(json.dumps({"type": "reset", "now": NOW}))

    expect(server.page.locator("main")).to_have_attribute("data-cursor", "1-50-1")
    assert ids(server) == ["call-1", "call-2", "call-5"]
    assert server.page.locator("#call-1-note").input_value() == "half a sentence"
    assert server.asked[2:] == ["page", "socket 1-50-1"]


def test_closed_socket_polls_says_so_and_comes_back(server: Server) -> None:
    server.push(10, 11)
    server.missed = server.message(11, 12, item(2))

    server.sockets[-1].close()

    banner = server.page.locator("[data-feed-banner]")
    expect(banner).to_contain_text("Reconnecting - last update ")
    expect(banner).to_be_empty()
    assert server.asked[-1].startswith("socket 1-1")


def test_typed_text_focus_and_caret_survive_a_replacement(server: Server) -> None:
    note = server.page.locator("#call-1-note")
    note.fill("she is at the bus stop")
    note.evaluate("field => field.setSelectionRange(4, 6)")

    server.push(10, 11, item(1, text="changed", order="8"))

    expect(server.page.locator("#call-1 span")).to_have_text("changed")
    assert ids(server) == ["call-3", "call-1"]
    expect(note).to_be_focused()
    assert note.input_value() == "she is at the bus stop"
    assert note.evaluate("field => [field.selectionStart, field.selectionEnd]") == [4, 6]


def test_focused_button_and_focused_row_keep_the_focus(server: Server) -> None:
    server.page.locator("#call-1-go").focus()
    server.push(10, 11, item(1, text="changed"))
    expect(server.page.locator("#call-1-go")).to_be_focused()

    server.page.locator("#call-1").focus()
    server.push(11, 12, item(1, text="again"))
    expect(server.page.locator("#call-1")).to_be_focused()


def test_of_a_list_that_comes_whole_only_what_differs_is_put_in(server: Server) -> None:
    pieces = server.page.locator("#strip > li")
    server.push(10, 11, strip("a", "b", "c"))
    pieces.evaluate_all("all => all.forEach(each => { each.isKept = true })")

    server.push(11, 12, strip("d", "c", "b new", "a"))

    assert pieces.all_inner_texts() == ["d", "c", "b new", "a"]
    assert pieces.evaluate_all("all => all.map(each => each.isKept ?? false)") == [
        False,
        True,
        False,
        True,
    ]


def test_focus_in_a_list_that_comes_whole_stays_or_goes_to_what_took_its_place(
    server: Server,
) -> None:
    server.push(10, 11, strip("a", "b", "c"))
    server.page.locator("#b button").focus()

    server.push(11, 12, strip("c", "a", "b new"))
    expect(server.page.locator("#b button")).to_be_focused()

    server.push(12, 13, strip("c", "a"))
    expect(server.page.locator("#a button")).to_be_focused()


def test_flood_is_applied_in_slices_and_the_cursor_follows_the_last(server: Server) -> None:
    server.push(10, 11, *(item(number, order=f"{number:04d}") for number in range(1, 301)))

    assert ids(server) == [f"call-{number}" for number in range(1, 301)]
    expect(server.page.locator("[data-feed-count]")).to_have_text("300")


def test_row_with_typed_text_is_not_removed_until_it_is_left(server: Server) -> None:
    note = server.page.locator("#call-1-note")
    note.fill("do not lose me")

    server.push(10, 11, gone(1))

    expect(note).to_be_focused()
    expect(server.page.locator("#call-1")).to_have_attribute("data-feed-held", "")

    note.fill("")
    note.blur()

    expect(server.page.locator("#call-1")).to_have_count(0)


def test_selected_text_waits_for_the_update(server: Server) -> None:
    span = server.page.locator("#call-1 span")
    span.evaluate("element => getSelection().selectAllChildren(element)")

    server.push(10, 11, item(1, text="changed"))

    expect(span).to_have_text("1")
    server.page.evaluate("getSelection().removeAllRanges()")
    expect(span).to_have_text("changed")


def test_scroll_position_stays_when_rows_arrive_above(server: Server) -> None:
    server.push(10, 11, *(item(number) for number in range(100, 200)))
    server.page.locator("#call-150").evaluate("row => row.scrollIntoView()")
    before = server.page.locator("#call-150").bounding_box()

    server.push(11, 12, *(item(number, order=f"0{number}") for number in range(20, 40)))

    assert server.page.locator("#call-150").bounding_box() == before


def test_two_missed_beats_are_a_dead_socket(server: Server) -> None:
    server.missed = server.message(10, 10)
    server.page.clock.install()
    server.page.reload()
    expect(server.page.locator("span[data-feed-state]")).to_have_text("live")

    before = len(server.asked)
    server.page.clock.run_for(9_000)
    assert len(server.sockets) == 2

    server.page.clock.run_for(3_000)
    for _ in range(250):
        if len(server.sockets) < 3 or len(server.asked) < before + 2:
            server.page.wait_for_timeout(20)
    # one by HTTP, one by socket: which of the two is heard of first is the browser's own affair
    assert set(server.asked[before:]) == {"changes 1-10-1", "socket 1-10-1"}


def test_late_journal_is_said_to_be_delayed(server: Server) -> None:
    places = {"cursor": "1-10-1", "previous": "1-10-1", "now": NOW}

    server.sockets[-1].send(json.dumps({"type": "beat", **places, "lag": 9.0}))

    expect(server.page.locator("[data-feed-banner]")).to_contain_text("Delayed - last update ")


def test_signed_out_keeps_what_was_typed_and_says_so(server: Server) -> None:
    server.page.locator("#call-1-note").fill("not yet saved")
    server.refused = True

    server.push_unseen(12, 13)

    expect(server.page.locator("[data-feed-banner]")).to_contain_text("Signed out")
    assert server.page.locator("#call-1-note").input_value() == "not yet saved"


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("age(187.9)", "3:07"),
        ("age(4320)", "1 h 12"),
        ("age(183600)", "2 d 3 h"),
        ("age(-2)", "0:00"),
        ("left(169920)", "in 47 h 12 min"),
        ("left(725)", "in 12 min"),
        ("left(45)", "in 45 s"),
        ("left(-125)", "2 min over"),
        ("left(-3900)", "1 h 5 min over"),
    ],
)
def test_ages_and_due_times_read_as_people_say_them(server: Server, call: str, shown: str) -> None:
    module = "import('/static/js/live/clock.js')"

    assert server.page.evaluate(f"async () => (await {module}).{call}") == shown


def test_times_follow_the_servers_clock_and_grade_themselves(server: Server) -> None:
    def timed(seconds: int, kind: str, limits: str) -> str:
        at = (datetime.fromisoformat(NOW) + timedelta(seconds=seconds)).isoformat()
        return f'<time data-{kind}="{at}" {limits}></time>'

    times = [
        timed(-60, "since", 'data-soon-seconds="90" data-over-seconds="180"'),
        timed(-100, "since", 'data-soon-seconds="90" data-over-seconds="180"'),
        timed(-200, "since", 'data-soon-seconds="90" data-over-seconds="180"'),
        timed(500, "due", 'data-soon-seconds="90"'),
        timed(80, "due", 'data-soon-seconds="90"'),
        timed(-70, "due", 'data-soon-seconds="90"'),
    ]
    html = f'<li id="call-7" data-list="waiting" data-order="7">{"".join(times)}</li>'

    server.push(10, 11, {"id": "call-7", "html": html, "data": {}})

    shown = server.page.locator("#call-7 time")
    states = [element.get_attribute("data-state") for element in shown.all()]
    assert states == ["ok", "soon", "over", "ok", "soon", "over"]
    expect(shown.last).to_have_text("1 min over")
