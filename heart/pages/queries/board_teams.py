"""The teams of the board as data: what each does now, who of its crew is there, and its hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dispatch.hours import on_hours
from dispatch.models import Run, Unit, UnitHours
from dispatch.queries import missing_duties, open_run, roster, signed_on
from heart.pages.queries.board import STATUS_CODES

DUTIES = {"clinician": "clinician", "peer": "peer", "emt": "EMT", "officer": "officer"}
AWAY = ("off_hours", "out_of_service")
"""A team that is not expected to work need not be complete."""


@dataclass(frozen=True, slots=True)
class BoardUnit:
    """One team of the board."""

    unit: Unit
    status: str
    code: str
    since: datetime
    run: Run | None
    crew: str
    missing: str
    hours: str
    order: str


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
    present = {member.duty for member in signed_on(unit)}
    return BoardUnit(
        unit=unit,
        status=status,
        code=STATUS_CODES[status],
        since=run.status_since if run else unit.status_since,
        run=run,
        crew=" · ".join(_in_words(present)),
        missing=_missing(unit) if status not in AWAY else "",
        hours=_hours(unit, now),
        order=f"{unit.kind}.{unit.code}",
    )


def _missing(unit: Unit) -> str:
    """What makes a crew incomplete, in words; empty when nothing does."""
    missing = missing_duties(unit)
    if missing and not signed_on(unit):
        return "nobody signed on"
    return ", ".join(f"no {duty}" for duty in _in_words({*missing}))


def _in_words(duties: set[str]) -> list[str]:
    return [name for duty, name in DUTIES.items() if duty in duties]


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
