"""Rows as other systems see them; the shapes describe these bodies."""

from datetime import datetime
from typing import Any

from dispatch.models import Backup, Handoff, Run, Unit
from dispatch.watching import rung
from followup.models import Attempt, FollowUp, Notice
from heart.pages.queries.alerts import Alert
from heart.pages.queries.desk import DeskRow
from intake.models import Call, Note
from triage.models import ClinicalNote, Consult, Lowering

Body = dict[str, Any]


def at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def note(row: Note | ClinicalNote) -> Body:
    return {
        "id": row.pk,
        "written_at": at(row.written_at),
        "author": str(row.author or ""),
        "text": row.text,
    }


def call(row: Call) -> Body:
    promised = FollowUp.objects.filter(call=row).first()
    return {
        "number": row.number,
        "status": row.status,
        "closed_at": at(row.closed_at),
        "followup_id": promised.pk if promised else None,
        "followup_due_at": at(promised.due_at) if promised else None,
    }


def lowering(row: Lowering) -> Body:
    return {
        "id": row.pk,
        "call": row.call.number,
        "status": row.status,
        "route": row.to_route,
        "level": row.to_level,
        "reason": row.reason,
    }


def consult(row: Consult) -> Body:
    return {
        "id": row.pk,
        "call": row.call.number,
        "kind": row.kind,
        "status": row.status,
        "level": row.level,
        "offered_at": at(row.offered_at),
        "accept_due_at": at(row.accept_due_at),
        "accepted_by": str(row.accepted_by) if row.accepted_by else None,
        "accepted_at": at(row.accepted_at),
        "ended_at": at(row.ended_at),
        "outcome": row.outcome or None,
    }


def queued(row: DeskRow) -> Body:
    return {
        **consult(row.consult),
        "nature": row.call.nature.code if row.call.nature else None,
        "language": row.call.language,
        "beat": row.call.beat.code if row.call.beat else None,
        "route": row.decision.route if row.decision else None,
        "why": row.why,
    }


def unit(row: Unit, run: Run | None, status: str, since: datetime) -> Body:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "status": status,
        "since": at(since),
        "run": run.pk if run else None,
        "call": run.call.number if run else None,
    }


def run(row: Run) -> Body:
    return {
        "id": row.pk,
        "call": row.call.number,
        "unit": row.unit.code,
        "status": row.status,
        "dispatched_at": at(row.dispatched_at),
        "en_route_at": at(row.en_route_at),
        "on_scene_at": at(row.on_scene_at),
        "transporting_at": at(row.transporting_at),
        "clearing_at": at(row.clearing_at),
        "ended_at": at(row.ended_at),
        "outcome": row.outcome or None,
        "felt_safe": row.felt_safe or None,
    }


def backup(row: Backup) -> Body:
    return {
        "id": row.pk,
        "run": row.run_id,
        "agency": row.agency,
        "status": row.status,
        "requested_at": at(row.requested_at),
        "arrived_at": at(row.arrived_at),
    }


def handoff(row: Handoff) -> Body:
    return {
        "id": row.pk,
        "call": row.call.number,
        "agency": row.agency,
        "agency_name": row.agency_name,
        "reference": row.reference,
        "status": row.status,
        "made_at": at(row.made_at),
        "confirm_due_at": at(row.confirm_due_at),
        "confirmed_at": at(row.confirmed_at),
        "outcome": row.outcome or None,
    }


def attempt(row: Attempt) -> Body:
    return {
        "id": row.pk,
        "number": row.number,
        "channel": row.channel,
        "outcome": row.outcome,
        "made_at": at(row.made_at),
    }


def followup(row: FollowUp) -> Body:
    return {
        "id": row.pk,
        "call": row.call.number,
        "status": row.status,
        "priority": row.priority,
        "due_at": at(row.due_at),
        "attempt_due_at": at(row.attempt_due_at),
        "owner": str(row.owner) if row.owner else None,
        "attempts": len(row.attempts.all()),
        "reached_at": at(row.reached_at),
        "closed_at": at(row.closed_at),
        "close_reason": row.close_reason or None,
    }


def followup_record(row: FollowUp) -> Body:
    consent = row.call.consent
    return {
        **followup(row),
        "language": row.call.language,
        "phone": consent.phone,
        "by_call": consent.by_call,
        "by_voicemail": consent.by_voicemail,
        "by_text": consent.by_text,
        "preferred_time": consent.preferred_time,
        "history": [attempt(each) for each in row.attempts.all()],
    }


def notice(row: Notice) -> Body:
    return {
        "id": row.pk,
        "followup": row.followup_id,
        "code": row.code,
        "raised_at": at(row.raised_at),
        "seen_at": at(row.seen_at),
    }


def alert(row: Alert) -> Body:
    watch = row.watch
    return {
        "id": watch.pk,
        "kind": watch.kind,
        "level": row.level,
        "rung": rung(watch),
        "call": watch.call.number if watch.call else None,
        "unit": watch.unit.code if watch.unit else None,
        "raised_at": at(watch.raised_at),
        "owner": str(watch.owner) if watch.owner else None,
    }
