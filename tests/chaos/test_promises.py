"""Follow-ups fall due while the broker is wiped and the worker killed: none missed, none doubled."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import redis

from tests.chaos.callers import take_call
from tests.console import Console, until

FLUSHES = 12
KILL_AT_FLUSH = (1, 4, 7, 10)
FALL_DUE_OVER_SECONDS = 10


def test_broker_wiped_and_worker_killed_while_they_fall_due(console: Console, token: str) -> None:
    due_only, also_overdue = promises(console, token, 60), promises(console, token, 60)
    age(console, due_only, contact_after_seconds=3600)
    age(console, also_overdue, contact_after_seconds=2)

    with redis.Redis.from_url(console.redis_url) as broker:
        for flush in range(FLUSHES):
            broker.flushall()
            if flush in KILL_AT_FLUSH:
                console.kill("worker")
            time.sleep(1)  # a wipe every second, not a condition waited for

    until(lambda: statuses(console, due_only) == {"due": 60}, 60, "60 due follow-ups")
    until(lambda: statuses(console, also_overdue) == {"overdue": 60}, 60, "60 overdue ones")
    assert told(console, due_only) == {"due": [60, 60]}
    both = told(console, also_overdue)
    assert both["overdue"] == [60, 60]
    assert both["due"][0] == both["due"][1] <= 60  # a late sweep may find one overdue at once


def test_clock_takes_over_when_worker_and_beat_are_silent(console: Console, token: str) -> None:
    rows = promises(console, token, 30)
    with console.hung("worker", "beat"):
        age(console, rows, contact_after_seconds=3600)

        until(lambda: statuses(console, rows) == {"due": 30}, 60, "30 due follow-ups")

        by = console.sql("SELECT \"by\" FROM heart_clock_heartbeat WHERE name = 'followups_due'")
        assert by == [("clock",)]
        assert "running it here" in (console.logs / "clock.log").read_text()
    until(lambda: console.request("GET", "/readyz").body["parts"]["beat"] == "ok", 60, "the beat")
    assert told(console, rows) == {"due": [30, 30]}


def promises(console: Console, token: str, count: int) -> list[int]:
    """Calls taken and closed with consent; the ids of their follow-ups."""

    def promise(_: int) -> str:
        body = {
            "caller_phone": "555-0142",
            "nature": "OVERDOSE",
            "answers": {"medical": "serious"},
        }
        answer, _tries = take_call(console.port, token, str(uuid4()), body)
        number: str = answer.body["number"]
        consent = {"consent": "yes", "by_call": True}
        closed = console.request("POST", f"/api/v1/calls/{number}/close/", consent, token=token)
        assert closed.status == 200, closed
        return number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(promise, range(count)))
    rows = console.sql(
        "SELECT f.id FROM followup_followup f JOIN intake_call c ON c.id = f.call_id"
        " WHERE c.number = ANY(%s) AND f.status = 'promised'",
        [numbers],
    )
    assert len(rows) == count
    return [row[0] for row in rows]


def age(console: Console, rows: Iterable[int], *, contact_after_seconds: float) -> None:
    """Tamper with the due times, as if two days had passed: the rows fall due one by one."""
    console.sql(
        "UPDATE followup_followup f SET attempt_due_at = t.at, due_at = t.at + make_interval(secs => %s)"
        " FROM (SELECT id, clock_timestamp() + random() * make_interval(secs => %s) AS at"
        " FROM unnest(%s) AS id) AS t WHERE f.id = t.id",
        [contact_after_seconds, FALL_DUE_OVER_SECONDS, list(rows)],
    )


def statuses(console: Console, rows: list[int]) -> dict[str, int]:
    return dict(
        console.sql(
            "SELECT status, count(*) FROM followup_followup WHERE id = ANY(%s) GROUP BY status",
            [rows],
        )
    )


def told(console: Console, rows: list[int]) -> dict[str, list[Any]]:
    """By code: how many notices these follow-ups have, and how many journal entries of that move.

    A follow-up with two of a kind is a failure here.
    """
    found: dict[str, list[Any]] = {}
    for code, verb in (("due", "followup.due"), ("overdue", "followup.overdue")):
        notices = console.sql(
            "SELECT count(*), count(DISTINCT followup_id) FROM followup_notice"
            " WHERE followup_id = ANY(%s) AND code = %s",
            [rows, code],
        )[0]
        entries = console.sql(
            "SELECT count(*), count(DISTINCT payload->>'followup_id') FROM journal_entry"
            " WHERE verb = %s AND (payload->>'followup_id')::bigint = ANY(%s)",
            [verb, rows],
        )[0]
        assert notices[0] == notices[1], f"a notice twice: {notices}"
        assert entries[0] == entries[1], f"a move twice: {entries}"
        if notices[0] or entries[0]:
            found[code] = [notices[0], entries[0]]
    return found
