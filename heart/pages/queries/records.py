"""The board and a call as plain data, for other systems."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404

from heart.journal.queries import head
from heart.pages.queries.board import BoardCall, board_calls
from heart.pages.queries.board_teams import BoardUnit, board_units
from heart.pages.queries.call import CallView, call_view
from intake.models import Call
from triage.queries import protocol


def board_snapshot() -> dict[str, Any]:
    """Every call that is not closed and every team; ``cursor`` is where changes follow from."""
    cursor = head()
    return {
        "cursor": str(cursor),
        "calls": [_board_call(row) for row in board_calls()],
        "units": [_unit(row) for row in board_units()],
    }


def _board_call(row: BoardCall) -> dict[str, Any]:
    call, decision = row.call, row.decision
    return {
        "number": call.number,
        "status": call.status,
        "list": row.place,
        "received_at": _at(call.received_at),
        "nature": call.nature.code if call.nature else None,
        "location_text": call.location_text,
        "beat": call.beat.code if call.beat else None,
        "route": decision.route if decision else None,
        "added": decision.added if decision else [],
        "level": row.level,
        "planned_instead": row.planned or None,
        "needs": [need.words for need in row.needs],
        "due_at": _at(row.due.at if row.due else None),
        "held_by": [{"name": h.name, "status": h.status} for h in row.holders],
    }


def _unit(row: BoardUnit) -> dict[str, Any]:
    return {
        "code": row.unit.code,
        "kind": row.unit.kind,
        "status": row.status,
        "since": _at(row.since),
        "call": row.run.call.number if row.run else None,
    }


def call_record(call_id: int) -> dict[str, Any]:
    """One call with decision, eligibility, service, teams, hand-offs, notes and what happened."""
    get_object_or_404(Call, pk=call_id)
    view = call_view(call_id)
    assert view is not None  # noqa: S101 - looked up above
    call = view.call
    return {
        **_board_call(view.row),
        "source": call.source,
        "is_synthetic": call.is_synthetic,
        "answered_at": _at(call.answered_at),
        "closed_at": _at(call.closed_at),
        "caller_phone": call.caller_phone,
        "latitude": call.latitude,
        "longitude": call.longitude,
        "caller_relation": call.caller_relation,
        "language": call.language,
        "narrative": call.narrative,
        "merged_into": call.merged_into.number if call.merged_into else None,
        "merged": [
            {"number": other.number, "narrative": other.narrative} for other in view.merged
        ],
        "answers": view.call.assessment.answers if hasattr(call, "assessment") else {},
        "decision": _decision(view),
        "eligibility": view.eligibility.state if view.eligibility else "not_triaged",
        "service": _service(view),
        "runs": [
            {
                "unit": line.run.unit.code,
                "status": line.run.status,
                "dispatched_at": _at(line.run.dispatched_at),
                "on_scene_at": _at(line.run.on_scene_at),
                "ended_at": _at(line.run.ended_at),
                "outcome": line.run.outcome or None,
            }
            for line in view.runs
        ],
        "handoffs": [
            {"agency": h.agency, "made_at": _at(h.made_at), "outcome": h.outcome or None}
            for h in view.handoffs
        ],
        "notes": [{"at": _at(note.written_at), "text": note.text} for note in view.notes],
        "followup": {"status": view.followup.status, "due_at": _at(view.followup.due_at)}
        if view.followup
        else None,
        "timeline": [
            {"at": _at(each.at), "by": each.actor, "what": each.words} for each in view.happenings
        ],
    }


def _decision(view: CallView) -> dict[str, Any] | None:
    decision = view.decision
    if decision is None:
        return None
    return {
        "route": decision.route,
        "added": decision.added,
        "level": decision.level,
        "rule": decision.rule,
        "rule_set": protocol(decision.rule_set_id).version,
        "reasons": [reason[-1] for reason in decision.reasons],
        "changes": decision.changes,
        "source": decision.source,
        "decided_at": _at(decision.decided_at),
    }


def _service(view: CallView) -> dict[str, Any] | None:
    service = view.service
    if service is None:
        return None
    return {
        "ideal_route": service.ideal_route,
        "planned_route": service.planned_route,
        "fallback_reason": service.fallback_reason_id,
        "served_by": service.served_by or None,
        "served_at": _at(service.served_at),
        "not_served_reason": service.not_served_reason_id,
    }


def _at(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
