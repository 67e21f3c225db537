"""States of a rule set version, of the clinician queue and of a request to lower a call."""

from enum import StrEnum

from heart.moves import table


class RuleSetStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


RULE_SET = table(
    "rule_set",
    "triage.RuleSet",
    RuleSetStatus,
    initial=[RuleSetStatus.DRAFT],
    moves=[
        ("install", [RuleSetStatus.DRAFT], RuleSetStatus.ACTIVE),
        ("submit", [RuleSetStatus.DRAFT], RuleSetStatus.IN_REVIEW),
        ("approve", [RuleSetStatus.IN_REVIEW], RuleSetStatus.SHADOW),
        ("activate", [RuleSetStatus.SHADOW], RuleSetStatus.ACTIVE),
        (
            "withdraw",
            [RuleSetStatus.DRAFT, RuleSetStatus.IN_REVIEW, RuleSetStatus.SHADOW],
            RuleSetStatus.RETIRED,
        ),
        ("replace", [RuleSetStatus.ACTIVE], RuleSetStatus.RETIRED),
        ("return", [RuleSetStatus.RETIRED], RuleSetStatus.ACTIVE),
    ],
)


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
