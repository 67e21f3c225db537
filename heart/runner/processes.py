"""Start programs, start them again when they die, and leave none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from heart.runner.accounts import Account
from heart.runner.failed import Failed

CHILD = Path(__file__).with_name("child.py")
LIVED_WELL = 10.0  # seconds after which a death is no reason to hold back the next start
LONGEST_PAUSE = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    directory: Path = field(default_factory=Path.cwd)
    account: Account | None = None  # None: whoever runs us
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 5.0
    prepare: Callable[[], None] = lambda: None  # runs before every start


@dataclass(slots=True)
class Running:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    pause: float = 0.0  # grows while the program dies young
    due: float | None = None  # when to start it again; None while it lives


class Keeper:
    """Use it from the main thread: a child is tied to the *thread* that started it."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, Running] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, program: Program) -> None:
        self._begin_log(program.name)
        self.running[program.name] = Running(program, self._spawn(program), time.monotonic())

    def wait(self, name: str, ready: Callable[[], bool], within: float) -> None:
        """Until `ready`; dying or taking too long is a failure that shows the log's end."""
        deadline = time.monotonic() + within
        while not ready():
            code = self.running[name].process.poll()
            if code is not None:
                raise Failed(f"{name} stopped with code {code}.\n{self.tail(name)}")
            if time.monotonic() > deadline:
                raise Failed(f"{name} was not ready in {within:.0f} s.\n{self.tail(name)}")
            time.sleep(0.05)

    def run(self, program: Program) -> None:
        """A program that ends by itself; any code but 0 is a failure."""
        self.start(program)
        self.finish(program.name)

    def finish(self, name: str, within: float = 600) -> None:
        try:
            code = self.running[name].process.wait(within)
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} took too long.\n{self.tail(name)}") from None
        if code != 0:
            raise Failed(f"{name} ended with code {code}.\n{self.tail(name)}")
        del self.running[name]

    def revive(self) -> list[str]:
        """Start the dead again, holding back those that die young; returns who died just now."""
        now, died = time.monotonic(), []
        for one in self.running.values():
            if one.due is None and one.process.poll() is not None:
                _kill_group(one.process.pid)
                young = now - one.started < LIVED_WELL
                one.pause = min(max(one.pause * 2, 0.1), LONGEST_PAUSE) if young else 0.0
                one.due = now + one.pause
                died.append(one.program.name)
            if one.due is not None and now >= one.due:
                one.process, one.started, one.due = self._spawn(one.program), now, None
        return died

    def stop(self) -> None:
        """Ask all at once, give each its time, then sweep up what is left of its group."""
        for one in self.running.values():
            with suppress(ProcessLookupError):
                one.process.send_signal(one.program.stop_signal)
        began = time.monotonic()
        for one in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(max(0, began + one.program.stop_within - time.monotonic()))
            _kill_group(one.process.pid)
            one.process.wait()
        self.running.clear()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def says(self, name: str, text: str) -> bool:
        """Whether this text is in the log."""
        return text in self.log(name).read_text(errors="replace")

    def tail(self, name: str, lines: int = 15) -> str:
        text = self.log(name).read_text(errors="replace").splitlines()[-lines:]
        return "\n".join([f"The end of {self.log(name)}:", *(f"    {line}" for line in text)])

    def _begin_log(self, name: str) -> None:
        """Each run has its own log; the one before stays beside it."""
        self.logs.mkdir(parents=True, exist_ok=True)
        if self.log(name).exists():
            self.log(name).replace(self.logs / f"{name}.before.log")

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        program.prepare()
        with self.log(program.name).open("ab") as log:
            return subprocess.Popen(
                tied(program.command, program.stop_signal, program.account),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=program.directory,
                env=program.environment,
                start_new_session=True,  # Ctrl-C is for us, who stop them in order
            )


def tied(
    command: tuple[str, ...], stop_signal: signal.Signals, account: Account | None = None
) -> list[str]:
    """The command line that runs `command` under an account, tied to our life."""
    uid, gid = (account.uid, account.gid) if account else (os.getuid(), os.getgid())
    numbers = map(str, (os.getpid(), int(stop_signal), uid, gid))
    return [sys.executable, "-I", "-S", str(CHILD), *numbers, *command]


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
