"""(e) Replay of generated calls from Parquet, beside a bare scan of the same columns.

python -m tests.bench.replaying FILE measures in a process of its own, so that its memory can be told.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from tests.bench.calls import write
from tests.bench.stack import ROOT
from tests.rules.default_table import table
from triage import replay

REPEATS = 5


@dataclass(frozen=True, slots=True)
class Replay:
    """Seconds, the best of all repeats; memory in MB."""

    rows: int
    compiling: float
    scan: float
    console: float
    memory: float


def measure(rows: int, *, incomplete: bool = False, texts: bool = False) -> Replay:
    """A file is written, read a few times and removed."""
    with tempfile.TemporaryDirectory(prefix="heart-bench-") as folder:
        path = Path(folder) / "calls.parquet"
        write(table(), path, rows, incomplete=incomplete, texts=texts)
        command = (sys.executable, "-m", "tests.bench.replaying", str(path))
        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if run.returncode:
        raise SystemExit(f"the replay failed: {run.stderr[-2000:]}")
    return Replay(**json.loads(run.stdout))


def main(path: Path) -> None:
    began = perf_counter()
    compiled = replay.compile(table())
    compiling = perf_counter() - began
    scans = pl.scan_parquet(path).select(compiled.facts)

    def in_parts() -> int:
        return sum(len(part) for part in scans.collect_batches(maintain_order=False))

    def at_once() -> int:
        return len(scans.collect(engine="streaming"))

    def replayed() -> int:
        """Counts the calls by the routes that are possible, so that all of it is used."""
        counts = np.zeros(1 << 16, np.int64)
        for part in replay.read_parquet(path, compiled):
            counts += np.bincount(compiled.run(part.columns).routes, minlength=len(counts))
        return int(counts.sum())

    rows = replayed()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    turns = [(_seconds(in_parts), _seconds(at_once), _seconds(replayed)) for _ in range(REPEATS)]
    parts, whole, console = map(min, zip(*turns, strict=True))
    found = {"rows": rows, "compiling": compiling, "scan": min(parts, whole), "console": console}
    print(json.dumps({**found, "memory": memory}))


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main(Path(sys.argv[1]))
