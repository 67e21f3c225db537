"""`make run` as a newcomer meets it: from an empty folder to signing in, through kills, to the end."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from heart.runner.__main__ import SIGN_INS
from heart.runner.env import ROOT
from heart.runner.ports import free_port
from heart.runner.probe import answers
from heart.runner.servers import throwaway_folder

STEPS = [
    "PostgreSQL",
    "Redis",
    "migrate",
    "demo city",
    "static files",
    "web",
    "live",
    "worker",
    "beat",
    "clock",
    "front door",
]
OF_THE_TESTS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HEART_DEMO_PASSWORD", "MAKELEVEL"}
SERVES = ("postgres", "valkey-server", "gunicorn", "uvicorn", "celery", "manage.py", "caddy")

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Console:
    process: "subprocess.Popen[str]"
    lines: list[str]
    port: int
    env: dict[str, str]

    @property
    def password(self) -> str:
        [found] = re.findall(r"password (\S+) as", "".join(self.lines))
        return str(found)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def children(self) -> dict[int, str]:
        return {pid: command for pid, parent, command in processes() if parent == self.process.pid}

    def names(self) -> list[str]:
        commands = self.children().values()
        return sorted(name for name in SERVES for one in commands if f"/{name} " in one)


def processes() -> Iterator[tuple[int, int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if state != "Z":
            yield int(folder.name), int(parent), command


@contextmanager
def running(var: Path, port: int) -> Iterator[Console]:
    env = {key: value for key, value in os.environ.items() if key not in OF_THE_TESTS}
    env |= {"HEART_VAR": str(var), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "heart.runner"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C stops everything" in line:
                break
        assert process.poll() is None, "".join(lines)
        yield Console(process, lines, port, env)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def soon(fact: Callable[[], bool], within: float = 30) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.05)
    return False


def signs_in(console: Console, username: str) -> bool:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with browser.open(console.url("/")) as page:
        address, text = page.url, page.read().decode()
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text))
    form = {"csrfmiddlewaretoken": token, "username": username, "password": console.password}
    with browser.open(address, urllib.parse.urlencode(form).encode()) as page:
        return page.status == 200 and any(cookie.name == "sessionid" for cookie in jar)


@pytest.fixture
def var() -> Iterator[Path]:
    with throwaway_folder() as folder:
        yield folder / "var"


def test_from_an_empty_folder_through_kills_to_the_second_start(var: Path) -> None:
    port = free_port()
    with running(var, port) as console:
        assert [line[2:15].strip() for line in console.lines[: len(STEPS)]] == STEPS
        assert answers(console.url("/readyz"))
        assert all(signs_in(console, username) for username in SIGN_INS)
        _a_second_terminal_joins(console)
        _a_second_run_is_refused(console)
        whole = console.names()
        for pid, command in console.children().items():
            _kill_and_recover(console, whole, pid, command)
        password, children = console.password, list(console.children())
    assert console.process.returncode == 0
    assert soon(lambda: not {pid for pid, *_ in processes()} & set(children))
    assert not (var / "run.env").exists()

    with running(var, port) as again:
        assert again.password == password
        assert signs_in(again, "calltaker")
        children = list(again.children())
        again.process.kill()
        assert soon(lambda: not {pid for pid, *_ in processes()} & set(children))


def _a_second_terminal_joins(console: Console) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "api_token", "dispatcher"],
        cwd=ROOT,
        env=console.env,
        capture_output=True,
        text=True,
        check=True,
    )
    request = urllib.request.Request(
        console.url("/api/v1/board/"), headers={"Authorization": f"Token {done.stdout.strip()}"}
    )
    with urllib.request.urlopen(request) as response:
        assert response.status == 200


def _a_second_run_is_refused(console: Console) -> None:
    for var, words in (
        (console.env["HEART_VAR"], "already running from this folder"),
        (f"{console.env['HEART_VAR']}-other", f"port {console.port} is taken"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "heart.runner"],
            cwd=ROOT,
            env=console.env | {"HEART_VAR": var},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def _kill_and_recover(console: Console, whole: list[str], pid: int, command: str) -> None:
    """One killed process may take others along for a moment: whole is what has to come back."""
    with suppress(ProcessLookupError):  # it fell with the one before and is back under another id
        os.kill(pid, signal.SIGKILL)
    assert soon(lambda: pid not in console.children())
    if "gunicorn" in command:  # whoever asks now waits at the front door
        assert answers(console.url("/healthz"))
    assert soon(lambda: console.names() == whole), f"did not come back: {command}"
    assert soon(lambda: answers(console.url("/readyz"))), f"not ready after {command}"
