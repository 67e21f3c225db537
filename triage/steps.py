"""Changes of triage rows that several actions share; they record nothing themselves."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from heart.journal.actor import Actor
from heart.moves import Effect, born, make_move
from intake.models import Call
from intake.states import CallStatus
from intake.steps import Refused
from triage import rules
from triage.models import (
    HEART_ROUTES,
    PROTECTION,
    Assessment,
    Consult,
    Decision,
    Eligibility,
    Lowering,
    Route,
    ShadowDecision,
)
from triage.queries import (
    active_rule_set_id,
    known_to_console,
    protocol,
    said,
    shadow_rule_set_id,
    target_seconds,
)
from triage.states import CONSULT, LOWERING, OPEN_CONSULT, ConsultStatus, LoweringStatus

log = logging.getLogger(__name__)

CLARIFYING_SECONDS = "clarifying_pass"
CLARIFIED = "clarified"


@dataclass(slots=True)
class Decided:
    """A decision with what it did to other rows."""

    decision: Decision
    changes: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


def assess(call: Call) -> Assessment:
    """The assessment of a call, locked until the action ends; begun with the active rule set."""
    found = Assessment.objects.select_for_update(no_key=True).filter(call=call).first()
    if found is not None:
        return found
    made, _ = Assessment.objects.get_or_create(
        call=call, defaults={"rule_set_id": active_rule_set_id()}
    )
    return made


def bears_on_the_route(call: Call, changed: list[str]) -> bool:
    """Whether the rules have to be asked again because these columns of the call changed."""
    if "nature" in changed:
        return True
    if "beat" not in changed:
        return False
    found = Assessment.objects.filter(call=call, decision__isnull=False).first()
    return found is not None and "beat" in protocol(found.rule_set_id).rule_set.answers


def merge_answers(assessment: Assessment, answers: dict[str, Any]) -> list[str]:
    """Take over new answers; None or an empty text takes one back. Gives the keys that changed."""
    problems = rules.check_answers(
        protocol(assessment.rule_set_id).questions,
        {key: value for key, value in answers.items() if value not in (None, "")},
    )
    if problems:
        raise Refused(**{p.pointer.removeprefix("/"): p.message for p in problems})
    changed = [
        key for key, value in answers.items() if assessment.answers.get(key) != (value or None)
    ]
    kept = {**assessment.answers, **answers}
    assessment.answers = {key: value for key, value in kept.items() if value not in (None, "")}
    return sorted(changed)


def decide(
    call: Call,
    assessment: Assessment,
    *,
    by: Actor,
    is_new: bool = False,
    at_least: Sequence[Decision] = (),
) -> Decided:
    """Ask the rules again and store the whole answer; a riskier decision in force is held.

    What is decided never falls below the decisions ``at_least``, and nobody is asked to lower it.
    """
    loaded = protocol(assessment.rule_set_id)
    before = assessment.decision
    nature = call.nature.code if call.nature else None
    answers = {**assessment.answers, **known_to_console(call, loaded.questions)}
    outcome = rules.evaluate(loaded.rule_set, answers, nature)
    made = Decision(
        call=call,
        rule_set_id=assessment.rule_set_id,
        inputs={
            "nature": nature,
            "answers": answers,
            "switches": dict(loaded.rule_set.switches),
        },
        said=said(outcome),
        route=outcome.route,
        added=list(outcome.added),
        level=max(outcome.level, assessment.level_floor),
        rule=outcome.rule,
        reasons=[list(reason) for reason in outcome.reasons],
        matched=list(outcome.matched),
        decided_by_id=by.id,
    )
    effects: list[Effect] = []
    if before is not None:
        made.changes = rules.differences(_facts(before), _facts(made))
    is_open = call.status == CallStatus.OPEN
    if at_least:
        _raise_to(made, at_least)
    elif before is not None and is_open and _is_lower(made.route, made.level, than=before):
        effects += _hold(call, made, before, by=by)
    made.save(force_insert=True)
    _decide_in_shadow(call, assessment, made)
    return Decided(
        made, made.changes, effects + put_in_force(call, assessment, made, is_new=is_new)
    )


def _decide_in_shadow(call: Call, assessment: Assessment, made: Decision) -> None:
    """Ask the version in shadow about the same call; whatever comes of it, the call goes on."""
    shadow_id = shadow_rule_set_id()
    if shadow_id is None:
        return
    try:
        with transaction.atomic():
            _keep_what_shadow_says(shadow_id, call, assessment, made)
    except Exception:
        log.exception("the version in shadow could not decide about call %s", call.pk)


def _keep_what_shadow_says(
    shadow_id: int, call: Call, assessment: Assessment, made: Decision
) -> None:
    loaded = protocol(shadow_id)
    fitting = rules.fitting(loaded.questions, assessment.answers)
    answers = {**fitting, **known_to_console(call, loaded.questions)}
    nature = made.inputs["nature"]
    outcome = said(rules.evaluate(loaded.rule_set, answers, nature))
    del outcome["matched"]
    ShadowDecision.objects.create(
        decision=made,
        rule_set_id=shadow_id,
        inputs={"nature": nature, "answers": answers},
        differs=_what_comes(outcome) != _what_comes(made.said),
        **outcome,
    )


def _what_comes(answer: dict[str, Any]) -> tuple[str, int, frozenset[str]]:
    """What the caller would notice: another rule that says the same is no other decision."""
    return answer["route"], answer["level"], frozenset(answer["added"])


def override(
    call: Call,
    assessment: Assessment,
    *,
    route: str,
    level: int,
    reason: str,
    by: Actor,
    added: list[str] | None = None,
) -> Decided:
    """Store a decision that a person made over the rules."""
    before = assessment.decision
    made = Decision.objects.create(
        call=call,
        rule_set_id=assessment.rule_set_id,
        source=Decision.Source.PERSON,
        inputs=before.inputs if before else {"answers": assessment.answers},
        route=route,
        added=added if added is not None else [],
        level=level,
        rule=before.rule if before else "R99",
        reasons=[["person", route, reason]],
        changes=_changes_by_hand(before, route, level),
        override_reason=reason,
        decided_by_id=by.id,
    )
    return Decided(made, made.changes, put_in_force(call, assessment, made))


def _changes_by_hand(before: Decision | None, route: str, level: int) -> list[str]:
    if before is None:
        return [route, f"level {level}"]
    told = [f"{before.route} -> {route}"] if route != before.route else []
    return told + ([f"level {before.level} -> {level}"] if level != before.level else [])


def put_in_force(
    call: Call, assessment: Assessment, decision: Decision, *, is_new: bool = False
) -> list[Effect]:
    """Point the assessment, the eligibility and the clinician queue at the decision."""
    assessment.decision = decision
    assessment.clarify_due_at = _clarify_due_at(assessment, decision)
    assessment.save()
    is_heart = decision.route in HEART_ROUTES
    state = Eligibility.State.ELIGIBLE if is_heart else Eligibility.State.INELIGIBLE
    if decision.route == Route.DISPATCHER:
        state = Eligibility.State.UNKNOWN
    values = {
        "state": state,
        "is_supported": not is_heart and bool(set(decision.added) & set(HEART_ROUTES)),
        "decision": decision,
    }
    if is_new:
        Eligibility.objects.create(call=call, **values)
    else:
        Eligibility.objects.update_or_create(call=call, defaults=values)
    return queue(call, decision, is_new=is_new)


def queue(call: Call, decision: Decision, *, is_new: bool = False) -> list[Effect]:
    """Offer the call to the clinicians when the decision names them, withdraw it when it does not."""
    waiting = None
    if not is_new:
        waiting = Consult.objects.filter(call=call, status__in=OPEN_CONSULT).first()
    if Route.CCD in decision.units:
        if waiting is None and (is_new or not _has_talked(call, decision.level)):
            return [offer(call, decision)]
        if waiting is not None and waiting.level != decision.level:
            due_at = min(waiting.accept_due_at, timezone.now() + _accept_within(decision))
            Consult.objects.filter(pk=waiting.pk).update(
                level=decision.level, accept_due_at=due_at
            )
    elif waiting is not None and waiting.accepted_at is None:
        return [make_move(CONSULT, "withdraw", waiting, ended_at=timezone.now())]
    return []


def _has_talked(call: Call, level: int) -> bool:
    """Whether a clinician is done with the call at this level; a raised one is offered again."""
    return Consult.objects.filter(call=call, status=ConsultStatus.ENDED, level__gte=level).exists()


def _accept_within(decision: Decision) -> timedelta:
    return timedelta(seconds=target_seconds(decision.rule_set_id, "ccd_accept", decision.level))


def offer(
    call: Call,
    decision: Decision,
    *,
    kind: str = Consult.Kind.TRANSFER,
    seconds: int | None = None,
) -> Effect:
    """Put the call into the clinician queue, with the time by which it should be accepted."""
    now = timezone.now()
    within = _accept_within(decision) if seconds is None else timedelta(seconds=seconds)
    consult = Consult.objects.create(
        call=call,
        kind=kind,
        level=decision.level,
        offered_at=now,
        accept_due_at=now + within,
    )
    return born(CONSULT, consult)


def _facts(decision: Decision) -> rules.Inputs:
    return rules.Inputs(
        nature=decision.inputs.get("nature"),
        answers=decision.inputs["answers"],
        rule=decision.rule,
        route=decision.route,
        level=decision.level,
    )


def _is_lower(route: str, level: int, *, than: Decision) -> bool:
    return than.level >= 3 and (
        level < than.level or PROTECTION[Route(route)] < PROTECTION[Route(than.route)]
    )


def _raise_to(made: Decision, at_least: Sequence[Decision]) -> None:
    """Give ``made`` the highest level, the best protected route and all that is added of these."""
    alone = (made.route, made.level, set(made.units))
    best = max([made, *at_least], key=lambda each: PROTECTION[Route(each.route)])
    weight = PROTECTION[Route(best.route)]
    units = {*made.units, *(unit for each in at_least for unit in each.added)}
    units |= {each.route for each in at_least if PROTECTION[Route(each.route)] == weight}
    made.level = max(made.level, *(each.level for each in at_least))
    made.route = best.route
    made.added = sorted(units - {best.route, Route.DISPATCHER})
    made.is_held = (made.route, made.level, set(made.units)) != alone


def _hold(call: Call, made: Decision, before: Decision, *, by: Actor) -> list[Effect]:
    """Keep the riskier decision in force and ask a clinician whether it may be lowered."""
    wanted = (made.route, made.level)
    made.is_held = True
    made.level = max(made.level, before.level)
    made.added = sorted({*made.units, *before.added} - {before.route})
    made.route = before.route
    known = Lowering.objects.filter(call=call, status=LoweringStatus.ASKED)
    if known.update(to_route=wanted[0], to_level=wanted[1], asked_at=Now()) or by.id is None:
        return []  # what is asked already is asked about the newest answers
    asked = Lowering.objects.create(
        call=call,
        to_route=wanted[0],
        to_level=wanted[1],
        reason="; ".join(made.changes)[:300] or "answers changed",
        asked_by_id=by.id,
    )
    return [born(LOWERING, asked)]


def _needs_pass(decision: Decision) -> bool:
    """Whether the rules send somebody else, or sooner, once the clarifying pass is over."""
    rule_set = protocol(decision.rule_set_id).rule_set
    answers = decision.inputs["answers"]
    if CLARIFIED not in rule_set.answers or CLARIFIED in answers:
        return False
    over = rules.evaluate(rule_set, {**answers, CLARIFIED: "y"}, decision.inputs["nature"])
    return _what_comes(said(over)) != _what_comes(decision.said)


def _clarify_due_at(assessment: Assessment, decision: Decision) -> datetime | None:
    """When the one clarifying pass ends; it runs once, from the first decision that needs it."""
    if decision.source == Decision.Source.PERSON or not _needs_pass(decision):
        return None
    if assessment.clarify_due_at is not None:
        return assessment.clarify_due_at
    return timezone.now() + timedelta(
        seconds=target_seconds(decision.rule_set_id, CLARIFYING_SECONDS, None)
    )
