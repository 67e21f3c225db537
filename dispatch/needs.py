"""What an open call still needs, and so where on the board it stands and what it is watched for: the one
definition of all three.

It takes a few columns of a call, so that thousands of calls can be put in order without loading them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from dispatch.models import Handoff, Run
from dispatch.states import RunStatus
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult, Decision, Route
from triage.queries import target_seconds
from triage.states import ConsultStatus

WAITING, ACTIVE = "waiting", "active"
BEING_TAKEN = "being taken"
UNDECIDED_LEVEL = 3
"""Where a call without a decision stands in the queue: not triaged is unknown, never low."""

BY_TEAM = (Route.CRT, Route.COR)
BY_AGENCY = tuple(Route(agency) for agency in Handoff.Agency.values)
ROUTE_NAMES = {
    Route.COR: "CoR",
    Route.POLICE: "Police",
    Route.FIRE: "Fire",
    Route.PSAP: "other PSAP",
}


def route_name(route: str) -> str:
    """A route as people say it."""
    return ROUTE_NAMES.get(Route(route), route)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and for how many seconds before that it counts as soon."""

    at: datetime
    soon_seconds: int


@dataclass(frozen=True, slots=True)
class Need:
    """What a call still waits for, and by when it should have it."""

    words: str
    due: Due | None = None


class Chosen(NamedTuple):
    """What the decision in force wants."""

    rule_set_id: int
    route: str
    added: list[str]
    level: int

    @classmethod
    def of(cls, decision: Decision) -> "Chosen":
        return cls(decision.rule_set_id, decision.route, decision.added, decision.level)


class Offer(NamedTuple):
    """A clinician is waited for."""

    kind: str
    offered_at: datetime
    accept_due_at: datetime


@dataclass(slots=True)
class Outline:
    """The columns of a call that decide where it stands."""

    pk: int
    status: str
    started: datetime
    chosen: Chosen | None
    planned: str
    """The route that serves in place of the chosen one; empty when the chosen one does."""
    sent: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    offers: list[Offer] = field(default_factory=list)

    @property
    def order(self) -> str:
        """Highest level first, then the longest waiting."""
        level = self.chosen.level if self.chosen else UNDECIDED_LEVEL
        return f"{9 - level}.{self.started:%Y%m%d%H%M%S}.{self.pk:09d}"


class Standing(NamedTuple):
    """Where a call stands: sorts as the board does."""

    order: str
    pk: int
    place: str


def counts(status: str, dispatched_at: datetime, reopened_at: datetime | None) -> bool:
    """Whether a team's run still answers the decision: not cancelled, and not of before a reopening."""
    is_over = status == RunStatus.CLEARED
    return status != RunStatus.CANCELLED and not (
        is_over and reopened_at is not None and dispatched_at < reopened_at
    )


def outline(call: Call) -> Outline:
    """The outline of a call that is loaded with runs, units, hand-offs, consults and decision."""
    assessment, service = getattr(call, "assessment", None), getattr(call, "service", None)
    chosen = Chosen.of(assessment.decision) if assessment and assessment.decision else None
    planned = service.planned_route if service else ""
    found = _outline(call.pk, call.status, call.received_at, call.answered_at, planned, chosen)
    found.sent = {
        run.unit.kind
        for run in call.runs.all()
        if counts(run.status, run.dispatched_at, call.reopened_at)
    }
    found.given = {handoff.agency for handoff in call.handoffs.all()}
    found.offers = [
        Offer(consult.kind, consult.offered_at, consult.accept_due_at)
        for consult in call.consults.all()
        if consult.status == ConsultStatus.WAITING
    ]
    return found


def _outline(
    pk: int,
    status: str,
    received_at: datetime,
    answered_at: datetime | None,
    planned: str | None,
    chosen: Chosen | None,
) -> Outline:
    instead = planned if chosen and planned and planned != chosen.route else ""
    return Outline(pk, status, answered_at or received_at, chosen, instead)


def standings() -> list[Standing]:
    """Every call that is not closed, in the order of the board: four queries, no model instances."""
    found = _outlines()
    return sorted(
        Standing(each.order, each.pk, WAITING if needs(each) else ACTIVE) for each in found
    )


def waiting_calls(ids: list[int] | None = None) -> dict[int, Outline]:
    """The decided calls that still wait for somebody, by id; a call that is only being taken does not."""
    return {
        each.pk: each
        for each in _outlines(ids)
        if each.chosen is not None and any(need.words != BEING_TAKEN for need in needs(each))
    }


def _outlines(ids: list[int] | None = None) -> Iterable[Outline]:
    decision = "assessment__decision__"
    columns = [decision + name for name in ("rule_set_id", "route", "added", "level")]
    rows = Call.objects.exclude(status=CallStatus.CLOSED).values_list(
        "pk", "status", "received_at", "answered_at", "service__planned_route", *columns
    )
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    found: dict[int, Outline] = {}
    for pk, status, received_at, answered_at, planned, *chosen in rows.order_by():
        decided = Chosen(*chosen) if chosen[0] is not None else None
        found[pk] = _outline(pk, status, received_at, answered_at, planned, decided)
    of_a_run = ("unit__kind", "status", "dispatched_at", "call__reopened_at")
    for pk, kind, *times in _of_open_calls(Run.objects, *of_a_run):
        if pk in found and counts(*times):  # a call may have come between two of these queries
            found[pk].sent.add(kind)
    for pk, agency in _of_open_calls(Handoff.objects, "agency"):
        if pk in found:
            found[pk].given.add(agency)
    waiting = Consult.objects.filter(status=ConsultStatus.WAITING)
    for pk, *offer in _of_open_calls(waiting, "kind", "offered_at", "accept_due_at"):
        if pk in found:
            found[pk].offers.append(Offer(*offer))
    return found.values()


def waits_from(call: Outline, held_until: datetime | None) -> datetime:
    """From when a decided call waits too long: its dispatch target, or the end of a hold beyond it."""
    assert call.chosen is not None  # noqa: S101 - see above
    at = target(call.chosen, "dispatch", call.started).at
    return at if held_until is None else max(at, held_until)


def _of_open_calls(rows: Any, *columns: str) -> "QuerySet[Any, tuple[Any, ...]]":
    found: QuerySet[Any, tuple[Any, ...]] = (
        rows.exclude(call__status=CallStatus.CLOSED).order_by().values_list("call_id", *columns)
    )
    return found


def due(since: datetime, at: datetime) -> Due:
    """The last third of the time counts as soon."""
    return Due(at, round((at - since).total_seconds() / 3))


def target(chosen: Chosen, key: str, since: datetime) -> Due:
    """When the protocol wants something done for a call of this level."""
    seconds = target_seconds(chosen.rule_set_id, key, chosen.level)
    return due(since, since + timedelta(seconds=seconds))


def needs(call: Outline) -> list[Need]:
    """What is still missing: the decision's route, what it adds, a clinician, or a route at all."""
    is_taking = call.status == CallStatus.TAKING
    chosen = call.chosen
    if chosen is None and call.sent:
        return []  # a contact that a team began itself
    if chosen is None:
        return [Need(BEING_TAKEN if is_taking else "triage")]
    wanted = [call.planned or chosen.route, *chosen.added]
    missing = [route for route in wanted if _is_missing(route, call.sent, call.given)]
    dispatch_due = target(chosen, "dispatch", call.started)
    found = [Need(route_name(route), dispatch_due) for route in missing]
    found += [
        Need(
            "clinician" if offer.kind == "transfer" else "call-back",
            due(offer.offered_at, offer.accept_due_at),
        )
        for offer in call.offers
    ]
    if chosen.route == Route.DISPATCHER and not is_taking:
        found.append(Need("a route", dispatch_due))
    if is_taking and not found:
        found.append(Need(BEING_TAKEN))
    return found


def _is_missing(route: str, sent: set[str], given: set[str]) -> bool:
    """A better protected team counts as well: co-response serves where a response team was wanted."""
    if route == Route.CRT:
        return not sent & set(BY_TEAM)
    return (route == Route.COR and route not in sent) or (
        route in BY_AGENCY and route not in given
    )
