"""The worklist: who is to be reached, and by when."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from dispatch.models import Encounter, Run
from dispatch.queries import encounter_ended_at
from followup.models import Attempt, Consent, FollowUp
from followup.states import FollowUpStatus
from intake.incident import calls_of
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
    calls = calls_of(call)
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


MET = {
    Run.Outcome.HANDED_TO_EMS: Call.Outcome.HANDED_OFF,
    Run.Outcome.HANDED_TO_POLICE: Call.Outcome.HANDED_OFF,
}
"""Where a call says it in other words than the run."""


def outcome_so_far(call: Call) -> str:
    """What came of the incident by its last run, talk or hand-off; empty when nothing did."""
    calls = calls_of(call)
    runs = [run for each in calls for run in each.runs.all() if run.outcome]
    if runs:
        last = max(runs, key=lambda run: run.pk).outcome
        return MET.get(Run.Outcome(last), last)
    if any(consult.outcome == "resolved" for each in calls for consult in each.consults.all()):
        return Call.Outcome.BY_PHONE
    return Call.Outcome.HANDED_OFF if any(each.handoffs.exists() for each in calls) else ""


def crew_asked(call: Call) -> Encounter | None:
    """What the crew wrote last about a follow-up, when they could ask and nobody was answered since."""
    calls = calls_of(call)
    asked = Encounter.objects.filter(run__call__in=calls).exclude(
        consent=Encounter.Consent.NOT_ASKED
    )
    since = Consent.objects.filter(
        call__in=calls, recorded_at__gte=OuterRef("run__ended_at")
    ).exclude(answer=Consent.Answer.NOT_ASKED)
    return asked.exclude(Exists(since)).select_related("run__call").order_by("-run_id").first()


__all__ = ["crew_asked", "encounter_ended_at", "first_service", "outcome_so_far", "worklist"]
