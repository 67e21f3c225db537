"""The worklist: who is to be reached, and by when."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from dispatch.queries import encounter_ended_at
from followup.models import Attempt, FollowUp
from followup.states import FollowUpStatus
from intake.models import Call


def worklist() -> QuerySet[FollowUp]:
    """Every open follow-up, the least time left first."""
    return (
        FollowUp.objects.exclude(status=FollowUpStatus.CLOSED)
        .select_related("call__nature", "call__consent", "owner")
        .prefetch_related(Prefetch("attempts", Attempt.objects.order_by("number")))
    )


def first_service(call: Call) -> tuple[str, datetime] | None:
    """Who of HEART first met the neighbor, and when: a unit on scene or a clinician by phone.

    Whoever met them at a call that was merged into this one has met them.
    """
    calls = (call, *call.merged.all())
    met = [
        (run.on_scene_at, run.unit.kind)
        for each in calls
        for run in each.runs.all()
        if run.on_scene_at
    ]
    met += [
        (consult.accepted_at, "CCD")
        for each in calls
        for consult in each.consults.all()
        if consult.accepted_at and consult.outcome != "line_lost"
    ]
    if not met:
        return None
    at, kind = min(met)
    return kind, at


__all__ = ["encounter_ended_at", "first_service", "worklist"]
