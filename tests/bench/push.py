"""(a) From a call accepted over HTTP to the last of many sockets, beside a bare broadcast."""

import http.client
import subprocess
import time
from dataclasses import dataclass
from statistics import quantiles

from heart.runner.ports import LOOPBACK, free_port
from tests.bench.stack import Stack, child, finish, said

ROUNDS = 60
WARM_UP = 5
PAUSE_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the middle, and the one that 99 of 100 stay below."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Spread":
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49] * 1000, cuts[98] * 1000)

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f} ms"


@dataclass(frozen=True, slots=True)
class Push:
    """Until the last socket had it: counted from the 201, from the request, and of the bare one."""

    sockets: int
    accepted: Spread
    requested: Spread
    bare: Spread


def measure(stack: Stack, sockets: int) -> Push:
    """Alternate one call and one bare broadcast of the same bytes, each to its own listeners."""
    message = sample(stack)
    bare_port = free_port()
    bare = child("bare", bare_port)
    ours = child("listeners", stack.live, "/ws/board/?after=" + head(), sockets, stack.token)
    theirs = child("listeners", bare_port, "/", sockets, "-")
    web = http.client.HTTPConnection(LOOPBACK, stack.web)
    accepted, requested, floor = [], [], []
    for turn in range(WARM_UP + ROUNDS):
        began = time.monotonic()
        stack.post(web)
        created = time.monotonic()
        last = float(said(ours))
        time.sleep(PAUSE_SECONDS)
        broadcast = _broadcast(bare, message)
        last_bare = float(said(theirs))
        time.sleep(PAUSE_SECONDS)
        if turn >= WARM_UP:
            accepted.append(last - created)
            requested.append(last - began)
            floor.append(last_bare - broadcast)
    web.close()
    for process in (ours, theirs, bare):
        finish(process)
    return Push(sockets, Spread.of(accepted), Spread.of(requested), Spread.of(floor))


def head() -> str:
    from heart.journal import queries

    return str(queries.head())


def sample(stack: Stack) -> str:
    """The message that one new call makes on the board."""
    from heart.live.audiences import BOARD
    from heart.live.sockets import pack
    from heart.live.tail import changes

    place = head()
    web = http.client.HTTPConnection(LOOPBACK, stack.web)
    stack.post(web)
    web.close()
    return pack(changes(BOARD, place)).text


def _broadcast(bare: subprocess.Popen[str], message: str) -> float:
    assert bare.stdin
    bare.stdin.write(message + "\n")
    bare.stdin.flush()
    return float(said(bare))
