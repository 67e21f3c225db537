"""States of the clinician queue and of a request to lower a call."""

from enum import StrEnum

from heart.moves import table


class ConsultStatus(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


OPEN_CONSULT = (ConsultStatus.WAITING, ConsultStatus.ACCEPTED)

CONSULT = table(
    "consult",
    "triage.Consult",
    ConsultStatus,
    initial=[ConsultStatus.WAITING],
    moves=[
        ("accept", [ConsultStatus.WAITING], ConsultStatus.ACCEPTED),
        ("end", [ConsultStatus.ACCEPTED], ConsultStatus.ENDED),
        ("withdraw", [ConsultStatus.WAITING, ConsultStatus.ACCEPTED], ConsultStatus.WITHDRAWN),
    ],
)


class LoweringStatus(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


LOWERING = table(
    "lowering",
    "triage.Lowering",
    LoweringStatus,
    initial=[LoweringStatus.ASKED],
    moves=[
        ("agree", [LoweringStatus.ASKED], LoweringStatus.AGREED),
        ("refuse", [LoweringStatus.ASKED], LoweringStatus.REFUSED),
    ],
)
