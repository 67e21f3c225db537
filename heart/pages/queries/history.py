"""What is known from before: calls at this place, from this number, about this person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from dispatch.models import Run
from dispatch.needs import route_name
from followup.models import FollowUp
from followup.queries import first_service
from followup.states import FollowUpStatus
from intake.models import Call
from intake.nearby import calls_near, same_text
from triage.models import Consult

SAME_PLACE_M = 30
SPAN = timedelta(days=365)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """One call of before, in a line."""

    call: Call
    outcome: str
    served_by: str


@dataclass(frozen=True, slots=True)
class Strand:
    """Earlier calls that have one thing in common with this one."""

    name: str
    count: int
    calls: list[Earlier]


@dataclass(frozen=True, slots=True)
class History:
    """Everything from before, as a glance."""

    strands: list[Strand]
    followups: list[FollowUp]

    @property
    def is_known(self) -> bool:
        return any(strand.calls for strand in self.strands)

    @property
    def repeats(self) -> int:
        """How many calls came before in twelve months, by the strand that has most."""
        return max((strand.count for strand in self.strands), default=0)


def history(call: Call) -> History:
    """Earlier calls in three strands and the promises that are open; a constant number of queries."""
    before = calls_near(call, SAME_PLACE_M).filter(received_at__lte=call.received_at)
    before = before.exclude(pk=call.pk).exclude(merged_into=call)
    strands = {name: before.filter(same) for name, same in _strands(call).items()}
    ids = {name: list(_newest(rows)) for name, rows in strands.items()}
    calls = _loaded({pk for found in ids.values() for pk in found})
    counts = _counts(before, call)
    return History(
        strands=[
            Strand(name, counts[name], [_earlier(calls[pk]) for pk in found])
            for name, found in ids.items()
        ],
        followups=_promised(before.filter(_any(_strands(call).values()))),
    )


def _strands(call: Call) -> dict[str, Q]:
    nothing = Q(pk__in=[])
    phone = Q(caller_phone=call.caller_phone) if call.caller_phone else nothing
    person = Q(neighbor=call.neighbor_id) if call.neighbor_id else nothing
    return {
        "at this place": same_text(call) | Q(is_near=True),
        "from this number": phone,
        "about this person": person,
    }


def _any(questions: Iterable[Q]) -> Q:
    whole = Q(pk__in=[])
    for question in questions:
        whole |= question
    return whole


def _newest(rows: QuerySet[Call]) -> QuerySet[Call, int]:
    return rows.order_by("-received_at", "-id").values_list("pk", flat=True)[:SHOWN]


def _counts(before: QuerySet[Call], call: Call) -> dict[str, int]:
    lately = before.filter(received_at__gte=timezone.now() - SPAN)
    names = {f"strand_{n}": name for n, name in enumerate(_strands(call))}
    sums = {
        key: Count("pk", filter=_strands(call)[name], distinct=True) for key, name in names.items()
    }
    return {names[key]: count for key, count in lately.aggregate(**sums).items()}


def _loaded(ids: set[int]) -> dict[int, Call]:
    return (
        Call.objects.select_related("nature")
        .prefetch_related(
            Prefetch("runs", Run.objects.select_related("unit").order_by("id")),
            Prefetch("consults", Consult.objects.order_by("id")),
            "handoffs",
            "merged__runs__unit",
            "merged__consults",
        )
        .in_bulk(ids)
    )


def _earlier(call: Call) -> Earlier:
    served = first_service(call)
    return Earlier(call, _outcome(call), route_name(served[0]) if served else "")


def _outcome(call: Call) -> str:
    """What became of it: the call's own outcome, else the last team's or the clinician's."""
    if call.outcome:
        return call.get_outcome_display()
    said = [run.get_outcome_display() for run in call.runs.all() if run.outcome]
    said = said or [each.get_outcome_display() for each in call.consults.all() if each.outcome]
    if said:
        return said[-1]
    given = [handoff.get_agency_display() for handoff in call.handoffs.all()]
    if given:
        return f"handed to {given[-1]}"
    return "still open" if call.closed_at is None else "closed"


def _promised(before: QuerySet[Call]) -> list[FollowUp]:
    return list(
        FollowUp.objects.exclude(status=FollowUpStatus.CLOSED)
        .filter(call__in=before.values("pk"))
        .select_related("call", "owner")
        .order_by("due_at")[:SHOWN]
    )
