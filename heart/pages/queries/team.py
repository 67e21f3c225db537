"""One team as its own phone page shows it, and who may see which team."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from dispatch.models import Backup, CrewMember, Run, Unit, Watch, WatchKind
from dispatch.needs import route_name
from dispatch.queries import CREW, missing_duties, signed_on
from dispatch.states import OPEN_BACKUP, OPEN_RUN, OPEN_WATCH, RUN, RunStatus, UnitStatus
from heart.accounts.models import User
from heart.roles import Permission
from intake.incident import notes_of
from intake.models import Call, CarePlan, Neighbor, Note, PremiseNote
from intake.nearby import premise_notes
from triage.models import Decision, Question

SAFETY = {
    "weapon": "Weapon",
    "violence": "Violence",
    "violence_target": "Named target",
    "hazard": "Hazard",
    "harm_now": "Hurt themselves",
    "medical": "Medical",
}
"""What a crew has to know before it gets out, in this order."""
MOST_NEIGHBORS = 6
CALM = frozenset({"none", "no", "n"})
"""Answers that name no danger."""
CAUTION = frozenset({"unknown", "elsewhere", "verbal", "minor", "heat", "cold"})
"""Answers that call for care; all others name a danger."""


def units_for(user: User) -> QuerySet[Unit]:
    """The teams this person may see and move: all for dispatch, else only one's own."""
    units = Unit.objects.filter(is_active=True).exclude(kind=Unit.Kind.CCD)
    return units if user.may(Permission.DISPATCH) else units.filter(crew__user=user)


def own_units(user: User) -> list[Unit]:
    """The teams whose crew this person belongs to; where they are signed on comes first."""
    units = Unit.objects.filter(is_active=True, crew__user=user).exclude(kind=Unit.Kind.CCD)
    return list(units.order_by(F("crew__on_since").desc(nulls_last=True), "code"))


def neighbors_named(words: str) -> list[Neighbor]:
    """Those whose name holds every word, a handful; nobody for fewer than two letters."""
    parts = words.split()[:4]
    if not any(len(part) > 1 for part in parts):
        return []
    found = Neighbor.objects.all()
    for part in parts:
        found = found.filter(name__icontains=part)
    return list(found[:MOST_NEIGHBORS])


def runs_for(user: User) -> QuerySet[Run]:
    """The runs of those teams."""
    return Run.objects.filter(unit__in=units_for(user))


@dataclass(frozen=True, slots=True)
class Danger:
    """One answer that bears on the crew's safety, in words; ``tone`` is late, soon or empty."""

    asked: str
    answer: str
    tone: str


@dataclass(frozen=True, slots=True)
class Step:
    """A move that is possible now: the end of its address, what it says, and its icon."""

    path: str
    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class BackupState:
    """Police or EMS as the crew sees it: not asked, or the newest request."""

    agency: str
    name: str
    latest: Backup | None

    @property
    def is_waiting(self) -> bool:
        return self.latest is not None and self.latest.status in OPEN_BACKUP


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """The call a team is on: safety first, then where, then what."""

    run: Run
    call: Call
    decision: Decision | None
    dangers: list[Danger]
    not_asked: list[str]
    premises: list[PremiseNote]
    others: list[str]
    notes: list[Note]
    next_steps: list[Step]
    backups: list[BackupState]
    check: Watch | None

    @property
    def is_new(self) -> bool:
        """Whether the crew has yet to say that it has read this."""
        return self.run.status == RunStatus.DISPATCHED and self.run.acknowledged_at is None

    @property
    def care_plan(self) -> CarePlan | None:
        """What the neighbor agreed that others should know; only for those who may read it."""
        return getattr(self.call.neighbor, "care_plan", None) if self.call.neighbor else None

    @property
    def check_due_at(self) -> datetime | None:
        """By when the crew says that it is well."""
        return due_at(self.check) if self.check else None

    @property
    def route(self) -> str:
        return route_name(self.decision.route) if self.decision else ""

    @property
    def added(self) -> str:
        return " + ".join(map(route_name, self.decision.added)) if self.decision else ""

    @property
    def can_clear(self) -> bool:
        return self.run.status in RUN.moves["clear"].sources

    @property
    def geo(self) -> str:
        """The place for the phone's own map, where the coordinates are known."""
        call = self.call
        return "" if call.latitude is None else f"{call.latitude},{call.longitude}"


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team: its crew, its duty, and what it is on."""

    unit: Unit
    crew: list[CrewMember]
    current: CurrentRun | None
    panic: Watch | None
    since: datetime

    @property
    def on_duty(self) -> list[CrewMember]:
        return signed_on(self.unit)

    @property
    def missing(self) -> list[str]:
        """The duties without which this team is not whole, in words."""
        return [duty.label for duty in missing_duties(self.unit)]

    @property
    def duties(self) -> list[CrewMember.Duty]:
        """What one can sign on as in a team of this kind."""
        wanted = CREW[Unit.Kind(self.unit.kind)]
        return [duty for duty in CrewMember.Duty if duty in wanted]

    @property
    def is_off(self) -> bool:
        return self.unit.status == UnitStatus.OUT_OF_SERVICE

    @property
    def status(self) -> str:
        return self.current.run.status if self.current else self.unit.status


def team_view(unit_id: int) -> TeamView | None:
    """The team with its open run, in a constant number of queries."""
    open_runs = (
        Run.objects.filter(status__in=OPEN_RUN)
        .select_related(
            "call__nature",
            "call__beat",
            "call__assessment__decision",
            "call__neighbor__care_plan__written_by",
        )
        .prefetch_related(
            "backups",
            Prefetch("call__runs", Run.objects.select_related("unit").order_by("id")),
            "call__handoffs",
        )
    )
    unit = (
        Unit.objects.filter(pk=unit_id)
        .prefetch_related(
            Prefetch("crew", CrewMember.objects.select_related("user").order_by("id")),
            Prefetch("runs", open_runs, to_attr="open_runs"),
        )
        .first()
    )
    if unit is None:
        return None
    run = next(iter(unit.open_runs), None)
    watches = {watch.kind: watch for watch in _watches(unit)}
    return TeamView(
        unit=unit,
        crew=list(unit.crew.all()),
        current=_current(run, watches.get(WatchKind.CHECK)) if run else None,
        panic=watches.get(WatchKind.PANIC),
        since=run.status_since if run else unit.status_since,
    )


def due_at(watch: Watch) -> datetime | None:
    """When the room is alerted, unless somebody acts before."""
    rungs = dict(watch.ladder)
    return watch.since + timedelta(seconds=rungs["due"]) if "due" in rungs else None


def _watches(unit: Unit) -> QuerySet[Watch]:
    kinds = [WatchKind.CHECK, WatchKind.PANIC]
    return Watch.objects.filter(unit=unit, kind__in=kinds, status__in=OPEN_WATCH).select_related(
        "owner"
    )


def _current(run: Run, check: Watch | None) -> CurrentRun:
    call = run.call
    assessment = getattr(call, "assessment", None)
    answers = assessment.answers if assessment else {}
    asked = (
        {q.key: q for q in Question.objects.filter(rule_set_id=assessment.rule_set_id)}
        if assessment
        else {}
    )
    return CurrentRun(
        run=run,
        call=call,
        decision=assessment.decision if assessment else None,
        dangers=[_danger(asked.get(key), key, answers) for key in SAFETY if answers.get(key)],
        not_asked=[
            SAFETY[key]
            for key in ("weapon", "violence", "hazard", "medical")
            if not answers.get(key)
        ],
        premises=premise_notes(call),
        others=_others(run),
        notes=list(notes_of(call).reverse()),
        next_steps=_next_steps(run),
        backups=[_backup(run, agency) for agency in ("POLICE", "EMS")],
        check=check,
    )


def _danger(question: Question | None, key: str, answers: dict[str, str]) -> Danger:
    value = answers[key]
    labels = {a["value"]: a["label_en"] for a in question.answers} if question else {}
    words = labels.get(value, value.replace("_", " "))
    if key == "weapon" and (kind := answers.get("weapon_type")):
        words += f": {kind}"
    tone = "" if value in CALM else "soon" if value in CAUTION else "late"
    return Danger(SAFETY[key], words, tone)


def _others(run: Run) -> list[str]:
    """Who else is on this call: other teams with their status, agencies it was handed to."""
    teams = [
        f"{other.unit.code} {other.status.replace('_', ' ')}"
        for other in run.call.runs.all()
        if other.is_open and other.pk != run.pk
    ]
    return teams + [
        f"{h.agency_name or route_name(h.agency)} since {timezone.localtime(h.made_at):%H:%M}"
        for h in run.call.handoffs.all()
    ]


ACKNOWLEDGE = Step("acknowledgement", "Acknowledge", "check")
STEPS = (
    ("start", Step("start", "En route", "navigation")),
    ("arrive", Step("arrival", "On scene", "map-pin")),
    ("transport", Step("transport", "Transporting", "car")),
    ("begin_clearing", Step("clearing", "Writing up", "clipboard-check")),
)


def _next_steps(run: Run) -> list[Step]:
    """What can be pressed now; the first is the big button, unless the crew can clear."""
    moves = [step for move, step in STEPS if run.status in RUN.moves[move].sources]
    is_new = run.status == RunStatus.DISPATCHED and run.acknowledged_at is None
    return [ACKNOWLEDGE, *moves] if is_new else moves


def _backup(run: Run, agency: str) -> BackupState:
    asked = [backup for backup in run.backups.all() if backup.agency == agency]
    return BackupState(agency, route_name(agency), asked[-1] if asked else None)
