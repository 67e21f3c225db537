"""The board as data: every call that is not closed, what it still needs, and every team.

Rendered from ids alone; the page and the push are made here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch
from django.utils import timezone

from dispatch.models import Handoff, Run, Unit, UnitHours
from dispatch.queries import on_hours, open_run, roster
from dispatch.states import RunStatus
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult, Decision, Lowering, Route
from triage.queries import target_seconds
from triage.states import ConsultStatus, LoweringStatus

WAITING, ACTIVE = "waiting", "active"
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
STATUS_CODES = {
    "available": "AV",
    RunStatus.DISPATCHED: "DP",
    RunStatus.EN_ROUTE: "ER",
    RunStatus.ON_SCENE: "OS",
    RunStatus.TRANSPORTING: "TR",
    RunStatus.CLEARING: "CL",
    "out_of_service": "OOS",
    "off_hours": "OFF",
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


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has the call: a clinician, a team, an agency."""

    name: str
    status: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class BoardCall:
    """One line of the board."""

    call: Call
    decision: Decision | None
    level: int | None
    place: str
    order: str
    needs: list[Need]
    holders: list[Holder]
    due: Due | None
    planned: str
    fallback: str
    notes: int

    @property
    def route(self) -> str:
        return route_name(self.decision.route) if self.decision else ""

    @property
    def added(self) -> str:
        return " + ".join(map(route_name, self.decision.added)) if self.decision else ""

    @property
    def state(self) -> str:
        """What the call waits for, in words; what became of it when it waits for nothing."""
        if self.needs:
            return ", ".join(need.words for need in self.needs)
        return "" if self.holders else "ready to close"


@dataclass(frozen=True, slots=True)
class BoardUnit:
    """One team of the board."""

    unit: Unit
    status: str
    code: str
    since: datetime
    run: Run | None
    crew: str
    hours: str
    order: str


def board_calls(ids: Iterable[int] | None = None) -> list[BoardCall]:
    """The calls that are not closed, all or those of ``ids``, in the order in which they wait."""
    calls = (
        Call.objects.exclude(status=CallStatus.CLOSED)
        .select_related(
            "nature",
            "beat",
            "taken_by",
            "assessment__decision",
            "service__fallback_reason",
        )
        .prefetch_related(
            Prefetch("runs", Run.objects.select_related("unit")),
            Prefetch("consults", Consult.objects.select_related("accepted_by").order_by("id")),
            "handoffs",
            Prefetch(
                "lowerings",
                Lowering.objects.filter(status=LoweringStatus.ASKED),
                to_attr="open_lowerings",
            ),
        )
        .annotate(notes_count=Count("notes"))
    )
    if ids is not None:
        calls = calls.filter(pk__in=list(ids))
    return sorted(map(board_call, calls), key=lambda row: row.order)


def due(since: datetime, at: datetime) -> Due:
    """The last third of the time counts as soon."""
    return Due(at, round((at - since).total_seconds() / 3))


def target(decision: Decision, key: str, since: datetime) -> Due:
    """When the protocol wants something done for a call of this level."""
    seconds = target_seconds(decision.rule_set_id, key, decision.level)
    return due(since, since + timedelta(seconds=seconds))


def board_call(call: Call) -> BoardCall:
    """The line of one call, loaded with what ``board_calls`` loads."""
    assessment = getattr(call, "assessment", None)
    service = getattr(call, "service", None)
    decision: Decision | None = assessment.decision if assessment else None
    planned = service.planned_route if service and decision else ""
    if decision and planned == decision.route:
        planned = ""
    needs = _needs(call, decision, planned)
    holders = _holders(call)
    level = decision.level if decision else None
    place = WAITING if needs else ACTIVE
    dues = [need.due for need in needs if need.due] or _on_scene_dues(call, decision)
    started = call.answered_at or call.received_at
    return BoardCall(
        call=call,
        decision=decision,
        level=level,
        place=place,
        order=f"{9 - (level or UNDECIDED_LEVEL)}.{started:%Y%m%d%H%M%S}.{call.pk:09d}",
        needs=needs,
        holders=holders,
        due=min(dues, key=lambda each: each.at, default=None),
        planned=route_name(planned) if planned else "",
        fallback=str(service.fallback_reason or "") if service and planned else "",
        notes=getattr(call, "notes_count", 0),
    )


def _needs(call: Call, decision: Decision | None, planned: str) -> list[Need]:
    """What is still missing: the decision's route, what it adds, a clinician, or a route at all."""
    is_taking = call.status == CallStatus.TAKING
    if decision is None:
        return [Need("being taken" if is_taking else "triage")]
    started = call.answered_at or call.received_at
    wanted = [planned or decision.route, *decision.added]
    dispatch_due = target(decision, "dispatch", started)
    sent = {run.unit.kind for run in call.runs.all() if run.status != RunStatus.CANCELLED}
    given = {handoff.agency for handoff in call.handoffs.all()}
    needs = [Need(route_name(r), dispatch_due) for r in wanted if _is_missing(r, sent, given)]
    needs += [
        Need(
            "clinician" if c.kind == "transfer" else "call-back",
            due(c.offered_at, c.accept_due_at),
        )
        for c in call.consults.all()
        if c.status == ConsultStatus.WAITING
    ]
    if decision.route == Route.DISPATCHER and not is_taking:
        needs.append(Need("a route", dispatch_due))
    if is_taking and not needs:
        needs.append(Need("being taken"))
    return needs


def _is_missing(route: str, sent: set[str], given: set[str]) -> bool:
    """A better protected team counts as well: co-response serves where a response team was wanted."""
    if route == Route.CRT:
        return not sent & set(BY_TEAM)
    return (route == Route.COR and route not in sent) or (
        route in BY_AGENCY and route not in given
    )


def _holders(call: Call) -> list[Holder]:
    holders = [
        Holder(str(c.accepted_by), c.status) for c in call.consults.all() if c.status == "accepted"
    ]
    holders += [
        Holder(run.unit.code, run.status, STATUS_CODES[RunStatus(run.status)])
        for run in call.runs.all()
        if run.is_open
    ]
    holders += [
        Holder(h.agency_name or route_name(h.agency), h.status)
        for h in call.handoffs.all()
        if h.status == "open"
    ]
    return holders


def _on_scene_dues(call: Call, decision: Decision | None) -> list[Due]:
    """Once a team is on its way, the next target is to be on scene."""
    if decision is None:
        return []
    started = call.answered_at or call.received_at
    is_moving = any(run.is_open and run.on_scene_at is None for run in call.runs.all())
    return [target(decision, "on_scene", started)] if is_moving else []


def board_units(ids: Iterable[int] | None = None) -> list[BoardUnit]:
    """The teams, all or those of ``ids``: co-response and response teams with what they do now."""
    wanted = None if ids is None else set(ids)
    now = timezone.now()
    return [
        _board_unit(unit, now)
        for unit in roster()
        if unit.kind != Unit.Kind.CCD and (wanted is None or unit.pk in wanted)
    ]


def _board_unit(unit: Unit, now: datetime) -> BoardUnit:
    run = open_run(unit)
    status = run.status if run else unit.status
    if run is None and status == "available" and not on_hours(list(unit.hours.all()), now):
        status = "off_hours"
    duties = {"clinician": "clinician", "peer": "peer", "emt": "EMT", "officer": "officer"}
    present = {member.duty for member in unit.crew.all()}
    return BoardUnit(
        unit=unit,
        status=status,
        code=STATUS_CODES[status],
        since=run.status_since if run else unit.status_since,
        run=run,
        crew=" · ".join(name for duty, name in duties.items() if duty in present) or "no crew",
        hours=_hours(unit, now),
        order=f"{unit.kind}.{unit.code}",
    )


def _hours(unit: Unit, now: datetime) -> str:
    """Until when the team works, or when it comes next."""
    local = timezone.localtime(now)
    spans = list(unit.hours.all())
    running = [span for span in spans if on_hours([span], now)]
    if running:
        ends = {span.closes for span in running}
        is_whole_day = any(span.opens == span.closes for span in running)
        return "on all day" if is_whole_day else f"until {max(ends):%H:%M}"

    def wait(span: UnitHours) -> tuple[int, int]:
        minutes = span.opens.hour * 60 + span.opens.minute
        is_past = span.weekday == local.weekday() and minutes < local.hour * 60 + local.minute
        return (7 if is_past else (span.weekday - local.weekday()) % 7), minutes

    if not spans:
        return "no hours set"
    following = min(spans, key=wait)
    day = "" if wait(following)[0] == 0 else f"{following.get_weekday_display():.3} "
    return f"off until {day}{following.opens:%H:%M}"
