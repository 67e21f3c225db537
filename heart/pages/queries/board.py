"""The lists of the board as data: each call in full, and which of them a screen shows.

Rendered from ids alone; the page and the push are made here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db.models import Count, F, Prefetch

from dispatch.models import Hold, Run, Watch, WatchKind
from dispatch.needs import (
    ACTIVE,
    WAITING,
    Due,
    Need,
    Outline,
    Standing,
    needs,
    outline,
    route_name,
    standings,
    target,
)
from dispatch.states import OPEN_WATCH, RunStatus
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult, Decision, Lowering
from triage.states import LoweringStatus

FIRST, MORE = 26, 200
"""How many lines of a list a page brings, and how many more when it is scrolled."""

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
    hold: Hold | None
    recontact: Due | None
    owner: str

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
            Prefetch("holds", Hold.objects.filter(ended_at__isnull=True), to_attr="open_holds"),
            Prefetch(
                "watches",
                Watch.objects.filter(kind=WatchKind.RECONTACT, status__in=OPEN_WATCH),
                to_attr="recontacts",
            ),
        )
        .annotate(
            notes_count=Count("notes"),
            owner_first=F("ownership__owner__first_name"),
            owner_last=F("ownership__owner__last_name"),
        )
    )
    if ids is not None:
        calls = calls.filter(pk__in=list(ids))
    return sorted(map(board_call, calls), key=lambda row: row.order)


def board_call(call: Call) -> BoardCall:
    """The line of one call, loaded with what ``board_calls`` loads."""
    found = outline(call)
    missing = needs(found)
    service = getattr(call, "service", None)
    dues = [need.due for need in missing if need.due] or _on_scene_dues(call, found)
    return BoardCall(
        call=call,
        decision=call.assessment.decision if found.chosen else None,
        level=found.chosen.level if found.chosen else None,
        place=WAITING if missing else ACTIVE,
        order=found.order,
        needs=missing,
        holders=_holders(call),
        due=min(dues, key=lambda each: each.at, default=None),
        planned=route_name(found.planned) if found.planned else "",
        fallback=str(service.fallback_reason or "") if service and found.planned else "",
        notes=getattr(call, "notes_count", 0),
        hold=next(iter(getattr(call, "open_holds", ())), None),
        recontact=_recontact_due(getattr(call, "recontacts", ())),
        owner=f"{getattr(call, 'owner_first', '') or '':.1}{getattr(call, 'owner_last', '') or '':.1}",
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


def _on_scene_dues(call: Call, found: Outline) -> list[Due]:
    """Once a team is on its way, the next target is to be on scene."""
    if found.chosen is None:
        return []
    is_moving = any(run.is_open and run.on_scene_at is None for run in call.runs.all())
    return [target(found.chosen, "on_scene", found.started)] if is_moving else []


def _recontact_due(watches: Iterable[Watch]) -> Due | None:
    """By when the caller of a waiting call is to hear from us again, warned before."""
    for watch in watches:
        rungs = dict(watch.ladder)
        if "due" in rungs:
            soon = rungs["due"] - rungs.get("warn", rungs["due"])
            return Due(watch.since + timedelta(seconds=rungs["due"]), soon)
    return None


# --- the part of a list that a screen shows -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of one list: its calls up to ``edge`` (empty: to the end) and the ids beyond it."""

    name: str
    ids: list[int]
    edge: str
    beyond: str
    total: int


def beginnings() -> list[Window]:
    """The beginning of each list, for a new page."""
    known = standings()
    return [_window(place, known, FIRST) for place in (WAITING, ACTIVE)]


def following(place: str, after: str) -> Window:
    """What follows in a list after ``after``, for a page that is scrolled."""
    return _window(place, [each for each in standings() if each.order > after], MORE)


def _window(place: str, known: Iterable[Standing], size: int) -> Window:
    here = [each for each in known if each.place == place]
    return Window(
        name=place,
        ids=[each.pk for each in here[:size]],
        edge=here[size - 1].order if len(here) > size else "",
        beyond=ranges(each.pk for each in here[size:]),
        total=len(here),
    )


def ranges(ids: Iterable[int]) -> str:
    """Ids in few characters: ``3-7 9 12-40``."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(ids)), key=lambda pair: pair[1] - pair[0])
    ]
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
