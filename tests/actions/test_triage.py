"""Deciding about a call, lowering it by two people, and the clinician's queue."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from followup.actions import Consented, close_call
from heart.moves import MoveRefused
from intake.models import Call
from intake.steps import Refused
from tests.builders import CLOCK, NO_DANGER, Given, decision_of, told
from tests.people import People
from triage import actions as triage
from triage.models import Assessment, ClinicalNote, Consult, Decision, Eligibility, Lowering


def answer(given: Given, call: Call, **answers: str) -> Decision:
    saved = triage.save(
        call_id=call.pk, fields={}, answers=answers, by=given.people.rosa.actor("console")
    )
    assert saved.decision is not None
    return saved.decision


def in_short(decision: Decision) -> tuple[str, str, int]:
    return decision.rule, decision.route, decision.level


class TestSave:
    def test_a_decision_keeps_everything_it_rested_on(self, given: Given) -> None:
        decision = decision_of(given.call())

        assert in_short(decision) == ("R20", "CRT", 2)
        assert decision.inputs["nature"] == "TRESPASS"
        received = timezone.localtime(decision.call.received_at)
        assert decision.inputs["answers"] == {**NO_DANGER, "hour": f"{received:%H}"}
        assert decision.rule_set.version == 1
        assert decision.decided_by == given.people.rosa
        assert "R20" in decision.matched

    def test_a_changed_answer_decides_again_and_tells_the_difference(self, given: Given) -> None:
        call = given.call("MHCRISIS", {**NO_DANGER, "si": "plan"})

        saved = triage.save(
            call_id=call.pk,
            fields={},
            answers={"weapon": "accessible"},
            by=given.people.rosa.actor("console"),
        )

        assert saved.changes == [
            "weapon none -> accessible: R13 -> R08",
            "CCD -> COR",
        ]
        assert Decision.objects.filter(call=call).count() == 2

    def test_the_same_answer_again_is_no_decision(self, given: Given) -> None:
        call = given.call()

        answer(given, call, weapon="none")

        assert Decision.objects.filter(call=call).count() == 1

    def test_fields_without_bearing_on_the_route_are_no_decision(self, given: Given) -> None:
        call = given.call()

        triage.save(
            call_id=call.pk,
            fields={"narrative": "Blue jacket."},
            answers={},
            by=given.people.rosa.actor("console"),
        )

        assert Decision.objects.filter(call=call).count() == 1
        assert told(call)[-1] == "Rosa Plover changed narrative"

    def test_an_answer_can_be_taken_back(self, given: Given) -> None:
        call = given.call()

        answer(given, call, si="")

        assert "si" not in Assessment.objects.get(call=call).answers

    @pytest.mark.parametrize("value", ["maybe", 3, None, ["none"], "\x00"])
    def test_an_answer_that_is_none_is_refused_by_name(self, value: Any, given: Given) -> None:
        call = given.call()
        if value is None:
            return

        with pytest.raises(Refused) as refused:
            answer(given, call, weapon=value)

        assert set(refused.value.problems) == {"weapon"}

    def test_the_first_nature_is_kept_when_it_is_coded_again(self, given: Given) -> None:
        call = given.call("OFFREQ")

        triage.save(
            call_id=call.pk,
            fields={"nature": "JUVBEH"},
            answers={},
            by=given.people.dev.actor("console"),
        )

        call.refresh_from_db()
        assert (str(call.initial_nature), str(call.nature))[0].startswith("OFFREQ")
        assert str(call.nature).startswith("JUVBEH")

    def test_a_closed_call_is_not_decided_about(self, given: Given) -> None:
        call = given.closed_call()

        with pytest.raises(Refused, match="is closed: reopen it first"):
            answer(given, call, weapon="in_hand")

        assert not Consult.objects.filter(call=call).exists()

    def test_a_closed_call_can_still_be_corrected(self, given: Given) -> None:
        call = given.closed_call()

        triage.save(
            call_id=call.pk,
            fields={"location_text": "14 Thimble Street"},
            answers={},
            by=given.people.dev.actor("console"),
        )

        call.refresh_from_db()
        assert call.location_text == "14 Thimble Street"

    def test_eligibility_follows_the_decision(self, given: Given) -> None:
        call = given.call()
        before = Eligibility.objects.get(call=call).state

        answer(given, call, weapon="in_hand")

        after = Eligibility.objects.get(call=call)
        assert (before, after.state, after.is_supported) == ("eligible", "ineligible", True)


class TestReceive:
    def test_a_call_without_answers_and_nature_is_not_triaged(self, people: People) -> None:
        saved = triage.receive_call(
            fields={"location_text": "somewhere"},
            answers={},
            by=people.rosa.actor("api"),
            source="api",
        )

        assert saved.decision is None
        assert Eligibility.objects.get(call=saved.call).state == "not_triaged"

    def test_a_bad_answer_stores_nothing(self, people: People) -> None:
        with pytest.raises(Refused):
            triage.receive_call(
                fields={"nature": "TRESPASS"},
                answers={"weapon": "sword"},
                by=people.rosa.actor("api"),
                source="api",
            )

        assert not Call.objects.exists()


class TestLevelAndRoute:
    @pytest.mark.parametrize("level", [0, 1, 2, 5, "3", None])
    def test_raising_to_anything_but_a_higher_level_is_refused(
        self, level: Any, given: Given
    ) -> None:
        call = given.call()

        with pytest.raises(Refused) as refused:
            triage.raise_level(call_id=call.pk, level=level, by=given.people.rosa.actor("console"))

        assert refused.value.problems == {"level": "the level is 2; it can be raised to at most 4"}

    def test_a_raised_level_survives_later_answers(self, given: Given) -> None:
        call = given.call()
        triage.raise_level(call_id=call.pk, level=3, by=given.people.rosa.actor("console"))

        decision = answer(given, call, age="adult")

        assert decision.level == 3

    def test_a_route_over_the_rules_keeps_its_reason(self, given: Given) -> None:
        call = given.call()

        decision = triage.choose_route(
            call_id=call.pk,
            route="COR",
            reason=" large dog ",
            by=given.people.dev.actor("console"),
        )

        assert (decision.route, decision.source, decision.override_reason) == (
            "COR",
            "person",
            "large dog",
        )

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "\x00", 5])
    def test_a_route_without_a_reason_is_refused(self, reason: Any, given: Given) -> None:
        call = given.call()

        with pytest.raises(Refused) as refused:
            triage.choose_route(
                call_id=call.pk, route="COR", reason=reason, by=given.people.dev.actor("console")
            )

        assert set(refused.value.problems) == {"reason"}

    def test_one_person_cannot_take_protection_from_a_level_3_call(self, given: Given) -> None:
        call = given.high_call()

        with pytest.raises(Refused, match="ask a clinician to agree"):
            triage.choose_route(
                call_id=call.pk, route="CRT", reason="calm", by=given.people.dev.actor("console")
            )

        assert decision_of(call).route == "COR"

    def test_a_call_that_was_not_triaged_has_no_route_to_change(self, given: Given) -> None:
        call = given.taking()

        with pytest.raises(Refused, match="has not been triaged yet"):
            triage.raise_level(call_id=call.pk, level=3, by=given.people.rosa.actor("console"))


class TestSendHelp:
    def send(self, given: Given, call: Call, route: str) -> Decision:
        return triage.send_help(
            call_id=call.pk, route=route, by=given.people.noor.actor("console")
        )

    def test_the_line_is_kept_while_police_come(self, given: Given) -> None:
        call = given.accepted_consult().call

        decision = self.send(given, call, "POLICE")

        assert (decision.route, decision.added, decision.level) == ("POLICE", ["CCD"], 4)
        assert call.consults.get().status == "accepted"

    def test_less_protection_is_added_and_does_not_lead(self, given: Given) -> None:
        call = given.high_call()

        decision = self.send(given, call, "CRT")

        assert (decision.route, decision.added, decision.level) == ("COR", ["CCD", "CRT"], 3)

    def test_the_same_help_is_asked_for_once(self, given: Given) -> None:
        call = given.accepted_consult().call
        self.send(given, call, "EMS")

        with pytest.raises(Refused, match="EMS is asked for already"):
            self.send(given, call, "EMS")

    def test_other_help_is_refused(self, given: Given) -> None:
        with pytest.raises(Refused) as refused:
            self.send(given, given.call(), "FIRE")

        assert set(refused.value.problems) == {"route"}


class TestLowering:
    def test_safer_answers_alone_do_not_lower_an_open_level_3_call(self, given: Given) -> None:
        call = given.high_call()

        decision = answer(given, call, weapon="none", si="none")

        assert (decision.route, decision.level, decision.is_held) == ("COR", 3, True)
        asked = Lowering.objects.get(call=call)
        assert (asked.status, asked.to_route, asked.to_level) == ("asked", "CRT", 2)

    def test_safer_answers_lower_a_call_that_is_still_being_taken(self, given: Given) -> None:
        call = given.taking()
        answer(given, call, weapon="accessible", si="intent")

        decision = answer(given, call, weapon="none", si="none")

        assert not decision.is_held
        assert decision.level < 3

    def test_the_asker_cannot_agree(self, given: Given) -> None:
        asked = given.lowering()

        with pytest.raises(Refused, match="somebody else has to agree"):
            triage.agree_lowering(lowering_id=asked.pk, by=given.people.dev.actor("console"))

    def test_agreement_brings_the_lower_route_into_force(self, given: Given) -> None:
        asked = given.lowering()

        triage.agree_lowering(lowering_id=asked.pk, by=given.people.noor.actor("console"))

        decision = decision_of(asked.call)
        assert (decision.route, decision.level, decision.source) == ("CRT", 2, "person")

    def test_refusal_leaves_everything(self, given: Given) -> None:
        asked = given.lowering()

        triage.refuse_lowering(lowering_id=asked.pk, by=given.people.noor.actor("console"))

        assert decision_of(asked.call).route == "COR"

    def test_it_is_answered_once(self, given: Given) -> None:
        asked = given.lowering()
        triage.refuse_lowering(lowering_id=asked.pk, by=given.people.noor.actor("console"))

        with pytest.raises(MoveRefused, match="lowering is refused: cannot agree"):
            triage.agree_lowering(lowering_id=asked.pk, by=given.people.lena.actor("console"))

    def test_a_second_request_waits_for_the_first(self, given: Given) -> None:
        asked = given.lowering()

        with pytest.raises(Refused, match="already waiting"):
            triage.ask_lowering(
                call_id=asked.call_id,
                route="CRT",
                level=1,
                reason="calm",
                by=given.people.rosa.actor("console"),
            )

    @pytest.mark.django_db(transaction=True)
    def test_a_request_about_another_decision_cannot_be_agreed_to(self, given: Given) -> None:
        asked = given.lowering()
        answer(given, asked.call, weapon="in_hand")

        with pytest.raises(Refused, match="decided otherwise since this was asked"):
            triage.agree_lowering(lowering_id=asked.pk, by=given.people.noor.actor("console"))

        assert decision_of(asked.call).level == 4

    def test_a_wish_that_changed_after_it_was_seen_cannot_be_agreed_to(self, given: Given) -> None:
        asked = given.lowering()

        with pytest.raises(Refused, match=f"changed what is asked to {asked.wish}: look again"):
            triage.agree_lowering(
                lowering_id=asked.pk, shown="CCD 1", by=given.people.noor.actor("console")
            )

        assert Lowering.objects.get(pk=asked.pk).status == "asked"

    @pytest.mark.django_db(transaction=True)
    def test_a_request_follows_the_newest_answers_while_they_ask_for_less(
        self, given: Given
    ) -> None:
        call = given.high_call()
        answer(given, call, weapon="none")
        answer(given, call, si="none")
        asked = Lowering.objects.get(call=call)

        triage.agree_lowering(lowering_id=asked.pk, by=given.people.noor.actor("console"))

        decision = decision_of(call)
        assert (asked.to_route, asked.to_level) == ("CRT", 2)
        assert (decision.route, decision.level) == ("CRT", 2)


class TestQueue:
    def test_a_call_for_the_clinicians_is_offered_with_its_target(self, given: Given) -> None:
        consult = given.waiting_consult()

        assert consult.accept_due_at - consult.offered_at == timedelta(seconds=60)
        assert (consult.kind, consult.level) == ("transfer", 2)

    def test_a_second_clinician_is_told_that_it_is_taken(self, given: Given) -> None:
        consult = given.accepted_consult()

        with pytest.raises(MoveRefused, match="consult is accepted: cannot accept"):
            triage.accept_consult(consult_id=consult.pk, by=given.people.lena.actor("console"))

        consult.refresh_from_db()
        assert consult.accepted_by == given.people.noor

    def test_only_the_one_who_accepted_ends(self, given: Given) -> None:
        consult = given.accepted_consult()

        with pytest.raises(Refused, match="Noor Avocet has this call"):
            triage.end_consult(
                consult_id=consult.pk, outcome="resolved", by=given.people.lena.actor("console")
            )

    def test_nobody_ends_what_nobody_accepted(self, given: Given) -> None:
        consult = given.waiting_consult()

        with pytest.raises(MoveRefused, match="consult is waiting: cannot end"):
            triage.end_consult(
                consult_id=consult.pk, outcome="resolved", by=given.people.noor.actor("console")
            )

    @pytest.mark.parametrize(
        ("outcome", "route", "level"),
        [
            ("resolved", "CCD", 2),
            ("send_crt", "CRT", 2),
            ("send_cor", "COR", 3),
            ("send_ems", "EMS", 4),
            ("send_police", "POLICE", 4),
            ("to_988", "988", 2),
            ("call_back", "CCD", 2),
        ],
    )
    def test_an_ending_says_where_the_call_goes(
        self, outcome: str, route: str, level: int, given: Given
    ) -> None:
        consult = given.ended_consult(outcome)

        decision = decision_of(consult.call)
        assert (consult.outcome, decision.route, decision.level) == (outcome, route, level)

    def test_call_back_goes_into_the_queue_again(self, given: Given) -> None:
        consult = given.ended_consult("call_back")

        again = Consult.objects.get(call=consult.call, status="waiting")
        assert again.kind == "call_back"
        assert again.accept_due_at - again.offered_at == timedelta(minutes=5)

    def test_an_unknown_ending_is_refused(self, given: Given) -> None:
        consult = given.accepted_consult()

        with pytest.raises(Refused) as refused:
            triage.end_consult(
                consult_id=consult.pk, outcome="gone", by=given.people.noor.actor("console")
            )

        assert set(refused.value.problems) == {"outcome"}

    def test_answers_that_need_no_clinician_withdraw_the_offer_and_others_renew_it(
        self, given: Given
    ) -> None:
        consult = given.waiting_consult()

        answer(given, consult.call, si="none", contact="left")
        withdrawn = list(consult.call.consults.values_list("status", flat=True))
        answer(given, consult.call, si="thoughts", contact="willing")

        assert withdrawn == ["withdrawn"]
        assert list(consult.call.consults.order_by("id").values_list("status", flat=True)) == [
            "withdrawn",
            "waiting",
        ]

    def test_a_call_a_clinician_is_done_with_is_offered_again_only_when_it_rises(
        self, given: Given
    ) -> None:
        call = given.ended_consult().call

        answer(given, call, age="adult")
        unchanged = call.consults.filter(status="waiting").count()
        answer(given, call, si="intent")

        assert unchanged == 0
        assert call.consults.get(status="waiting").level == 3

    def test_a_risen_level_shortens_the_time_to_accept(self, given: Given) -> None:
        consult = given.waiting_consult()

        answer(given, consult.call, si="intent")

        consult.refresh_from_db()
        assert consult.level == 3
        assert consult.accept_due_at - consult.offered_at < timedelta(seconds=60)

    def test_a_lost_line_turns_a_waiting_transfer_into_a_call_back(self, given: Given) -> None:
        consult = given.waiting_consult()

        triage.lose_line(call_id=consult.call_id, by=given.people.rosa.actor("console"))

        consult.refresh_from_db()
        assert (consult.status, consult.kind) == ("waiting", "call_back")


class TestClarifying:
    def call(self, given: Given) -> Call:
        return given.call("VERBDIST", {**NO_DANGER, "weapon": "unknown", "contact": "willing"})

    def test_after_ninety_seconds_the_unknown_is_sent_co_response(self, given: Given) -> None:
        call = self.call(given)
        before = decision_of(call)

        with time_machine.travel(timezone.now() + timedelta(seconds=91)):
            swept = triage.end_clarifying(limit=10, by=CLOCK)

        after = decision_of(call)
        assert swept == 1
        assert in_short(before) == ("R11", "CCD", 3)
        assert in_short(after) == ("R11", "COR", 3)
        assert told(call)[-1] == "the clock the clarifying pass is over: COR at level 3"

    def test_before_that_nothing_happens(self, given: Given) -> None:
        self.call(given)

        assert triage.end_clarifying(limit=10, by=CLOCK) == 0

    def test_it_ends_once(self, given: Given) -> None:
        self.call(given)

        with time_machine.travel(timezone.now() + timedelta(seconds=91)):
            first = triage.end_clarifying(limit=10, by=CLOCK)
            second = triage.end_clarifying(limit=10, by=CLOCK)

        assert (first, second) == (1, 0)

    def test_an_answer_ends_the_pass_before_its_time(self, given: Given) -> None:
        call = self.call(given)

        answer(given, call, weapon="none")

        assert Assessment.objects.get(call=call).clarify_due_at is None

    def test_a_closed_call_is_not_swept(self, given: Given) -> None:
        call = self.call(given)
        close_call(
            call_id=call.pk,
            consent=Consented("no"),
            not_served_reason="caller_refused_heart",
            by=given.people.dev.actor("console"),
        )

        with time_machine.travel(timezone.now() + timedelta(seconds=91)):
            assert triage.end_clarifying(limit=10, by=CLOCK) == 0


class TestClinicalNote:
    def test_it_belongs_to_the_contact_of_its_author(self, given: Given) -> None:
        consult = given.accepted_consult()

        note = triage.write_clinical_note(
            call_id=consult.call_id, text=" Sister nearby. ", by=given.people.noor.actor("console")
        )

        assert (note.consult, note.text, note.author) == (
            consult,
            "Sister nearby.",
            given.people.noor,
        )

    @pytest.mark.parametrize("text", ["", " ", "x" * 8001, "\x00", None])
    def test_what_is_no_note_is_refused(self, text: Any, given: Given) -> None:
        call = given.call()

        with pytest.raises(Refused) as refused:
            triage.write_clinical_note(
                call_id=call.pk, text=text, by=given.people.noor.actor("console")
            )

        assert set(refused.value.problems) == {"text"}
        assert not ClinicalNote.objects.exists()
