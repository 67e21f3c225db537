"""What is recommended for a call: the team that should go, why, and what serves while none can."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language_info

from dispatch.candidates import TEAMS, unit_facts
from dispatch.models import Unit
from dispatch.queries import Plan, plan, roster
from dispatch.ranking import Ranked, Wanted, because, rank, soonest
from dispatch.states import RunStatus
from intake.models import Call
from triage.models import Decision, Route
from triage.queries import target_seconds

SKILL_FOR_ANSWER = {
    ("age", "child"): "youth",
    ("age", "teen"): "youth",
    ("age", "older"): "elders",
}
SKILL_FOR_NATURE = {
    "OVERDOSE": "naloxone",
    "DRUGUSE": "naloxone",
    "WITHDRAW": "naloxone",
    "INTOX": "naloxone",
    "JUVBEH": "youth",
    "RUNAWAY": "youth",
    "PARCHILD": "youth",
    "WELFELDER": "elders",
    "DEMENTIA": "elders",
    "IDDBEH": "idd",
}
"""Which call asks for which code of ``Unit.skills`` (synthetic defaults); other codes are never asked."""
LANGUAGE_NAMES = {"zh": "Chinese", "ht": "Haitian Creole", "asl": "sign language"}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Every team for a call, the one that should go, and why; what serves meanwhile when none can."""

    ranked: list[Ranked]
    first: Ranked | None
    because: str
    soonest: Ranked | None
    plan: Plan | None
    """What serves the call now; None before a decision, and once a team has been sent."""

    @property
    def able(self) -> list[Ranked]:
        return [each for each in self.ranked if each.can_go]

    @property
    def unable(self) -> list[Ranked]:
        return [each for each in self.ranked if not each.can_go]

    @property
    def is_fallback(self) -> bool:
        """Whether something else than the decided route serves."""
        return self.plan is not None and self.plan.route != self.plan.ideal

    @property
    def sources(self) -> str:
        """How the ways were found."""
        trips = [each.unit.trip for each in self.ranked]
        return ", ".join(sorted({trip.source for trip in trips if trip is not None}))


def recommend(call: Call, decision: Decision | None, at: datetime | None = None) -> Recommendation:
    """Rank the teams that are not on the call, in a constant number of queries.

    It may ask the routing service: never call it inside a transaction.
    """
    at = at or timezone.now()
    units = roster()
    now = _plan(call, decision, units, at)
    missing = _missing(call, decision, now)
    ranked = rank(unit_facts(call, units, at), _wanted(call, decision, now, missing, at))
    able = [each for each in ranked if each.can_go]
    first = next((each for each in able if each.unit.kind in missing), None)
    return Recommendation(
        ranked=ranked,
        first=first,
        because=because(*ranked[:2]) if first and len(ranked) > 1 else "",
        soonest=soonest(ranked) if first is None else None,
        plan=now,
    )


def _plan(call: Call, decision: Decision | None, units: list[Unit], at: datetime) -> Plan | None:
    """What serves now; a plan that is being carried out is not made anew: its own unit is busy."""
    return plan(call, decision, units, at) if decision and not _sent(call) else None


def _sent(call: Call) -> set[str]:
    """The kinds that have been sent and not called back."""
    return {run.unit.kind for run in call.runs.all() if run.status != RunStatus.CANCELLED}


def _missing(call: Call, decision: Decision | None, now: Plan | None) -> frozenset[str]:
    """The kinds of team that should be on the call and are not."""
    if decision is None:
        return frozenset()
    service = getattr(call, "service", None)
    carried_out = service.planned_route if service else decision.route
    wanted = TEAMS & {now.route if now else carried_out, *decision.added}
    sent = _sent(call)
    if Route.COR in sent:  # it serves where a response team was wanted
        return frozenset()
    return frozenset(wanted - sent)


def _wanted(
    call: Call,
    decision: Decision | None,
    now: Plan | None,
    missing: frozenset[str],
    at: datetime,
) -> Wanted:
    language = call.language.partition("-")[0].lower()
    wanted = Wanted(
        at=at, language=language, language_name=_language_name(language), skills=_skills(call)
    )
    if decision is None:
        return wanted
    ideal = TEAMS & {decision.route, *decision.added, now.route if now else decision.route}
    return replace(
        wanted,
        kinds=missing or frozenset(map(str, ideal)),
        route=Route(decision.route).label,
        due_at=_due_at(call, decision, at),
    )


def _due_at(call: Call, decision: Decision, at: datetime) -> datetime | None:
    seconds = target_seconds(decision.rule_set_id, "on_scene", decision.level)
    due = (call.answered_at or call.received_at) + timedelta(seconds=seconds)
    return due if due > at else None


def _language_name(code: str) -> str:
    if code in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[code]
    try:
        name: str = get_language_info(code)["name"]
    except KeyError:
        return code
    return name


def _skills(call: Call) -> frozenset[str]:
    assessment = getattr(call, "assessment", None)
    answers: Mapping[str, str] = assessment.answers if assessment else {}
    asked = {
        skill for (key, value), skill in SKILL_FOR_ANSWER.items() if answers.get(key) == value
    }
    nature = SKILL_FOR_NATURE.get(call.nature.code) if call.nature else None
    return frozenset(asked | ({nature} if nature else set()))
