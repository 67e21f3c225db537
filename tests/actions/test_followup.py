"""Closing with consent or without, and keeping the promise."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.models import Service
from dispatch.states import RunStatus
from followup import actions as followup
from followup.actions import Consented
from followup.models import Attempt, Consent, FollowUp, Notice
from followup.states import FollowUpStatus
from heart.moves import MoveRefused
from intake.models import Call
from intake.steps import Refused
from tests.builders import CLOCK, YES_BY_PHONE, Given, ended_at, told
from triage.models import Consult

HOURS = timedelta(hours=1)


class TestClose:
    def reopen(self, given: Given, call: Call) -> None:
        followup.reopen(
            call_id=call.pk, reason="new_information", by=given.people.dev.actor("console")
        )

    def close(
        self, given: Given, call: Call, consent: Consented = YES_BY_PHONE, reason: str = ""
    ) -> Call:
        return followup.close_call(
            call_id=call.pk,
            consent=consent,
            not_served_reason=reason,
            by=given.people.dev.actor("console"),
        )

    def test_consent_promises_contact_48_hours_after_the_team_left(self, given: Given) -> None:
        run = given.run(RunStatus.CLEARED)

        with time_machine.travel(timezone.now() + 3 * HOURS):
            self.close(given, run.call)

        promise = FollowUp.objects.get(call=run.call)
        assert promise.due_at - ended_at(run) == 48 * HOURS
        assert promise.attempt_due_at - ended_at(run) == 24 * HOURS
        assert (promise.status, promise.priority) == ("promised", "B")

    def test_a_talk_by_phone_counts_from_its_end(self, given: Given) -> None:
        consult = given.ended_consult()

        self.close(given, consult.call)

        promise = FollowUp.objects.get(call=consult.call)
        assert consult.ended_at is not None
        assert promise.due_at - consult.ended_at == 48 * HOURS
        assert Service.objects.get(call=consult.call).served_by == "CCD"

    def test_a_high_call_is_tried_within_four_hours(self, given: Given) -> None:
        call = given.high_call()
        given.run(RunStatus.CLEARED, unit="COR1", call=call)

        self.close(given, call)

        promise = FollowUp.objects.get(call=call)
        assert promise.priority == "A"
        assert promise.due_at - promise.attempt_due_at == 44 * HOURS

    def test_the_number_of_hours_is_a_setting(self, given: Given, settings: Any) -> None:
        settings.HEART_FOLLOWUP_HOURS = 72
        run = given.run(RunStatus.CLEARED)

        self.close(given, run.call)

        assert FollowUp.objects.get(call=run.call).due_at - ended_at(run) == 72 * HOURS

    @pytest.mark.parametrize("answer", ["no", "not_asked"])
    def test_without_consent_nobody_is_followed_up(self, answer: str, given: Given) -> None:
        run = given.run(RunStatus.CLEARED)

        self.close(given, run.call, Consented(answer, by_call=True, phone="555-0199"))

        consent = Consent.objects.get(call=run.call)
        assert (consent.answer, consent.by_call, consent.phone) == (answer, False, "")
        assert consent.recorded_by == given.people.dev
        assert not FollowUp.objects.exists()

    def test_the_number_to_call_is_the_caller_s_unless_another_is_given(
        self, given: Given
    ) -> None:
        run = given.run(RunStatus.CLEARED)

        self.close(given, run.call, Consented("yes", by_text=True))

        assert Consent.objects.get(call=run.call).phone == "555-0142"

    @pytest.mark.parametrize(
        ("consent", "field"),
        [
            (Consented("perhaps"), "consent"),
            (Consented("yes"), "by_call"),
            (Consented("yes", by_voicemail=True), "by_call"),
            (Consented("yes", by_call=True, phone="5" * 41), "phone"),
            (Consented("yes", by_call=True, preferred_time="\x00"), "preferred_time"),
        ],
    )
    def test_a_consent_that_cannot_be_kept_is_refused(
        self, consent: Consented, field: str, given: Given
    ) -> None:
        run = given.run(RunStatus.CLEARED)

        with pytest.raises(Refused) as refused:
            self.close(given, run.call, consent)

        assert set(refused.value.problems) == {field}
        assert Call.objects.get(pk=run.call_id).status == "open"

    def test_a_crew_s_yes_stands_where_nobody_could_ask_at_closing(self, given: Given) -> None:
        ways = {"by_call": False, "by_text": True, "consent_phone": "555-0101"}
        run = given.met(**ways, preferred_time="after 5 pm")

        self.close(given, run.call, Consented("not_asked"))

        consent = Consent.objects.get(call=run.call)
        assert (consent.answer, consent.by_call, consent.by_text) == ("yes", False, True)
        assert (consent.phone, consent.preferred_time) == ("555-0101", "after 5 pm")
        assert FollowUp.objects.filter(call=run.call).exists()

    def test_a_crew_s_yes_is_taken_back_by_a_later_no(self, given: Given) -> None:
        run = given.met()
        self.close(given, run.call, Consented("no"))
        self.reopen(given, run.call)

        self.close(given, run.call, Consented("not_asked"))

        assert Consent.objects.get(call=run.call).answer == "no"
        assert not FollowUp.objects.exists()

    def test_a_promise_needs_a_number(self, given: Given) -> None:
        run = given.run(RunStatus.CLEARED, call=given.call(caller_phone=""))

        with pytest.raises(Refused) as refused:
            self.close(given, run.call, Consented("yes", by_call=True))

        assert set(refused.value.problems) == {"phone"}

    def test_a_call_with_a_unit_on_it_stays_open(self, given: Given) -> None:
        run = given.run(RunStatus.ON_SCENE)

        with pytest.raises(Refused, match="CRT1 is still on this call: clear or cancel it first"):
            self.close(given, run.call)

    def test_a_call_with_a_clinician_talking_stays_open(self, given: Given) -> None:
        consult = given.accepted_consult()

        with pytest.raises(Refused, match="Noor Avocet is still talking"):
            self.close(given, consult.call)

    def test_closing_takes_the_call_from_the_queue(self, given: Given) -> None:
        consult = given.waiting_consult()

        self.close(given, consult.call, Consented("no"), "caller_refused_heart")

        consult.refresh_from_db()
        assert consult.status == "withdrawn"

    @pytest.mark.parametrize("reason", ["", "because", "\x00", None])
    def test_eligible_and_not_served_takes_a_reason_code(self, reason: Any, given: Given) -> None:
        call = given.call()

        with pytest.raises(Refused, match="HEART did not serve it: say why"):
            self.close(given, call, Consented("no"), reason)

    def test_the_reason_stands_in_the_service_record_and_the_journal(self, given: Given) -> None:
        call = given.call()

        self.close(given, call, Consented("no"), "eta_over_target")

        assert Service.objects.get(call=call).not_served_reason_id == "eta_over_target"
        assert told(call)[-1] == "Dev Heron closed the call: not_served"

    def test_a_call_for_ems_needs_no_reason(self, given: Given) -> None:
        call = given.handoff().call

        self.close(given, call, Consented("not_asked"))

        assert told(call)[-1] == "Dev Heron closed the call: ineligible"

    def test_a_call_that_was_never_triaged_says_so(self, given: Given) -> None:
        call = given.taking()

        self.close(given, call, Consented("not_asked"))

        assert told(call)[-1] == "Dev Heron closed the call: not_triaged"

    def test_closing_twice_is_refused(self, given: Given) -> None:
        call = given.closed_call()

        with pytest.raises(MoveRefused, match="call is closed"):
            self.close(given, call)

    def test_closing_again_keeps_the_first_promise(self, given: Given) -> None:
        call = given.closed_call()
        first = FollowUp.objects.get(call=call)
        followup.reopen(
            call_id=call.pk, reason="new_information", by=given.people.dev.actor("console")
        )

        self.close(given, call)

        assert FollowUp.objects.get(call=call).due_at == first.due_at

    def test_closing_again_without_consent_ends_the_promise(self, given: Given) -> None:
        call = given.closed_call()
        followup.reopen(
            call_id=call.pk, reason="new_information", by=given.people.dev.actor("console")
        )

        self.close(given, call, Consented("no"))

        promise = FollowUp.objects.get(call=call)
        assert (promise.status, promise.close_reason) == ("closed", "withdrew")

    @pytest.mark.parametrize("status", [FollowUpStatus.REACHED, FollowUpStatus.CLOSED])
    def test_a_second_meeting_renews_a_promise_that_was_kept(
        self, status: FollowUpStatus, given: Given
    ) -> None:
        row = given.followup(due_in=HOURS, status=status)
        self.reopen(given, row.call)

        self.close(given, row.call)

        row.refresh_from_db()
        assert (row.status, row.due_at) == ("promised", row.promised_at + 48 * HOURS)
        assert (row.reached_at, row.closed_at, row.close_reason) == (None, None, "")
        assert row.promised_at > timezone.now() - HOURS

    def test_consent_given_again_after_a_refusal_is_promised_again(self, given: Given) -> None:
        call = given.closed_call()
        self.reopen(given, call)
        self.close(given, call, Consented("no"))
        self.reopen(given, call)

        self.close(given, call)

        assert FollowUp.objects.get(call=call).status == "promised"

    def test_a_renewed_promise_is_told_about_again(self, given: Given) -> None:
        row = given.followup(due_in=-HOURS, status=FollowUpStatus.OVERDUE)
        by = given.people.ana.actor("console")
        followup.see_notice(notice_id=row.notices.get(code="overdue").pk, by=by)
        followup.log_attempt(followup_id=row.pk, channel="call", outcome="reached_stable", by=by)
        self.reopen(given, row.call)
        self.close(given, row.call)

        with time_machine.travel(timezone.now() + 49 * HOURS, tick=False):
            followup.mark_overdue(limit=5, by=CLOCK)

        assert row.notices.get(code="overdue").seen_at is None

    def test_not_being_asked_again_takes_no_consent_back(self, given: Given) -> None:
        call = given.closed_call()
        self.reopen(given, call)

        self.close(given, call, Consented("not_asked"))

        consent = call.consent
        consent.refresh_from_db()
        assert (consent.answer, consent.phone != "") == ("yes", True)
        assert FollowUp.objects.get(call=call).status == "promised"

    def test_the_newest_answer_has_its_own_time(self, given: Given) -> None:
        call = given.closed_call()
        first = call.consent.recorded_at
        self.reopen(given, call)

        self.close(given, call, Consented("no"))

        call.consent.refresh_from_db()
        assert call.consent.recorded_at > first


class TestReopen:
    def test_an_open_call_is_not_reopened(self, given: Given) -> None:
        with pytest.raises(MoveRefused, match="call is open: cannot reopen"):
            followup.reopen(
                call_id=given.call().pk,
                reason="new_information",
                by=given.people.dev.actor("console"),
            )

    def test_it_takes_a_listed_reason(self, given: Given) -> None:
        with pytest.raises(Refused) as refused:
            followup.reopen(
                call_id=given.closed_call().pk,
                reason="just so",
                by=given.people.dev.actor("console"),
            )

        assert set(refused.value.problems) == {"reason"}


class TestAttempt:
    def try_once(
        self, given: Given, row: FollowUp, outcome: str = "no_answer", **more: Any
    ) -> Attempt:
        return followup.log_attempt(
            **{"followup_id": row.pk, "channel": "call", "outcome": outcome, **more},
            by=given.people.ana.actor("console"),
        )

    def test_attempts_are_numbered(self, given: Given) -> None:
        row = given.followup()

        numbers = [self.try_once(given, row).number for _ in range(3)]

        assert numbers == [1, 2, 3]

    def test_nobody_reached_sets_the_next_attempt_to_another_time_of_the_next_day(
        self, given: Given
    ) -> None:
        row = given.followup(due_in=40 * HOURS)

        made = self.try_once(given, row)

        row.refresh_from_db()
        assert row.attempt_due_at - made.made_at == 20 * HOURS
        assert row.status == "promised"

    def test_the_next_attempt_comes_before_the_deadline(self, given: Given) -> None:
        row = given.followup(due_in=5 * HOURS, status=FollowUpStatus.DUE)

        self.try_once(given, row)

        row.refresh_from_db()
        assert row.attempt_due_at == row.due_at

    def test_after_the_deadline_the_next_attempt_is_the_next_day(self, given: Given) -> None:
        row = given.followup(due_in=-5 * HOURS, status=FollowUpStatus.OVERDUE)

        made = self.try_once(given, row)

        row.refresh_from_db()
        assert row.attempt_due_at - made.made_at == 20 * HOURS

    def test_after_the_deadline_and_before_the_sweep_it_is_written_down_all_the_same(
        self, given: Given
    ) -> None:
        row = given.followup(due_in=-5 * HOURS)

        self.try_once(given, row)

        row.refresh_from_db()
        assert (row.status, row.attempt_due_at) == ("promised", row.due_at)

    @pytest.mark.parametrize(
        ("outcome", "status"),
        [
            ("reached_stable", "reached"),
            ("reached_needs_help", "reached"),
            ("visit_seen", "reached"),
            ("left_message", "promised"),
            ("third_party", "promised"),
            ("refused", "promised"),
        ],
    )
    def test_only_two_way_contact_keeps_the_promise(
        self, outcome: str, status: str, given: Given
    ) -> None:
        row = given.followup()

        self.try_once(given, row, outcome)

        row.refresh_from_db()
        assert (row.status, row.reached_at is not None) == (status, status == "reached")

    def test_a_crisis_reopens_the_call_and_puts_it_before_the_clinicians(
        self, given: Given
    ) -> None:
        row = given.followup()

        self.try_once(given, row, "reached_crisis")

        row.refresh_from_db()
        consult = Consult.objects.get(call=row.call)
        assert (row.status, row.call.status) == ("reached", "open")
        assert (consult.status, consult.kind) == ("waiting", "call_back")
        assert (consult.accept_due_at - consult.offered_at).total_seconds() == 60

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"channel": "pigeon"}, "channel"),
            ({"outcome": "fine"}, "outcome"),
            ({"note": "x" * 2001}, "note"),
            ({"note": "\ud800"}, "note"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_by_name(
        self, wrong: dict[str, Any], field: str, given: Given
    ) -> None:
        row = given.followup()

        with pytest.raises(Refused) as refused:
            self.try_once(given, row, **wrong)

        assert set(refused.value.problems) == {field}

    def test_a_closed_follow_up_takes_no_attempt(self, given: Given) -> None:
        row = given.followup(status=FollowUpStatus.CLOSED)

        with pytest.raises(Refused, match="this follow-up is closed"):
            self.try_once(given, row)


class TestCloseFollowUp:
    def close(self, given: Given, row: FollowUp, reason: str) -> FollowUp:
        return followup.close_followup(
            followup_id=row.pk, reason=reason, by=given.people.ana.actor("console")
        )

    def test_unreachable_takes_five_attempts(self, given: Given) -> None:
        row = given.followup()
        for _ in range(4):
            followup.log_attempt(
                followup_id=row.pk,
                channel="call",
                outcome="no_answer",
                by=given.people.ana.actor("console"),
            )

        with pytest.raises(Refused, match="unreachable needs five attempts"):
            self.close(given, row, "unreachable")

        followup.log_attempt(
            followup_id=row.pk,
            channel="visit",
            outcome="visit_not_seen",
            by=given.people.ana.actor("console"),
        )
        assert self.close(given, row, "unreachable").close_reason == "unreachable"

    def test_it_takes_a_listed_reason(self, given: Given) -> None:
        with pytest.raises(Refused) as refused:
            self.close(given, given.followup(), "tired")

        assert set(refused.value.problems) == {"reason"}

    def test_it_ends_once(self, given: Given) -> None:
        row = given.followup(status=FollowUpStatus.CLOSED)

        with pytest.raises(Refused, match="this follow-up is closed"):
            self.close(given, row, "linked")


class TestOwnerAndNotice:
    def test_taking_ones_own_again_is_no_entry(self, given: Given) -> None:
        row = given.followup()
        by = given.people.ana.actor("console")

        for _ in range(2):
            followup.take(followup_id=row.pk, by=by)

        assert told(row.call).count("Ana Teal took the follow-up") == 1

    def test_a_notice_is_seen_once_and_by_one(self, given: Given) -> None:
        row = given.followup(due_in=1 * HOURS, status=FollowUpStatus.DUE)
        notice = Notice.objects.get(followup=row)

        for person in (given.people.ana, given.people.sam):
            followup.see_notice(notice_id=notice.pk, by=person.actor("console"))

        notice.refresh_from_db()
        assert notice.seen_by == given.people.ana

    def test_sweeps_of_nothing_move_nothing(self, given: Given) -> None:
        given.followup()

        assert followup.mark_due(limit=10, by=CLOCK) == 0
        assert followup.mark_overdue(limit=10, by=CLOCK) == 0
