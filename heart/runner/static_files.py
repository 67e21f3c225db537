"""Whether the collected static files are still those of the sources."""

import hashlib
from pathlib import Path

from heart.runner.env import ROOT

COLLECTED = ROOT / "var" / "static"
STAMP = ROOT / "var" / "static.stamp"


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
