"""One case for every action: the world it needs, what it is given, and what the journal then says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

from dispatch import actions as dispatch
from dispatch.models import Unit
from dispatch.states import RunStatus
from followup import actions as followup
from followup.actions import Consented
from followup.models import Notice
from followup.states import FollowUpStatus
from intake import actions as intake
from tests.builders import NO_DANGER, Given
from triage import actions as triage

Arguments = dict[str, Any]
Effects = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """``given`` builds the world and the arguments; ``told`` and ``effects`` are the entry's."""

    action: Callable[..., Any]
    by: str
    given: Callable[[Given], Arguments]
    told: str
    effects: Effects


def unit(code: str = "CRT1") -> int:
    return Unit.objects.get(code=code).pk


def out_of_service_unit(given: Given) -> Arguments:
    dispatch.out_of_service(unit_id=unit(), by=given.people.dev.actor("console"))
    return {"unit_id": unit()}


def notice(given: Given) -> Arguments:
    row = given.followup(due_in=timedelta(hours=1), status=FollowUpStatus.DUE)
    return {"notice_id": Notice.objects.get(followup=row).pk}


def in_run(status: RunStatus, **more: str) -> Callable[[Given], Arguments]:
    return lambda given: {"run_id": given.run(status).pk, **more}


INTAKE = [
    Case(
        intake.take_call,
        "rosa",
        lambda _: {"fields": {"location_text": "12 Thimble Street"}},
        "began to take the call",
        [("call", "born", "taking")],
    ),
    Case(
        intake.add_note,
        "rosa",
        lambda given: {"call_id": given.call().pk, "text": "He has sat down now."},
        "added a note",
        [],
    ),
    Case(
        intake.release,
        "rosa",
        lambda given: {"call_id": given.taking().pk},
        "finished taking the call",
        [("call", "release", "open")],
    ),
]

TRIAGE = [
    Case(
        triage.receive_call,
        "rosa",
        lambda _: {"fields": {"nature": "TRESPASS"}, "answers": NO_DANGER, "source": "api"},
        "received the call: CRT at level 2 by R20",
        [("call", "born", "open")],
    ),
    Case(
        triage.save,
        "rosa",
        lambda given: {
            "call_id": given.taking().pk,
            "fields": {"nature": "PANIC"},
            "answers": {"si": "none", "contact": "willing"},
        },
        "changed nature, contact, si and decided CCD at level 1 by R21",
        [("consult", "born", "waiting")],
    ),
    Case(
        triage.raise_level,
        "rosa",
        lambda given: {"call_id": given.call().pk, "level": 3},
        "raised the level to 3",
        [],
    ),
    Case(
        triage.choose_route,
        "dev",
        lambda given: {"call_id": given.call().pk, "route": "COR", "reason": "known dog"},
        "chose COR instead of CRT",
        [],
    ),
    Case(
        triage.send_help,
        "noor",
        lambda given: {"call_id": given.accepted_consult().call_id, "route": "EMS"},
        "asked for EMS now: level 4",
        [],
    ),
    Case(
        triage.ask_lowering,
        "dev",
        lambda given: {
            "call_id": given.high_call().pk,
            "route": "CRT",
            "level": 2,
            "reason": "rifle is locked away",
        },
        "asked to lower to CRT at level 2",
        [("lowering", "born", "asked")],
    ),
    Case(
        triage.agree_lowering,
        "noor",
        lambda given: {"lowering_id": given.lowering().pk},
        "agreed: now CRT at level 2",
        [("lowering", "agree", "agreed"), ("consult", "withdraw", "withdrawn")],
    ),
    Case(
        triage.refuse_lowering,
        "noor",
        lambda given: {"lowering_id": given.lowering().pk},
        "refused to lower the call",
        [("lowering", "refuse", "refused")],
    ),
    Case(
        triage.accept_consult,
        "noor",
        lambda given: {"consult_id": given.waiting_consult().pk},
        "accepted the call at the clinician's desk",
        [("consult", "accept", "accepted")],
    ),
    Case(
        triage.end_consult,
        "noor",
        lambda given: {"consult_id": given.accepted_consult().pk, "outcome": "send_crt"},
        "ended at the clinician's desk: send_crt",
        [("consult", "end", "ended")],
    ),
    Case(
        triage.lose_line,
        "rosa",
        lambda given: {"call_id": given.call().pk},
        "lost the line: CRT at level 2",
        [("consult", "born", "waiting")],
    ),
    Case(
        triage.write_clinical_note,
        "noor",
        lambda given: {
            "call_id": given.accepted_consult().call_id,
            "text": "Has a sister nearby.",
        },
        "wrote a clinical note",
        [],
    ),
]

DISPATCH = [
    Case(
        dispatch.assign,
        "dev",
        lambda given: {"call_id": given.call().pk, "unit_id": unit()},
        "sent CRT1 to the call",
        [("run", "born", "dispatched")],
    ),
    Case(
        dispatch.start,
        "imani",
        in_run(RunStatus.DISPATCHED),
        "CRT1 is on the way",
        [("run", "start", "en_route")],
    ),
    Case(
        dispatch.arrive,
        "imani",
        in_run(RunStatus.EN_ROUTE),
        "CRT1 is on scene",
        [("run", "arrive", "on_scene")],
    ),
    Case(
        dispatch.transport,
        "imani",
        in_run(RunStatus.ON_SCENE),
        "CRT1 is transporting",
        [("run", "transport", "transporting")],
    ),
    Case(
        dispatch.begin_clearing,
        "imani",
        in_run(RunStatus.ON_SCENE),
        "CRT1 is clearing",
        [("run", "begin_clearing", "clearing")],
    ),
    Case(
        dispatch.clear,
        "imani",
        in_run(RunStatus.CLEARING, outcome="referred", felt_safe="yes"),
        "CRT1 cleared: referred",
        [("run", "clear", "cleared")],
    ),
    Case(
        dispatch.cancel,
        "dev",
        in_run(RunStatus.EN_ROUTE, reason="by_caller"),
        "CRT1 was cancelled: by_caller",
        [("run", "cancel", "cancelled")],
    ),
    Case(
        dispatch.out_of_service,
        "dev",
        lambda _: {"unit_id": unit()},
        "CRT1 went out of service",
        [("unit", "go_out_of_service", "out_of_service")],
    ),
    Case(
        dispatch.into_service,
        "dev",
        out_of_service_unit,
        "CRT1 came into service",
        [("unit", "come_into_service", "available")],
    ),
    Case(
        dispatch.request_backup,
        "imani",
        in_run(RunStatus.ON_SCENE, agency="POLICE"),
        "CRT1 asks for POLICE now",
        [("backup", "born", "requested")],
    ),
    Case(
        dispatch.backup_arrived,
        "imani",
        lambda given: {"backup_id": given.backup("EMS").pk},
        "EMS reached CRT1",
        [("backup", "arrive", "arrived")],
    ),
    Case(
        dispatch.hand_off,
        "dev",
        lambda given: {"call_id": given.call().pk, "agency": "988", "reference": "9-12"},
        "handed off to 988",
        [("handoff", "born", "open")],
    ),
    Case(
        dispatch.confirm_handoff,
        "dev",
        lambda given: {"handoff_id": given.handoff().pk, "outcome": "reached"},
        "EMS confirmed: reached",
        [("handoff", "confirm", "confirmed")],
    ),
]

FOLLOWUP = [
    Case(
        followup.close_call,
        "dev",
        lambda given: {
            "call_id": given.run(RunStatus.CLEARED).call_id,
            "consent": Consented("yes", by_call=True),
        },
        "closed the call: CRT",
        [("call", "close", "closed"), ("followup", "born", "promised")],
    ),
    Case(
        followup.reopen,
        "sam",
        lambda given: {"call_id": given.closed_call().pk, "reason": "new_information"},
        "reopened the call: new_information",
        [("call", "reopen", "open")],
    ),
    Case(
        followup.take,
        "ana",
        lambda given: {"followup_id": given.followup().pk},
        "took the follow-up",
        [],
    ),
    Case(
        followup.log_attempt,
        "ana",
        lambda given: {
            "followup_id": given.followup().pk,
            "channel": "call",
            "outcome": "reached_stable",
        },
        "attempt 1: reached_stable",
        [("followup", "reach", "reached")],
    ),
    Case(
        followup.close_followup,
        "ana",
        lambda given: {"followup_id": given.followup().pk, "reason": "linked"},
        "closed the follow-up: linked",
        [("followup", "close", "closed")],
    ),
    Case(followup.see_notice, "ana", notice, "has seen the notice", []),
]

CASES = [*INTAKE, *TRIAGE, *DISPATCH, *FOLLOWUP]
MODULES: tuple[ModuleType, ...] = (intake, triage, dispatch, followup)

WITHOUT_A_PERSON = {
    triage.end_clarifying,
    triage.activate_protocol,
    triage.import_rule_set,
    dispatch.replan_waiting,
    dispatch.write_plan,
    followup.mark_due,
    followup.mark_overdue,
}
"""Sweeps, imports and parts of other actions: tested by themselves."""
