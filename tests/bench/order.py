"""(c) Eight writers and one reader by cursor: nothing may be missed."""

import threading
from dataclasses import dataclass

from tests.bench.stack import child, said

WRITERS = 8
PROCESSES = 2
SECONDS = 5


@dataclass(frozen=True, slots=True)
class Order:
    written: int
    missed: int
    repeated: int
    per_second: float


def measure() -> Order:
    """Read while they write; at the end everything must have been seen, once."""
    from heart.journal import queries

    cursor = queries.head()
    processes = [child("writers", WRITERS // PROCESSES, SECONDS) for _ in range(PROCESSES)]
    counts: list[int] = []
    waiting = [
        threading.Thread(target=lambda p=process: counts.append(int(said(p))))
        for process in processes
    ]
    for thread in waiting:
        thread.start()
    seen: list[int] = []
    is_last = False
    while not is_last:
        is_last = not any(thread.is_alive() for thread in waiting)
        while entries := queries.after(cursor):
            seen += [entry.pk for entry in entries if entry.verb == "call.noted"]
            cursor = queries.place_of(entries[-1], cursor.epoch)
    for process in processes:
        process.wait()
    written = sum(counts)
    return Order(
        written=written,
        missed=written - len(set(seen)),
        repeated=len(seen) - len(set(seen)),
        per_second=written / SECONDS,
    )
