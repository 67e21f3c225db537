"""Pages reach the agency's hook signed, in time, again when it fails, and say nothing about anybody."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook

from dispatch import safety_actions as safety
from dispatch.models import Page, Watch
from dispatch.paging import send_pages
from dispatch.states import RunStatus
from tests.builders import CLOCK, Given

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

pytestmark = pytest.mark.django_db


class Hook:
    """A paging hook on the loopback that answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], str]] = []
        self.status = 204

    def answer(self) -> int:
        return self.status


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    told = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            told.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(told.answer())
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.HEART_PAGING_URL = f"http://127.0.0.1:{server.server_address[1]}/page"
    settings.HEART_PAGING_SECRET = SECRET
    yield told
    server.shutdown()
    server.server_close()


def paged(given: Given) -> Watch:
    """A welfare check that nobody answered, as far as the page."""
    watch = given.run(RunStatus.ON_SCENE).watches.get(kind="check")
    for _ in watch.ladder:
        with time_machine.travel(watch.since + timedelta(hours=1), tick=False):
            safety.climb_ladders(limit=9, by=CLOCK)
    watch.refresh_from_db()
    return watch


def send(at: Any) -> int:
    with time_machine.travel(at, tick=False):
        return send_pages(limit=9, by=CLOCK)


def test_page_is_signed_and_names_codes_and_numbers_only(given: Given, hook: Hook) -> None:
    watch = paged(given)

    assert send(watch.since + timedelta(hours=1)) == 1

    ((headers, body),) = hook.taken
    with time_machine.travel(watch.since + timedelta(hours=1), tick=False):
        Webhook(SECRET).verify(body, headers)
    assert headers["webhook-id"] == str(Page.objects.get().key)
    assert watch.call is not None
    assert json.loads(body)["data"] == {
        "watch": watch.pk,
        "kind": "check",
        "rung": "page",
        "unit": "CRT1",
        "call": watch.call.number,
        "is_open": True,
    }
    assert "Thimble" not in body
    assert "555" not in body


def test_page_that_is_not_taken_is_sent_again_with_its_key_until_it_is(
    given: Given, hook: Hook
) -> None:
    at = paged(given).since + timedelta(hours=1)
    hook.status = 503
    assert send(at) == 0
    assert send(at + timedelta(seconds=1)) == 0  # not before its time
    hook.status = 200

    assert send(at + timedelta(seconds=6)) == 1
    assert send(at + timedelta(hours=1)) == 0

    keys = {headers["webhook-id"] for headers, _ in hook.taken}
    assert (len(hook.taken), len(keys)) == (2, 1)
    page = Page.objects.get()
    assert (page.tries, page.fault) == (2, "")


def test_a_hook_that_is_away_or_sends_elsewhere_is_a_fault_in_words(
    given: Given, hook: Hook, settings: Any
) -> None:
    at = paged(given).since + timedelta(hours=1)
    hook.status = 302
    send(at)
    assert Page.objects.get().fault == "status 302"
    settings.HEART_PAGING_URL = "http://127.0.0.1:1/page"

    send(at + timedelta(seconds=30))

    assert Page.objects.get().fault == "ConnectionError"
