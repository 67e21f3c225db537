"""Of two answers to one question about the same incident the riskier one counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, str]
Rungs = Mapping[str | None, int]

HARMLESS = frozenset({"none", "no", "n"})
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question that the two calls answer differently: both answers, and the one that counts."""

    key: str
    ours: str
    theirs: str
    counts: str


def ladders(statements: Iterable[Mapping[str, Any]]) -> dict[str, Rungs]:
    """Per question how high each answer stands by the safety statements of the agency.

    Read from the rows as they are: a statement that does not fit the version in force may stop an
    approval, but it must never stop two calls from becoming one.
    """
    found: dict[str, Rungs] = {}
    for row in statements:
        for claim in row["then"]:
            if claim["claim"] == "monotone":
                found.setdefault(claim["field"], _rungs(claim["ladder"]))
    return found


def _rungs(ladder: list[Any]) -> Rungs:
    rungs = (rung if isinstance(rung, list) else [rung] for rung in ladder)
    return {value: height for height, rung in enumerate(rungs) for value in rung}


def riskier(ours: Answers, theirs: Answers, known: Mapping[str, Rungs]) -> dict[str, str]:
    """The answers of both calls in one; where they differ the riskier one, ours when none is."""
    return {
        **theirs,
        **ours,
        **{each.key: each.counts for each in weighed(ours, theirs, known)},
    }


def weighed(ours: Answers, theirs: Answers, known: Mapping[str, Rungs]) -> list[Weighed]:
    """Every question that both calls answer, and differently."""
    both = sorted(ours.keys() & theirs.keys())
    return [
        Weighed(key, ours[key], theirs[key], _worse(ours[key], theirs[key], known.get(key, {})))
        for key in both
        if ours[key] != theirs[key]
    ]


def _worse(ours: str, theirs: str, rungs: Rungs) -> str:
    if ours in rungs and theirs in rungs:
        return theirs if rungs[theirs] > rungs[ours] else ours
    return theirs if _plain_risk(theirs) > _plain_risk(ours) else ours


def _plain_risk(answer: str) -> int:
    """Without a ladder: known harm over unknown over none."""
    return 0 if answer in HARMLESS else 1 if answer == UNKNOWN else 2
