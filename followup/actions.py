"""Closing a call, and keeping the promise that may follow from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dispatch.actions import write_plan
from dispatch.models import Service
from dispatch.queries import encounter_ended_at
from dispatch.states import OPEN_RUN
from dispatch.steps import one_of
from followup import facts
from followup.models import Attempt, Consent, FollowUp, Notice
from followup.queries import crew_asked, first_service, outcome_so_far
from followup.states import FOLLOW_UP, UNREACHED, FollowUpStatus
from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import Effect, born, each_by_itself, make_move
from heart.roles import Role
from intake.models import Call
from intake.states import CALL
from intake.steps import Refused, text_fault
from triage import steps as triage_steps
from triage.models import Assessment, Consult, Eligibility, ReasonCode
from triage.queries import active_rule_set_id, target_seconds
from triage.states import CONSULT, OPEN_CONSULT, ConsultStatus

UNTRIAGED_LEVEL = 2
"""The level that sets the priority of a follow-up on a call that was never triaged."""

NEXT_ATTEMPT = timedelta(hours=20)
"""Another time of the next day (synthetic default)."""


@dataclass(frozen=True, slots=True)
class Consented:
    """What the neighbor answered when asked whether we may follow up, and by which ways."""

    answer: str
    by_call: bool = False
    by_voicemail: bool = False
    by_text: bool = False
    phone: str = ""
    preferred_time: str = ""


def close_call(
    *,
    call_id: int,
    consent: Consented | None = None,
    not_served_reason: str = "",
    outcome: str = "",
    by: Actor,
    command_id: UUID | None = None,
) -> Call:
    """Close a call. With consent the 48-hour follow-up is promised in the same transaction.

    Where nobody could ask now, what the crew wrote down counts; without an outcome, what came of the
    last meeting.
    """
    if consent is not None:
        check_consent(consent)
    one_of(outcome=(outcome, ["", *Call.Outcome.values]))
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
        # Before the queue is touched: the sweep of clarifying passes locks in this order too.
        Assessment.objects.filter(call=call).update(clarify_due_at=None)
        _nobody_is_on(call)
        served, reason = _write_service(call, not_served_reason)
        now = timezone.now()
        outcome = outcome or outcome_so_far(call)
        if consent is None or consent.answer == Consent.Answer.NOT_ASKED:
            consent = _as_crew_wrote(call)
        effects = [make_move(CALL, "close", call, closed_at=now, outcome=outcome)]
        waiting = call.consults.filter(status=ConsultStatus.WAITING).first()
        if waiting is not None:
            effects.append(make_move(CONSULT, "withdraw", waiting, ended_at=now))
        write_consent(call, consent, by, now)
        promised = None
        if consent.answer == Consent.Answer.YES:
            promised, effect = promise(call, now)
            effects += effect
        elif consent.answer == Consent.Answer.NO:
            effects += _withdraw_promise(call, now)
        record(
            facts.CallClosed(
                call_id=call_id,
                served=served,
                reason_code=reason,
                consent=consent.answer,
                followup_id=promised.pk if promised else None,
            ),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return call


def _as_crew_wrote(call: Call) -> Consented:
    """What the neighbor answered to the crew, or that nobody could ask."""
    met = crew_asked(call)
    if met is None:
        return Consented(Consent.Answer.NOT_ASKED)
    return Consented(
        met.consent,
        by_call=met.by_call,
        by_voicemail=met.by_voicemail,
        by_text=met.by_text,
        phone=met.consent_phone or met.run.call.caller_phone,
        preferred_time=met.preferred_time,
    )


def check_consent(consent: Consented) -> None:
    """Raise Refused for an answer that cannot be carried out."""
    problems = {}
    if consent.answer not in Consent.Answer.values:
        problems["consent"] = f"one of {', '.join(Consent.Answer.values)}"
    if consent.answer == Consent.Answer.YES and not (consent.by_call or consent.by_text):
        problems["by_call"] = "choose at least one way to reach them: call or text"
    for name, longest in (("phone", 40), ("preferred_time", 80)):
        if fault := text_fault(getattr(consent, name), longest):
            problems[name] = fault
    if problems:
        raise Refused(**problems)


def _nobody_is_on(call: Call) -> None:
    run = call.runs.filter(status__in=OPEN_RUN).select_related("unit").first()
    if run is not None:
        raise Refused(call=f"{run.unit} is still on this call: clear or cancel it first")
    consult = call.consults.filter(status=ConsultStatus.ACCEPTED).first()
    if consult is not None:
        raise Refused(call=f"{consult.accepted_by} is still talking: end the contact first")


def _write_service(call: Call, reason: str) -> tuple[str, str | None]:
    """Write down who served the call, or why nobody of HEART did; gives both as codes."""
    service = write_plan(call)
    eligibility = Eligibility.objects.filter(call=call).first()
    state = eligibility.state if eligibility else Eligibility.State.NOT_TRIAGED
    met = first_service(call)
    if service is None:
        # a contact that a team began itself is served without triage
        return (met[0], None) if met is not None else ("not_triaged", "triage_not_done")
    if met is not None:
        kind, at = met
        Service.objects.filter(pk=service.pk).update(
            served_by=kind, served_at=at, not_served_reason=None
        )
        return kind, None
    if state != Eligibility.State.ELIGIBLE:
        return state, None
    codes = ReasonCode.objects.filter(is_active=True).values_list("code", flat=True)
    if reason not in codes:
        raise Refused(
            not_served_reason="this call was eligible and HEART did not serve it: say why"
        )
    Service.objects.filter(pk=service.pk).update(not_served_reason=reason)
    return "not_served", reason


def write_consent(call: Call, consent: Consented, by: Actor, now: datetime) -> None:
    """The newest answer counts; not being asked again takes no earlier answer back."""
    not_asked = consent.answer == Consent.Answer.NOT_ASKED
    if not_asked and Consent.objects.filter(call=call).exists():
        return
    phone = consent.phone.strip() or call.caller_phone
    is_yes = consent.answer == Consent.Answer.YES
    if is_yes and not phone:
        raise Refused(phone="write down the number at which they want to be reached")
    Consent.objects.update_or_create(
        call=call,
        defaults={
            "answer": consent.answer,
            "by_call": is_yes and consent.by_call,
            "by_voicemail": is_yes and consent.by_voicemail,
            "by_text": is_yes and consent.by_text,
            "phone": phone if is_yes else "",
            "preferred_time": consent.preferred_time if is_yes else "",
            "recorded_at": now,
            "recorded_by_id": by.id,
        },
    )


def promise(call: Call, now: datetime) -> tuple[FollowUp, list[Effect]]:
    """The promise, counted in UTC from the end of the meeting.

    A call closed again keeps a promise that is still to be kept; one that was kept or has ended
    is made anew, because this meeting was agreed on as well.
    """
    known = FollowUp.objects.select_for_update().filter(call=call).first()
    if known is not None and known.status in UNREACHED:
        return known, []
    assessment = Assessment.objects.filter(call=call).select_related("decision").first()
    level = assessment.decision.level if assessment and assessment.decision else UNTRIAGED_LEVEL
    rule_set_id = assessment.rule_set_id if assessment else active_rule_set_id()
    ended_at = encounter_ended_at(call)
    is_new = ended_at is not None and (known is None or ended_at > known.promised_at)
    start = ended_at if ended_at and is_new else now
    due_at = start + timedelta(hours=settings.HEART_FOLLOWUP_HOURS)
    attempt = timedelta(seconds=target_seconds(rule_set_id, "follow_up_attempt", level))
    promised = {
        "priority": "A" if level >= 3 else "B" if level == 2 else "C",
        "promised_at": now,
        "attempt_due_at": min(start + attempt, due_at),
        "due_at": due_at,
    }
    if known is not None:
        anew = {"reached_at": None, "closed_at": None, "close_reason": ""}
        return known, [make_move(FOLLOW_UP, "renew", known, **promised, **anew)]
    made = FollowUp.objects.create(call=call, **promised)
    return made, [born(FOLLOW_UP, made)]


def _withdraw_promise(call: Call, now: datetime) -> list[Effect]:
    """Nobody is followed up against their word: the promise of an earlier closing ends."""
    known = FollowUp.objects.filter(call=call).exclude(status=FollowUpStatus.CLOSED).first()
    if known is None:
        return []
    withdrew = FollowUp.CloseReason.WITHDREW
    return [make_move(FOLLOW_UP, "close", known, closed_at=now, close_reason=withdrew)]


def reopen(*, call_id: int, reason: str, by: Actor, command_id: UUID | None = None) -> Call:
    """Open a closed call again; ``reason`` is a code: new_information or closed_by_mistake.

    One that was merged becomes a call of its own again; what went over to the other stays there.
    """
    if reason not in ("new_information", "closed_by_mistake"):
        raise Refused(reason="one of new_information, closed_by_mistake")
    with transaction.atomic():
        call = Call.objects.get(pk=call_id)
        effect = make_move(
            CALL,
            "reopen",
            call,
            closed_at=None,
            merged_into=None,
            outcome="",
            reopened_at=timezone.now(),
        )
        record(
            facts.CallReopened(call_id=call_id, reason=reason),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return call


def take(*, followup_id: int, by: Actor, command_id: UUID | None = None) -> FollowUp:
    """A care navigator makes this promise their own."""
    with transaction.atomic():
        row = _locked(followup_id)
        if row.owner_id == by.id:
            return row
        FollowUp.objects.filter(pk=row.pk).update(owner_id=by.id)
        row.owner_id = by.id
        record(
            facts.FollowUpTaken(call_id=row.call_id, followup_id=row.pk, owner_id=by.person_id),
            by=by,
            command_id=command_id,
        )
    return row


def log_attempt(
    *,
    followup_id: int,
    channel: str,
    outcome: str,
    note: str = "",
    by: Actor,
    command_id: UUID | None = None,
) -> Attempt:
    """Write down one try; a person reached in crisis goes back to the clinicians at once."""
    problems = {}
    if channel not in Attempt.Channel.values:
        problems["channel"] = f"one of {', '.join(Attempt.Channel.values)}"
    if outcome not in Attempt.Outcome.values:
        problems["outcome"] = f"one of {', '.join(Attempt.Outcome.values)}"
    if fault := text_fault(note, 2000):
        problems["note"] = fault
    if problems:
        raise Refused(**problems)
    with transaction.atomic():
        if outcome == Attempt.Outcome.CRISIS:
            # The call first, as everybody does: nobody closes it while it goes back to the queue.
            Call.objects.select_for_update(no_key=True).get(followup=followup_id)
        row = _locked(followup_id)
        now = timezone.now()
        attempt = Attempt.objects.create(
            followup=row,
            number=row.attempts.count() + 1,
            channel=channel,
            outcome=outcome,
            note=note.strip(),
            made_at=now,
            made_by_id=by.person_id,
        )
        effects = _after_attempt(row, outcome, now)
        if outcome == Attempt.Outcome.CRISIS:
            effects += _back_to_clinicians(row.call)
        record(
            facts.FollowUpAttempted(
                call_id=row.call_id,
                followup_id=row.pk,
                attempt_id=attempt.pk,
                number=attempt.number,
                channel=channel,
                outcome=outcome,
            ),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return attempt


def _after_attempt(row: FollowUp, outcome: str, now: datetime) -> list[Effect]:
    """Reached keeps the promise; otherwise the next attempt is set, before the deadline if it can be."""
    if outcome in Attempt.REACHED and row.status in UNREACHED:
        return [make_move(FOLLOW_UP, "reach", row, reached_at=now)]
    following = now + NEXT_ATTEMPT
    if now < row.due_at or row.status == FollowUpStatus.PROMISED:
        following = min(following, row.due_at)
    FollowUp.objects.filter(pk=row.pk).update(attempt_due_at=following)
    return []


def _back_to_clinicians(call: Call) -> list[Effect]:
    effects = []
    if call.closed_at is not None:
        effects.append(make_move(CALL, "reopen", call, closed_at=None, merged_into=None))
    assessment = Assessment.objects.select_related("decision").filter(call=call).first()
    is_queued = call.consults.filter(status__in=OPEN_CONSULT).exists()
    if assessment and assessment.decision and not is_queued:
        effects.append(
            triage_steps.offer(call, assessment.decision, kind=Consult.Kind.CALL_BACK, seconds=60)
        )
    return effects


def close_followup(
    *, followup_id: int, reason: str, by: Actor, command_id: UUID | None = None
) -> FollowUp:
    """End a follow-up with its reason; unreachable only after five attempts."""
    if reason not in FollowUp.CloseReason.values:
        raise Refused(reason=f"one of {', '.join(FollowUp.CloseReason.values)}")
    with transaction.atomic():
        row = _locked(followup_id)
        tries = row.attempts.filter(made_at__gte=row.promised_at).count()
        if reason == FollowUp.CloseReason.UNREACHABLE and tries < 5:
            raise Refused(reason="unreachable needs five attempts")
        effect = make_move(FOLLOW_UP, "close", row, closed_at=timezone.now(), close_reason=reason)
        record(
            facts.FollowUpClosed(call_id=row.call_id, followup_id=row.pk, reason=reason),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return row


def see_notice(*, notice_id: int, by: Actor, command_id: UUID | None = None) -> Notice:
    """Somebody of the role has seen the notice."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().select_related("followup").get(pk=notice_id)
        if notice.seen_at is not None:
            return notice
        notice.seen_at, notice.seen_by_id = timezone.now(), by.id
        notice.save(update_fields=["seen_at", "seen_by"])
        record(
            facts.NoticeSeen(call_id=notice.followup.call_id, notice_id=notice.pk),
            by=by,
            command_id=command_id,
        )
    return notice


def mark_due(*, limit: int, by: Actor) -> int:
    """Sweep: first attempts whose time has come."""
    return _sweep("fall_due", {"status": "promised"}, "attempt_due_at", limit, by)


def mark_overdue(*, limit: int, by: Actor) -> int:
    """Sweep: contacts that were not made in time."""
    unreached = [FollowUpStatus.PROMISED, FollowUpStatus.DUE]
    return _sweep("run_over", {"status__in": unreached}, "due_at", limit, by)


def _sweep(move: str, rows: dict[str, Any], column: str, limit: int, by: Actor) -> int:
    """Move due rows one by one, each in its own transaction; two sweepers never take the same row."""
    due = FollowUp.objects.filter(**rows, **{f"{column}__lte": timezone.now()}).order_by(column)
    ids = due.values_list("pk", flat=True)[:limit]
    return each_by_itself("follow-up", ids, lambda pk: _fall(move, rows, column, pk, by))


def _fall(move: str, rows: dict[str, Any], column: str, followup_id: int, by: Actor) -> bool:
    code, fact, role = {
        "fall_due": (Notice.Code.DUE, facts.FollowUpDue, Role.CARE_NAVIGATOR),
        "run_over": (Notice.Code.OVERDUE, facts.FollowUpOverdue, Role.SUPERVISOR),
    }[move]
    with transaction.atomic():
        row = (
            FollowUp.objects.select_for_update(skip_locked=True)
            .filter(pk=followup_id, **rows, **{f"{column}__lte": timezone.now()})
            .first()
        )
        if row is None:
            return False
        effect = make_move(FOLLOW_UP, move, row)
        unseen = {"role": role, "raised_at": timezone.now(), "seen_at": None, "seen_by": None}
        Notice.objects.update_or_create(followup=row, code=code, defaults=unseen)
        record(fact(call_id=row.call_id, followup_id=row.pk), by=by, effects=[effect])
    return True


def _locked(followup_id: int) -> FollowUp:
    row = (
        FollowUp.objects.select_for_update(of=("self",)).select_related("call").get(pk=followup_id)
    )
    if row.status == FollowUpStatus.CLOSED:
        raise Refused(followup="this follow-up is closed")
    return row
