"""Whether the collected static files are still those of the sources."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heart.runner.env import ROOT

COLLECTED = ROOT / "var" / "static"
STAMP = ROOT / "var" / "static.stamp"
LOCK = ROOT / "var" / "static.lock"


@contextmanager
def alone() -> Iterator[None]:
    """All consoles of this repository share the collected files, whatever folder their data is in."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def are_current() -> bool:
    return COLLECTED.exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def mark_current() -> None:
    STAMP.write_text(fingerprint())


def fingerprint() -> str:
    """Of names, sizes and times of our own files; those of packages change with uv.lock only."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for file in sorted(_sources()):
        status = file.stat()
        digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sources() -> list[Path]:
    return [file for file in (ROOT / "static").rglob("*") if file.is_file()]
