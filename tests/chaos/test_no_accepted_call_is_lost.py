"""Whatever is killed: what was answered with 201 is stored, once."""

import json
import os
import signal
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4

from tests.chaos.callers import CALLS, PATIENCE, Caller, accepted_by, take_call
from tests.chaos.proxy import forgetting_proxy
from tests.console import Console, until

CALLERS = 6
KILLED = (
    *("web worker", "postgresql", "live", "worker", "redis"),
    *("web", "beat", "postgresql", "clock", "front"),
)
EVERY_SECONDS = 2.5


def test_kill_9_of_any_process_under_load(console: Console, token: str) -> None:
    stop = threading.Event()
    callers = [Caller(console, token, stop, seed) for seed in range(CALLERS)]
    before = calls(console)
    for caller in callers:
        caller.start()

    for name in KILLED:
        time.sleep(EVERY_SECONDS)  # load between two deaths, not a condition waited for
        kill(console, name)
    stop.set()
    accepted = accepted_by(callers)
    until(console.is_whole, 60, "a whole console")

    print(f"{len(accepted)} accepted, {sum(c.repeated for c in callers)} asked for again")
    assert len(accepted) > 100
    assert answers_kept(console, accepted) == accepted
    assert calls(console) - before == len(accepted)
    assert stored(console, accepted) == {
        body["number"]: (body["status"], decided(body)) for body in accepted.values()
    }
    assert set(entries(console, accepted).values()) == {1}


def test_answer_lost_after_the_commit(console: Console, token: str) -> None:
    key, before = str(uuid4()), calls(console)
    with forgetting_proxy(console.port, forgets=2) as proxy:
        answer, tries = take_call(proxy.port, token, key, CALLS[0])

    assert (proxy.forgotten, tries) == ([201, 201], 3)
    assert calls(console) - before == 1
    assert stored(console, {key: answer.body})[answer.body["number"]][0] == "open"


def kill(console: Console, name: str) -> None:
    """One process; of the web also one worker alone, which its own master replaces."""
    if name == "web worker":
        os.kill(until(lambda: console.family("web")[1:])[0], signal.SIGKILL)
        return
    until(lambda: console.is_alive(name), PATIENCE, name)
    console.kill(name)


def decided(body: dict[str, Any]) -> tuple[Any, ...] | None:
    decision = body["decision"]
    names = ("route", "added", "level", "rule", "rule_set")
    return decision and tuple(decision[name] for name in names)


def calls(console: Console) -> int:
    return int(console.sql("SELECT count(*) FROM intake_call")[0][0])


def numbers(accepted: dict[str, Any]) -> list[str]:
    return [body["number"] for body in accepted.values()]


def answers_kept(console: Console, accepted: dict[str, Any]) -> dict[str, Any]:
    """What each key would be answered again; a key has one row by constraint."""
    rows = console.sql(
        "SELECT key, body FROM heart_api_idempotencykey WHERE key = ANY(%s) AND status = 201",
        [list(accepted)],
    )
    assert max(Counter(key for key, _ in rows).values()) == 1
    return {key: json.loads(body) for key, body in rows}


def stored(console: Console, accepted: dict[str, Any]) -> dict[str, Any]:
    """Status and decision in force of each call, by its number."""
    rows = console.sql(
        "SELECT c.number, c.status, d.route, d.added, d.level, d.rule, v.version"
        " FROM intake_call c LEFT JOIN triage_assessment a ON a.call_id = c.id"
        " LEFT JOIN triage_decision d ON d.id = a.decision_id"
        " LEFT JOIN triage_ruleset v ON v.id = d.rule_set_id WHERE c.number = ANY(%s)",
        [numbers(accepted)],
    )
    return {number: (status, tuple(rest) if rest[0] else None) for number, status, *rest in rows}


def entries(console: Console, accepted: dict[str, Any]) -> dict[str, int]:
    """How often the journal says that each call was received."""
    rows = console.sql(
        "SELECT c.number, count(e.id) FROM intake_call c LEFT JOIN journal_entry e"
        " ON e.call_id = c.id AND e.verb = 'call.received'"
        " WHERE c.number = ANY(%s) GROUP BY c.number",
        [numbers(accepted)],
    )
    assert len(rows) == len(accepted)
    return dict(rows)
