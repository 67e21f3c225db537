"""Call-takers of another system that never give up: the same key again until the answer is there."""

import random
import threading
import time
from http.client import HTTPException
from typing import Any
from uuid import uuid4

from tests.console import Answer, Console, send

CALLS: tuple[dict[str, Any], ...] = (
    {
        "nature": "TRESPASS",
        "answers": {"caller": "with_person", "harm_now": "no", "weapon": "none"},
    },
    {"nature": "SUITHREAT", "answers": {"weapon": "accessible", "si": "intent"}},
    {"nature": "EMOTDIST", "answers": {"caller": "self", "si": "thoughts", "contact": "willing"}},
    {"nature": "OVERDOSE", "answers": {"medical": "serious"}},
    {"narrative": "no nature yet"},
)
PATIENCE = 90.0  # seconds for one call, whatever is down


def take_call(port: int, token: str, key: str, body: dict[str, Any]) -> tuple[Answer, int]:
    """Post until it is accepted; gives the answer and how often it was asked for."""
    deadline, tries = time.monotonic() + PATIENCE, 0
    while True:
        tries += 1
        try:
            answer = send(port, "POST", "/api/v1/calls/", body, token=token, key=key)
            if answer.status == 201:
                return answer, tries
            assert answer.status >= 500, f"refused: {answer}"
        except (OSError, HTTPException):
            pass
        assert time.monotonic() < deadline, f"the call {key} was not accepted in time"
        time.sleep(0.1)


class Caller(threading.Thread):
    """Takes calls one after the other until told to stop; finishes the one it has begun."""

    def __init__(self, console: Console, token: str, stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.console, self.token, self.stop = console, token, stop
        self.chance = random.Random(seed)
        self.accepted: dict[str, Any] = {}
        self.repeated = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                key = str(uuid4())
                body = {"caller_phone": "555-0142", **self.chance.choice(CALLS)}
                answer, tries = take_call(self.console.port, self.token, key, body)
                self.accepted[key] = answer.body
                self.repeated += tries - 1
        except BaseException as failure:  # noqa: BLE001 - told to the test
            self.failure = failure


def accepted_by(callers: list[Caller]) -> dict[str, Any]:
    """All accepted calls by key, once every caller has finished."""
    for caller in callers:
        caller.join(PATIENCE + 30)
        assert not caller.is_alive()
        if caller.failure:
            raise caller.failure
    return {key: body for caller in callers for key, body in caller.accepted.items()}
