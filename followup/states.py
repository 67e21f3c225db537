"""A follow-up is promised, due, perhaps overdue, reached, and closed with a reason.

It is renewed when its call was reopened and closed with consent once more.
"""

from enum import StrEnum

from heart.moves import table


class FollowUpStatus(StrEnum):
    PROMISED = "promised"
    DUE = "due"
    OVERDUE = "overdue"
    REACHED = "reached"
    CLOSED = "closed"


_F = FollowUpStatus
UNREACHED = (_F.PROMISED, _F.DUE, _F.OVERDUE)

FOLLOW_UP = table(
    "followup",
    "followup.FollowUp",
    FollowUpStatus,
    initial=[_F.PROMISED],
    moves=[
        ("fall_due", [_F.PROMISED], _F.DUE),
        ("run_over", [_F.PROMISED, _F.DUE], _F.OVERDUE),
        ("reach", UNREACHED, _F.REACHED),
        ("close", [*UNREACHED, _F.REACHED], _F.CLOSED),
        ("renew", [_F.REACHED, _F.CLOSED], _F.PROMISED),
    ],
)
