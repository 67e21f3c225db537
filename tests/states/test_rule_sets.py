"""Versions of the rules under any sequence of moves by anybody: what counts was proven and approved."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from heart.journal.actor import Actor
from heart.moves import MoveRefused
from intake.steps import Refused
from tests.builders import CLOCK, NO_DANGER, Given
from tests.people import People
from triage import protocol_files, rules
from triage import rule_set_actions as rule_sets
from triage.models import Question, Rule, RuleSet, Target
from triage.protocol_files import ProtocolFiles
from triage.queries import rows_of, said
from triage.states import RULE_SET, RuleSetStatus

CALLS: list[tuple[str | None, dict[str, str]]] = [
    (None, {}),
    ("TRESPASS", NO_DANGER),
    ("FOLLOWUP", {}),
    ("JUVBEH", {"age": "child"}),
    ("SUITHREAT", {"weapon": "accessible", "si": "intent"}),
    ("EMOTDIST", {"in_area": "n", "contact": "willing"}),
]


def part_of(code: str, part: str, value: Any) -> rule_sets.Edit:
    """The edit that gives one part of a rule another value."""

    def edit(files: ProtocolFiles) -> ProtocolFiles:
        return replace(
            files,
            rules=[
                {**row, "body": {**row["body"], part: value}} if row["code"] == code else row
                for row in files.rules
            ],
        )

    return edit


EDITS = {
    "follow-ups may wait": part_of("R22", "level", 1),
    "follow-ups are urgent": part_of("R22", "level", 2),
    "a child by phone only": part_of("R14", "adds", []),
    "a child is visited": part_of("R14", "adds", [{"unit": "CRT"}]),
}
"""Four of them, so that the few tables they can make are proven once each."""

numbers = st.integers(0, 5)
persons = st.sampled_from(["sam", "maya", "dev"])


class Office(RuleBasedStateMachine):
    """Three people, as many versions as they like, and time that passes."""

    people: People

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = timezone.now()
        self.hands: dict[int, set[str]] = {}
        self.frozen: dict[int, str] = {}
        self.decided: dict[int, str] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def by(self, name: str) -> Actor:
        actor: Actor = getattr(self.people, name).actor("admin")
        return actor

    def row(self, number: int) -> RuleSet:
        rows = list(RuleSet.objects.order_by("-version"))
        return rows[number % len(rows)]

    def attempt(self, move: Any, **arguments: Any) -> RuleSet | None:
        with time_machine.travel(self.now, tick=False):
            try:
                done: RuleSet = move(**arguments)
            except (Refused, MoveRefused):
                return None
        return done

    @rule(number=numbers, name=persons)
    def begins_a_draft(self, number: int, name: str) -> None:
        made = self.attempt(rule_sets.begin_draft, based_on=self.row(number).pk, by=self.by(name))
        assert made is not None
        self.hands[made.pk] = {name}

    @rule(number=numbers, name=persons, edit=st.sampled_from(sorted(EDITS)), late=st.booleans())
    def edits(self, number: int, name: str, edit: str, *, late: bool) -> None:
        row = self.row(number)
        done = self.attempt(
            rule_sets.save_draft,
            rule_set_id=row.pk,
            revision=row.revision - late,
            edit=EDITS[edit],
            what=edit,
            by=self.by(name),
        )
        assert (done is not None) == (row.status == RuleSetStatus.DRAFT and not late)
        if done is not None:
            self.hands[row.pk].add(name)

    @rule(number=numbers, name=persons)
    def submits(self, number: int, name: str) -> None:
        row = self.row(number)
        if self.attempt(rule_sets.submit, rule_set_id=row.pk, by=self.by(name)):
            assert row.status == RuleSetStatus.DRAFT
            self.hands[row.pk].add(name)
            self.frozen[row.pk] = content(row.pk)

    @rule(number=numbers, name=persons)
    def approves(self, number: int, name: str) -> None:
        row = self.row(number)
        if self.attempt(rule_sets.approve, rule_set_id=row.pk, by=self.by(name)):
            assert name not in self.hands[row.pk]

    @rule(number=numbers, name=persons, hours=st.sampled_from([None, 0, 5]))
    def activates(self, number: int, name: str, hours: int | None) -> None:
        at = None if hours is None else self.now + timedelta(hours=hours)
        self.attempt(rule_sets.activate, rule_set_id=self.row(number).pk, at=at, by=self.by(name))

    @rule(number=numbers, name=persons)
    def withdraws(self, number: int, name: str) -> None:
        row = self.row(number)
        self.attempt(rule_sets.withdraw, rule_set_id=row.pk, reason="not yet", by=self.by(name))

    @rule(number=numbers, name=persons)
    def returns(self, number: int, name: str) -> None:
        row = self.row(number)
        done = self.attempt(rule_sets.roll_back, rule_set_id=row.pk, by=self.by(name))
        assert (done is not None) == (
            row.status == RuleSetStatus.RETIRED and row.activated_at is not None
        )

    @rule(hours=st.integers(1, 6))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with time_machine.travel(self.now, tick=False):
            rule_sets.activate_due(limit=5, by=CLOCK)
        overdue = RuleSet.objects.filter(status="shadow", active_from__lte=self.now)
        assert not overdue.exists()

    @invariant()
    def exactly_one_is_in_force_and_one_at_most_in_shadow(self) -> None:
        assert RuleSet.objects.filter(status=RuleSetStatus.ACTIVE).count() == 1
        assert RuleSet.objects.filter(status=RuleSetStatus.SHADOW).count() <= 1

    @invariant()
    def what_counts_was_proven_and_approved_by_another_person(self) -> None:
        for row in RuleSet.objects.filter(status__in=["shadow", "active"], is_installed=False):
            assert row.approved_by is not None
            assert row.approved_by.first_name.lower() not in self.hands[row.pk]
            assert row.evidence["proof"]["holds"]
            assert all(one["passes"] for one in row.evidence["scenarios"])

    @invariant()
    def a_version_that_left_the_draft_never_changes(self) -> None:
        for pk, before in self.frozen.items():
            assert content(pk) == before

    @invariant()
    def a_version_in_force_decides_as_it_did_the_first_time(self) -> None:
        active = RuleSet.objects.get(status=RuleSetStatus.ACTIVE)
        assert self.decided.setdefault(active.pk, decisions(active)) == decisions(active)


def content(pk: int) -> str:
    return json.dumps(asdict(rows_of(RuleSet.objects.get(pk=pk))), sort_keys=True)


def decisions(row: RuleSet) -> str:
    """The whole answers of a version to some calls, compiled from its rows each time."""
    rule_set = protocol_files.compiled(rows_of(row))
    return json.dumps(
        [said(rules.evaluate(rule_set, answers, nature)) for nature, answers in CALLS]
    )


@pytest.mark.timeout(240)
def test_whatever_people_do_only_proven_and_approved_rules_count(people: People) -> None:
    Office.people = people
    run_state_machine_as_test(
        Office, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )


PARTS: list[Any] = [Question, Rule, Target]


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_the_database_itself_refuses_to_change_what_is_frozen(model: Any, given: Given) -> None:
    row = model.objects.filter(rule_set__status="active").first()
    draft = given.rule_set()

    for change in (row.delete, lambda: model.objects.filter(pk=row.pk).update(rule_set=draft)):
        with pytest.raises(InternalError, match="is frozen"):
            in_a_transaction(change)


def test_the_database_itself_demands_two_people(given: Given) -> None:
    row = given.rule_set(RuleSetStatus.IN_REVIEW)
    alone = RuleSet.objects.filter(pk=row.pk)

    with pytest.raises(IntegrityError, match="rule_set_takes_two_people"):
        in_a_transaction(lambda: alone.update(approved_by=row.author))
    with pytest.raises(IntegrityError, match="rule_set_counts_only_when_approved"):
        in_a_transaction(lambda: alone.update(status="shadow"))


LISTED = {(source, move.target) for move in RULE_SET.moves.values() for source in move.sources}
UNLISTED = [
    (source, target)
    for source in RuleSetStatus
    for target in RuleSetStatus
    if source != target and (source, target) not in LISTED
]


@pytest.mark.parametrize(("source", "target"), UNLISTED)
def test_the_database_itself_refuses_a_move_that_is_in_no_table(
    source: RuleSetStatus, target: RuleSetStatus, given: Given
) -> None:
    row = RuleSet.objects.filter(pk=given.rule_set(source).pk)

    with pytest.raises(InternalError, match=r"does not (go from|become a draft)"):
        in_a_transaction(lambda: row.update(status=target))


def test_the_database_itself_lets_a_draft_count_only_when_installed(given: Given) -> None:
    draft = RuleSet.objects.filter(pk=given.rule_set().pk)

    with pytest.raises(InternalError, match="does not go from draft to active"):
        in_a_transaction(lambda: draft.update(status="active", activated_at=timezone.now()))


def test_the_database_itself_returns_only_to_what_was_in_force(given: Given) -> None:
    row = given.rule_set(RuleSetStatus.SHADOW)
    by = given.people.sam.actor("admin")
    rule_sets.withdraw(rule_set_id=row.pk, reason="not yet", by=by)
    never = RuleSet.objects.filter(pk=row.pk)

    with pytest.raises(InternalError, match="does not go from retired to active"):
        in_a_transaction(lambda: never.update(status="active", activated_at=timezone.now()))


@pytest.mark.parametrize("column", ["approved_by", "approved_at"])
def test_the_database_itself_keeps_an_approval(column: str, given: Given) -> None:
    row = RuleSet.objects.filter(pk=given.rule_set(RuleSetStatus.SHADOW).pk)
    others = {"approved_by": given.people.dev, "approved_at": timezone.now()}

    for value in (others[column], None):
        with pytest.raises(InternalError, match=r"the approval .* does not change"):
            in_a_transaction(lambda value=value: row.update(**{column: value}))


def test_a_decision_cannot_be_changed_afterwards(given: Given) -> None:
    call = given.call()

    with pytest.raises(InternalError, match="decisions are append-only"):
        in_a_transaction(lambda: call.decisions.update(level=1))


def in_a_transaction(change: Any) -> None:
    with transaction.atomic():
        change()
        with connection.cursor() as sql:
            sql.execute("SET CONSTRAINTS ALL IMMEDIATE")
