"""A live process for the tests: the real server in a thread, and clients that speak to it."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from django.conf import settings
from django.test import Client
from knox.models import AuthToken
from websockets.sync.client import ClientConnection, connect

from heart.accounts.actions import log_read
from heart.accounts.models import User
from heart.journal import queries
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.live import hub, registry
from heart.live.audiences import Kind
from heart.live.registry import Item, number_of
from heart.runner.ports import free_port

PROBER = Actor(None, "probe", "api")


def probe(number: int = 7) -> None:
    """Something happens to probe 7: one honest entry without rows of any stage."""
    log_read(by=PROBER, call_id=number, what="probe", screen="test")


def eventually(found: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Wait for a truth; the last answer is shown when it does not come."""
    until = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < until, f"still {answer!r} after {seconds} s"
        time.sleep(0.01)
    return answer


@dataclass
class Listener:
    """One client of an audience, following the chain of its messages."""

    socket: ClientConnection
    cursor: str

    def message(self, timeout: float = 5.0) -> dict[str, Any]:
        """The next message; it must continue where the last one ended."""
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        if message["type"] != "reset":
            assert message["previous"] == self.cursor
            self.cursor = message["cursor"]
        return message

    def items(self, timeout: float = 5.0) -> list[Item]:
        """The next items, however many beats come first."""
        while True:
            message = self.message(timeout)
            if message["type"] != "beat":
                found: list[Item] = message["items"]
                return found


@dataclass(frozen=True)
class Live:
    """The address of the live process."""

    port: int

    def connect(
        self, path: str = "board/", after: str | None = None, **headers: str
    ) -> AbstractContextManager[ClientConnection]:
        place = str(queries.head()) if after is None else after
        address = f"ws://127.0.0.1:{self.port}/ws/{path}?after={place}"
        named = {name.title(): value for name, value in headers.items()}
        return connect(address, origin=named.pop("Origin", None), additional_headers=named)  # type: ignore[arg-type]


@contextmanager
def serving() -> Iterator[Live]:
    """The live process of production, in a thread of ours."""
    from heart.asgi import application

    port = free_port()
    config = uvicorn.Config(
        application,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="on",
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started and hub.hub().state()["reading"], 20)
        yield Live(port)
    finally:
        server.should_exit = True
        thread.join()


def token_of(user: User) -> dict[str, str]:
    return {"authorization": f"Token {AuthToken.objects.create(user)[1]}"}


def cookie_of(user: User) -> dict[str, str]:
    """The headers of a browser in which somebody has signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"cookie": f"{name}={client.cookies[name].value}"}


def stale_probes(entries: Sequence[Entry], _: int) -> list[str]:
    return [f"probe-{entry.call_id}" for entry in entries if entry.verb == "record.read"]


def render_probes(ids: Sequence[str], _: int) -> list[Item]:
    """How often each probe was opened; those above a hundred are gone."""
    counts = [Entry.objects.filter(call_id=number_of(item_id)).count() for item_id in ids]
    return [
        Item(id=item_id, html=f"<b id={item_id}>{count}</b>", data={"count": count})
        for item_id, count in zip(ids, counts, strict=True)
        if number_of(item_id) < 100
    ]


@contextmanager
def probing(*kinds: Kind) -> Iterator[None]:
    """A part of these audiences that shows how often a record was opened."""
    for kind in kinds:
        registry.register(kind, "probe", stale=stale_probes, render=render_probes)
    try:
        yield
    finally:
        for kind in kinds:
            del registry.PARTS[kind]["probe"]
