"""`make bench`: the measures of the documentation on this machine, each beside its floor."""

import os
import resource
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
    out = Console()
    table = Table("measure", "console", "floor", "ratio", "aim", title="HEART console")
    table.caption = f"{os.cpu_count()} processors, loopback, load and servers side by side"
    with running() as stack, taking.script_folder() as folder:
        out.print(f"web on {stack.web}, live on {stack.live}")
        for sockets in SOCKETS:
            out.print(f"pushing to {sockets} sockets ...")
            add_push(table, push.measure(stack, sockets))
        script = taking.write_script(stack, Path(folder))
        for clients in CLIENTS:
            out.print(f"taking calls with {clients} client(s) ...")
            add_taking(table, taking.measure(stack, clients, script))
        out.print("writing and reading the journal ...")
        add_order(table, order.measure())
    out.print(table)


def add_push(table: Table, found: push.Push) -> None:
    ours, floor = found.accepted, found.bare
    aims = ("<= 2x", "<= 3x") if found.sockets == max(SOCKETS) else ("", "")
    name = f"201 -> last of {found.sockets} sockets"
    for part, aim in zip(("p50", "p99"), aims, strict=True):
        mine, its = getattr(ours, part), getattr(floor, part)
        table.add_row(
            f"{name}, {part}", f"{mine:.1f} ms", f"{its:.1f} ms", f"{mine / its:.2f}x", aim
        )
    asked = found.requested
    table.add_row(
        "   counted from the request", f"{asked.p50:.1f} / {asked.p99:.1f} ms", "", "", ""
    )


def add_taking(table: Table, found: taking.Taking) -> None:
    table.add_row(
        f"calls taken/s, {found.clients} client(s)",
        f"{found.console:.0f}",
        f"{found.floor:.0f} (pgbench, {found.statements} statements)",
        f"{found.console / found.floor:.0%}",
        ">= 10 %" if found.clients == max(CLIENTS) else "",
    )


def add_order(table: Table, found: order.Order) -> None:
    table.add_row(
        f"journal: {order.WRITERS} writers, missed of {found.written}",
        f"{found.missed}, {found.repeated} twice",
        "",
        "",
        "0",
    )
    table.add_row("journal: entries/s", f"{found.per_second:.0f}", "", "", ">= 1,000")


def _allow_many_sockets() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))


if __name__ == "__main__":
    main()
