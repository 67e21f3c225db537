"""What each team brings to a call: where it is, who is on it, what is in its way, when it is free."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings

from dispatch.hours import closing, on_hours, opening
from dispatch.models import Run, Unit, UnitPosition
from dispatch.queries import Readiness, open_run, readiness, signed_on
from dispatch.ranking import Reason, UnitFacts, free_at
from dispatch.states import RunStatus, UnitStatus
from dispatch.travel import Point, Trip, routing
from intake.models import Beat, Call
from triage.models import Route

TEAMS = frozenset({Route.CRT, Route.COR})
FRESH = timedelta(minutes=2)
"""A phone's position that is older is not counted on."""
MEASURED_DAYS = timedelta(days=90)
MOST_MEASURED = 400
"""Of the runs of these days the newest: enough for a median, few enough for every look at a call."""
ON_SCENE_MEASURED = 5
"""So many encounters of a kind make its usual time on scene; below that the default counts."""


@dataclass(frozen=True, slots=True)
class _Worked:
    """What the runs of late tell: when each unit came free, how long each kind is on scene."""

    ended: dict[int, datetime]
    usual: dict[str, timedelta]


def unit_facts(call: Call, units: list[Unit], at: datetime) -> list[UnitFacts]:
    """The teams of ``roster()`` that are not on the call; asks the routing service once for all."""
    worked, know = _worked(at), _know(call)
    here = {run.unit_id for run in call.runs.all() if run.is_open}
    teams = [unit for unit in units if unit.kind in TEAMS and unit.pk not in here]
    ways = _ways(teams, call, at)
    return [
        replace(
            _unit_facts(unit, call, worked, at),
            knows_neighbor=unit.pk in know,
            trip=ways.get(unit.pk),
        )
        for unit in teams
    ]


def _ways(units: list[Unit], call: Call, at: datetime) -> dict[int, Trip]:
    to = _place(call)
    starts = {unit.pk: start for unit in units if (start := _start(unit, at)[1])}
    if to is None or not starts:
        return {}
    return dict(zip(starts, routing().trips(list(starts.values()), to), strict=True))


SHORTEST = timedelta(minutes=5)
"""A median of less is no encounter to plan by: runs that were cleared by mistake, or in training."""


def _worked(at: datetime) -> _Worked:
    rows = (
        Run.objects.filter(
            status=RunStatus.CLEARED, on_scene_at__isnull=False, ended_at__gt=at - MEASURED_DAYS
        )
        .order_by("-id")
        .values_list("unit_id", "unit__kind", "on_scene_at", "ended_at")[:MOST_MEASURED]
    )
    ended: dict[int, datetime] = {}
    lasted: dict[str, list[float]] = defaultdict(list)
    for unit_id, kind, began, end in rows:
        if began is not None and end is not None:  # as asked for: this is for the type checker
            ended[unit_id] = max(end, ended.get(unit_id, end))
            lasted[kind].append((end - began).total_seconds())
    usual = {
        kind: max(SHORTEST, timedelta(seconds=median(times)))
        for kind, times in lasted.items()
        if len(times) >= ON_SCENE_MEASURED
    }
    return _Worked(ended, usual)


def _know(call: Call) -> set[int]:
    """The units that have met this neighbor before."""
    if call.neighbor_id is None:
        return set()
    met = Run.objects.filter(call__neighbor=call.neighbor_id, on_scene_at__isnull=False)
    return set(met.order_by().values_list("unit_id", flat=True).distinct())


def _unit_facts(unit: Unit, call: Call, worked: _Worked, at: datetime) -> UnitFacts:
    ready, hours, run = readiness(unit, call, at), list(unit.hours.all()), open_run(unit)
    spoken = " ".join(member.user.languages for member in signed_on(unit)).lower()
    position: UnitPosition | None = getattr(unit, "position", None)
    return UnitFacts(
        unit_id=unit.pk,
        code=unit.code,
        kind=unit.kind,
        name=unit.name,
        stops=tuple(Reason(each.code, each.words, stops=True) for each in ready.obstacles),
        is_free=unit.status == UnitStatus.AVAILABLE and run is None,
        origin=_start(unit, at)[0],
        position_at=position.fixed_at if position else None,
        languages=frozenset(each.partition("-")[0] for each in spoken.split()),
        skills=frozenset(unit.skills.split()),
        rest_until=None if run else _rested_at(worked.ended.get(unit.pk)),
        shift_ends_at=closing(hours, at),
        available_at=_available_at(ready, run, worked.usual.get(unit.kind), at),
    )


def _rested_at(ended: datetime | None) -> datetime | None:
    return ended + timedelta(minutes=settings.HEART_REST_MINUTES) if ended else None


def _available_at(
    ready: Readiness, run: Run | None, usual: timedelta | None, at: datetime
) -> datetime | None:
    """When what stands in a unit's way has probably passed; None when time alone does not help."""
    codes = {obstacle.code for obstacle in ready.obstacles}
    passes = {"busy", "outside_hours"}
    if "outside_hours" in codes:
        passes.add("crew_incomplete")  # it signs on when it comes
    if not codes or codes - passes:
        return None
    free = free_at(run.status, run.status_since, usual, at) if run else at
    hours = ready.unit.hours.all()
    return free if free is None or on_hours(hours, free) else opening(hours, free)


def _start(unit: Unit, at: datetime) -> tuple[str, Point | None]:
    """Where the unit would come from: its phone while that is fresh, else its station."""
    position: UnitPosition | None = getattr(unit, "position", None)
    here = Point(position.latitude, position.longitude) if position else None
    if position and at - position.fixed_at <= FRESH:
        return "phone", here
    source = "phone_stale" if position else "station"
    if unit.latitude is not None and unit.longitude is not None:
        return source, Point(unit.latitude, unit.longitude)
    return (source, here) if here else ("", None)


def _place(call: Call) -> Point | None:
    """The point of the call, else the middle of its beat."""
    if call.latitude is not None and call.longitude is not None:
        return Point(call.latitude, call.longitude)
    return _middle(call.beat) if call.beat else None


def _middle(beat: Beat) -> Point | None:
    south, north, west, east = beat.south, beat.north, beat.west, beat.east
    if south is None or north is None or west is None or east is None:
        return None
    return Point((south + north) / 2, (west + east) / 2)
