"""`make bench`: the measures of the documentation on this machine, each beside its floor."""

import os
import resource
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import order, push, taking
from tests.bench.stack import running

SOCKETS = (50, 500, 1000)
CLIENTS = (1, 8)
FILES = 8192


def main() -> None:
    _allow_many_sockets()
    out = Console(width=None if sys.stdout.isatty() else 110)
    table = Table("measure", "console", "floor", "ratio", "aim")
    table.caption = f"{os.cpu_count()} processors, loopback; servers, load and listeners together"
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
    out.print(table)


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


def _allow_many_sockets() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))


if __name__ == "__main__":
    main()
