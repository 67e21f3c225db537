"""What a replay can be, and how it moves."""

from enum import StrEnum

from heart.moves import table


class ReplayStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


_R = ReplayStatus
UNFINISHED = (_R.QUEUED, _R.RUNNING)

REPLAY = table(
    "replay",
    "replay.Replay",
    ReplayStatus,
    initial=[_R.QUEUED],
    moves=[
        ("start", [_R.QUEUED], _R.RUNNING),
        ("finish", [_R.RUNNING], _R.DONE),
        ("cancel", UNFINISHED, _R.CANCELLED),
        ("fail", UNFINISHED, _R.FAILED),
    ],
)
