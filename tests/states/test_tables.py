"""Every move table: what is allowed is exactly what is listed, and the database holds to it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from dispatch import actions as dispatch
from dispatch import safety_actions as safety
from dispatch.models import Unit
from dispatch.states import BACKUP, HANDOFF, RUN, UNIT, WATCH, RunStatus, WatchStatus
from followup.states import FOLLOW_UP, FollowUpStatus
from heart.accounts.models import User
from heart.moves import MACHINES, Machine, MoveRefused, make_move, table
from heart.replay.states import REPLAY, ReplayStatus
from intake.states import CALL
from tests.builders import NO_DANGER, Given
from triage import actions as triage
from triage.models import RuleSet
from triage.states import CONSULT, LOWERING, RULE_SET, ConsultStatus, RuleSetStatus

FINAL = {
    "call": set(),
    "rule_set": set(),
    "consult": {"ended", "withdrawn"},
    "lowering": {"agreed", "refused"},
    "unit": set(),
    "run": {"cleared", "cancelled"},
    "handoff": {"confirmed"},
    "backup": {"arrived", "stood_down"},
    "watch": {"ended"},
    "followup": set(),
    "replay": {"done", "cancelled", "failed"},
}


def nothing_in_force() -> dict[str, Any]:
    """Room for another version: only one may be in force at a time."""
    RuleSet.objects.filter(status=RuleSetStatus.ACTIVE).update(status=RuleSetStatus.RETIRED)
    return {"activated_at": timezone.now()}


ALONG: dict[str, Callable[[], dict[str, Any]]] = {
    "rule_set install": lambda: {**nothing_in_force(), "is_installed": True},
    "rule_set activate": nothing_in_force,
    "rule_set return": nothing_in_force,
    "rule_set approve": lambda: {
        "approved_by": User.objects.get(first_name="Maya"),
        "approved_at": timezone.now(),
    },
    "call close": lambda: {"closed_at": timezone.now()},
    "call reopen": lambda: {"closed_at": None},
    "call merge": lambda: {"closed_at": timezone.now()},
    "watch end": lambda: {"ended_at": timezone.now()},
    "run clear": lambda: {"outcome": "resolved", "felt_safe": "yes"},
    "run cancel": lambda: {"cancel_reason": "not_needed"},
    "handoff confirm": lambda: {"confirmed_at": timezone.now()},
    "followup renew": lambda: {"reached_at": None, "closed_at": None, "close_reason": ""},
    "replay finish": lambda: {"finished_at": timezone.now()},
    "replay cancel": lambda: {"finished_at": timezone.now()},
    "replay fail": lambda: {"finished_at": timezone.now()},
    "followup close": lambda: {"closed_at": timezone.now(), "close_reason": "linked"},
}
"""The columns that a constraint ties to a move."""


def row_in(given: Given, machine: Machine, status: str) -> Model:
    """A row of the machine in this status, brought there by actions."""
    row: Model = BUILDERS[machine.noun](given, status)
    row.refresh_from_db()
    assert getattr(row, "status") == status  # noqa: B009 - every machine's row has one
    return row


def consult_in(given: Given, status: str) -> Model:
    if status == ConsultStatus.ENDED:
        return given.ended_consult()
    if status == ConsultStatus.ACCEPTED:
        return given.accepted_consult()
    consult = given.waiting_consult()
    if status == ConsultStatus.WITHDRAWN:
        triage.save(
            call_id=consult.call_id,
            fields={"nature": "TRESPASS"},
            answers={**NO_DANGER, "contact": "left"},
            by=given.people.rosa.actor("console"),
        )
    return consult


def lowering_in(given: Given, status: str) -> Model:
    asked = given.lowering()
    answer = {"agreed": triage.agree_lowering, "refused": triage.refuse_lowering}.get(status)
    if answer:
        answer(lowering_id=asked.pk, by=given.people.noor.actor("console"))
    return asked


def unit_in(given: Given, status: str) -> Model:
    unit = Unit.objects.get(code="CRT1")
    if status == "out_of_service":
        dispatch.out_of_service(unit_id=unit.pk, by=given.people.dev.actor("console"))
    return unit


def handoff_in(given: Given, status: str) -> Model:
    made = given.handoff()
    if status == "confirmed":
        dispatch.confirm_handoff(
            handoff_id=made.pk, outcome="reached", by=given.people.dev.actor("console")
        )
    return made


def backup_in(given: Given, status: str) -> Model:
    backup = given.backup()
    step = {
        "coming": safety.backup_coming,
        "arrived": safety.backup_arrived,
        "stood_down": safety.stand_down,
    }.get(status)
    if step:
        step(backup_id=backup.pk, by=given.people.imani.actor("console"))
    return backup


BUILDERS: dict[str, Callable[[Given, str], Model]] = {
    "call": lambda given, status: {
        "taking": given.taking,
        "open": given.call,
        "closed": given.closed_call,
    }[status](),
    "rule_set": lambda given, status: given.rule_set(RuleSetStatus(status)),
    "consult": consult_in,
    "lowering": lowering_in,
    "unit": unit_in,
    "run": lambda given, status: given.run(RunStatus(status)),
    "handoff": handoff_in,
    "backup": backup_in,
    "watch": lambda given, status: given.watch(WatchStatus(status)),
    "followup": lambda given, status: given.followup(status=FollowUpStatus(status)),
    "replay": lambda given, status: given.replay(ReplayStatus(status)),
}

TABLES = (CALL, RULE_SET, CONSULT, LOWERING, UNIT, RUN, HANDOFF, BACKUP, WATCH, FOLLOW_UP, REPLAY)
EVERY_STATUS = [(m, str(status)) for m in TABLES for status in m.statuses]


def test_every_table_is_tested() -> None:
    assert {machine.noun for machine in TABLES} == set(MACHINES) == set(BUILDERS) == set(FINAL)


@pytest.mark.parametrize(
    ("machine", "status"), EVERY_STATUS, ids=[f"{m.noun}-{status}" for m, status in EVERY_STATUS]
)
def test_move_from_each_status_is_allowed_exactly_when_listed(
    machine: Machine, status: str, given: Given
) -> None:
    row = row_in(given, machine, status)

    allowed = {name for name in machine.moves if can_move(machine, name, row)}

    assert allowed == {name for name, move in machine.moves.items() if status in move.sources}


def can_move(machine: Machine, name: str, row: Model) -> bool:
    """Whether the move goes through on a row as it is; everything is taken back."""
    with transaction.atomic():
        try:
            return is_moved(machine, name, row)
        finally:
            transaction.set_rollback(True)


def is_moved(machine: Machine, name: str, row: Model) -> bool:
    fresh = type(row)._default_manager.get(pk=row.pk)
    along = ALONG.get(f"{machine.noun} {name}", dict)() if is_listed(machine, name, row) else {}
    try:
        effect = make_move(machine, name, fresh, **along)
    except MoveRefused:
        return False
    assert effect == (f"{machine.noun}:{row.pk}", name, machine.moves[name].target)
    return True


def is_listed(machine: Machine, name: str, row: Model) -> bool:
    return getattr(row, "status") in machine.moves[name].sources  # noqa: B009 - as above


@pytest.mark.parametrize("machine", TABLES, ids=lambda machine: machine.noun)
def test_every_status_can_be_reached(machine: Machine) -> None:
    reached = set(machine.initial) | ({machine.unborn} if machine.unborn else set())

    while more := {m.target for m in machine.moves.values() if m.sources & reached} - reached:
        reached |= more

    assert reached == {str(status) for status in machine.statuses}


@pytest.mark.parametrize("machine", TABLES, ids=lambda machine: machine.noun)
def test_final_statuses_are_the_ones_that_nothing_leaves(machine: Machine) -> None:
    assert machine.final() == FINAL[machine.noun]


@pytest.mark.parametrize("machine", TABLES, ids=lambda machine: machine.noun)
def test_moves_go_between_known_statuses(machine: Machine) -> None:
    known = {str(status) for status in machine.statuses}

    named = {s for move in machine.moves.values() for s in (*move.sources, move.target)}

    assert named <= known


def test_a_move_listed_twice_is_refused() -> None:
    moves = [("start", [RunStatus.DISPATCHED], RunStatus.EN_ROUTE)] * 2

    with pytest.raises(ValueError, match="'start' is listed twice"):
        table("run", "dispatch.Run", RunStatus, initial=[RunStatus.DISPATCHED], moves=moves)
