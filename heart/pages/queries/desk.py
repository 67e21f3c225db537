"""The clinician's desk: who waits, who is talking to whom, what waits for an agreement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from dispatch.needs import route_name
from dispatch.states import OPEN_RUN
from heart.pages.queries.call import CallView, questions
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult, Decision, Lowering
from triage.queries import waiting_consults
from triage.states import OPEN_CONSULT, ConsultStatus, LoweringStatus


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One call at the desk: waiting for a clinician, or with one."""

    consult: Consult
    call: Call
    decision: Decision | None

    @property
    def place(self) -> str:
        return "queue" if self.consult.status == ConsultStatus.WAITING else "talking"

    @property
    def order(self) -> str:
        """Highest level first, then the longest waiting."""
        consult = self.consult
        return f"{9 - consult.level}.{consult.offered_at:%Y%m%d%H%M%S%f}.{consult.pk:09d}"

    @property
    def why(self) -> str:
        """The first reason of the decision, in one sentence."""
        return str(self.decision.reasons[0][-1]) if self.decision and self.decision.reasons else ""

    @property
    def route(self) -> str:
        return route_name(self.decision.route) if self.decision else ""

    @property
    def added(self) -> str:
        return " + ".join(map(route_name, self.decision.added)) if self.decision else ""


def desk_rows(ids: Iterable[int] | None = None) -> list[DeskRow]:
    """The open consults, all or those of ``ids``, in the order of the queue; one query."""
    consults = waiting_consults()
    if ids is not None:
        consults = consults.filter(pk__in=list(ids))
    return sorted(map(_row, consults), key=lambda row: row.order)


def _row(consult: Consult) -> DeskRow:
    assessment = getattr(consult.call, "assessment", None)
    return DeskRow(consult, consult.call, assessment.decision if assessment else None)


def lowerings_asked(ids: Iterable[int] | None = None) -> list[Lowering]:
    """Requests that wait for a clinician's agreement, the oldest first; one query."""
    asked = Lowering.objects.filter(status=LoweringStatus.ASKED).select_related(
        "call__nature", "call__assessment__decision", "asked_by"
    )
    return list(asked if ids is None else asked.filter(pk__in=list(ids)))


def my_calls(user_id: int) -> list[DeskRow]:
    """The calls this clinician is talking on, the last accepted first."""
    mine = waiting_consults().filter(status=ConsultStatus.ACCEPTED, accepted_by_id=user_id)
    return sorted(map(_row, mine), key=lambda row: -row.consult.pk)


def to_close(user_id: int) -> list[Consult]:
    """Calls this clinician resolved by phone that nobody else is on and that are still open."""
    return list(
        Consult.objects.filter(
            accepted_by_id=user_id,
            status=ConsultStatus.ENDED,
            outcome=Consult.Outcome.RESOLVED,
        )
        .exclude(call__status=CallStatus.CLOSED)
        .exclude(call__consults__status__in=OPEN_CONSULT)
        .exclude(call__runs__status__in=OPEN_RUN)
        .select_related("call__nature")
        .order_by("ended_at")
    )


def not_asked(view: CallView) -> list[str]:
    """The questions that nobody has put to the caller, in words and in order."""
    assessment = getattr(view.call, "assessment", None)
    answers = assessment.answers if assessment else {}
    nature = view.call.nature.code if view.call.nature else None
    known = {**answers, "nature": nature}
    return [
        question.ask_en
        for question in questions(assessment.rule_set_id if assessment else None)
        if question.kind != "automatic"
        and question.key not in answers
        and _applies(question.only_after, known)
    ]


def _applies(only_after: dict[str, Any], known: dict[str, str | None]) -> bool:
    """Whether what was said before makes the question worth asking."""
    return not only_after or known.get(only_after["field"]) in only_after["in"]


def who_has(consult_id: int) -> str:
    """What the slower of two clinicians is told."""
    consult = Consult.objects.select_related("call", "accepted_by").get(pk=consult_id)
    if consult.accepted_at is None:
        return f"{consult.call} is no longer in the queue"
    at = timezone.localtime(consult.accepted_at)
    return f"{consult.accepted_by} accepted {consult.call} at {at:%H:%M:%S}"
