"""Redis away costs time only; PostgreSQL away is said in words and ends by itself."""

import time
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from tests.chaos.callers import CALLS, take_call
from tests.console import Console, until

POSTS = 60
SLOWEST_SECONDS = 2.0
AWAY = "The database cannot be reached at the moment."


@pytest.mark.parametrize("way", ["stopped", "hung"])
def test_calls_and_boards_without_redis(console: Console, token: str, way: str) -> None:
    without_redis: AbstractContextManager[None] = getattr(console, way)("redis")
    with without_redis:
        cursor = console.request("GET", "/api/v1/board/", token=token).body["cursor"]

        taken = [timed_call(console, token) for _ in range(POSTS)]

        spent = sorted(seconds for _, seconds in taken)
        print(f"Redis {way}: p50 {spent[POSTS // 2]:.3f} s, p95 {spent[POSTS * 95 // 100]:.3f} s")
        assert spent[POSTS * 95 // 100] < SLOWEST_SECONDS
        numbers = {number for number, _ in taken}
        until(lambda: numbers <= on_board(console, token, cursor), 10, "every call on the board")
        health = console.request("GET", "/readyz")
        assert (health.status, health.body["status"]) == (200, "degraded")
        assert health.body["parts"]["broker"].startswith("away")
    until(lambda: console.request("GET", "/readyz").body["parts"]["broker"] == "ok", 30, "Redis")


def test_database_stopped(console: Console, token: str) -> None:
    session = console.session("calltaker")
    board = {"cookie": session, "accept": "text/html"}
    assert console.request("GET", "/board/", **board).status == 200
    before = {name: console.pid(name) for name in ("web", "live", "clock")}

    with console.stopped("postgresql"):
        page = console.request("GET", "/board/", **board)
        call = console.request("POST", "/api/v1/calls/", CALLS[0], token=token, key=str(uuid4()))
        health = console.request("GET", "/readyz")

        assert page.status == 503
        assert "The database is away" in page.body
        assert AWAY in page.body
        assert (call.status, call.headers["Content-Type"]) == (503, "application/problem+json")
        assert call.body["detail"].startswith(AWAY)
        assert call.headers["Retry-After"] == page.headers["Retry-After"] == "5"
        assert (health.status, health.body["status"]) == (503, "down")
        assert health.body["parts"]["database"].startswith("away")
        assert console.request("GET", "/healthz").status == 200

    take_call(console.port, token, str(uuid4()), CALLS[0])
    assert console.request("GET", "/board/", **board).status == 200
    assert {name: console.pid(name) for name in before} == before


def timed_call(console: Console, token: str) -> tuple[str, float]:
    began = time.monotonic()
    answer, _ = take_call(console.port, token, str(uuid4()), CALLS[0])
    return answer.body["number"], time.monotonic() - began


def on_board(console: Console, token: str, cursor: str) -> set[Any]:
    """The numbers of the calls that changed on the board after the cursor."""
    changes = console.request("GET", f"/api/v1/board/changes/?after={cursor}", token=token)
    return {item["data"].get("number") for item in changes.body["items"]}
