"""What supervisors do to versions of the triage rules, from a draft to the one in force and back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from heart.journal.actor import Actor
from heart.journal.record import record
from heart.moves import Effect, born, each_by_itself, make_move
from intake.steps import Refused, written
from triage import evidence, rules
from triage.exchange import json_file
from triage.facts import (
    RuleSetActivated,
    RuleSetApproved,
    RuleSetDrafted,
    RuleSetEdited,
    RuleSetImported,
    RuleSetReturned,
    RuleSetScheduled,
    RuleSetSubmitted,
    RuleSetWithdrawn,
    ScenarioKept,
    ScenarioLeftOut,
)
from triage.models import RuleSet, Scenario
from triage.protocol_files import ProtocolFiles
from triage.queries import had_a_hand_in, protocol, rows_of, said, with_beats
from triage.rule_set_steps import (
    enter_rows,
    enter_shared,
    locked,
    put_in_force,
    replace_rows,
)
from triage.states import RULE_SET, RuleSetStatus

Edit = Callable[[ProtocolFiles], ProtocolFiles]
"""A change of a draft: the whole version before, the whole version after."""


def activate_protocol(*, files: ProtocolFiles, by: Actor) -> RuleSet:
    """The administrator's own version comes into force, without review; calls keep theirs.

    A version that is there is left as it is: what decided about calls never changes.
    """
    with transaction.atomic():
        enter_shared(files)
        version = files.rule_set["version"]
        known = RuleSet.objects.filter(version=version).first()
        if known is not None:
            return known
        made = RuleSet.objects.create(**files.rule_set, natures=files.natures, is_installed=True)
        birth = born(RULE_SET, made)
        enter_rows(made, files)
        _activate(made, by, move="install", effects=[birth])
    return made


def import_rule_set(*, files: ProtocolFiles, by: Actor, command_id: UUID | None = None) -> RuleSet:
    """A file that was read and checked becomes a draft, with the next version number."""
    with transaction.atomic():
        made = _new_draft(files, by, based_on=None)
        record(
            RuleSetImported(call_id=None, rule_set_id=made.pk, version=made.version),
            by=by,
            effects=[born(RULE_SET, made)],
            command_id=command_id,
        )
    return made


def begin_draft(
    *, based_on: int, title: str = "", by: Actor, command_id: UUID | None = None
) -> RuleSet:
    """Begin a new version as a copy of another one, in which rules may ask for today's beats."""
    with transaction.atomic():
        before = RuleSet.objects.get(pk=based_on)
        files = rows_of(before)
        files.rule_set["title"] = written("title", title or before.title, 120)
        files = replace(files, questions=with_beats(files.questions))
        made = _new_draft(files, by, based_on=before)
        record(
            RuleSetDrafted(
                call_id=None,
                rule_set_id=made.pk,
                version=made.version,
                based_on=before.version,
            ),
            by=by,
            effects=[born(RULE_SET, made)],
            command_id=command_id,
        )
    return made


def save_draft(
    *,
    rule_set_id: int,
    revision: int,
    edit: Edit,
    what: str,
    by: Actor,
    command_id: UUID | None = None,
) -> RuleSet:
    """Change a draft as a whole or not at all.

    ``revision`` is what the editor had before them: who edits an older one is refused, so that two
    people never overwrite each other. ``what`` names the part, like "rule R08". Raises ProtocolFault
    with the place of what cannot be used.
    """
    with transaction.atomic():
        draft = _draft(rule_set_id)
        if draft.revision != revision:
            who = f" by {draft.edited_by}" if draft.edited_by else ""
            raise Refused(revision=f"changed meanwhile{who}: reload, then change it again")
        before = rows_of(draft)
        files = json_file.checked(edit(rows_of(draft)))
        replace_rows(draft, files, before)
        changed = {**files.rule_set, "version": draft.version}
        RuleSet.objects.filter(pk=draft.pk).update(
            **changed, revision=revision + 1, edited_by_id=by.id
        )
        record(
            RuleSetEdited(
                call_id=None,
                rule_set_id=draft.pk,
                version=draft.version,
                revision=revision + 1,
                what=what[:80],
            ),
            by=by,
            command_id=command_id,
        )
    draft.refresh_from_db()
    return draft


def submit(*, rule_set_id: int, by: Actor, command_id: UUID | None = None) -> RuleSet:
    """Put a draft into review: it is proven, then frozen with its natures and with the evidence.

    Refused while a safety statement is not true of every call, or a scenario is decided otherwise.
    """
    seen = RuleSet.objects.get(pk=rule_set_id)
    files = rows_of(seen)
    found = _proven(files)  # before any lock: it may take a while
    with transaction.atomic():
        draft = _draft(rule_set_id)
        if draft.revision != seen.revision or rows_of(draft) != files:
            raise Refused(revision="changed while it was being proven: look at it again")
        effect = make_move(
            RULE_SET,
            "submit",
            draft,
            natures=files.natures,
            evidence=found.body(),
            submitted_at=timezone.now(),
            author_id=draft.author_id or by.person_id,
        )
        record(
            RuleSetSubmitted(call_id=None, rule_set_id=draft.pk, version=draft.version),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return draft


def withdraw(
    *, rule_set_id: int, reason: str, by: Actor, command_id: UUID | None = None
) -> RuleSet:
    """Give up a draft, or refuse or drop a version that never counted; a new draft may follow."""
    reason = written("reason", reason, 300)
    with transaction.atomic():
        row = locked(rule_set_id)
        effect = make_move(
            RULE_SET,
            "withdraw",
            row,
            reason=reason,
            retired_at=timezone.now(),
            active_from=None,
            natures=row.natures or rows_of(row).natures,
        )
        record(
            RuleSetWithdrawn(call_id=None, rule_set_id=row.pk, version=row.version),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return row


def approve(*, rule_set_id: int, by: Actor, command_id: UUID | None = None) -> RuleSet:
    """A second person approves: from now on the version runs in shadow, beside the one in force."""
    _proven(rows_of(RuleSet.objects.get(pk=rule_set_id)))
    with transaction.atomic():
        row = locked(rule_set_id)
        if by.person_id == row.author_id or had_a_hand_in(row, by.person_id):
            raise Refused(approval="whoever wrote a version cannot approve it: ask somebody else")
        other = RuleSet.objects.filter(status=RuleSetStatus.SHADOW).first()
        if other is not None:
            raise Refused(approval=f"{other} is in shadow: activate or withdraw it first")
        effect = make_move(
            RULE_SET, "approve", row, approved_by_id=by.id, approved_at=timezone.now()
        )
        record(
            RuleSetApproved(call_id=None, rule_set_id=row.pk, version=row.version),
            by=by,
            effects=[effect],
            command_id=command_id,
        )
    return row


def activate(
    *, rule_set_id: int, at: datetime | None = None, by: Actor, command_id: UUID | None = None
) -> RuleSet:
    """Let an approved version count for calls that begin from now on, or from ``at``."""
    _proven(rows_of(RuleSet.objects.get(pk=rule_set_id)))
    with transaction.atomic():
        row = locked(rule_set_id)
        if at is None or at <= timezone.now():
            _activate(row, by, command_id)
            return row
        if row.status != RuleSetStatus.SHADOW:
            raise Refused(
                at=f"{row} is {row.status.replace('_', ' ')}: only one in shadow can wait"
            )
        RuleSet.objects.filter(pk=row.pk).update(active_from=at)
        row.active_from = at
        record(
            RuleSetScheduled(
                call_id=None,
                rule_set_id=row.pk,
                version=row.version,
                active_from=at.isoformat(),
            ),
            by=by,
            command_id=command_id,
        )
    return row


def activate_due(*, limit: int, by: Actor) -> int:
    """Sweep: a version whose time has come counts from now on."""
    due = Q(status=RuleSetStatus.SHADOW, active_from__lte=timezone.now())
    ids = list(RuleSet.objects.filter(due).values_list("pk", flat=True)[:limit])
    return each_by_itself("rule set", ids, lambda pk: _activate_if_due(pk, by))


def roll_back(*, rule_set_id: int, by: Actor, command_id: UUID | None = None) -> RuleSet:
    """Return to a version that was in force before; it was proven and approved then."""
    with transaction.atomic():
        row = locked(rule_set_id)
        if not row.was_active:
            raise Refused(version=f"{row} was never in force: there is nothing to return to")
        before, effects = put_in_force(row, "return")
        record(
            RuleSetReturned(
                call_id=None,
                rule_set_id=row.pk,
                version=row.version,
                instead_of=before.version if before else 0,
            ),
            by=by,
            effects=effects,
            command_id=command_id,
        )
    return row


def keep_scenario(
    *,
    title: str,
    nature: str,
    answers: dict[str, Any],
    rule_set_id: int,
    by: Actor,
    command_id: UUID | None = None,
) -> Scenario:
    """Keep a call, with what this version decides about it, as a test of every later version."""
    title = written("title", title, 200)
    loaded = protocol(rule_set_id)
    problems = {
        p.pointer.removeprefix("/"): p.message
        for p in rules.check_answers(loaded.questions, answers)
    }
    if nature and nature not in loaded.rule_set.natures:
        problems["nature"] = "no such nature"
    if problems:
        raise Refused(**problems)
    outcome = said(rules.evaluate(loaded.rule_set, answers, nature or None))
    with transaction.atomic():
        list(Scenario.objects.select_for_update().values_list("pk"))  # one code for one scenario
        newest = Scenario.objects.aggregate(newest=Max("pk"))["newest"] or 0
        made = Scenario.objects.create(
            code=f"A{newest + 1}",
            title=title,
            nature=nature,
            answers=answers,
            **{name: outcome[name] for name in ("route", "added", "level")},
        )
        record(
            ScenarioKept(call_id=None, scenario_id=made.pk, route=made.route, level=made.level),
            by=by,
            command_id=command_id,
        )
    return made


def leave_scenario_out(*, scenario_id: int, by: Actor, command_id: UUID | None = None) -> Scenario:
    """A scenario that the agency added is no test any more; the shipped ones stay."""
    with transaction.atomic():
        row = Scenario.objects.select_for_update().get(pk=scenario_id)
        if row.is_shipped or not row.is_active:
            raise Refused(scenario="only an agency's own scenario that counts can be left out")
        Scenario.objects.filter(pk=row.pk).update(is_active=False)
        row.is_active = False
        record(ScenarioLeftOut(call_id=None, scenario_id=row.pk), by=by, command_id=command_id)
    return row


def _new_draft(files: ProtocolFiles, by: Actor, *, based_on: RuleSet | None) -> RuleSet:
    list(RuleSet.objects.select_for_update(no_key=True).values_list("pk"))  # one number for one
    newest = RuleSet.objects.aggregate(newest=Max("version"))["newest"] or 0
    made = RuleSet.objects.create(
        **{**files.rule_set, "version": newest + 1}, author_id=by.id, based_on=based_on
    )
    enter_rows(made, files)
    return made


def _draft(rule_set_id: int) -> RuleSet:
    row = locked(rule_set_id)
    if row.is_frozen:
        raise Refused(version=f"{row} is {row.status.replace('_', ' ')} and cannot be changed")
    return row


def _proven(files: ProtocolFiles) -> evidence.Evidence:
    try:
        found = evidence.gather(files)
    except (rules.InvariantError, rules.RuleError, rules.TooManyRegions, evidence.Busy) as fault:
        raise Refused(proof=str(fault)) from None
    if faults := found.faults:
        raise Refused(**{f"proof_{place}": fault for place, fault in enumerate(faults, 1)})
    return found


def _activate(
    row: RuleSet,
    by: Actor,
    command_id: UUID | None = None,
    *,
    move: str = "activate",
    effects: Sequence[Effect] = (),
) -> None:
    before, moves = put_in_force(row, move)
    record(
        RuleSetActivated(
            call_id=None,
            rule_set_id=row.pk,
            version=row.version,
            instead_of=before.version if before else None,
        ),
        by=by,
        effects=[*effects, *moves],
        command_id=command_id,
    )


def _activate_if_due(rule_set_id: int, by: Actor) -> bool:
    with transaction.atomic():
        row = locked(rule_set_id)
        is_due = row.active_from is not None and row.active_from <= timezone.now()
        if row.status != RuleSetStatus.SHADOW or not is_due:
            return False
        _activate(row, by)
    return True
