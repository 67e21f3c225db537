"""Which units can go now, which cannot and why, and what the fallback chain makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from dispatch.hours import on_hours
from dispatch.models import CrewMember, Run, Unit
from dispatch.states import OPEN_RUN, RunStatus, UnitStatus
from intake.incident import calls_of
from intake.models import Call
from triage.models import HEART_ROUTES, Decision, FallbackStep, Route

CREW = {
    Unit.Kind.CRT: {"clinician", "peer", "emt"},
    Unit.Kind.COR: {"clinician", "officer"},
    Unit.Kind.CCD: set(),
}
"""The duties that make a crew complete, as in HEART itself."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in a unit's way; ``reason_code`` is why a call that it should serve is not served."""

    code: str
    words: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """A unit as seen from one call: what stands in its way, the farthest from going first."""

    unit: Unit
    obstacles: tuple[Obstacle, ...]

    @property
    def can_go(self) -> bool:
        return not self.obstacles

    @property
    def code(self) -> str:
        """The reason code of the first obstacle, empty when it can go."""
        return self.obstacles[0].reason_code if self.obstacles else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What serves the call now; ``reason_code`` says why it is not the ideal route."""

    ideal: str
    route: str
    reason_code: str
    words: str


def roster() -> list[Unit]:
    """All active units with hours, beats, crew, position and open run, in a constant number of queries."""
    open_runs = Run.objects.filter(status__in=OPEN_RUN).select_related("call")
    return list(
        Unit.objects.filter(is_active=True)
        .select_related("position")
        .prefetch_related(
            "hours",
            "beats",
            Prefetch("crew", CrewMember.objects.select_related("user")),
            Prefetch("runs", open_runs, to_attr="open_runs"),
        )
    )


def open_run(unit: Unit) -> Run | None:
    """The run a unit of ``roster()`` is on."""
    runs: list[Run] = getattr(unit, "open_runs", [])
    return runs[0] if runs else None


def signed_on(unit: Unit) -> list[CrewMember]:
    """The crew of a unit that is on duty now."""
    return [member for member in unit.crew.all() if member.on_since is not None]


def missing_duties(unit: Unit) -> list[CrewMember.Duty]:
    """The duties without which the crew on duty is not complete, in their usual order."""
    present = {member.duty for member in signed_on(unit)}
    wanted = CREW[Unit.Kind(unit.kind)]
    return [duty for duty in CrewMember.Duty if duty in wanted and duty not in present]


def readiness(unit: Unit, call: Call, at: datetime) -> Readiness:
    """Whether this unit can go to this call now, and everything that stands in its way."""
    return Readiness(unit, tuple(_obstacles(unit, call, at)))


def _obstacles(unit: Unit, call: Call, at: datetime) -> Iterator[Obstacle]:
    if unit.status == UnitStatus.OUT_OF_SERVICE:
        yield Obstacle("out_of_service", "out of service", "no_unit_on_duty")
    if not on_hours(unit.hours.all(), at):
        yield Obstacle("outside_hours", "outside its hours", "outside_hours")
    beats = [beat.pk for beat in unit.beats.all()]
    if beats and call.beat_id and call.beat_id not in beats:
        yield Obstacle("outside_area", "outside its beats", "outside_area")
    if run := open_run(unit):
        words = f"{RunStatus(run.status).replace('_', ' ')} on {run.call.number}"
        yield Obstacle("busy", words, "all_units_busy")
    if missing := missing_duties(unit):
        words = " and ".join(duty.label for duty in missing)
        yield Obstacle("crew_incomplete", f"no {words} signed on", "no_unit_on_duty")


NEAREST_TO_GOING = ("", "all_units_busy", "outside_area", "outside_hours", "no_unit_on_duty")


def able(kind: str, call: Call, at: datetime, units: list[Unit]) -> tuple[bool, str]:
    """Whether any unit of the kind can go, else the reason of the one that came nearest to it."""
    codes = [readiness(unit, call, at).code for unit in units if unit.kind == kind]
    best = min(codes, key=NEAREST_TO_GOING.index, default="no_unit_on_duty")
    return best == "", best


def plan(call: Call, decision: Decision, units: list[Unit], at: datetime | None = None) -> Plan:
    """The ideal route if it can serve now, else what the fallback chain gives, with its reason."""
    at = at or timezone.now()
    ideal = decision.route
    if ideal not in HEART_ROUTES:
        return Plan(ideal, ideal, "", "")
    ok, reason = able(ideal, call, at, units)
    if ok:
        return Plan(ideal, ideal, "", "")
    for step in fallback_chain(decision.rule_set_id):
        if decision.level > step.highest_level:
            continue
        if route := _route_of(step, ideal, call, at, units):
            return Plan(ideal, route, reason, step.label_en)
    return Plan(ideal, Route.POLICE, reason, "police or EMS")


def fallback_chain(rule_set_id: int) -> list[FallbackStep]:
    """The steps of the chain, in order."""
    return list(FallbackStep.objects.filter(rule_set_id=rule_set_id))


def _route_of(
    step: FallbackStep, ideal: str, call: Call, at: datetime, units: list[Unit]
) -> str | None:
    """The route this step gives, when it can serve now."""
    candidates = {
        "ccd_holds": [Route.CCD],
        "line_988": [Route.LINE_988] if ideal == Route.CCD else [],
        "other_heart_unit": [Route.CRT] if ideal == Route.CCD else [Route.COR],
        "cor": [Route.COR],
        "police_ems": [Route.POLICE],
    }[step.action]
    for route in candidates:
        if route == ideal:
            continue
        if route not in HEART_ROUTES or able(route, call, at, units)[0]:
            return route
    return None


def waiting_for_plan() -> QuerySet[Call]:
    """Open, triaged calls that nobody serves yet."""
    return (
        Call.objects.exclude(status="closed")
        .filter(assessment__decision__isnull=False)
        .exclude(runs__status__in=OPEN_RUN)
        .select_related("assessment__decision", "service", "beat")
    )


def unit_of(user_id: int) -> Unit | None:
    """The unit a person is on the crew of."""
    member = CrewMember.objects.filter(user_id=user_id, unit__is_active=True).first()
    return member.unit if member else None


def encounter_ended_at(call: Call) -> datetime | None:
    """When the incident's last meeting with the neighbor ended, in person or by phone."""
    calls = calls_of(call)
    runs = [run for each in calls for run in each.runs.all()]
    talks = [consult for each in calls for consult in each.consults.all()]
    ends = [run.ended_at for run in runs if run.on_scene_at and run.ended_at]
    ends += [talk.ended_at for talk in talks if talk.accepted_at and talk.ended_at]
    return max(ends, default=None)


LOOP_CLOSURE = timedelta(hours=24)
"""How long a hand-off may stay without an answer (synthetic default)."""
