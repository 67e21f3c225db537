"""Versions of the rules: what is refused, in which words, and what a call sees of a change."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from heart.journal.models import Entry
from heart.moves import MoveRefused
from intake.models import Beat, Nature
from intake.steps import Refused
from tests.builders import CLOCK, NO_DANGER, Given, decision_of
from tests.states.test_rule_sets import part_of
from triage import evidence
from triage import rule_set_actions as rule_sets
from triage.actions import save
from triage.models import Assessment, Decision, Invariant, RuleSet, Scenario, ShadowDecision
from triage.protocol_files import ProtocolFault, ProtocolFiles
from triage.queries import active_rule_set_id, decided_again, protocol, rows_of
from triage.states import RuleSetStatus


def edited(given: Given, code: str, part: str, value: object) -> RuleSet:
    """A draft in which one part of one rule is another."""
    draft = given.rule_set()
    return rule_sets.save_draft(
        rule_set_id=draft.pk,
        revision=0,
        edit=part_of(code, part, value),
        what=f"rule {code}",
        by=given.people.sam.actor("admin"),
    )


def brought_to(row: RuleSet, given: Given, *steps: str) -> RuleSet:
    who = {"submit": given.people.sam, "approve": given.people.maya, "activate": given.people.maya}
    for step in steps:
        row = getattr(rule_sets, step)(rule_set_id=row.pk, by=who[step].actor("admin"))
    return row


class TestReview:
    def test_a_draft_that_breaks_a_statement_stays_a_draft(self, given: Given) -> None:
        draft = edited(given, "R14", "adds", [])

        with pytest.raises(Refused, match=r"not true of every call: A child .* phone"):
            brought_to(draft, given, "submit")

        draft.refresh_from_db()
        assert (draft.status, draft.natures, draft.evidence) == ("draft", [], None)

    def test_a_draft_that_decides_a_scenario_otherwise_stays_a_draft(self, given: Given) -> None:
        draft = edited(given, "R21", "level", 2)

        with pytest.raises(Refused, match="decided otherwise: S13 Panic at night"):
            brought_to(draft, given, "submit")

    def test_an_agencys_own_scenario_counts_like_a_shipped_one(self, given: Given) -> None:
        rule_sets.keep_scenario(
            title="Somebody asks for a blanket",
            nature="BASICNEED",
            answers=NO_DANGER,
            rule_set_id=active_rule_set_id(),
            by=given.people.sam.actor("admin"),
        )
        draft = given.rule_set()
        changed = rule_sets.save_draft(
            rule_set_id=draft.pk,
            revision=0,
            edit=without_nature_route("BASICNEED"),
            what="rule R20",
            by=given.people.sam.actor("admin"),
        )

        with pytest.raises(Refused, match=r"decided otherwise: A.* Somebody asks for a blanket"):
            brought_to(changed, given, "submit")

        kept = Scenario.objects.get(is_shipped=False)
        rule_sets.leave_scenario_out(scenario_id=kept.pk, by=given.people.sam.actor("admin"))
        assert brought_to(changed, given, "submit").status == "in_review"

    def test_a_statement_about_a_question_that_is_gone_is_named(self, given: Given) -> None:
        Invariant.objects.create(
            code="x",
            order=99,
            en="Wolves.",
            es="Lobos.",
            body={
                "when": [[{"field": "wolf", "op": "is", "value": "y"}]],
                "then": [{"claim": "has_route"}],
            },
        )

        with pytest.raises(Refused, match="x /when/0/0/field: no field 'wolf'"):
            brought_to(given.rule_set(), given, "submit")

    def test_an_answer_that_no_statement_places_is_named(self, given: Given) -> None:
        draft = given.rule_set()
        brandished = {"value": "brandished", "label_en": "Brandished", "label_es": "Blandida"}

        changed = rule_sets.save_draft(
            rule_set_id=draft.pk,
            revision=0,
            edit=part_of_question(
                "weapon", lambda q: {**q, "answers": [*q["answers"], brandished]}
            ),
            what="question weapon",
            by=given.people.sam.actor("admin"),
        )

        with pytest.raises(
            Refused, match="weapon: how risky the answer brandished is, is not said"
        ):
            brought_to(changed, given, "submit")

    def test_a_question_that_is_hidden_from_a_hard_rule_is_named(self, given: Given) -> None:
        draft = given.rule_set()

        changed = rule_sets.save_draft(
            rule_set_id=draft.pk,
            revision=0,
            edit=part_of_question(
                "weapon", lambda q: {**q, "only_after": {"field": "nature", "in": ["WEAPON"]}}
            ),
            what="question weapon",
            by=given.people.sam.actor("admin"),
        )

        with pytest.raises(Refused, match="R04: reads weapon, which is asked only after nature"):
            brought_to(changed, given, "submit")

    def test_proofs_wait_for_each_other_and_not_for_ever(
        self, given: Given, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evidence, "PATIENCE", 0.01)
        draft = edited(given, "R22", "level", 3)

        with evidence._proving, pytest.raises(Refused, match="another table is being proven"):
            brought_to(draft, given, "submit")

        assert brought_to(draft, given, "submit").status == "in_review"

    def test_the_evidence_is_kept_with_the_version(self, given: Given) -> None:
        row = given.rule_set(RuleSetStatus.IN_REVIEW)
        row.refresh_from_db()

        assert row.evidence["proof"]["holds"] is True
        assert row.evidence["proof"]["calls"] > 10**16
        assert len(row.evidence["invariants"]) == Invariant.objects.count()
        assert len(row.evidence["scenarios"]) == Scenario.objects.count() == 26
        assert {nature["code"] for nature in row.natures} == set(
            Nature.objects.values_list("code", flat=True)
        )

    def test_whoever_had_a_hand_in_it_cannot_approve(self, given: Given) -> None:
        draft = given.rule_set()
        maya = given.people.maya.actor("admin")
        rule_sets.save_draft(
            rule_set_id=draft.pk, revision=0, edit=lambda files: files, what="title", by=maya
        )
        brought_to(draft, given, "submit")

        with pytest.raises(Refused, match="whoever wrote a version cannot approve it"):
            rule_sets.approve(rule_set_id=draft.pk, by=maya)
        with pytest.raises(Refused, match="whoever wrote a version cannot approve it"):
            rule_sets.approve(rule_set_id=draft.pk, by=given.people.sam.actor("admin"))

    def test_nobody_approves_their_own_words_in_a_copy_that_others_made(
        self, given: Given
    ) -> None:
        sam, maya = (person.actor("admin") for person in (given.people.sam, given.people.maya))
        mine = edited(given, "R22", "level", 1)
        rule_sets.withdraw(rule_set_id=mine.pk, reason="not yet", by=sam)
        copy = rule_sets.begin_draft(based_on=mine.pk, by=maya)
        copy_of_copy = rule_sets.begin_draft(based_on=copy.pk, by=maya)
        rule_sets.submit(rule_set_id=copy_of_copy.pk, by=maya)

        with pytest.raises(Refused, match="whoever wrote a version cannot approve it"):
            rule_sets.approve(rule_set_id=copy_of_copy.pk, by=sam)

    def test_whoever_wrote_the_version_in_force_may_approve_the_next(self, given: Given) -> None:
        sam, maya = (person.actor("admin") for person in (given.people.sam, given.people.maya))
        mine = given.rule_set(RuleSetStatus.ACTIVE)
        following = rule_sets.begin_draft(based_on=mine.pk, by=maya)
        rule_sets.submit(rule_set_id=following.pk, by=maya)

        assert rule_sets.approve(rule_set_id=following.pk, by=sam).status == "shadow"

    def test_only_one_version_is_in_shadow(self, given: Given) -> None:
        first = given.rule_set(RuleSetStatus.SHADOW)

        with pytest.raises(Refused, match=f"version {first.version} is in shadow"):
            given.rule_set(RuleSetStatus.SHADOW)


def without_nature_route(code: str) -> rule_sets.Edit:
    """R20 no longer reads this nature."""

    def edit(files: ProtocolFiles) -> ProtocolFiles:
        row = next(row for row in files.rules if row["code"] == "R20")
        when = [
            [*branch, {"field": "nature", "op": "is_not", "value": code}]
            for branch in row["body"]["when"]
        ]
        return part_of("R20", "when", when)(files)

    return edit


def part_of_question(key: str, change: Callable[[Any], Any]) -> rule_sets.Edit:
    """The edit that changes one question."""
    return lambda files: replace(
        files, questions=[change(q) if q["key"] == key else q for q in files.questions]
    )


class TestDraft:
    def test_who_edits_an_older_revision_is_told_who_was_quicker(self, given: Given) -> None:
        draft = edited(given, "R22", "level", 1)

        with pytest.raises(Refused, match="changed meanwhile by Sam"):
            rule_sets.save_draft(
                rule_set_id=draft.pk,
                revision=0,
                edit=lambda files: files,
                what="title",
                by=given.people.maya.actor("admin"),
            )

    def test_an_edit_that_cannot_be_used_changes_nothing(self, given: Given) -> None:
        draft = given.rule_set()
        before = rows_of(draft)

        with pytest.raises(ProtocolFault, match="R22/when/0/0/field: no field 'moon'"):
            rule_sets.save_draft(
                rule_set_id=draft.pk,
                revision=0,
                edit=part_of("R22", "when", [[{"field": "moon", "op": "is", "value": "full"}]]),
                what="rule R22",
                by=given.people.sam.actor("admin"),
            )

        draft.refresh_from_db()
        assert (rows_of(draft), draft.revision) == (before, 0)

    def test_a_version_that_is_no_draft_cannot_be_edited(self, given: Given) -> None:
        row = given.rule_set(RuleSetStatus.IN_REVIEW)

        with pytest.raises(Refused, match="version 2 is in review and cannot be changed"):
            rule_sets.save_draft(
                rule_set_id=row.pk,
                revision=0,
                edit=lambda files: files,
                what="title",
                by=given.people.sam.actor("admin"),
            )

    def test_a_draft_may_ask_for_the_beats_of_today(self, given: Given) -> None:
        draft = given.rule_set()

        asked = draft.questions.get(key="beat")
        assert [a["value"] for a in asked.answers] == list(
            Beat.objects.order_by("code").values_list("code", flat=True)
        )


class TestInForce:
    def test_a_call_keeps_the_version_it_began_with(self, given: Given) -> None:
        old = given.call("FOLLOWUP", {})
        brought_to(edited(given, "R22", "level", 2), given, "submit", "approve", "activate")
        new = given.call("FOLLOWUP", {})

        save(call_id=old.pk, fields={}, answers=NO_DANGER, by=given.people.rosa.actor("console"))

        assert (decision_of(old).rule_set.version, decision_of(old).level) == (1, 1)
        assert (decision_of(new).rule_set.version, decision_of(new).level) == (2, 2)

    def test_a_version_counts_by_itself_when_its_time_has_come(self, given: Given) -> None:
        shadow = given.rule_set(RuleSetStatus.SHADOW)
        tomorrow = timezone.now() + timedelta(days=1)
        rule_sets.activate(rule_set_id=shadow.pk, at=tomorrow, by=given.people.maya.actor("admin"))

        assert rule_sets.activate_due(limit=5, by=CLOCK) == 0
        with time_machine.travel(tomorrow, tick=False):
            assert rule_sets.activate_due(limit=5, by=CLOCK) == 1

        assert active_rule_set_id() == shadow.pk
        assert Entry.objects.filter(verb="rule_set.activated", actor_name="the clock").exists()

    def test_one_press_returns_to_the_version_before(self, given: Given) -> None:
        before = given.rule_set(RuleSetStatus.RETIRED)

        rule_sets.roll_back(rule_set_id=before.pk, by=given.people.sam.actor("admin"))

        assert active_rule_set_id() == before.pk
        assert given.call().decisions.get().rule_set_id == before.pk

    def test_the_version_in_force_is_not_returned_to(self, given: Given) -> None:
        with pytest.raises(MoveRefused, match="rule_set is active: cannot return"):
            rule_sets.roll_back(
                rule_set_id=active_rule_set_id(), by=given.people.sam.actor("admin")
            )

    def test_a_version_that_never_counted_is_nothing_to_return_to(self, given: Given) -> None:
        draft = given.rule_set()
        sam = given.people.sam.actor("admin")
        rule_sets.withdraw(rule_set_id=draft.pk, reason="a mistake", by=sam)

        with pytest.raises(Refused, match="was never in force"):
            rule_sets.roll_back(rule_set_id=draft.pk, by=sam)


class TestClarifying:
    def test_the_pass_hangs_on_what_the_rules_say_and_not_on_a_name(self, given: Given) -> None:
        draft = given.rule_set()
        renamed = rule_sets.save_draft(
            rule_set_id=draft.pk,
            revision=0,
            edit=lambda files: replace(
                files,
                rules=[{**r, "code": "R11X"} if r["code"] == "R11" else r for r in files.rules],
            ),
            what="rule R11",
            by=given.people.sam.actor("admin"),
        )
        brought_to(renamed, given, "submit", "approve", "activate")

        call = given.call("EMOTDIST", {**NO_DANGER, "weapon": "unknown"})
        known = given.call("EMOTDIST", NO_DANGER)

        assert decision_of(call).rule == "R11X"
        assert Assessment.objects.get(call=call).clarify_due_at is not None
        assert Assessment.objects.get(call=known).clarify_due_at is None


class TestForEver:
    def test_every_decision_is_made_again_from_what_is_stored(self, given: Given) -> None:
        """Whatever the natures, questions and versions of today are."""
        for nature, answers in (
            ("TRESPASS", NO_DANGER),
            ("SUITHREAT", {"weapon": "accessible", "si": "intent"}),
            ("EMOTDIST", {**NO_DANGER, "si": "thoughts", "contact": "willing"}),
        ):
            given.call(nature, answers)
        held = given.high_call()
        save(call_id=held.pk, fields={}, answers=NO_DANGER, by=given.people.rosa.actor("console"))
        assert Decision.objects.filter(is_held=True).exists()
        brought_to(edited(given, "R22", "level", 2), given, "submit", "approve", "activate")
        given.call("FOLLOWUP", {})
        Nature.objects.update(category="SAF", routes=["POLICE"])

        stored = Decision.objects.filter(source=Decision.Source.RULES)

        assert stored.count() >= 5
        for decision in stored:
            again = json.dumps(decided_again(decision), sort_keys=True)
            assert again == json.dumps(decision.said, sort_keys=True)

    def test_the_command_makes_them_all_again_and_names_those_that_differ(
        self, given: Given, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stored = decision_of(given.call())
        call_command("rules", "recompute")
        assert "1 decisions come out as they were stored." in capsys.readouterr().out

        Decision.objects.create(
            call=stored.call,
            rule_set=stored.rule_set,
            inputs=stored.inputs,
            said={**stored.said, "level": 4},
            route="CRT",
            level=4,
            rule="R20",
        )

        with pytest.raises(CommandError, match="1 of 2 decisions come out otherwise") as failed:
            call_command("rules", "recompute", "--from", "2020-01-01")
        assert failed.value.returncode == 1
        call_command("rules", "recompute", "--to", "2020-01-01")
        assert "0 decisions" in capsys.readouterr().out

    def test_a_nature_edited_today_counts_from_the_next_version_on(self, given: Given) -> None:
        Nature.objects.filter(code="TRESPASS").update(routes=["POLICE"])

        assert decision_of(given.call("TRESPASS", NO_DANGER)).route == "CRT"
        draft = protocol(given.rule_set().pk).rule_set
        assert draft.natures["TRESPASS"].routes == ("POLICE",)

    def test_the_hour_and_the_beat_are_those_of_the_call(self, given: Given) -> None:
        brought_to(given.rule_set(), given, "submit", "approve", "activate")
        beat = Beat.objects.order_by("code").first()
        assert beat is not None
        with time_machine.travel("2026-11-24T03:30:00-05:00", tick=False):
            call = given.call(beat=beat.code)

        inputs = decision_of(call).inputs["answers"]
        assert (inputs["hour"], inputs["beat"]) == ("03", beat.code)


class TestShadow:
    def test_every_live_call_is_also_decided_in_shadow_and_nobody_sees_it(
        self, given: Given
    ) -> None:
        brought_to(edited(given, "R22", "level", 2), given, "submit", "approve")

        same, other = given.call("TRESPASS", NO_DANGER), given.call("FOLLOWUP", {})

        agreed = ShadowDecision.objects.get(decision=decision_of(same))
        differs = ShadowDecision.objects.get(decision=decision_of(other))
        assert (agreed.differs, agreed.route, agreed.level) == (False, "CRT", 2)
        assert (differs.differs, differs.route, differs.level) == (True, "CCD", 2)
        assert differs.reasons[0][0] == "R22"
        assert (decision_of(other).level, decision_of(other).rule_set.version) == (1, 1)

    def test_answers_that_the_version_in_shadow_does_not_ask_for_are_left_out(
        self, given: Given
    ) -> None:
        draft = given.rule_set()
        rule_sets.save_draft(
            rule_set_id=draft.pk,
            revision=0,
            edit=lambda files: replace(
                files, questions=[q for q in files.questions if q["key"] != "weapon_type"]
            ),
            what="question weapon_type",
            by=given.people.sam.actor("admin"),
        )
        brought_to(draft, given, "submit", "approve")

        call = given.call("TRESPASS", {**NO_DANGER, "weapon_type": "none seen"})

        shadow = ShadowDecision.objects.get(decision=decision_of(call))
        assert "weapon_type" not in shadow.inputs["answers"]
        assert Assessment.objects.get(call=call).answers["weapon_type"] == "none seen"

    def test_whatever_happens_in_shadow_the_call_goes_on(self, given: Given) -> None:
        given.rule_set(RuleSetStatus.SHADOW)
        with connection.cursor() as sql:
            sql.execute(
                "ALTER TABLE triage_shadowdecision ADD CONSTRAINT none_today CHECK (level > 4)"
            )

        call = given.call()

        assert decision_of(call).route == "CRT"
        assert not ShadowDecision.objects.exists()

    def test_without_a_version_in_shadow_nothing_is_kept(self, given: Given) -> None:
        given.call()

        assert not ShadowDecision.objects.exists()
