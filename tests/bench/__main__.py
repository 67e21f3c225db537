"""`make bench`: the measures of the documentation on this machine, each beside its floor.

python -m tests.bench rules measures the rules only, which needs no servers;
python -m tests.bench board [SECONDS] the board in a browser only.
"""

import os
import resource
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import board, deciding, order, push, replaying, taking
from tests.bench.stack import running

SOCKETS = (50, 500, 1000)
CLIENTS = (1, 8)
CALLS = (1_000_000, 10_000_000)
OPEN_CALLS = (1_000, 5_000)
STORM_SECONDS = 60
FILES = 8192


def main(parts: list[str]) -> None:
    out = Console(width=None if sys.stdout.isatty() else 110)
    table = Table("measure", "console", "floor", "ratio", "aim")
    table.caption = f"{os.cpu_count()} processors, loopback; servers, load and listeners together"
    which, *seconds = parts or ["all"]
    if which == "all":
        measure_servers(out, table)
    if which in ("all", "board"):
        measure_board(out, table, float(seconds[0]) if seconds else STORM_SECONDS)
    if which in ("all", "rules"):
        measure_rules(out, table)
    out.print(table)


def measure_servers(out: Console, table: Table) -> None:
    _allow_many_sockets()
    with running() as stack, taking.script_folder() as folder:
        for sockets in SOCKETS:
            out.print(f"pushing to {sockets} sockets ...")
            add_push(table, push.measure(stack, sockets))
        script = taking.write_script(stack, Path(folder))
        for clients in CLIENTS:
            out.print(f"taking calls, {clients} at a time ...")
            add_taking(table, taking.measure(stack, clients, script))
        out.print("writing and reading the journal ...")
        add_order(table, order.measure())


def measure_board(out: Console, table: Table, seconds: float) -> None:
    out.print(
        f"the board with open calls, {seconds:.0f} s of {board.RATE} changes/s, three times ..."
    )
    for found in board.measure(OPEN_CALLS, seconds):
        add_board(table, found)


def measure_rules(out: Console, table: Table) -> None:
    out.print("deciding single calls ...")
    add_deciding(table, deciding.measure())
    for rows in CALLS:
        out.print(f"replaying {rows:,} calls ...")
        add_replay(table, "all known", replaying.measure(rows), "2 s / 5x")
        add_replay(table, "1 in 3 with gaps", replaying.measure(rows, incomplete=True), "10x")
    out.print("replaying texts ...")
    add_replay(table, "all known, as texts", replaying.measure(max(CALLS), texts=True), "5x")


def add_push(table: Table, found: push.Push) -> None:
    """The floor is websockets.broadcast of the same bytes."""
    ours, floor = found.accepted, found.bare
    ratio = f"{ours.p50 / floor.p50:.2f}x / {ours.p99 / floor.p99:.2f}x"
    aim = "2x / 3x" if found.sockets == max(SOCKETS) else ""
    name = f"201 until the last of {found.sockets:,} sockets, p50 / p99"
    table.add_row(name, str(ours), str(floor), ratio, aim)
    table.add_row("    the same, from sending the request", str(found.requested), "", "", "")


def add_taking(table: Table, found: taking.Taking) -> None:
    """The floor is pgbench with the same statements."""
    table.add_row(
        f"calls taken per second, {found.clients} at a time",
        f"{found.console:,.0f}",
        f"{found.floor:,.0f}",
        f"{found.console / found.floor:.0%}",
        "10 %" if found.clients == max(CLIENTS) else "",
    )


def add_order(table: Table, found: order.Order) -> None:
    missed = f"{found.missed} missed, {found.repeated} twice"
    table.add_row(
        f"journal, {order.WRITERS} writers: {found.written:,} entries", missed, "", "", "0"
    )
    table.add_row("    entries per second", f"{found.per_second:,.0f}", "", "", "1,000")


def add_deciding(table: Table, found: deciding.Deciding) -> None:
    """Of one processor's time. No floor, but engines that find the rule and the route alone."""
    table.add_row(
        "decisions per second, with reasons",
        f"{found.console:,.0f}",
        "",
        "",
        "200,000",
    )
    table.add_row("    every answer at random", f"{found.hard:,.0f}", "", "", "")
    for name, rate in (("CEL", found.cel), ("zen-engine", found.zen)):
        ratio = f"{found.console / rate:.0f}x as many"
        table.add_row(f"    {name}, rule and route only", "", f"{rate:,.0f}", ratio, "")


def add_replay(table: Table, kind: str, found: replaying.Replay, aim: str) -> None:
    """The floor is polars reading the same columns of the same file."""
    table.add_row(
        f"replay of {found.rows:,} calls, {kind}",
        f"{found.console:.2f} s",
        f"{found.scan:.2f} s",
        f"{found.console / found.scan:.1f}x",
        aim,
    )
    rate, memory = found.rows / found.console, f"{found.memory:,.0f} MB at most"
    table.add_row("    calls per second; memory", f"{rate:,.0f}; {memory}", "", "", "2,000 MB")
    table.add_row("    the version made ready", f"{found.compiling:.1f} s", "", "", "")


def add_board(table: Table, found: board.Room) -> None:
    """The floor is the same page while nothing happens."""
    ratio = f"{found.stormy.fps / found.still.fps:.0%}"
    name = f"board, {found.calls:,} open calls: frames/s, longest task"
    table.add_row(name, str(found.stormy), str(found.still), ratio, "55 / 50 ms")
    rate = f"{found.changes / found.seconds:.0f}"
    table.add_row("    changes per second", rate, "", "", str(board.RATE))
    table.add_row("    first load over the wire", f"{found.load_kb:.0f} KB", "", "", "300 KB")
    table.add_row("    page by the server", f"{found.server_ms:.0f} ms", "", "", "1,000 ms")
    table.add_row("    elements", f"{found.nodes:,}", "", "", "2,000")
    table.add_row("    memory per minute", f"{found.grown_mb:+.1f} MB", "", "", "0")
    for place, typed in found.typed.items():
        kept = f"{len(typed.found)} of {len(typed.wanted)} letters"
        moves = f"focus moved {len(typed.moved)} times"
        table.add_row(f"    typed through it, {place}", f"{kept}, {moves}", "", "", "all, 0")


def _allow_many_sockets() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))


if __name__ == "__main__":
    main(sys.argv[1:])
