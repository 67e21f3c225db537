"""A call is being taken, then open, then closed; a closed call can be reopened."""

from enum import StrEnum

from heart.moves import table


class CallStatus(StrEnum):
    TAKING = "taking"
    OPEN = "open"
    CLOSED = "closed"


CALL = table(
    "call",
    "intake.Call",
    CallStatus,
    initial=[CallStatus.TAKING, CallStatus.OPEN, CallStatus.CLOSED],  # closed: imported history
    moves=[
        ("release", [CallStatus.TAKING], CallStatus.OPEN),
        ("close", [CallStatus.TAKING, CallStatus.OPEN], CallStatus.CLOSED),
        ("merge", [CallStatus.TAKING, CallStatus.OPEN], CallStatus.CLOSED),
        ("reopen", [CallStatus.CLOSED], CallStatus.OPEN),
    ],
)
