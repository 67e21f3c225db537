"""The service as a supervisor watches it: every number with its definition, in constant queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Min, Q
from django.utils import timezone

from dispatch.models import Handoff, Run, Watch
from dispatch.states import WatchStatus
from followup.models import FollowUp, Notice
from followup.states import UNREACHED
from heart.clock.health import parts_now
from heart.journal.facts import sentence
from heart.journal.models import Entry
from heart.paper.rolling import last_print
from heart.roles import Role
from intake.models import Call
from triage.models import Consult, Eligibility, RuleSet, ShadowDecision
from triage.states import ConsultStatus, RuleSetStatus

LINES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Part:
    """A process or service, by name, and how it is."""

    name: str
    state: str

    @property
    def is_ok(self) -> bool:
        return self.state == "ok"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts; ``since`` is a moment whose age matters."""

    name: str
    value: str
    definition: str
    since: datetime | None = None
    soon_seconds: int = 0
    over_seconds: int = 0
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal in words."""

    at: datetime
    actor: str
    words: str
    number: str


@dataclass(frozen=True, slots=True)
class Supervision:
    parts: list[Part]
    queues: list[Figure]
    safety: list[Figure]
    today: list[Figure]
    rules: list[Figure]
    promises: list[Figure]
    notices: list[Notice]
    lines: list[Line]
    now: datetime


def supervision() -> Supervision:
    """Everything on the page."""
    now = timezone.now()
    return Supervision(
        parts=[Part(name, state) for name, state in parts_now().items()],
        queues=_queues(),
        safety=_safety(now),
        today=_today(timezone.localtime(now)),
        rules=_rules(),
        promises=_promises(now),
        notices=list(
            Notice.objects.filter(role=Role.SUPERVISOR, seen_at=None)
            .select_related("followup__call")
            .order_by("id")
        ),
        lines=_lines(),
        now=now,
    )


def _queues() -> list[Figure]:
    calls = Call.objects.exclude(status="closed").aggregate(
        open=Count("pk"),
        oldest=Min("received_at"),
        untriaged=Count("pk", filter=Q(assessment__decision__isnull=True)),
        oldest_untriaged=Min("received_at", filter=Q(assessment__decision__isnull=True)),
    )
    desk = Consult.objects.filter(status=ConsultStatus.WAITING).aggregate(
        waiting=Count("pk"), oldest=Min("offered_at")
    )
    loops = Handoff.objects.filter(status="open").aggregate(
        open=Count("pk"), oldest=Min("made_at")
    )
    return [
        Figure(
            "Open calls",
            str(calls["open"]),
            "calls that are being taken or open; the age is that of the oldest, from its receipt",
            calls["oldest"],
            3600,
            7200,
        ),
        Figure(
            "Not triaged",
            str(calls["untriaged"]),
            "open calls without a decision of the rules or of a person",
            calls["oldest_untriaged"],
            120,
            300,
        ),
        Figure(
            "Waiting for a clinician",
            str(desk["waiting"]),
            "calls in the clinician queue that nobody has accepted; age since they were offered",
            desk["oldest"],
            20,
            60,
        ),
        Figure(
            "Hand-offs without an answer",
            str(loops["open"]),
            "calls given to police, EMS, fire, 988 or another centre, and nobody has found out"
            " whether they reached the person; due within 24 hours",
            loops["oldest"],
            12 * 3600,
            24 * 3600,
        ),
    ]


def _safety(now: datetime) -> list[Figure]:
    raised = Watch.objects.filter(status=WatchStatus.RAISED).aggregate(
        open=Count("pk"),
        nobodys=Count("pk", filter=Q(owner=None)),
        oldest=Min("raised_at", filter=Q(owner=None)),
    )
    hour = Entry.objects.filter(verb="watch.raised", recorded_at__gt=now - timedelta(hours=1))
    load = hour.exclude(payload__rung="warn").count()
    day = now - timedelta(hours=24)
    runs = Run.objects.filter(on_scene_at__gt=day).aggregate(
        met=Count("pk", distinct=True),
        backed=Count("pk", filter=Q(backups__isnull=False), distinct=True),
    )
    waits = [
        (sign - run.dispatched_at).total_seconds()
        for run in Run.objects.filter(dispatched_at__gt=day)
        if (sign := run.acknowledged_at or run.en_route_at or run.on_scene_at)
    ]
    paper = last_print()
    return [
        Figure(
            "Alerts that nobody has",
            str(raised["nobodys"]),
            f"raised and without an owner; {raised['open']} are raised in all, welfare checks that"
            " are due soon included; the age is that of the oldest",
            raised["oldest"],
            30,
            120,
        ),
        Figure(
            "Alerts in the last hour",
            str(load),
            "rungs that sounded, to all desks together; more than 12 in an hour is more than one"
            " person can act on (EEMUA 191: about one in ten minutes, two at most)",
            tone="late" if load > 12 else "",
        ),
        Figure(
            "Until a crew acknowledges",
            f"{median(waits):.0f} s" if waits else "none yet",
            f"median of {len(waits)} dispatches of the last 24 hours, from sending to the first"
            " sign of the crew: acknowledged, en route or on scene",
        ),
        Figure(
            "Backup asked for",
            f"{runs['backed']} of {runs['met']}",
            "encounters of the last 24 hours, by arrival on scene, in which the crew asked for"
            " police or EMS",
        ),
        Figure(
            "Board on paper",
            ("not written yet" if paper is None else paper.fault or "written"),
            "the print-out that is written to a folder for the hour when the console is away",
            paper.written_at if paper else None,
            1200,
            1800,
        ),
    ]


def _today(local: datetime) -> list[Figure]:
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    met = Q(call__runs__on_scene_at__isnull=False) | (
        Q(call__consults__accepted_at__isnull=False) & ~Q(call__consults__outcome="line_lost")
    )
    eligible = Q(state=Eligibility.State.ELIGIBLE)
    counts = Eligibility.objects.filter(call__received_at__gte=start).aggregate(
        calls=Count("pk", distinct=True),
        eligible=Count("pk", filter=eligible, distinct=True),
        served=Count("pk", filter=eligible & met, distinct=True),
        supported=Count("pk", filter=Q(is_supported=True), distinct=True),
        unserved=Count(
            "pk",
            filter=eligible & Q(call__service__not_served_reason__isnull=False),
            distinct=True,
        ),
    )
    share = f"{100 * counts['served'] / counts['eligible']:.0f} %" if counts["eligible"] else "–"
    return [
        Figure(
            "Assessed",
            str(counts["calls"]),
            "calls received since midnight, in the agency's time, that have an eligibility record",
        ),
        Figure(
            "Eligible",
            str(counts["eligible"]),
            "of those, the primary route of the decision in force is CCD, CRT or CoR, whatever the"
            " hours, area and staffing",
        ),
        Figure(
            "Served",
            str(counts["served"]),
            "of the eligible, a clinician accepted the call and the line was not lost, or a HEART"
            " team was on scene",
        ),
        Figure("Service rate", share, "served divided by eligible"),
        Figure(
            "Not served, with reason",
            str(counts["unserved"]),
            "of the eligible, closed without HEART; closing demands the reason",
            tone="soon" if counts["unserved"] else "",
        ),
        Figure(
            "Supported",
            str(counts["supported"]),
            "led by police, EMS or fire, with a HEART unit attached or advising; counted apart",
        ),
    ]


def _rules() -> list[Figure]:
    versions = {
        row.status: row
        for row in RuleSet.objects.filter(status__in=[RuleSetStatus.ACTIVE, RuleSetStatus.SHADOW])
    }
    drafts = RuleSet.objects.aggregate(
        drafts=Count("pk", filter=Q(status=RuleSetStatus.DRAFT)),
        in_review=Count("pk", filter=Q(status=RuleSetStatus.IN_REVIEW)),
        waiting_since=Min("submitted_at", filter=Q(status=RuleSetStatus.IN_REVIEW)),
    )
    active, shadow = versions.get(RuleSetStatus.ACTIVE), versions.get(RuleSetStatus.SHADOW)
    in_shadow = ShadowDecision.objects.filter(rule_set=shadow).aggregate(
        calls=Count("pk"), differ=Count("pk", filter=Q(differs=True))
    )
    return [
        Figure(
            "In force",
            str(active or "none"),
            "the version that decides about calls that begin now"
            + (", a synthetic default" if active and active.is_synthetic else ""),
        ),
        Figure(
            "Waiting for approval",
            str(drafts["in_review"]),
            "versions that were proven and need a second person; the age is that of the oldest",
            drafts["waiting_since"],
            2 * 86_400,
            7 * 86_400,
        ),
        Figure(
            "In shadow",
            str(shadow or "none"),
            "the approved version that is asked about every live call beside the one in force",
        ),
        Figure(
            "Decided otherwise in shadow",
            f"{in_shadow['differ']} of {in_shadow['calls']}",
            "decisions of live calls for which the version in shadow names another route, other"
            " units or another level",
        ),
        Figure("Drafts", str(drafts["drafts"]), "versions that somebody is writing"),
    ]


def _promises(now: datetime) -> list[Figure]:
    unreached = Q(status__in=[status.value for status in UNREACHED])
    soon = Q(due_at__range=(now, now + timedelta(hours=6)))
    counts = FollowUp.objects.exclude(status="closed").aggregate(
        open=Count("pk"),
        due=Count("pk", filter=unreached & Q(attempt_due_at__lte=now, due_at__gt=now)),
        soon=Count("pk", filter=unreached & soon),
        overdue=Count("pk", filter=unreached & Q(due_at__lte=now)),
        oldest=Min("due_at", filter=unreached & Q(due_at__lte=now)),
        nobody=Count("pk", filter=unreached & Q(owner__isnull=True)),
    )
    return [
        Figure("Open follow-ups", str(counts["open"]), "promised to a person and not yet closed"),
        Figure("Attempt due", str(counts["due"]), "not reached, and the next attempt is due now"),
        Figure(
            "Contact due within 6 h",
            str(counts["soon"]),
            "not reached, and the 48 hours end within the next six",
            tone="soon" if counts["soon"] else "",
        ),
        Figure(
            "Overdue",
            str(counts["overdue"]),
            "not reached 48 hours after the encounter ended; the age is that of the oldest",
            counts["oldest"],
            0,
            0,
            "late" if counts["overdue"] else "",
        ),
        Figure("Unassigned", str(counts["nobody"]), "not reached, and nobody's own yet"),
    ]


def _lines() -> list[Line]:
    entries = list(Entry.objects.exclude(verb="record.read").order_by("-id")[:LINES_SHOWN])
    numbers = dict(
        Call.objects.filter(pk__in={e.call_id for e in entries if e.call_id}).values_list(
            "pk", "number"
        )
    )
    return [
        Line(
            entry.happened_at,
            entry.actor_name,
            sentence(entry.verb, entry.payload),
            numbers.get(entry.call_id or 0, ""),
        )
        for entry in entries
    ]
