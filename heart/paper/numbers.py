"""Numbers of paper call cards: ``P1-0001`` is the first card of position P1. Pure."""

import re
from typing import NamedTuple

PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
NUMBER = re.compile(r"([A-Z][A-Z0-9]{0,7})[-\s]\s*([0-9]{1,6})")


class PaperNumber(NamedTuple):
    """The number on one card: the position that it was printed for, and a running number."""

    prefix: str
    running: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.running:04d}"


def prefix_of(text: str) -> str | None:
    """The position as it stands before the number, from what somebody typed; None if it is none."""
    typed = text.strip().upper()
    return typed if PREFIX.fullmatch(typed) else None


def number_of(text: str) -> PaperNumber | None:
    """``p1-3`` and ``P1 0003`` are P1-0003; None for what is no number of a card."""
    found = NUMBER.fullmatch(text.strip().upper())
    if found is None or int(found[2]) == 0:
        return None
    return PaperNumber(found[1], int(found[2]))


def spans(runnings: list[int]) -> list[tuple[int, int]]:
    """Ascending numbers as unbroken spans: 3 4 5 9 are (3, 5) and (9, 9)."""
    found: list[tuple[int, int]] = []
    for running in runnings:
        if found and found[-1][1] == running - 1:
            found[-1] = (found[-1][0], running)
        else:
            found.append((running, running))
    return found
