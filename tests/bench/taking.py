"""(b) Calls taken per second over HTTP, beside the same SQL statements run by pgbench."""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any
from uuid import uuid4

from tests.bench.stack import CALL, Stack, child, postgres_program, said

SECONDS = 4
REPEATS = 3
FIRST_ID = 700_000_000
"""While the statements are captured, new ids are so large that no other number can be meant."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Calls per second by so many clients."""

    clients: int
    console: float
    floor: float


def measure(stack: Stack, clients: int, script: Path) -> Taking:
    """Both in turn, so that they see the same machine."""
    console, floor = [], []
    for _ in range(REPEATS):
        poster = child("posters", stack.web, clients, SECONDS, stack.token)
        console.append(int(said(poster)) / SECONDS)
        poster.wait()
        floor.append(_pgbench(stack, clients, script))
    return Taking(clients, mean(console), mean(floor))


def write_script(stack: Stack, folder: Path) -> Path:
    """What the database is asked while one call is taken over HTTP, as a script for pgbench."""
    _begin_ids_at(FIRST_ID)
    lines, number = _capture(stack)
    text = "".join(lines)
    # what must be new each time, and is not an id that the database gives out
    text = text.replace(f"'{number}'", "':number'")
    text = re.sub(r"'BENCH-[0-9a-f-]+'", "'BENCH-:number'", text)
    script = folder / "take_call.sql"
    script.write_text("\\set number random(1, 999999999999)\n" + text)
    return script


def _capture(stack: Stack) -> tuple[list[str], str]:
    """The statements of a warmed-up request, in transactions as they were."""
    from django.db import connection
    from django.test import Client

    client = Client(headers={"authorization": f"Token {stack.token}", "host": "localhost"})

    def take() -> Any:
        headers = {"idempotency-key": f"BENCH-{uuid4()}"}
        answer = client.post(
            "/api/v1/calls/", json.dumps(CALL), "application/json", headers=headers
        )
        assert answer.status_code == 201, answer.content
        return answer.json()

    take()
    script = Script()
    with connection.execute_wrapper(script.record):
        number = take()["number"]
    script.end()
    return script.lines, number


class Script:
    """Statements with their values, where ids given out by the database become variables."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, str] = {}
        self.in_transaction = False

    def record(
        self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any
    ) -> Any:
        connection = context["connection"]
        self._bracket(is_inside=connection.in_atomic_block)
        result = execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        text = cursor.query.decode().strip().rstrip(";")
        for value, name in self.names.items():
            text = text.replace(value, f":{name}")
        self.lines.append(text.replace("\n", " ") + self._ending(sql, cursor))
        return result

    def _ending(self, sql: str, cursor: Any) -> str:
        """Keep the id of a new row; fetching it here leaves the row for Django to read as well."""
        if not (sql.startswith("INSERT") and "RETURNING" in sql and cursor.rowcount == 1):
            return ";\n"
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
        cursor.scroll(-1)
        prefix = f"r{len(self.names)}_"
        self.names |= {
            str(value): prefix + name
            for name, value in zip(names, row, strict=True)
            if isinstance(value, int) and value >= FIRST_ID
        }
        return f" \\gset {prefix}\n"

    def _bracket(self, *, is_inside: bool) -> None:
        if is_inside != self.in_transaction:
            self.lines.append("BEGIN;\n" if is_inside else "COMMIT;\n")
            self.in_transaction = is_inside

    def end(self) -> None:
        self._bracket(is_inside=False)


def _begin_ids_at(first: int) -> None:
    """Move every sequence of ids, each to numbers of its own."""
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as sql:
        for turn, model in enumerate(apps.get_models()):
            table, key = model._meta.db_table, model._meta.pk.column
            sql.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
            if sequence := sql.fetchone()[0]:
                sql.execute("SELECT setval(%s, %s)", [sequence, first + turn * 1_000_000])


def _pgbench(stack: Stack, clients: int, script: Path) -> float:
    command = (
        postgres_program("pgbench"),
        *("--no-vacuum", "--protocol=simple", f"--client={clients}", f"--jobs={min(clients, 2)}"),
        *(f"--time={SECONDS}", f"--file={script}", stack.database_url),
    )
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([0-9.]+)", run.stdout)
    if run.returncode or not found:
        raise SystemExit(f"pgbench failed: {run.stderr[-2000:]}")
    return float(found[1])


def script_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="heart-bench-")
