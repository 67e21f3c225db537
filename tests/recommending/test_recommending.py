"""Which team is recommended for a call, from the rows of the room."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone

from dispatch import actions, crew_actions
from dispatch.candidates import ON_SCENE_MEASURED, TEAMS
from dispatch.models import CrewMember, Run, Unit, UnitHours, UnitPosition
from dispatch.ranking import Ranked
from dispatch.recommending import Recommendation, recommend
from dispatch.states import RunStatus
from heart.accounts.models import User
from intake.models import Call, Neighbor
from tests.builders import CLOCK, Given, decision_of
from tests.recommending.router import router

pytestmark = pytest.mark.django_db
NEAR_CRT1 = {"latitude": 31.0452, "longitude": -70.0381, "beat": "C1"}
"""The station of CRT1; CRT2 is about two miles away."""
QUERIES = 6
"""Teams, their hours, beats, crews and runs; and the encounters of late."""
NOON = "2026-03-02 17:00:00+00:00"


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """A Monday noon in the city: CRT3 begins at three, CRT4 works in the south."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def now_for(call: Call) -> Recommendation:
    found = Call.objects.get(pk=call.pk)
    return recommend(found, found.assessment.decision)


def named(advice: Recommendation) -> dict[str, Ranked]:
    return {each.unit.code: each for each in advice.ranked}


def against(each: Ranked) -> list[str]:
    return [reason.code for reason in each.against]


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def positioned(code: str, *, minutes_ago: float) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    UnitPosition.objects.create(
        unit=unit(code), latitude=31.0453, longitude=-70.0382, fixed_at=at, received_at=at
    )


def all_busy(given: Given, *codes: str) -> list[Run]:
    return [given.run(RunStatus.ON_SCENE, unit=code) for code in codes]


def off_duty(code: str, *duties: str) -> None:
    CrewMember.objects.filter(unit__code=code, duty__in=duties).update(on_since=None)


class TestFirst:
    def test_closest_team_that_can_go(self, given: Given) -> None:
        advice = now_for(given.call(**NEAR_CRT1))

        assert advice.first is advice.ranked[0]
        assert [each.unit.code for each in advice.ranked] == [
            *("CRT1", "CRT2", "COR1", "COR2"),
            *("CRT3", "CRT4"),
        ]
        assert advice.because == "CRT1 before CRT2: about 10 min closer."
        assert [reason.code for reason in advice.ranked[0].reasons] == ["closest"]

    def test_what_stands_in_the_way_of_the_others(self, given: Given) -> None:
        ranked = named(now_for(given.call(**NEAR_CRT1)))

        assert {code: against(each) for code, each in ranked.items()} == {
            "CRT1": [],
            "CRT2": [],
            "COR1": ["stands_in"],
            "COR2": ["stands_in"],
            "CRT3": ["outside_hours"],
            "CRT4": ["outside_area"],
        }

    def test_co_response_is_not_replaced_by_a_response_team(self, given: Given) -> None:
        advice = now_for(given.high_call(**NEAR_CRT1))

        assert advice.first is not None
        assert advice.first.unit.code == "COR1"
        assert "kind_not_enough" in against(named(advice)["CRT1"])
        assert not named(advice)["CRT1"].can_go

    def test_decision_for_another_agency_recommends_no_team(self, given: Given) -> None:
        advice = now_for(given.call("OVERDOSE", {"medical": "serious"}))

        assert decision_of(Call.objects.get()).route == "EMS"
        assert advice.first is None
        assert "not_asked_for" in against(named(advice)["COR1"])

    def test_added_team_is_recommended_beside_another_agency(self, given: Given) -> None:
        call = given.call(**NEAR_CRT1)
        decision = decision_of(call)
        decision.route, decision.added = "EMS", ["CRT"]

        advice = recommend(Call.objects.get(pk=call.pk), decision)

        assert advice.first is not None
        assert advice.first.unit.code == "CRT1"

    def test_undecided_call_recommends_nothing_and_ranks_all(self, given: Given) -> None:
        advice = recommend(given.taking(**NEAR_CRT1), None)

        assert advice.first is None
        assert [each.unit.code for each in advice.able] == ["CRT1", "COR1", "COR2", "CRT2"]

    def test_team_that_was_sent_is_enough(self, given: Given) -> None:
        run = given.run()

        advice = now_for(run.call)

        assert advice.first is None
        assert advice.plan is None
        assert "CRT1" not in named(advice)

    def test_team_that_was_called_back_is_not(self, given: Given) -> None:
        run = given.run(RunStatus.CANCELLED, call=given.call(**NEAR_CRT1))

        first = now_for(run.call).first

        assert first is not None
        assert first.unit.code == "CRT1"

    def test_call_without_coordinates_counts_from_the_middle_of_its_beat(
        self, given: Given
    ) -> None:
        ranked = named(now_for(given.call(beat="C1")))

        assert ranked["CRT1"].unit.trip is not None

    def test_call_without_any_place_has_no_way(self, given: Given) -> None:
        advice = now_for(given.call())

        assert advice.first is not None
        assert against(advice.first) == ["way_unknown"]


class TestCrew:
    def test_missing_duty_is_named(self, given: Given) -> None:
        off_duty("CRT1", "emt")

        [reason] = named(now_for(given.call(**NEAR_CRT1)))["CRT1"].against

        assert (reason.code, reason.words) == ("crew_incomplete", "no EMT signed on")

    def test_signing_on_makes_it_ready(self, given: Given) -> None:
        call = given.call(**NEAR_CRT1)
        off_duty("CRT1", "peer")
        before = now_for(call).first

        crew_actions.sign_on(
            unit_id=unit("CRT1").pk, duty="peer", by=given.people.imani.actor("console")
        )

        after = now_for(call).first
        assert [each.unit.code for each in (before, after) if each] == ["CRT2", "CRT1"]

    def test_language_of_those_on_duty_counts(self, given: Given) -> None:
        call = given.call(language="es", beat="N2", latitude=31.0731, longitude=-70.0012)
        User.objects.filter(username="crt2.peer").update(languages="en es-MX")
        fluent = now_for(call)
        CrewMember.objects.filter(user__username="crt2.peer").update(on_since=None)
        CrewMember.objects.create(
            unit=unit("CRT2"), user=given.people.rosa, duty="peer", on_since=None
        )

        short = named(now_for(call))["CRT2"]

        assert fluent.first is not None
        assert [reason.code for reason in fluent.first.reasons] == ["closest", "speaks_es"]
        assert fluent.first.reasons[1].words == "speaks Spanish"
        assert "language_not_spoken" in against(short)

    def test_skill_that_the_answers_ask_for(self, given: Given) -> None:
        Unit.objects.filter(code="CRT2").update(skills="youth naloxone")
        answers = {"age": "teen", **dict.fromkeys(("weapon", "violence", "si"), "none")}

        ranked = named(now_for(given.call(answers=answers, **NEAR_CRT1)))

        assert [reason.code for reason in ranked["CRT2"].reasons] == ["skill_youth"]

    def test_team_that_has_met_the_neighbor(self, given: Given) -> None:
        neighbor = Neighbor.objects.create(name="Rowan Sedge")
        met = given.run(RunStatus.CLEARED, unit="CRT2")
        call = given.call(**NEAR_CRT1)
        Call.objects.filter(pk__in=[met.call_id, call.pk]).update(neighbor=neighbor)

        ranked = named(now_for(call))

        assert "knows_neighbor" in [reason.code for reason in ranked["CRT2"].reasons]
        assert "knows_neighbor" not in [reason.code for reason in ranked["CRT1"].reasons]


class TestPosition:
    def test_fresh_one_counts(self, given: Given) -> None:
        positioned("CRT2", minutes_ago=1)

        two = named(now_for(given.call(**NEAR_CRT1)))["CRT2"]

        assert (two.unit.origin, two.minutes) == ("phone", 1)

    def test_old_one_is_said_and_the_station_counts(self, given: Given) -> None:
        positioned("CRT2", minutes_ago=9)

        two = named(now_for(given.call(**NEAR_CRT1)))["CRT2"]

        assert (two.unit.origin, two.minutes) == ("phone_stale", 11)
        assert [reason.words for reason in two.against] == ["position is 9 min old"]

    def test_old_one_is_better_than_nothing(self, given: Given) -> None:
        Unit.objects.filter(code="CRT2").update(latitude=None, longitude=None)
        positioned("CRT2", minutes_ago=9)

        two = named(now_for(given.call(**NEAR_CRT1)))["CRT2"]

        assert (two.unit.origin, two.minutes) == ("phone_stale", 1)


class TestRest:
    @pytest.mark.parametrize(("minutes", "first"), [(4, "CRT2"), (11, "CRT1")])
    def test_after_an_encounter(
        self, minutes: int, first: str, given: Given, noon: time_machine.Traveller
    ) -> None:
        given.run(RunStatus.CLEARED, unit="CRT1")
        noon.shift(timedelta(minutes=minutes))

        advice = now_for(given.call(**NEAR_CRT1))

        assert advice.first is not None
        assert advice.first.unit.code == first

    def test_can_be_overridden(self, given: Given) -> None:
        given.run(RunStatus.CLEARED, unit="CRT1")
        one = named(now_for(given.call(**NEAR_CRT1)))["CRT1"]

        assert one.can_go
        assert one.against[0].until == timezone.now() + timedelta(minutes=10)

    def test_agency_sets_it(self, given: Given, settings: Any) -> None:
        settings.HEART_REST_MINUTES = 0
        given.run(RunStatus.CLEARED, unit="CRT1")

        first = now_for(given.call(**NEAR_CRT1)).first

        assert first is not None
        assert first.unit.code == "CRT1"


class TestNoneCanGo:
    def test_reason_of_each_and_when_one_is_free(self, given: Given) -> None:
        all_busy(given, "CRT1", "CRT2", "COR1", "COR2")

        advice = now_for(given.call(**NEAR_CRT1))

        assert advice.able == []
        assert all(each.against for each in advice.unable)
        assert advice.soonest is not None
        assert advice.soonest.unit.code == "CRT1"
        assert advice.soonest.unit.available_at == timezone.now() + timedelta(minutes=40)

    def test_fallback_and_its_reason(self, given: Given) -> None:
        all_busy(given, "CRT1", "CRT2")

        advice = now_for(given.call(**NEAR_CRT1))

        assert advice.plan is not None
        assert advice.is_fallback
        assert (advice.plan.route, advice.plan.reason_code) == ("CCD", "all_units_busy")
        assert advice.first is None  # the clinician holds; co-response may still be sent
        assert advice.ranked[0].unit.code == "COR1"

    def test_time_on_scene_is_measured(self, given: Given, noon: time_machine.Traveller) -> None:
        for _ in range(ON_SCENE_MEASURED):
            run = given.run(RunStatus.ON_SCENE)
            noon.shift(timedelta(minutes=18))
            actions.clear(run_id=run.pk, outcome="resolved", felt_safe="yes", by=CLOCK)
        all_busy(given, "CRT1", "CRT2")
        noon.shift(timedelta(minutes=5))

        one = named(now_for(given.call(**NEAR_CRT1)))["CRT1"]

        assert one.unit.available_at == timezone.now() + timedelta(minutes=13)

    def test_longer_than_usual_has_no_time(
        self, given: Given, noon: time_machine.Traveller
    ) -> None:
        all_busy(given, "CRT1")
        noon.shift(timedelta(minutes=41))

        assert named(now_for(given.call(**NEAR_CRT1)))["CRT1"].unit.available_at is None

    def test_next_shift(self, given: Given) -> None:
        three = named(now_for(given.call(**NEAR_CRT1)))["CRT3"]

        assert three.unit.available_at == timezone.now() + timedelta(hours=3)

    def test_busy_until_its_shift_has_ended_comes_with_the_next(self, given: Given) -> None:
        UnitHours.objects.filter(unit__code="CRT1").exclude(weekday=0).delete()
        UnitHours.objects.filter(unit__code="CRT1").update(opens="06:00", closes="12:20")
        all_busy(given, "CRT1")

        one = named(now_for(given.call(**NEAR_CRT1)))["CRT1"]

        # in the night between, clocks go from two to three
        assert one.unit.available_at == timezone.now() + timedelta(days=7, hours=-7)

    def test_neither_out_of_service_nor_of_another_area_comes_by_time(self, given: Given) -> None:
        actions.out_of_service(unit_id=unit("CRT1").pk, by=given.people.dev.actor("console"))

        ranked = named(now_for(given.call(**NEAR_CRT1)))

        assert ranked["CRT1"].unit.available_at is None
        assert ranked["CRT4"].unit.available_at is None


def test_number_of_queries_does_not_grow_with_the_teams(
    given: Given, django_assert_num_queries: Callable[..., Any]
) -> None:
    call = given.call(**NEAR_CRT1)
    all_busy(given, "CRT2")
    loaded = ("beat", "nature", "assessment__decision", "service")
    found = Call.objects.select_related(*loaded).prefetch_related("runs__unit").get(pk=call.pk)

    with django_assert_num_queries(QUERIES):
        recommend(found, found.assessment.decision)
    for nth in range(20):
        more = Unit.objects.create(code=f"CRT{nth + 10}", name="more", kind="CRT")
        CrewMember.objects.create(unit=more, user=given.people.imani, duty="peer")
    with django_assert_num_queries(QUERIES):
        recommend(found, found.assessment.decision)


def test_sending_never_asks_the_routing_service(given: Given, settings: Any) -> None:
    caches["travel"].clear()
    with router() as service:
        settings.HEART_ROUTING = "dispatch.travel.RoutingService"
        settings.HEART_ROUTING_URL = service.url
        run = given.run(call=given.call(**NEAR_CRT1))
        actions.replan_waiting(limit=9, by=CLOCK)
        asked = len(service.heard)
        advice = now_for(run.call)
    caches["travel"].clear()

    assert asked == 0
    assert len(service.heard) == 1
    assert advice.sources == "by road"


def test_desk_is_not_a_team(given: Given) -> None:
    kinds = {each.unit.kind for each in now_for(given.call()).ranked}

    assert kinds == TEAMS
