"""What the processes of a running console share, and how a second terminal joins them."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("HEART_VAR") or ROOT / "var")
RUNNING = VAR / "run.env"


def use_own_python() -> None:
    """Start again under .venv when called with the machine's Python."""
    own = ROOT / ".venv" / "bin" / "python"
    if sys.prefix == sys.base_prefix and own.exists():
        os.execv(own, [str(own), *sys.argv])


@contextmanager
def running_environment(values: dict[str, str]) -> Iterator[None]:
    """Let a second terminal join while this lasts."""
    RUNNING.unlink(missing_ok=True)
    RUNNING.touch(mode=0o600)
    RUNNING.write_text("".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items()))
    try:
        yield
    finally:
        RUNNING.unlink(missing_ok=True)


def load_running_environment() -> None:
    """Join the running console, unless the environment already says which database to use."""
    if "DATABASE_URL" in os.environ or not RUNNING.exists():
        return
    for line in RUNNING.read_text().splitlines():
        key, _, value = line.partition("=")
        os.environ.setdefault(key, "".join(shlex.split(value)))
