"""What is known of a version before it counts: the proof of its safety statements, its scenarios."""

import json
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.utils import timezone

from triage import protocol_files, rules
from triage.gaps import gaps
from triage.protocol_files import ProtocolFiles, Row
from triage.queries import invariant_rows, scenario_rows
from triage.rules import told

PATIENCE = 3.0
"""Seconds that a proof waits for another one to end."""

MOST_KNOWN = 8


class Busy(ValueError):
    """Another version is being proven."""

    def __init__(self) -> None:
        super().__init__("another table is being proven; try again in a moment")


@dataclass(frozen=True, slots=True)
class Tried:
    """One scenario against one version; ``got`` is None when it cannot even be asked."""

    scenario: Row
    got: rules.Outcome | None
    problem: str

    @property
    def passes(self) -> bool:
        """Whether the version decides as it should: route, added units in any order, and level."""
        got, wanted = self.got, self.scenario
        return got is not None and (got.route, set(got.added), got.level) == (
            wanted["route"],
            set(wanted["added"]),
            wanted["level"],
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof over every combination, the calls that were thought through, and what neither sees."""

    invariants: tuple[rules.Invariant, ...]
    proof: rules.Proof
    tried: tuple[Tried, ...]
    gaps: tuple[str, ...]
    at: datetime

    @property
    def faults(self) -> list[str]:
        """What stands in the way of a review, in the words of the statements and scenarios."""
        broken = dict.fromkeys(v.invariant.statement.en for v in self.proof.violations)
        failed = [f"{one.scenario['code']} {one.scenario['title']}" for one in self.tried]
        return [
            *(f"not true of every call: {sentence}" for sentence in broken),
            *(f"seen by no statement: {gap}" for gap in self.gaps),
            *(
                f"decided otherwise: {name}"
                for name, one in zip(failed, self.tried, strict=True)
                if not one.passes
            ),
        ]

    def body(self) -> dict[str, Any]:
        """As it is kept with the version."""
        return {
            "at": self.at.isoformat(),
            "proof": told.proof_body(self.proof),
            "invariants": [
                {"id": i.id, "en": i.statement.en, "es": i.statement.es} for i in self.invariants
            ],
            "scenarios": [
                {
                    **one.scenario,
                    "got": told.outcome_body(one.got) if one.got else None,
                    "passes": one.passes,
                }
                for one in self.tried
            ],
        }


def gather(files: ProtocolFiles) -> Evidence:
    """Prove and try a version against all invariants and scenarios of today.

    Raises RuleError or ValueError when the table cannot be used, InvariantError when a statement
    speaks of something that this version does not ask, TooManyRegions when it cannot be proven, Busy
    while others are being proven.
    """
    rule_set, rows = protocol_files.compiled(files), invariant_rows()
    invariants = rules.load_invariants(rows, rule_set)
    switches = files.rule_set["switches"]
    content = json.dumps([files.rules, files.questions, files.natures, switches, rows])
    return Evidence(
        invariants=invariants,
        proof=_proof(content, rule_set, invariants),
        tried=tuple(_try(rule_set, row) for row in scenario_rows()),
        gaps=gaps(files, rule_set, invariants),
        at=timezone.now(),
    )


_proving = Lock()
"""One proof at a time: calls are taken by the same process and must not wait for many of them."""

_known: dict[str, rules.Proof | rules.TooManyRegions] = {}


def _proof(
    content: str, rule_set: rules.RuleSet, invariants: tuple[rules.Invariant, ...]
) -> rules.Proof:
    """Looking at a version, submitting, approving and activating it ask for one and the same proof."""
    found = _known.get(content)
    if found is None:
        if not _proving.acquire(timeout=PATIENCE):
            raise Busy
        try:  # whoever had the turn before may have proven just this
            found = _known.get(content) or _prove(rule_set, invariants)
            while len(_known) >= MOST_KNOWN:
                _known.pop(next(iter(_known)))
            _known[content] = found
        finally:
            _proving.release()
    if isinstance(found, rules.TooManyRegions):
        raise found.with_traceback(None)
    return found


def _prove(
    rule_set: rules.RuleSet, invariants: tuple[rules.Invariant, ...]
) -> rules.Proof | rules.TooManyRegions:
    try:
        return rules.prove(rule_set, invariants)
    except rules.TooManyRegions as fault:
        return fault


def _try(rule_set: rules.RuleSet, scenario: Row) -> Tried:
    problems = rules.check_answers(rule_set.questions, scenario["answers"])
    if problems:
        asked = problems[0].pointer.removeprefix("/")
        return Tried(scenario, None, f"{asked}: {problems[0].message}")
    outcome = rules.evaluate(rule_set, scenario["answers"], scenario["nature"] or None)
    return Tried(scenario, outcome, "")
