"""What people do with paper: print numbered cards, and enter what was taken on them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dispatch.actions import write_plan
from dispatch.models import Run, Service, Unit
from dispatch.states import RUN, RunStatus
from dispatch.steps import UnitTaken, insert_run, must_be_free
from dispatch.watching import watch_run
from followup.actions import UNTRIAGED_LEVEL, check_consent, promise, write_consent
from followup.models import Consent
from followup.queries import first_service, outcome_so_far
from heart.accounts.models import User
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.journal.record import record
from heart.moves import Effect, Machine, born, make_move
from heart.paper.card import Card, faults
from heart.paper.facts import CallCaughtUp, PaperPackPrinted
from heart.paper.models import NumberSeries, PaperPack
from heart.paper.numbers import PaperNumber, prefix_of
from heart.roles import Role
from intake.models import Call, Note
from intake.states import CALL, CallStatus
from intake.steps import Refused, cleaned, new_call, text_fault
from triage import steps as triage_steps
from triage.models import Assessment, Consult, Decision, Eligibility, ReasonCode
from triage.queries import active_rule_set_id, protocol
from triage.states import CONSULT

MOST_CARDS = 200
CAUGHT_UP = CallCaughtUp.verb
LONGEST = {"notes": 4000, "unit": 12, "clinician": 150, "not_served_reason": 40}
SENT: Mapping[str, str] = {
    Unit.Kind.CRT: Consult.Outcome.SEND_CRT,
    Unit.Kind.COR: Consult.Outcome.SEND_COR,
}
"""How a talk ended after which a team was sent."""


def print_pack(
    *, position: str, count: int, by: Actor, command_id: UUID | None = None
) -> PaperPack:
    """Give numbers to blank cards of a position; whatever is printed later begins after them."""
    prefix = prefix_of(position)
    problems = {}
    if prefix is None:
        problems["position"] = "a letter, then up to seven letters or digits, like P1"
    if count not in range(1, MOST_CARDS + 1):
        problems["count"] = f"between 1 and {MOST_CARDS}"
    if prefix is None or problems:
        raise Refused(**problems)
    with transaction.atomic():
        series = _series(prefix)
        pack = PaperPack.objects.create(
            series=series,
            first=series.upcoming,
            last=series.upcoming + count - 1,
            printed_by_id=by.person_id,
        )
        NumberSeries.objects.filter(pk=series.pk).update(upcoming=pack.last + 1)
        record(
            PaperPackPrinted(
                call_id=None,
                paper_pack_id=pack.pk,
                first=str(pack.numbers[0]),
                last=str(pack.numbers[-1]),
            ),
            by=by,
            command_id=command_id,
        )
    return pack


def catch_up(*, card: Card, by: Actor, command_id: UUID | None = None) -> Call:
    """A call that was taken on paper comes into the console, over or as it stands now.

    Whatever counts from a time counts from when it happened; only the recording is of now.
    """
    columns = cleaned(card.fields)
    _check(card)
    with transaction.atomic():
        _take_number(card.number)
        unit = _unit(card)
        call = _call(card, columns, by)
        effects = _told(CALL, call, CallStatus.OPEN, *(["close"] if card.is_over else []))
        note = _note(call, card, by)
        decision, decided = _triage(call, card, by)
        talk = _talk(call, unit, card, decision)
        run, sent = _send(call, unit, card, by) if unit else (None, [])
        served, reason = _serve(call, unit, card, decision)
        if card.is_over:
            Call.objects.filter(pk=call.pk).update(outcome=outcome_so_far(call))
        followup, promised = _agree(call, card, by)
        record(
            CallCaughtUp(
                call_id=call.pk,
                paper=str(card.number),
                note_id=note.pk if note else None,
                decision_id=decision.pk if decision else None,
                route=decision.route if decision else None,
                level=decision.level if decision else None,
                rule=decision.rule if decision else None,
                rule_set=decision.rule_set_id if decision else None,
                run_id=run.pk if run else None,
                unit_id=unit.pk if unit else None,
                unit=unit.code if unit else None,
                served=served,
                reason_code=reason,
                consent=card.consent.answer if card.consent else None,
                followup_id=followup,
            ),
            by=by,
            effects=[*effects, *decided, *talk, *sent, *promised],
            happened_at=card.received_at,
            command_id=command_id,
        )
    return call


def _told(machine: Machine, row: Any, first: str, *moves: str) -> list[Effect]:
    """The effects of a row that is written down at the end of its way: born, then each move."""
    subject = f"{machine.noun}:{row.pk}"
    way = [Effect(subject, "born", str(first))]
    return way + [Effect(subject, move, machine.moves[move].target) for move in moves]


def _check(card: Card) -> None:
    problems = faults(card, timezone.now())
    for name, longest in LONGEST.items():
        if fault := text_fault(getattr(card, name), longest):
            problems[name] = fault
    if problems:
        raise Refused(**problems)
    if card.consent is not None:
        check_consent(card.consent)


def _series(prefix: str) -> NumberSeries:
    """The numbers of a position, locked until the action ends."""
    NumberSeries.objects.get_or_create(prefix=prefix)
    return NumberSeries.objects.select_for_update().get(prefix=prefix)


def _take_number(number: PaperNumber) -> None:
    """Refuse a number that was entered before; one that was made up by hand is never printed later."""
    series = _series(number.prefix)
    known = Call.objects.filter(source=Call.Source.PAPER, external_ref=str(number)).first()
    if known is not None:
        entry = Entry.objects.get(call_id=known.pk, verb=CAUGHT_UP)
        at = timezone.localtime(entry.recorded_at)
        raise Refused(
            paper_number=f"{number} is call {known}: entered by {entry.actor_name},"
            f" {at:%b} {at.day} {at:%H:%M}"
        )
    if number.running >= series.upcoming:
        NumberSeries.objects.filter(pk=series.pk).update(upcoming=number.running + 1)


def _unit(card: Card) -> Unit | None:
    """The team that was sent; one that is still out there must be on nothing else."""
    if not card.unit:
        return None
    unit = (
        Unit.objects.select_for_update(no_key=True).filter(code=card.unit, is_active=True).first()
    )
    if unit is None or unit.kind == Unit.Kind.CCD:
        raise Refused(unit="no such team")
    if not card.has_ended_run:
        try:
            must_be_free(unit)
        except UnitTaken as taken:
            raise Refused(unit=str(taken)) from taken
    return unit


def _call(card: Card, columns: dict[str, Any], by: Actor) -> Call:
    return new_call(
        columns,
        by=by,
        status=CallStatus.CLOSED if card.is_over else CallStatus.OPEN,
        source=Call.Source.PAPER,
        external_ref=str(card.number),
        received_at=card.received_at,
        answered_at=card.received_at,
        closed_at=card.cleared_at if card.is_over else None,
    )


def _note(call: Call, card: Card, by: Actor) -> Note | None:
    return Note.objects.create(call=call, text=card.notes, author_id=by.id) if card.notes else None


def _triage(call: Call, card: Card, by: Actor) -> tuple[Decision | None, list[Effect]]:
    """What the rules say to the answers; a clinician is waited for since the call came in."""
    assessment = Assessment(call=call, rule_set_id=active_rule_set_id())
    answers = _answers(call, card, assessment.rule_set_id)
    if not answers and call.nature is None:
        Eligibility.objects.create(call=call)
        return None, []
    triage_steps.merge_answers(assessment, answers)
    decided = triage_steps.decide(call, assessment, by=by, is_new=True)
    late = timezone.now() - card.received_at
    shifted = None if card.is_over else F("clarify_due_at") - late
    Assessment.objects.filter(pk=assessment.pk).update(clarify_due_at=shifted)
    consults = Consult.objects.filter(call=call)
    consults.update(offered_at=F("offered_at") - late, accept_due_at=F("accept_due_at") - late)
    return decided.decision, decided.effects


def _talk(call: Call, unit: Unit | None, card: Card, decision: Decision | None) -> list[Effect]:
    """A clinician's talk as far as it went; nobody waits for one about a call that is over."""
    waiting = Consult.objects.filter(call=call).first()
    if card.talked_at is None:
        if waiting is None or not card.is_over:
            return []
        return [make_move(CONSULT, "withdraw", waiting, ended_at=card.cleared_at)]
    clinician = User.objects.filter(username=card.clinician, role=Role.CLINICIAN).first()
    if clinician is None:
        raise Refused(clinician="no such clinician")
    effects = []
    if waiting is None:
        waiting = Consult.objects.create(
            call=call,
            level=decision.level if decision else UNTRIAGED_LEVEL,
            offered_at=card.received_at,
            accept_due_at=card.talked_at,
        )
        effects.append(born(CONSULT, waiting))
    accepted = {"accepted_at": card.talked_at, "accepted_by_id": clinician.pk}
    effects.append(make_move(CONSULT, "accept", waiting, **accepted))
    if card.is_over:
        outcome = SENT[unit.kind] if unit else Consult.Outcome.RESOLVED
        effects.append(
            make_move(CONSULT, "end", waiting, ended_at=card.cleared_at, outcome=outcome)
        )
    return effects


def _answers(call: Call, card: Card, rule_set_id: int) -> dict[str, str]:
    """The answers on the card; whom the call is about stands among its fields."""
    asked = {question.key: question.values for question in protocol(rule_set_id).questions}
    about = call.caller_relation
    return {**({"caller": about} if about in asked.get("caller", ()) else {}), **card.answers}


def _send(call: Call, unit: Unit, card: Card, by: Actor) -> tuple[Run, list[Effect]]:
    """The run as far as it went; the crew heard of it by voice, so it is acknowledged."""
    moves = _moves(card)
    status = RUN.moves[moves[-1]].target if moves else RunStatus.DISPATCHED
    times = [card.dispatched_at, card.arrived_at, card.cleared_at]
    run = insert_run(
        call,
        unit,
        by=by,
        status=status,
        status_since=max(at for at in times if at is not None),
        dispatched_at=card.dispatched_at,
        acknowledged_at=card.dispatched_at,
        on_scene_at=card.arrived_at,
        ended_at=card.cleared_at,
        outcome=card.outcome if "clear" in moves else "",
        felt_safe=card.felt_safe if "clear" in moves else "",
        cancel_reason=card.cancel_reason if "cancel" in moves else "",
    )
    effects = _told(RUN, run, RunStatus.DISPATCHED, *moves)
    return run, effects + (watch_run(run, at=run.status_since) if run.is_open else [])


def _moves(card: Card) -> list[str]:
    if card.cleared_at is not None:
        return ["arrive", "clear"] if card.arrived_at else ["cancel"]
    return ["arrive"] if card.arrived_at else []


def _serve(
    call: Call, unit: Unit | None, card: Card, decision: Decision | None
) -> tuple[str | None, str | None]:
    """Write down who served the call, or why HEART did not; gives both as codes for a call that is over."""
    if decision is None:
        return ("not_triaged", "triage_not_done") if card.is_over else (None, None)
    met = first_service(call)
    if unit is None and met is None and not card.is_over:
        write_plan(call)
        return None, None
    planned = unit.kind if unit else met[0] if met else decision.route
    service = Service(call=call, ideal_route=decision.route, planned_route=planned)
    if met is not None:
        service.served_by, service.served_at = met
    served, reason = _verdict(call, service, card) if card.is_over else (None, None)
    service.not_served_reason_id = reason
    service.save(force_insert=True)
    return served, reason


def _verdict(call: Call, service: Service, card: Card) -> tuple[str, str | None]:
    if service.served_by:
        return service.served_by, None
    state = Eligibility.objects.get(call=call).state
    if state != Eligibility.State.ELIGIBLE:
        return state, None
    if not ReasonCode.objects.filter(is_active=True, code=card.not_served_reason).exists():
        raise Refused(
            not_served_reason="this call was eligible and HEART did not serve it: say why"
        )
    return "not_served", card.not_served_reason


def _agree(call: Call, card: Card, by: Actor) -> tuple[int | None, list[Effect]]:
    """Keep the answer about the follow-up; of a call that is over the promise begins at its end."""
    if card.consent is None:
        return None, []
    write_consent(call, card.consent, by, timezone.now())
    if not card.is_over or card.cleared_at is None or card.consent.answer != Consent.Answer.YES:
        return None, []
    promised, effects = promise(call, card.cleared_at)
    return promised.pk, effects
