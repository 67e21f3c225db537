"""The lines a person sees while the console starts."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

WIDTH = 13


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line with the time it took; on a terminal its name shows while it lasts."""
    began = time.monotonic()
    if sys.stdout.isatty():
        print(f"  {name} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        if sys.stdout.isatty():
            say(f"  {name}")
        raise
    say(f"  {name:<{WIDTH}} {time.monotonic() - began:6.1f} s")


def say(line: str) -> None:
    start = "\r\033[K" if sys.stdout.isatty() else ""
    with suppress(OSError):  # the terminal is gone; what runs must still be stopped
        print(start + line, flush=True)
