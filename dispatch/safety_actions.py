"""Acknowledgement, welfare checks, panic, backup, and the alerts that come of what nobody did."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dispatch import facts, watching
from dispatch.ladders import Times, times_for
from dispatch.models import Backup, Page, Run, Unit, Watch, WatchKind
from dispatch.states import BACKUP, OPEN_WATCH, WATCH, RunStatus, WatchStatus
from dispatch.steps import ask_for_backup, locked_run, one_of, open_run_of
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import Effect, MoveRefused, born, each_by_itself, make_move
from intake.steps import Refused

AGAIN = timedelta(minutes=3)
"""How long an acknowledged alert keeps still before it goes on (synthetic default)."""

SEEN_TO = timedelta(minutes=10)
"""How long a waiting call that somebody has seen to raises no new alert (synthetic default)."""

END_REASONS = {
    "handled": "handled",
    "false_alarm": "false alarm",
    "test": "a test",
}


def acknowledge(
    *,
    run_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The crew has read the dispatch; its deadline is met."""
    now = timezone.now()
    with transaction.atomic():
        run = locked_run(run_id)
        if run.status != RunStatus.DISPATCHED:
            raise MoveRefused("run", "acknowledge", run.status)
        if run.acknowledged_at is not None:
            raise Refused(run=f"{run.unit} has acknowledged already")
        run.acknowledged_at = now
        run.save(update_fields=["acknowledged_at"])
        record(
            facts.RunAcknowledged(
                call_id=run.call_id, run_id=run.pk, unit_id=run.unit_id, unit=run.unit.code
            ),
            by=by,
            effects=watching.watch_run(run, at=now),
            happened_at=pressed_at,
            command_id=command_id,
        )
    return run


def check_in(
    *,
    run_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Run:
    """The crew is well: the next welfare check counts from now."""
    now = timezone.now()
    with transaction.atomic():
        run = locked_run(run_id)
        if not run.is_open:
            raise Refused(run=f"{run.unit} is no longer on {run.call}")
        level = watching.level_of(run.call_id)
        times = times_for(WatchKind.CHECK, run.status, level)
        checks = watching.open_watches(run=run, kind=WatchKind.CHECK)
        effects = (
            watching.end(checks, at=now, reason="not_watched")
            if times is None
            else [
                watching.restart(watch, times, at=now, level=level, situation=run.status)
                for watch in checks
            ]
        )
        record(
            facts.RunChecked(
                call_id=run.call_id, run_id=run.pk, unit_id=run.unit_id, unit=run.unit.code
            ),
            by=by,
            effects=effects,
            happened_at=pressed_at,
            command_id=command_id,
        )
    return run


def panic(
    *,
    unit_id: int,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Watch:
    """Somebody of the crew is in danger: every desk alerts, and police are asked for when they are
    on a call. Pressing again while it is open is the same alarm."""
    now = timezone.now()
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        run = open_run_of(unit)
        if run is not None:
            run = locked_run(run.pk)
        if run is not None and not run.is_open:
            run = None  # cleared while we waited for it
        call_id = run.call_id if run else None
        effects: list[Effect] = []
        watch = watching.open_watches(unit=unit, kind=WatchKind.PANIC).first()
        if watch is None:
            times = times_for(WatchKind.PANIC) or Times(due=0)
            watch = watching.begin(WatchKind.PANIC, times, at=now, unit=unit, call_id=call_id)
            effects = [born(WATCH, watch)]
        elif command_id is None:
            return watch
        if run is not None:
            effects += ask_for_backup(run, Backup.Agency.POLICE, by=by, at=now)[1]
        record(
            facts.UnitPanic(
                call_id=call_id,
                unit_id=unit.pk,
                unit=unit.code,
                watch_id=watch.pk,
                run_id=run.pk if run else None,
            ),
            by=by,
            effects=effects,
            happened_at=pressed_at,
            command_id=command_id,
        )
    return watch


def request_backup(
    *,
    run_id: int,
    agency: str,
    by: Actor,
    command_id: UUID | None = None,
    pressed_at: datetime | None = None,
) -> Backup:
    """One press: the crew needs police or EMS; the call goes to level 4. Asked twice is once."""
    one_of(agency=(agency, Backup.Agency.values))
    with transaction.atomic():
        run = locked_run(run_id)
        if not run.is_open:
            raise Refused(run=f"{run.unit} is no longer on {run.call}")
        backup, effects = ask_for_backup(run, agency, by=by, at=timezone.now())
        if not effects and command_id is None:
            return backup
        record(
            facts.BackupRequested(call_id=run.call_id, backup_id=backup.pk, **_about(backup)),
            by=by,
            effects=effects,
            happened_at=pressed_at,
            command_id=command_id,
        )
    return backup


def backup_coming(*, backup_id: int, by: Actor, command_id: UUID | None = None) -> Backup:
    """The agency was told and is on its way."""
    return _move_backup(backup_id, "come", "coming_at", facts.BackupComing, by, command_id)


def backup_arrived(*, backup_id: int, by: Actor, command_id: UUID | None = None) -> Backup:
    """The backup is with the crew."""
    return _move_backup(backup_id, "arrive", "arrived_at", facts.BackupArrived, by, command_id)


def stand_down(*, backup_id: int, by: Actor, command_id: UUID | None = None) -> Backup:
    """The backup is not needed any more; the request still counts in the backup rate."""
    return _move_backup(
        backup_id, "stand_down", "stood_down_at", facts.BackupStoodDown, by, command_id
    )


BackupMoved = type[facts.BackupComing] | type[facts.BackupArrived] | type[facts.BackupStoodDown]


def _move_backup(
    backup_id: int, move: str, column: str, fact: BackupMoved, by: Actor, command_id: UUID | None
) -> Backup:
    now = timezone.now()
    with transaction.atomic():
        backup = Backup.objects.select_related("run__unit").get(pk=backup_id)
        effects = [make_move(BACKUP, move, backup, **{column: now})]
        effects += watching.end(watching.open_watches(backup=backup), at=now, reason=move)
        record(
            fact(call_id=backup.run.call_id, backup_id=backup.pk, **_about(backup)),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return backup


def _about(backup: Backup) -> dict[str, Any]:
    run = backup.run
    return {
        "run_id": run.pk,
        "unit_id": run.unit_id,
        "unit": run.unit.code,
        "agency": backup.agency,
    }


# --- alerts: one owner each ---------------------------------------------------------------------------


def acknowledge_watch(*, watch_id: int, by: Actor, command_id: UUID | None = None) -> Watch:
    """One person has the alert: it is silent for everybody, and goes on if nothing comes of it."""
    now = timezone.now()
    with transaction.atomic():
        watch = Watch.objects.select_for_update(of=("self",), no_key=True).get(pk=watch_id)
        if watch.status != WatchStatus.RAISED:
            raise MoveRefused("watch", "acknowledge", watch.status)
        if watch.owner is not None and watch.owner_id != by.id:
            since = timezone.localtime(watch.owned_at)
            raise Refused(watch=f"{watch.owner} has it since {since:%H:%M:%S}")
        watch.owner_id, watch.owned_at = by.person_id, now
        if watching.rung(watch) != "warn":  # knowing of a warning puts nothing off
            watching.hold_back(watch, until=now + AGAIN)
        watch.save(update_fields=["owner", "owned_at", "since", "next_step_at"])
        record(
            facts.WatchAcknowledged(
                call_id=watch.call_id, watch_id=watch.pk, kind=watch.kind, unit_id=watch.unit_id
            ),
            by=by,
            command_id=command_id,
        )
    return watch


def end_watch(*, watch_id: int, reason: str, by: Actor, command_id: UUID | None = None) -> Watch:
    """Say what became of a panic or of an alert about a call; the others end with what they wait for."""
    one_of(reason=(reason, list(END_REASONS)))
    with transaction.atomic():
        watch = Watch.objects.select_for_update(of=("self",), no_key=True).get(pk=watch_id)
        if watch.kind in (WatchKind.ACKNOWLEDGEMENT, WatchKind.CHECK, WatchKind.BACKUP):
            raise Refused(watch="ends when the unit has done it")
        now = timezone.now()
        times = times_for(WatchKind.WAITING, level=watch.level)
        if watch.kind == WatchKind.WAITING and times is not None:
            # The call waits on: somebody has seen to it, and is asked again.
            effects = [watching.restart(watch, times, at=now + SEEN_TO)]
        else:
            effects = watching.end([watch], at=now, reason=reason)
        record(watching.ended([watch], reason), by=by, effects=effects, command_id=command_id)
    return watch


# --- sweeps -------------------------------------------------------------------------------------------


def climb_ladders(*, limit: int, by: Actor) -> int:
    """Sweep: each watch whose next rung has come is raised by one, and told to whom the rung says."""
    now = timezone.now()
    due = Watch.objects.filter(status__in=OPEN_WATCH, next_step_at__lte=now)
    ids = list(due.order_by("next_step_at").values_list("pk", flat=True)[:limit])
    return each_by_itself("watch", ids, lambda pk: _climb(pk, by))


def _climb(watch_id: int, by: Actor) -> bool:
    now = timezone.now()
    with transaction.atomic():
        watch = (
            Watch.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=watch_id, status__in=OPEN_WATCH, next_step_at__lte=now)
            .first()
        )
        if watch is None:
            return False
        is_new = watch.step < len(watch.ladder)  # past the last, that one is told again
        watch.step += is_new
        rung = watching.rung(watch)
        changes: dict[str, Any] = {
            "step": watch.step,
            "next_step_at": watching.step_time(watch, watch.step),
            "raised_at": watch.raised_at or now,
            "owner": None,  # a new rung asks again: the last owner did not get it done
            "owned_at": None,
        }
        effect = make_move(WATCH, "raise", watch, **changes)
        if rung == "page" and is_new and settings.HEART_PAGING_URL:
            Page.objects.create(watch=watch, key=uuid4(), send_due_at=now)
        record(
            facts.WatchRaised(
                call_id=watch.call_id,
                watch_id=watch.pk,
                kind=watch.kind,
                rung=rung,
                unit_id=watch.unit_id,
            ),
            by=by,
            effects=[effect],
        )
    return True


def tighten_checks(*, limit: int, by: Actor) -> int:
    """Sweep: a crew whose call has risen in level is asked as often as that level demands."""
    risen = Watch.objects.filter(
        kind=WatchKind.CHECK,
        status__in=OPEN_WATCH,
        call__assessment__decision__level__gt=F("level"),
    )
    ids = list(risen.order_by("pk").values_list("pk", flat=True)[:limit])
    return each_by_itself("watch", ids, lambda pk: _tighten(pk, by))


def _tighten(watch_id: int, by: Actor) -> bool:
    with transaction.atomic():
        watch = watching.open_watches(pk=watch_id, kind=WatchKind.CHECK).first()
        if watch is None or watch.call_id is None:
            return False
        level = watching.level_of(watch.call_id)
        times = times_for(WatchKind.CHECK, watch.situation, level)
        if times is None or level <= watch.level:
            return False
        # counted from the last sign of the crew: it may be due at once
        situation = watch.situation
        effect = watching.restart(watch, times, at=watch.since, level=level, situation=situation)
        record(
            facts.WatchBegun(call_id=watch.call_id, watch_id=watch.pk, kinds=[watch.kind]),
            by=by,
            effects=[effect],
        )
    return True
