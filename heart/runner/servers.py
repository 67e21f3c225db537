"""The two servers behind the console, as throw-away ones for tests."""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from heart.runner.accounts import open_folder
from heart.runner.ports import free_port
from heart.runner.postgres import Postgres
from heart.runner.processes import Keeper
from heart.runner.valkey import Valkey

THROWN_AWAY = "heart-throwaway-"
SETTLED = 60.0  # seconds after which a folder without a living owner is litter


@dataclass(frozen=True, slots=True)
class Urls:
    database_url: str | None
    redis_url: str | None


@contextmanager
def embedded(directory: Path, *, postgres: bool = True, valkey: bool = True) -> Iterator[Urls]:
    """Servers that begin empty and leave nothing behind; logs stay in `directory`/log.

    Enter it from the main thread: they are tied to the thread that starts them.
    """
    with throwaway_folder() as folder, Keeper(directory.resolve() / "log") as keeper:
        database_url = redis_url = None
        if postgres:
            server = Postgres.at(folder / "postgres", secrets.token_hex(16))
            server.start(keeper)
            database_url = server.url()
        if valkey:
            broker = Valkey(folder / "valkey", secrets.token_hex(16), free_port())
            broker.start(keeper)
            redis_url = broker.url()
        yield Urls(database_url, redis_url)


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """A folder that is locked while we live, so that a later run can tell litter from use."""
    base = open_folder((Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp")))
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=THROWN_AWAY, dir=base))
    folder.chmod(0o711)  # the account of PostgreSQL walks through
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _sweep(base: Path) -> None:
    for folder in base.glob(f"{THROWN_AWAY}*"):
        with suppress(OSError):  # somebody else's, or in use
            if time.time() - folder.stat().st_mtime < SETTLED:
                continue
            lock = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(lock)
