"""The whole console, thrown away afterwards, started by `make run`'s own code: to be used and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import psycopg2

from heart.runner.env import ROOT
from heart.runner.ports import LOOPBACK, free_port
from heart.runner.processes import Keeper, Program
from heart.runner.servers import throwaway_folder

PASSWORD = "a password for tests"
BOOT_LIMIT = 240.0
NAMES = {  # the program that a process of ours was started as
    "web": "/gunicorn",
    "live": "/uvicorn",
    "worker": " worker ",
    "beat": " beat ",
    "clock": "manage.py clock",
    "front": "/caddy",
    "redis": "/valkey-server",
    "postgresql": "/bin/postgres",
}
OURS_NOT_THEIRS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "MAKELEVEL",
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: HTTPMessage


@dataclass(frozen=True, slots=True)
class Console:
    """A running console: where it is, and what can be done to it."""

    port: int
    env: dict[str, str]  # for commands of an operator
    database_url: str
    redis_url: str
    keeper_pid: int
    logs: Path

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def manage(self, *arguments: str) -> str:
        """What an operator's command says; raises when it fails."""
        done = subprocess.run(
            (sys.executable, str(ROOT / "manage.py"), *arguments),
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def token(self, username: str) -> str:
        return self.manage("api_token", username)

    def sql(self, statement: str, values: Any = ()) -> list[tuple[Any, ...]]:
        connecting = closing(psycopg2.connect(self.database_url, connect_timeout=5))
        with connecting as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    # --- processes ---------------------------------------------------------------------------

    def pid(self, name: str) -> int | None:
        """The process of this name that the keeper looks after, None while it is dead."""
        for child, command in children(self.keeper_pid):
            if NAMES[name] in f" {command} ":
                return child
        return None

    def family(self, name: str) -> list[int]:
        """The process and all below it."""
        pid = self.pid(name)
        return [] if pid is None else [pid, *descendants(pid)]

    def kill(self, name: str) -> None:
        """kill -9, of PostgreSQL with every back end."""
        for pid in self.family(name) if name == "postgresql" else self.family(name)[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def is_alive(self, name: str) -> bool:
        return self.pid(name) is not None

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Killed, and not brought back while this lasts: the keeper is held still."""
        os.kill(self.keeper_pid, signal.SIGSTOP)
        try:
            for pid in self.family(name):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            yield
        finally:
            os.kill(self.keeper_pid, signal.SIGCONT)

    @contextmanager
    def hung(self, *names: str) -> Iterator[None]:
        """There but answering nothing."""
        held = [pid for name in names for pid in self.family(name)]
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in held:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def is_whole(self) -> bool:
        """Every process lives and every part of the service says that it is well."""
        try:
            answer = self.request("GET", "/readyz")
        except (OSError, HTTPException):
            return False
        return answer.status == 200 and all(map(self.is_alive, NAMES))

    # --- requests ----------------------------------------------------------------------------

    def request(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """One request through the front door, on a connection of its own."""
        return send(self.port, method, path, body, **more)

    def session(self, username: str) -> str:
        """The cookie of somebody who has signed in."""
        form = self.request("GET", "/sign-in/")
        csrf = SimpleCookie(form.headers["Set-Cookie"])["csrftoken"].value
        words = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": csrf}
        answer = self.request("POST", "/sign-in/", form=words, cookie=f"csrftoken={csrf}")
        assert answer.status == 302, answer
        cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie")))
        return f"sessionid={cookies['sessionid'].value}"


def send(
    port: int,
    method: str,
    path: str,
    body: Any = None,
    *,
    form: dict[str, str] | None = None,
    token: str | None = None,
    key: str | None = None,
    cookie: str | None = None,
    accept: str = "application/json",
    timeout: float = 30,
) -> Answer:
    """One request with a JSON body or a form; JSON answers are read."""
    headers = {"Accept": accept}
    data = None
    if body is not None:
        headers["Content-Type"], data = "application/json", json.dumps(body)
    if form is not None:
        headers["Content-Type"], data = "application/x-www-form-urlencoded", urlencode(form)
    if token:
        headers["Authorization"] = f"Token {token}"
    if key:
        headers["Idempotency-Key"] = key
    if cookie:
        headers["Cookie"] = cookie
    with closing(HTTPConnection(LOOPBACK, port, timeout=timeout)) as connection:
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        said = response.read().decode()
        is_json = "json" in response.headers.get("Content-Type", "")
        return Answer(response.status, json.loads(said) if is_json else said, response.headers)


@contextmanager
def running_console(logs: Path, **settings: str) -> Iterator[Console]:
    """`python -m heart.runner` in a folder of its own; enter it from the main thread."""
    logs.mkdir(parents=True, exist_ok=True)
    with throwaway_folder() as folder, Keeper(logs) as keeper:
        var = folder / "var"
        var.mkdir(mode=0o755)  # the account of PostgreSQL walks through
        (var / "log").symlink_to(logs.resolve())
        port = free_port()
        inherited = {key: value for key, value in os.environ.items() if key not in OURS_NOT_THEIRS}
        env = inherited | settings
        env |= {"HEART_VAR": str(var), "PORT": str(port), "HEART_DEMO_PASSWORD": PASSWORD}
        program = (sys.executable, "-m", "heart.runner")
        keeper.start(Program("console", program, environment=env, directory=ROOT, stop_within=40))
        keeper.wait("console", lambda: keeper.says("console", "is ready"), BOOT_LIMIT)
        urls = dict(line.split("=", 1) for line in (var / "run.env").read_text().splitlines())
        yield Console(
            port,
            env,
            urls["DATABASE_URL"].strip("'"),
            urls["REDIS_URL"].strip("'"),
            keeper.running["console"].process.pid,
            logs,
        )


def until(seen: Callable[[], T], within: float = 30, what: str = "it") -> T:
    """Poll until something is seen; fails with its name."""
    deadline = time.monotonic() + within
    while not (value := seen()):
        assert time.monotonic() < deadline, f"{what} did not come within {within:.0f} s"
        time.sleep(0.05)
    return value


def children(parent: int) -> list[tuple[int, str]]:
    """Living children with their command lines."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, above = status.read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z":
                command = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append((int(status.parent.name), command.decode(errors="replace")))
    return found


def descendants(pid: int) -> list[int]:
    return [one for child, _ in children(pid) for one in (child, *descendants(child))]
