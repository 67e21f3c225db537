"""Sending units, what they do, backup, hand-offs, and the plan when the ideal unit cannot go."""

from datetime import time
from typing import Any

import pytest

from dispatch import actions as dispatch
from dispatch import safety_actions as safety
from dispatch.models import Backup, Run, Service, Unit, UnitHours
from dispatch.states import RunStatus
from dispatch.steps import UnitTaken
from followup.actions import Consented, close_call, reopen
from heart.journal.models import Entry
from heart.moves import MoveRefused
from intake.models import Call
from intake.steps import Refused
from tests.builders import CLOCK, Given, decision_of, last_entry, said, told
from tests.people import People
from triage.actions import raise_level


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def out_of_service(people: People, *codes: str) -> None:
    for code in codes:
        dispatch.out_of_service(unit_id=unit(code).pk, by=people.dev.actor("console"))


def service_of(call: Call) -> tuple[str, str, str | None]:
    service = Service.objects.get(call=call)
    return service.ideal_route, service.planned_route, service.fallback_reason_id


class TestAssign:
    def send(self, given: Given, call: Call, code: str) -> Run:
        return dispatch.assign(
            call_id=call.pk, unit_id=unit(code).pk, by=given.people.omar.actor("console")
        )

    def test_a_taken_unit_is_refused_with_who_sent_it_where_and_when(self, given: Given) -> None:
        first = given.run()

        with pytest.raises(UnitTaken) as refused:
            self.send(given, given.call(), "CRT1")

        assert refused.value.run == first
        assert str(refused.value).startswith(f"CRT1 is on {first.call} since ")
        assert str(refused.value).endswith(", by Dev Heron")

    def test_a_unit_out_of_service_is_refused(self, given: Given) -> None:
        out_of_service(given.people, "CRT1")

        with pytest.raises(Refused, match="CRT1 is out of service"):
            self.send(given, given.call(), "CRT1")

    def test_a_closed_call_is_refused(self, given: Given) -> None:
        call = given.closed_call()

        with pytest.raises(Refused, match="is closed"):
            self.send(given, call, "CRT1")

    def test_the_clinician_desk_is_not_sent(self, given: Given) -> None:
        with pytest.raises(Refused, match="CCD takes calls from its own queue"):
            self.send(given, given.call(), "CCD")

    def test_two_units_may_go_to_one_call(self, given: Given) -> None:
        run = given.run()

        self.send(given, run.call, "COR1")

        assert run.call.runs.count() == 2

    def test_a_cleared_unit_can_be_sent_again(self, given: Given) -> None:
        run = given.run(RunStatus.CLEARED)

        again = self.send(given, run.call, "CRT1")

        assert again.unit == run.unit

    def test_a_call_without_decision_is_served_without_a_plan(self, given: Given) -> None:
        call = given.taking()

        self.send(given, call, "CRT1")

        assert not Service.objects.filter(call=call).exists()


class TestMoves:
    def test_each_step_keeps_its_time(self, given: Given) -> None:
        run = given.run(RunStatus.TRANSPORTING)

        assert run.dispatched_at < run.en_route_at < run.on_scene_at < run.transporting_at
        assert run.status_since == run.transporting_at

    def test_arriving_serves_the_call(self, given: Given) -> None:
        run = given.run(RunStatus.ON_SCENE)

        service = Service.objects.get(call=run.call)
        assert (service.served_by, service.served_at) == ("CRT", run.on_scene_at)

    def test_the_second_unit_on_scene_does_not_change_who_served_first(self, given: Given) -> None:
        run = given.run(RunStatus.ON_SCENE)

        given.run(RunStatus.ON_SCENE, unit="COR1", call=run.call)

        assert Service.objects.get(call=run.call).served_by == "CRT"

    @pytest.mark.parametrize(
        ("status", "move"),
        [
            (RunStatus.ON_SCENE, dispatch.start),
            (RunStatus.CLEARED, dispatch.arrive),
            (RunStatus.DISPATCHED, dispatch.transport),
            (RunStatus.CANCELLED, dispatch.begin_clearing),
        ],
    )
    def test_a_move_from_the_wrong_status_is_refused_and_says_which(
        self, status: RunStatus, move: Any, given: Given
    ) -> None:
        run = given.run(status)
        entries = Entry.objects.count()

        with pytest.raises(MoveRefused, match=f"run is {status.replace('_', ' ')}: cannot"):
            move(run_id=run.pk, by=given.people.imani.actor("console"))

        assert Entry.objects.count() == entries

    @pytest.mark.parametrize(
        ("outcome", "felt_safe", "field"),
        [
            ("fine", "yes", "outcome"),
            ("resolved", "", "felt_safe"),
            ("resolved", None, "felt_safe"),
        ],
    )
    def test_clearing_asks_for_outcome_and_felt_safe(
        self, outcome: Any, felt_safe: Any, field: str, given: Given
    ) -> None:
        run = given.run(RunStatus.CLEARING)

        with pytest.raises(Refused) as refused:
            dispatch.clear(
                run_id=run.pk,
                outcome=outcome,
                felt_safe=felt_safe,
                by=given.people.imani.actor("console"),
            )

        assert set(refused.value.problems) == {field}

    def test_a_unit_on_scene_is_not_called_back(self, given: Given) -> None:
        run = given.run(RunStatus.ON_SCENE)

        with pytest.raises(MoveRefused, match="run is on scene: cannot cancel"):
            dispatch.cancel(
                run_id=run.pk, reason="not_needed", by=given.people.dev.actor("console")
            )

    def test_cancelling_takes_a_listed_reason(self, given: Given) -> None:
        run = given.run()

        with pytest.raises(Refused) as refused:
            dispatch.cancel(run_id=run.pk, reason="because", by=given.people.dev.actor("console"))

        assert set(refused.value.problems) == {"reason"}


class TestUnits:
    def test_a_unit_on_a_call_is_never_taken_off_duty(self, given: Given) -> None:
        given.run(RunStatus.ON_SCENE)

        with pytest.raises(UnitTaken):
            out_of_service(given.people, "CRT1")

        assert unit("CRT1").status == "available"

    def test_off_duty_twice_is_refused(self, people: People) -> None:
        out_of_service(people, "CRT1")

        with pytest.raises(MoveRefused, match="unit is out of service"):
            out_of_service(people, "CRT1")

    def test_on_duty_twice_is_refused(self, people: People) -> None:
        with pytest.raises(MoveRefused, match="unit is available"):
            dispatch.into_service(unit_id=unit("CRT1").pk, by=people.dev.actor("console"))


class TestBackup:
    def test_one_press_brings_the_call_to_level_4(self, given: Given) -> None:
        backup = given.backup("POLICE")

        decision = decision_of(backup.run.call)
        assert (decision.route, decision.added, decision.level) == ("CRT", ["POLICE"], 4)
        assert decision.override_reason == "CRT1 asked for backup on scene"

    def test_pressing_again_asks_once(self, given: Given) -> None:
        first = given.backup("POLICE")

        again = safety.request_backup(
            run_id=first.run_id, agency="POLICE", by=given.people.imani.actor("console")
        )

        assert again == first
        assert Backup.objects.count() == 1

    def test_a_second_agency_is_another_request(self, given: Given) -> None:
        first = given.backup("POLICE")

        safety.request_backup(
            run_id=first.run_id, agency="EMS", by=given.people.imani.actor("console")
        )

        assert Backup.objects.count() == 2
        assert decision_of(first.run.call).added == ["EMS", "POLICE"]

    def test_a_unit_that_has_cleared_cannot_ask(self, given: Given) -> None:
        run = given.run(RunStatus.CLEARED)

        with pytest.raises(Refused, match="CRT1 is no longer on"):
            safety.request_backup(
                run_id=run.pk, agency="POLICE", by=given.people.imani.actor("console")
            )

    def test_an_unknown_agency_is_refused(self, given: Given) -> None:
        run = given.run(RunStatus.ON_SCENE)

        with pytest.raises(Refused) as refused:
            safety.request_backup(
                run_id=run.pk, agency="ARMY", by=given.people.imani.actor("console")
            )

        assert set(refused.value.problems) == {"agency"}

    def test_it_arrives_once(self, given: Given) -> None:
        backup = given.backup()
        safety.backup_arrived(backup_id=backup.pk, by=given.people.imani.actor("console"))

        with pytest.raises(MoveRefused, match="backup is arrived"):
            safety.backup_arrived(backup_id=backup.pk, by=given.people.imani.actor("console"))


class TestHandoff:
    def test_it_asks_for_its_answer_within_a_day(self, given: Given) -> None:
        made = given.handoff()

        assert (made.confirm_due_at - made.made_at).total_seconds() == 24 * 3600
        assert (made.status, made.reference) == ("open", "E-77")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"agency": "ARMY"}, "agency"),
            ({"agency_name": "x" * 81}, "agency_name"),
            ({"reference": "\x00"}, "reference"),
            ({"reference": 7}, "reference"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_by_name(
        self, wrong: dict[str, Any], field: str, given: Given
    ) -> None:
        call = given.call()

        with pytest.raises(Refused) as refused:
            dispatch.hand_off(
                **{"call_id": call.pk, "agency": "EMS", **wrong},
                by=given.people.dev.actor("console"),
            )

        assert set(refused.value.problems) == {field}

    def test_the_loop_is_closed_once(self, given: Given) -> None:
        made = given.handoff()
        by = given.people.dev.actor("console")
        dispatch.confirm_handoff(handoff_id=made.pk, outcome="not_located", by=by)

        with pytest.raises(MoveRefused, match="handoff is confirmed"):
            dispatch.confirm_handoff(handoff_id=made.pk, outcome="reached", by=by)

    def test_a_closed_call_is_not_handed_off(self, given: Given) -> None:
        call = given.closed_call()

        with pytest.raises(Refused, match="is closed"):
            given.handoff(call=call)


class TestPlan:
    """The ideal route, and what the fallback chain of the protocol makes of it."""

    def replan(self) -> int:
        return dispatch.replan_waiting(limit=100, by=CLOCK)

    def test_the_ideal_route_that_can_go_is_no_change_of_plan(self, given: Given) -> None:
        given.call()

        assert self.replan() == 0

    def test_all_teams_busy_gives_the_call_to_the_desk_with_the_reason(self, given: Given) -> None:
        call = given.call(beat="N1")
        given.run(unit="CRT1")
        given.run(unit="CRT2")

        assert self.replan() == 1

        assert service_of(call) == ("CRT", "CCD", "all_units_busy")
        assert said(last_entry()) == "planned CCD instead of CRT: all_units_busy"

    def test_a_plan_that_holds_is_written_once(self, given: Given) -> None:
        given.call()
        out_of_service(given.people, "CRT1", "CRT2", "CRT3", "CRT4")

        assert (self.replan(), self.replan()) == (1, 0)

    def test_a_unit_that_comes_back_restores_the_ideal_route(self, given: Given) -> None:
        call = given.call()
        out_of_service(given.people, "CRT1", "CRT2", "CRT3", "CRT4")
        self.replan()

        dispatch.into_service(unit_id=unit("CRT1").pk, by=given.people.dev.actor("console"))
        self.replan()

        assert service_of(call) == ("CRT", "CRT", None)
        assert told(call)[-1] == "the clock planned CRT instead of CRT: as_decided"

    def test_level_3_never_holds_on_the_phone(self, given: Given) -> None:
        call = given.call()
        raise_level(call_id=call.pk, level=3, by=given.people.rosa.actor("console"))
        out_of_service(given.people, "CRT1", "CRT2", "CRT3", "CRT4")

        self.replan()

        assert service_of(call) == ("CRT", "COR", "no_unit_on_duty")

    def test_nothing_of_heart_left_means_police_or_ems(self, given: Given) -> None:
        call = given.high_call()
        out_of_service(given.people, "COR1", "COR2")

        self.replan()

        assert service_of(call) == ("COR", "POLICE", "no_unit_on_duty")

    def test_a_closed_desk_means_988_for_who_wants_to_talk(self, given: Given) -> None:
        UnitHours.objects.filter(unit__code="CCD").update(opens=time(0), closes=time(0, 0, 1))
        call = given.waiting_consult().call

        self.replan()

        assert service_of(call) == ("CCD", "988", "outside_hours")

    def test_a_team_of_another_beat_is_outside_its_area(self, given: Given) -> None:
        out_of_service(given.people, "CRT1", "CRT3", "CRT4")
        call = given.call(beat="S2")

        self.replan()

        assert service_of(call) == ("CRT", "CCD", "outside_area")

    def test_an_incomplete_crew_does_not_go(self, given: Given) -> None:
        out_of_service(given.people, "CRT2", "CRT3", "CRT4")
        unit("CRT1").crew.get(duty="emt").delete()
        call = given.call()

        self.replan()

        assert service_of(call) == ("CRT", "CCD", "no_unit_on_duty")

    def test_the_unit_that_serves_does_not_make_its_own_call_a_fallback(
        self, given: Given
    ) -> None:
        out_of_service(given.people, "CRT2", "CRT3", "CRT4")
        run = given.run(RunStatus.CLEARED)
        given.run(call=given.call())

        close_call(
            call_id=run.call_id, consent=Consented("no"), by=given.people.dev.actor("console")
        )

        assert service_of(run.call) == ("CRT", "CRT", None)

    def test_a_call_reopened_after_it_was_not_served_can_be_served(self, given: Given) -> None:
        call = given.call()
        by = given.people.dev.actor("console")
        close_call(
            call_id=call.pk, consent=Consented("no"), not_served_reason="not_located", by=by
        )
        reopen(call_id=call.pk, reason="new_information", by=by)

        given.run(RunStatus.ON_SCENE, call=call)

        service = Service.objects.get(call=call)
        assert (service.served_by, service.not_served_reason) == ("CRT", None)
