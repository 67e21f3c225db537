"""One case for every action: the world it needs, what it is given, and what the journal then says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import ModuleType
from typing import Any

from dispatch import actions as dispatch
from dispatch import call_watch_actions as call_watches
from dispatch import crew_actions as crews
from dispatch import merging
from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.models import Unit
from dispatch.states import RunStatus
from followup import actions as followup
from followup.actions import Consented
from followup.models import Notice
from followup.states import FollowUpStatus
from heart.paper import actions as paper
from heart.replay import actions as replays
from heart.replay.reading import Span
from heart.replay.states import ReplayStatus
from intake import actions as intake
from intake import neighbor_actions as neighbors
from intake import place_actions as places
from intake.models import Call
from tests.builders import NO_DANGER, Given
from tests.paper.cards import SERVED, card, yesterday
from triage import actions as triage
from triage import rule_set_actions as rule_sets
from triage.protocol_files import DEFAULTS, read
from triage.queries import active_rule_set_id
from triage.states import RuleSetStatus

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


def signed_off(given: Given) -> int:
    crews.sign_off(unit_id=unit(), by=given.people.imani.actor("phone"))
    return unit()


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


def version(status: RuleSetStatus, **more: Any) -> Callable[[Given], Arguments]:
    return lambda given: {"rule_set_id": given.rule_set(status).pk, **more}


def edit(given: Given) -> Arguments:
    draft = given.rule_set()
    return {
        "rule_set_id": draft.pk,
        "revision": draft.revision,
        "edit": lambda files: replace(files, fallback=files.fallback[:3]),
        "what": "fallback",
    }


def scenario(given: Given) -> Arguments:
    return {
        "title": "A man who will not leave",
        "nature": "TRESPASS",
        "answers": NO_DANGER,
        "rule_set_id": active_rule_set_id(),
    }


def kept_scenario(given: Given) -> Arguments:
    kept = rule_sets.keep_scenario(**scenario(given), by=given.people.sam.actor("console"))
    return {"scenario_id": kept.pk}


RULE_SETS = [
    Case(
        rule_sets.import_rule_set,
        "sam",
        lambda _: {"files": read(DEFAULTS)},
        "imported version 2 of the rules as a draft",
        [("rule_set", "born", "draft")],
    ),
    Case(
        rule_sets.begin_draft,
        "sam",
        lambda _: {"based_on": active_rule_set_id(), "title": "Wider"},
        "began version 2 of the rules from version 1",
        [("rule_set", "born", "draft")],
    ),
    Case(rule_sets.save_draft, "sam", edit, "edited version 2 of the rules: fallback", []),
    Case(
        rule_sets.submit,
        "sam",
        version(RuleSetStatus.DRAFT),
        "put version 2 of the rules into review",
        [("rule_set", "submit", "in_review")],
    ),
    Case(
        rule_sets.withdraw,
        "maya",
        version(RuleSetStatus.IN_REVIEW, reason="the team asked for more time"),
        "withdrew version 2 of the rules",
        [("rule_set", "withdraw", "retired")],
    ),
    Case(
        rule_sets.approve,
        "maya",
        version(RuleSetStatus.IN_REVIEW),
        "approved version 2 of the rules: now in shadow",
        [("rule_set", "approve", "shadow")],
    ),
    Case(
        rule_sets.activate,
        "maya",
        version(RuleSetStatus.SHADOW),
        "activated version 2 of the rules",
        [("rule_set", "replace", "retired"), ("rule_set", "activate", "active")],
    ),
    Case(
        rule_sets.roll_back,
        "sam",
        version(RuleSetStatus.RETIRED),
        "returned to version 1 of the rules instead of 2",
        [("rule_set", "replace", "retired"), ("rule_set", "return", "active")],
    ),
    Case(
        rule_sets.keep_scenario,
        "sam",
        scenario,
        "kept a scenario for the rules: CRT at level 2",
        [],
    ),
    Case(
        rule_sets.leave_scenario_out,
        "sam",
        kept_scenario,
        "left a scenario for the rules out",
        [],
    ),
]

DISPATCH = [
    Case(
        dispatch.assign,
        "dev",
        lambda given: {"call_id": given.call().pk, "unit_id": unit()},
        "sent CRT1 to the call",
        [
            ("run", "born", "dispatched"),
            ("watch", "born", "waiting"),
            ("watch", "born", "waiting"),
        ],
    ),
    Case(
        dispatch.start,
        "imani",
        in_run(RunStatus.DISPATCHED),
        "CRT1 is on the way",
        [
            ("run", "start", "en_route"),
            ("watch", "end", "ended"),
            ("watch", "restart", "waiting"),
        ],
    ),
    Case(
        dispatch.arrive,
        "imani",
        in_run(RunStatus.EN_ROUTE),
        "CRT1 is on scene",
        [("run", "arrive", "on_scene"), ("watch", "restart", "waiting")],
    ),
    Case(
        dispatch.transport,
        "imani",
        in_run(RunStatus.ON_SCENE),
        "CRT1 is transporting",
        [("run", "transport", "transporting"), ("watch", "restart", "waiting")],
    ),
    Case(
        dispatch.begin_clearing,
        "imani",
        in_run(RunStatus.ON_SCENE),
        "CRT1 is clearing",
        [("run", "begin_clearing", "clearing"), ("watch", "restart", "waiting")],
    ),
    Case(
        dispatch.clear,
        "imani",
        in_run(RunStatus.CLEARING, outcome="referred", felt_safe="yes"),
        "CRT1 cleared: referred",
        [("run", "clear", "cleared"), ("watch", "end", "ended")],
    ),
    Case(
        dispatch.cancel,
        "dev",
        in_run(RunStatus.EN_ROUTE, reason="by_caller"),
        "CRT1 was cancelled: by_caller",
        [("run", "cancel", "cancelled"), ("watch", "end", "ended")],
    ),
    Case(
        dispatch.swap,
        "dev",
        lambda given: {"run_id": given.run(RunStatus.EN_ROUTE).pk, "unit_id": unit("CRT2")},
        "sent CRT2 in place of CRT1",
        [
            ("run", "cancel", "cancelled"),
            ("watch", "end", "ended"),
            ("run", "born", "dispatched"),
            ("watch", "born", "waiting"),
            ("watch", "born", "waiting"),
        ],
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
        safety.request_backup,
        "imani",
        in_run(RunStatus.ON_SCENE, agency="POLICE"),
        "CRT1 asks for POLICE now",
        [("backup", "born", "requested"), ("watch", "born", "raised")],
    ),
    Case(
        safety.backup_arrived,
        "imani",
        lambda given: {"backup_id": given.backup("EMS").pk},
        "EMS reached CRT1",
        [("backup", "arrive", "arrived"), ("watch", "end", "ended")],
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

SAFETY = [
    Case(
        safety.acknowledge,
        "imani",
        in_run(RunStatus.DISPATCHED),
        "CRT1 acknowledged",
        [("watch", "end", "ended")],
    ),
    Case(
        safety.check_in,
        "imani",
        in_run(RunStatus.ON_SCENE),
        "CRT1 is well",
        [("watch", "restart", "waiting")],
    ),
    Case(
        safety.panic,
        "imani",
        lambda _: {"unit_id": unit()},
        "CRT1 pressed panic",
        [("watch", "born", "raised")],
    ),
    Case(
        safety.backup_coming,
        "dev",
        lambda given: {"backup_id": given.backup().pk},
        "POLICE is coming to CRT1",
        [("backup", "come", "coming"), ("watch", "end", "ended")],
    ),
    Case(
        safety.stand_down,
        "dev",
        lambda given: {"backup_id": given.backup().pk},
        "POLICE backup to CRT1 was stood down",
        [("backup", "stand_down", "stood_down"), ("watch", "end", "ended")],
    ),
    Case(
        safety.acknowledge_watch,
        "dev",
        lambda given: {"watch_id": given.panic().pk},
        "has the alert: panic",
        [],
    ),
    Case(
        safety.end_watch,
        "dev",
        lambda given: {"watch_id": given.panic().pk, "reason": "false_alarm"},
        "over: panic",
        [("watch", "end", "ended")],
    ),
]

CREWS = [
    Case(
        crews.sign_on,
        "imani",
        lambda given: {"unit_id": signed_off(given), "duty": "peer"},
        "signed on to CRT1 as peer",
        [],
    ),
    Case(crews.sign_off, "imani", lambda _: {"unit_id": unit()}, "signed off from CRT1", []),
    Case(
        crews.begin_contact,
        "imani",
        lambda _: {"unit_id": unit(), "fields": {"location_text": "the square"}},
        "CRT1 began a contact of its own",
        [("call", "born", "open"), ("run", "born", "on_scene"), ("watch", "born", "waiting")],
    ),
]

QUEUE = [
    Case(
        queue.hold,
        "dev",
        lambda given: {"call_id": given.call().pk, "reason": "no_unit", "minutes": 15},
        "holds the call for 15 min: no_unit",
        [],
    ),
    Case(
        queue.end_hold,
        "dev",
        lambda given: {"call_id": given.held_call().pk},
        "ended the hold",
        [],
    ),
    Case(
        queue.recontacted,
        "dev",
        lambda given: {"call_id": given.watched_call().pk},
        "contacted the caller again",
        [("watch", "restart", "waiting")],
    ),
    Case(
        queue.own,
        "dev",
        lambda given: {"call_id": given.call().pk, "owner_id": given.people.omar.pk},
        "gave the call an owner",
        [],
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

REPLAYS = [
    Case(
        replays.request_replay,
        "sam",
        lambda _: {"version": 1, "against": None, "span": Span()},
        "asked for a replay of version 1 over 0 calls",
        [("replay", "born", "queued")],
    ),
    Case(
        replays.cancel_replay,
        "sam",
        lambda given: {"replay_id": given.replay().pk},
        "stopped the replay after 0 calls",
        [("replay", "cancel", "cancelled")],
    ),
    Case(
        replays.note_listing,
        "sam",
        lambda given: {"replay_id": given.replay(ReplayStatus.DONE).pk, "calls": 3},
        "read the list of 3 calls that two versions part",
        [],
    ),
]

PAPER = [
    Case(
        paper.print_pack,
        "rosa",
        lambda _: {"position": "P1", "count": 20},
        "printed paper cards P1-0001 to P1-0020",
        [],
    ),
    Case(
        paper.catch_up,
        "rosa",
        lambda _: {"card": card(SERVED, day=yesterday())},
        "entered the paper call P1-0001",
        [
            ("call", "born", "open"),
            ("call", "close", "closed"),
            ("run", "born", "dispatched"),
            ("run", "arrive", "on_scene"),
            ("run", "clear", "cleared"),
            ("followup", "born", "promised"),
        ],
    ),
]


def card_of(given: Given, call: Call) -> int:
    by = given.people.noor.actor("console")
    return neighbors.add_neighbor(call_id=call.pk, name="Juniper Vale", by=by).pk


def named(given: Given) -> Arguments:
    call = given.call()
    card_of(given, call)
    return {"call_id": call.pk}


def premise_note(given: Given) -> Arguments:
    call = given.call()
    note = places.write_premise_note(
        call_id=call.pk,
        kind="hazard",
        text="dog behind the gate",
        source="crew",
        by=given.people.dev.actor("console"),
    )
    return {"note_id": note.pk, "call_id": call.pk}


INCIDENT = [
    Case(
        merging.merge,
        "dev",
        lambda given: {"call_id": given.waiting_consult().call_id, "into_id": given.call().pk},
        "merged # into this call",
        [("call", "merge", "closed")],
    ),
    Case(
        places.write_premise_note,
        "rosa",
        lambda given: {
            "call_id": given.call().pk,
            "kind": "hazard",
            "text": "dog behind the gate",
            "source": "caller",
        },
        "wrote a note about the place: hazard",
        [],
    ),
    Case(
        places.withdraw_premise_note,
        "rosa",
        premise_note,
        "withdrew a note about the place: hazard",
        [],
    ),
    Case(
        neighbors.add_neighbor,
        "noor",
        lambda given: {"call_id": given.call().pk, "name": "Juniper Vale"},
        "made a card for the person the call is about",
        [],
    ),
    Case(
        neighbors.say_who,
        "noor",
        lambda given: {
            "call_id": given.call().pk,
            "neighbor_id": card_of(given, given.call()),
        },
        "said who the call is about",
        [],
    ),
    Case(
        neighbors.say_who,
        "noor",
        lambda given: {**named(given), "neighbor_id": None},
        "took back who the call is about",
        [],
    ),
    Case(
        neighbors.write_care_plan,
        "noor",
        lambda given: {
            **named(given),
            "agreed": neighbors.Agreed("a quiet voice", "sirens", "her sister"),
        },
        "wrote the care plan of the person the call is about",
        [],
    ),
]

CASES = [
    *INTAKE,
    *INCIDENT,
    *TRIAGE,
    *RULE_SETS,
    *DISPATCH,
    *SAFETY,
    *CREWS,
    *QUEUE,
    *FOLLOWUP,
    *REPLAYS,
    *PAPER,
]
MODULES: tuple[ModuleType, ...] = (
    intake,
    neighbors,
    places,
    merging,
    triage,
    rule_sets,
    dispatch,
    safety,
    call_watches,
    crews,
    queue,
    followup,
    replays,
    paper,
)

WITHOUT_A_PERSON = {
    triage.end_clarifying,
    rule_sets.activate_protocol,
    rule_sets.activate_due,
    dispatch.replan_waiting,
    dispatch.write_plan,
    places.default_expiry,
    safety.climb_ladders,
    safety.tighten_checks,
    call_watches.watch_calls,
    crews.report_position,  # deliberately not journalled
    followup.mark_due,
    followup.mark_overdue,
    followup.check_consent,
    followup.write_consent,
    followup.promise,
    replays.run_replays,
}
"""Sweeps, imports and parts of other actions: tested by themselves."""
