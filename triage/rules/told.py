"""A proof and findings as plain JSON: for the command line, the API and the editor."""

from typing import Any

from triage.rules.counter_examples import Violation
from triage.rules.evaluation import Outcome
from triage.rules.findings import Findings
from triage.rules.proof import Proof
from triage.rules.space import Call


def proof_body(proof: Proof) -> dict[str, Any]:
    return {
        "holds": proof.holds,
        "invariants": proof.invariants,
        "calls": proof.calls,
        "regions": proof.regions,
        "violations": [violation_body(violation) for violation in proof.violations],
    }


def violation_body(violation: Violation) -> dict[str, Any]:
    """The statement that is broken and the call that breaks it, ready to be filled into a form."""
    found = violation
    body = {
        "invariant": found.invariant.id,
        "statement_en": found.invariant.statement.en,
        "statement_es": found.invariant.statement.es,
        "call": call_body(found.call),
        "outcome": outcome_body(found.outcome),
    }
    if found.other is not None and found.other_outcome is not None:
        body["other"] = {
            "lost": found.lost or None,
            "call": call_body(found.other),
            "outcome": outcome_body(found.other_outcome),
        }
    return body


def findings_body(findings: Findings) -> dict[str, Any]:
    return {
        "calls": findings.calls,
        "decided": dict(findings.decided),
        "unreachable": list(findings.unreachable),
        "shadowed": [
            {"rule": found.rule, "by": list(found.by), "adds": found.adds}
            for found in findings.shadowed
        ],
        "overlaps": [
            {"rules": [found.earlier, found.later], "example": call_body(found.example)}
            for found in findings.overlaps
        ],
        "uncaught": call_body(findings.uncaught) if findings.uncaught else None,
        "unread": [
            {"question": found.question, "answers": list(found.answers), "whole": found.whole}
            for found in findings.unread
        ],
    }


def call_body(call: Call) -> dict[str, Any]:
    return {
        "nature": call.nature,
        "answers": dict(call.answers),
        "switches": dict(call.switches),
    }


def outcome_body(outcome: Outcome) -> dict[str, Any]:
    return {
        "route": outcome.route,
        "added": list(outcome.added),
        "level": outcome.level,
        "rule": outcome.rule,
    }
