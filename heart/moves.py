"""States are tables you can read.

A stage lists its moves once, in its ``states.py``. ``make_move`` changes the status column with one
conditional UPDATE, so that of two people who press at the same time exactly one wins.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError
from django.db.models import Model

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of status: from any of ``sources`` to ``target``."""

    name: str
    sources: frozenset[str]
    target: str


class Machine(NamedTuple):
    """All moves of one noun; ``initial`` is the status a new row is born with.

    ``unborn`` is the status of reference rows, which are entered without a journal entry.
    """

    noun: str
    model: str
    statuses: type[StrEnum]
    initial: frozenset[str]
    moves: dict[str, Move]
    unborn: str | None

    def final(self) -> frozenset[str]:
        """The statuses that nothing leaves."""
        left = {source for move in self.moves.values() for source in move.sources}
        return frozenset(str(status) for status in self.statuses) - left


class Effect(NamedTuple):
    """What a journal entry did to one row: it was born in, or moved to, ``status``."""

    subject: str
    move: str
    status: str


class MoveRefused(Exception):
    """The row is not in a status from which this move is possible."""

    def __init__(self, noun: str, move: str, status: str) -> None:
        super().__init__(f"{noun} is {status.replace('_', ' ')}: cannot {move.replace('_', ' ')}")
        self.noun, self.move, self.status = noun, move, status


MACHINES: dict[str, Machine] = {}


def table(
    noun: str,
    model: str,
    statuses: type[StrEnum],
    *,
    initial: Iterable[StrEnum],
    moves: Iterable[tuple[str, Iterable[StrEnum], StrEnum]],
    unborn: StrEnum | None = None,
) -> Machine:
    """Build and register the move table of a noun; refuses a move named twice."""
    rows: dict[str, Move] = {}
    for name, sources, target in moves:
        if name in rows:
            raise ValueError(f"{noun}: the move {name!r} is listed twice")
        rows[name] = Move(name, frozenset(map(str, sources)), str(target))
    births = frozenset(map(str, initial))
    machine = Machine(noun, model, statuses, births, rows, unborn)
    MACHINES[noun] = machine
    return machine


def make_move(machine: Machine, name: str, row: Model, **changes: Any) -> Effect:
    """Move ``row`` by conditional UPDATE, with ``changes`` to other columns in the same statement.

    Raises MoveRefused, with the status the row has now, when somebody was quicker.
    """
    move = machine.moves[name]
    rows = type(row)._default_manager.filter(pk=row.pk)
    if not rows.filter(status__in=move.sources).update(status=move.target, **changes):
        raise MoveRefused(machine.noun, name, str(rows.values_list("status", flat=True).get()))
    for column, value in {"status": move.target, **changes}.items():
        setattr(row, column, value)
    return Effect(f"{machine.noun}:{row.pk}", name, move.target)


def born(machine: Machine, row: Model) -> Effect:
    """The effect of a row's creation."""
    status = str(getattr(row, "status"))  # noqa: B009 - every machine's row has a status column
    return Effect(f"{machine.noun}:{row.pk}", "born", status)


def each_by_itself(noun: str, ids: Iterable[int], move: Callable[[int], bool]) -> int:
    """Move each row of a sweep; one that fails is written down and holds up none of the others."""
    moved = 0
    for pk in ids:
        try:
            moved += move(pk)
        except (OperationalError, InterfaceError):  # the database is away: for all of them
            raise
        except Exception:
            log.exception("%s %d could not be moved", noun, pk)
    return moved
