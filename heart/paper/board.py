"""What the board says, as it goes on paper: whoever holds the sheet can go on by voice."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Prefetch, Q
from django.utils import timezone

from dispatch.models import Handoff, Hold, Run, Unit
from dispatch.queries import open_run, roster
from dispatch.states import HandoffStatus
from followup.models import FollowUp
from followup.queries import worklist
from followup.states import UNREACHED
from heart.typesetting import as_data, typeset
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult
from triage.queries import waiting_consults
from triage.states import ConsultStatus

TEMPLATE = Path(__file__).with_name("board.typ")
FOLLOW_UPS_WITHIN = timedelta(hours=24)
UNDECIDED_LEVEL = 3
"""Where a call without a decision stands: not triaged is unknown, never low."""


@dataclass(frozen=True, slots=True)
class CallLine:
    call_id: int
    level: str
    number: str
    received: str
    age: str
    nature: str
    place: str
    phone: str
    route: str
    state: str
    team: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    code: str
    name: str
    status: str
    since: str
    call: str
    crew: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    call_id: int
    level: str
    number: str
    nature: str
    phone: str
    language: str
    state: str
    since: str


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    call_id: int
    priority: str
    number: str
    due: str
    phone: str
    ways: str
    preferred: str
    owner: str


@dataclass(frozen=True, slots=True)
class BoardSheet:
    """Everything on the print-out, in the order in which it stands there."""

    printed_at: str
    printed_by: str
    calls: list[CallLine]
    units: list[UnitLine]
    queue: list[QueueLine]
    followups: list[FollowUpLine]

    @property
    def call_ids(self) -> list[int]:
        """Every call whose record is on the sheet."""
        ids = [line.call_id for line in self.calls]
        ids += [line.call_id for line in self.queue]
        ids += [line.call_id for line in self.followups]
        return list(dict.fromkeys(ids))


def board_sheet(*, printed_by: str) -> BoardSheet:
    """The board as it is now, in a constant number of queries."""
    now = timezone.now()
    return BoardSheet(
        printed_at=f"{timezone.localtime(now):%a %Y-%m-%d %H:%M}",
        printed_by=printed_by,
        calls=[_call_line(call, now) for call in _open_calls()],
        units=[_unit_line(unit) for unit in roster() if unit.kind != Unit.Kind.CCD],
        queue=[_queue_line(consult) for consult in waiting_consults()],
        followups=[
            _followup_line(row)
            for row in worklist()
            .filter(status__in=UNREACHED)
            .filter(
                Q(due_at__lte=now + FOLLOW_UPS_WITHIN)
                | Q(attempt_due_at__lte=now + FOLLOW_UPS_WITHIN)
            )
        ],
    )


def board_pdf(sheet: BoardSheet) -> bytes:
    """The sheet as PDF; nothing of it is kept."""
    return typeset(TEMPLATE, as_data(asdict(sheet)))


def _open_calls() -> list[Call]:
    calls = (
        Call.objects.exclude(status=CallStatus.CLOSED)
        .select_related("nature", "beat", "assessment__decision", "service")
        .prefetch_related(
            Prefetch("runs", Run.objects.select_related("unit")),
            Prefetch("consults", Consult.objects.select_related("accepted_by")),
            Prefetch("handoffs", Handoff.objects.filter(status=HandoffStatus.OPEN)),
            Prefetch("holds", Hold.objects.filter(ended_at=None), to_attr="open_holds"),
        )
    )
    return sorted(calls, key=lambda call: (-(_level(call) or UNDECIDED_LEVEL), call.received_at))


def _level(call: Call) -> int | None:
    assessment = getattr(call, "assessment", None)
    return assessment.decision.level if assessment and assessment.decision else None


def _call_line(call: Call, now: datetime) -> CallLine:
    assessment = getattr(call, "assessment", None)
    decision = assessment.decision if assessment else None
    place = " ".join(filter(None, (call.location_text, call.beat.code if call.beat else "")))
    return CallLine(
        call_id=call.pk,
        level=str(decision.level) if decision else "?",
        number=call.number,
        received=short_time(call.received_at),
        age=_age(now - call.received_at),
        nature=call.nature.name if call.nature else "not known",
        place=place or "not known",
        phone=call.caller_phone,
        route=" + ".join(decision.units) if decision else "not triaged",
        state=_state(call),
        team=", ".join(run.unit.code for run in call.runs.all() if run.is_open) or "none",
    )


def _state(call: Call) -> str:
    """Who has the call and how far they are; without anybody, what it waits for."""
    told = [f"{run.unit} {_words(run.status)}" for run in call.runs.all() if run.is_open]
    for consult in call.consults.all():
        if consult.status == ConsultStatus.ACCEPTED:
            told.append(f"{consult.accepted_by} talks with them")
        elif consult.status == ConsultStatus.WAITING:
            told.append(f"waits for a clinician since {short_time(consult.offered_at)}")
    told += [
        f"given to {made.agency_name or made.get_agency_display()}" for made in call.handoffs.all()
    ]
    told += [f"on hold until {short_time(hold.until)}" for hold in call.open_holds]  # type: ignore[attr-defined]  # prefetched above
    if told:
        return "; ".join(told)
    if call.status == CallStatus.TAKING:
        return "being taken"
    service = getattr(call, "service", None)
    planned = service.planned_route if service else ""
    return f"waits for {planned}" if planned else "waits for somebody to look"


def _unit_line(unit: Unit) -> UnitLine:
    run = open_run(unit)
    on_duty = [member for member in unit.crew.all() if member.on_since is not None]
    return UnitLine(
        code=unit.code,
        name=unit.name,
        status=_words(run.status if run else unit.status),
        since=short_time(run.status_since if run else unit.status_since),
        call=run.call.number if run else "",
        crew=", ".join(f"{m.user} ({m.get_duty_display()})" for m in on_duty)
        or "nobody signed on",
    )


def _queue_line(consult: Consult) -> QueueLine:
    accepted = consult.accepted_at is not None
    return QueueLine(
        call_id=consult.call_id,
        level=str(consult.level),
        number=consult.call.number,
        nature=consult.call.nature.name if consult.call.nature else "not known",
        phone=consult.call.caller_phone,
        language=consult.call.language,
        state=f"with {consult.accepted_by}"
        if accepted
        else f"waiting, {consult.get_kind_display()}",
        since=short_time(consult.accepted_at or consult.offered_at),
    )


def _followup_line(row: FollowUp) -> FollowUpLine:
    consent = getattr(row.call, "consent", None)
    ways: Iterable[str] = ()
    if consent is not None:
        agreed = {
            "call": consent.by_call,
            "voicemail": consent.by_voicemail,
            "text": consent.by_text,
        }
        ways = (way for way, is_agreed in agreed.items() if is_agreed)
    return FollowUpLine(
        call_id=row.call_id,
        priority=row.priority,
        number=row.call.number,
        due=short_time(row.due_at),
        phone=consent.phone if consent else "",
        ways=", ".join(ways) or "none agreed: do not call",
        preferred=consent.preferred_time if consent else "",
        owner=str(row.owner or "nobody"),
    )


def short_time(at: datetime) -> str:
    """A moment in the agency's zone, with the day: a sheet is read on another day as well."""
    local = timezone.localtime(at)
    return f"{local:%b} {local.day} {local:%H:%M}"


def _age(since: timedelta) -> str:
    hours, minutes = divmod(max(0, round(since.total_seconds() / 60)), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def _words(code: str) -> str:
    return code.replace("_", " ")
