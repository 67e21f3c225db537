"""Who hears what: every audience of the live screens, with the permission it takes."""

from enum import StrEnum
from typing import NamedTuple

from heart.roles import Permission


class Kind(StrEnum):
    """A kind of live screen; ``call`` and ``unit`` have one audience per row."""

    BOARD = "board"
    DESK = "desk"
    WORKLIST = "worklist"
    CALL = "call"
    UNIT = "unit"
    ALERTS = "alerts"


NEEDS: dict[Kind, Permission] = {
    Kind.BOARD: Permission.VIEW_BOARD,
    Kind.DESK: Permission.WORK_DESK,
    Kind.WORKLIST: Permission.WORK_FOLLOWUP,
    Kind.CALL: Permission.VIEW_CALL,
    Kind.UNIT: Permission.MOVE_UNIT,
    Kind.ALERTS: Permission.DISPATCH,
}


class Audience(NamedTuple):
    """All sockets that receive the same bytes: ``board``, or ``call.12`` by the row's id."""

    kind: Kind
    key: int = 0

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}" if self.key else str(self.kind)


BOARD, DESK, WORKLIST = Audience(Kind.BOARD), Audience(Kind.DESK), Audience(Kind.WORKLIST)
ALERTS = Audience(Kind.ALERTS)
ALWAYS = (BOARD, DESK, WORKLIST, ALERTS)
"""Kept up to date with or without sockets, so that a whole room can return at once."""
