"""A routing service on this machine: answers what it is told to, or keeps silent in one of many ways."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from heart.runner.ports import LOOPBACK

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True)
class Router:
    """Where it listens and what it was asked."""

    url: str = ""
    heard: list[str] = field(default_factory=list)


def says(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def table(durations: object, distances: object, code: str = "Ok") -> Answer:
    body = json.dumps({"code": code, "durations": durations, "distances": distances})
    return lambda handler: says(handler, body.encode())


def minutes_by_place(handler: BaseHTTPRequestHandler) -> None:
    """The nth origin is n minutes and n kilometers away."""
    asked = parse_qs(urlsplit(handler.path).query)
    sources = asked["sources"][0].split(";")
    rows = [int(nth) + 1 for nth in sources]
    table([[60 * n] for n in rows], [[1000 * n] for n in rows])(handler)


def hangs(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b"[")
        handler.wfile.flush()
        time.sleep(0.1)


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"code": "Ok"')


def is_squeezed_wrongly(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", "4")
    handler.end_headers()
    handler.wfile.write(b"oops")


def sends_elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@contextmanager
def router(answer: Answer = minutes_by_place) -> Iterator[Router]:
    found = Router()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.heard.append(self.path)
            with suppress(OSError):  # whoever asked has gone
                answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    found.url = f"http://{LOOPBACK}:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
