"""Nobody acknowledges, nobody answers the welfare check: every rung is told once, whatever is killed.

Redis is wiped every second, the worker killed, and no browser is open.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import redis

from tests.chaos.conftest import PAGING_PORT
from tests.console import Console, until

FLUSHES = 14
KILL_AT_FLUSH = (2, 6, 10)
RUNGS = ("warn", "due", "supervisor", "page")


@pytest.fixture
def hook() -> Iterator[list[dict[str, Any]]]:
    """The agency's paging hook; it refuses every third page, which is then sent again."""
    taken: list[dict[str, Any]] = []
    seen = Counter[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            key = self.headers["webhook-id"]
            seen[key] += 1
            is_refused = seen[key] == 1 and len(seen) % 3 == 0
            self.send_response(503 if is_refused else 204)
            self.end_headers()
            if not is_refused:
                taken.append({"key": key, **body["data"]})

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", PAGING_PORT), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield taken
    server.shutdown()
    server.server_close()


def test_every_rung_is_told_once_while_redis_is_wiped_and_the_worker_killed(
    console: Console, token: str, hook: list[dict[str, Any]]
) -> None:
    dispatcher = console.token("dispatcher")
    console.sql(
        "INSERT INTO dispatch_watchrule (kind, situation, lowest_level, warn_seconds, due_seconds,"
        " supervisor_seconds, page_seconds) VALUES ('acknowledgement', '', 1, NULL, 3, 6, 9),"
        " ('check', 'on_scene', 1, 3, 5, 7, 9)"
    )
    try:
        silent = send(console, token, dispatcher, "CRT1", "CRT4")
        on_scene = send(console, token, dispatcher, "CRT3")
        for code in on_scene:
            set_status(console, dispatcher, code, "on_scene")

        with redis.Redis.from_url(console.redis_url) as broker:
            for flush in range(FLUSHES):
                broker.flushall()
                if flush in KILL_AT_FLUSH:
                    console.kill("worker")
                time.sleep(1)  # a wipe every second, not a condition waited for

        until(lambda: len(hook) >= 3, 60, "three pages taken")
        assert told(console, "acknowledgement", silent) == {
            (code, rung): 1 for code in silent for rung in RUNGS[1:]
        }
        assert told(console, "check", on_scene) == {
            (code, rung): 1 for code in on_scene for rung in RUNGS
        }
        pages = Counter((page["kind"], page["unit"]) for page in hook)
        assert pages == Counter(
            [("acknowledgement", "CRT1"), ("acknowledgement", "CRT4"), ("check", "CRT3")]
        )
    finally:
        console.sql("DELETE FROM dispatch_watchrule")
        for code in ("CRT1", "CRT3", "CRT4"):
            set_status(console, dispatcher, code, "on_scene")
            set_status(console, dispatcher, code, "available")


def send(console: Console, token: str, dispatcher: str, *codes: str) -> list[str]:
    """Each unit on a call of its own, where it is not acknowledged."""
    for code in codes:
        body = {"nature": "TRESPASS", "location_text": "Mill Lane 3"}
        call = console.request("POST", "/api/v1/calls/", body, token=token)
        assert call.status == 201, call
        path = f"/api/v1/calls/{call.body['number']}/assignments/"
        sent = console.request("POST", path, {"unit": code}, token=dispatcher)
        assert sent.status == 201, sent
    return list(codes)


def set_status(console: Console, token: str, code: str, status: str) -> None:
    body = {"status": status} | ({"outcome": "resolved"} if status == "available" else {})
    console.request("POST", f"/api/v1/units/{code}/status/", body, token=token)


def told(console: Console, kind: str, codes: list[str]) -> dict[tuple[str, str], int]:
    """How often the journal tells each rung of each unit's watch."""
    rows = console.sql(
        "SELECT u.code, e.payload->>'rung', count(*) FROM journal_entry e JOIN dispatch_unit u"
        " ON u.id = (e.payload->>'unit_id')::bigint WHERE e.verb = 'watch.raised'"
        " AND e.payload->>'kind' = %s AND u.code = ANY(%s) GROUP BY 1, 2",
        [kind, codes],
    )
    return {(code, rung): count for code, rung, count in rows}
