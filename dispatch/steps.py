"""Changes of runs and backups that several actions share; they record nothing themselves."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from dispatch import watching
from dispatch.ladders import Times, times_for
from dispatch.models import Backup, Run, Unit, WatchKind
from dispatch.states import BACKUP, OPEN_BACKUP, OPEN_RUN, WATCH, UnitStatus
from heart.journal.actor import Actor
from heart.moves import Effect, born, make_move
from intake.models import Call
from intake.steps import Refused
from triage import steps as triage_steps


class UnitTaken(Exception):
    """Somebody else sent this unit a moment before; ``run`` is what it is on."""

    def __init__(self, run: Run) -> None:
        by = run.dispatched_by or "the console"
        super().__init__(
            f"{run.unit} is on {run.call} since"
            f" {timezone.localtime(run.dispatched_at):%H:%M:%S}, by {by}"
        )
        self.run = run


def open_run_of(unit: Unit) -> Run | None:
    """The run a unit is on now."""
    return (
        Run.objects.filter(unit=unit, status__in=OPEN_RUN)
        .select_related("call", "unit", "dispatched_by")
        .first()
    )


def must_be_free(unit: Unit) -> None:
    """Refuse a unit that cannot be sent; one that is on a call is named with who sent it."""
    if unit.kind == Unit.Kind.CCD:
        raise Refused(unit=f"{unit} takes calls from its own queue")
    if not unit.is_active or unit.status != UnitStatus.AVAILABLE:
        raise Refused(unit=f"{unit} is out of service")
    if taken := open_run_of(unit):
        raise UnitTaken(taken)


def locked_run(run_id: int) -> Run:
    """The run, locked before its call is read: a merge may be giving it to another call just now."""
    return Run.objects.select_for_update(of=("self",), no_key=True).get(pk=run_id)


def insert_run(call: Call, unit: Unit, *, by: Actor, **columns: Any) -> Run:
    """A new run; of several at once the database lets exactly one in."""
    try:
        with transaction.atomic():
            return Run.objects.create(call=call, unit=unit, dispatched_by_id=by.id, **columns)
    except IntegrityError as error:
        taken = open_run_of(unit)
        if taken is None:
            raise
        raise UnitTaken(taken) from error


def ask_for_backup(
    run: Run, agency: str, *, by: Actor, at: datetime
) -> tuple[Backup, list[Effect]]:
    """The open request of this agency, or a new one, watched until it comes, with the call at level 4."""
    waiting = run.backups.filter(agency=agency, status__in=OPEN_BACKUP).first()
    if waiting is not None:
        return waiting, []
    backup = Backup.objects.create(run=run, agency=agency, requested_at=at, requested_by_id=by.id)
    times = times_for(WatchKind.BACKUP) or Times(due=0)
    watch = watching.begin(
        WatchKind.BACKUP,
        times,
        at=at,
        call_id=run.call_id,
        run=run,
        unit_id=run.unit_id,
        backup=backup,
    )
    return backup, [born(BACKUP, backup), born(WATCH, watch), *_to_level_4(run, agency, by)]


def _to_level_4(run: Run, agency: str, by: Actor) -> list[Effect]:
    assessment = triage_steps.assess(run.call)
    before = assessment.decision
    if before is None:
        return []
    assessment.level_floor = 4
    decided = triage_steps.override(
        run.call,
        assessment,
        route=before.route,
        added=sorted({*before.added, agency} - {before.route}),
        level=4,
        reason=f"{run.unit} asked for backup on scene",
        by=by,
    )
    return decided.effects


def stand_backups_down(run: Run, *, at: datetime) -> list[Effect]:
    """The run is over: whoever was asked to come need not any more."""
    return [
        make_move(BACKUP, "stand_down", backup, stood_down_at=at)
        for backup in run.backups.filter(status__in=OPEN_BACKUP)
    ]


def one_of(**choices: tuple[str, list[str]]) -> None:
    """Refuse every value that is not among its choices."""
    bad = {
        name: f"one of {', '.join(values)}"
        for name, (value, values) in choices.items()
        if value not in values
    }
    if bad:
        raise Refused(**bad)
