"""Which calls wait for somebody: nobody of HEART and no agency has them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from dispatch.models import Handoff, Run
from dispatch.states import RunStatus
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult, Route
from triage.states import ConsultStatus


def calls_nobody_has() -> "QuerySet[Call]":
    """Decided calls that are not closed and that no team, agency or clinician has.

    A clinician who has talked is done with a call, unless the decision then wants a team.
    """
    consults = Consult.objects.filter(call=OuterRef("pk"))
    return (
        Call.objects.exclude(status=CallStatus.CLOSED)
        .filter(assessment__decision__isnull=False)
        .exclude(
            Exists(Run.objects.filter(call=OuterRef("pk")).exclude(status=RunStatus.CANCELLED))
        )
        .exclude(Exists(Handoff.objects.filter(call=OuterRef("pk"))))
        .exclude(Exists(consults.filter(status=ConsultStatus.ACCEPTED)))
        .filter(
            Exists(consults.filter(status=ConsultStatus.WAITING))
            | ~Exists(consults.filter(accepted_at__isnull=False))
            | Q(assessment__decision__route__in=(Route.CRT, Route.COR))
        )
    )
