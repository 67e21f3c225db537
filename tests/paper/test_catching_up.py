"""A call from paper: it happened when the card says, everything that counts counts from there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from dispatch.models import Run, Unit, Watch
from followup.actions import mark_due
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.paper.actions import catch_up
from heart.paper.models import NumberSeries
from heart.paper.queries import entered_in_this_sitting
from intake.models import Call
from intake.steps import Refused
from tests.builders import CLOCK, Given, decision_of, last_entry, said
from tests.paper.cards import GOING_ON, MORNING, SERVED, ZONE, card
from tests.people import People


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def by(people: People) -> Actor:
    return people.rosa.actor("console")


def at(clock: str, day: int = 14) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 10, day, hour, minute, tzinfo=ZONE)


def enter(typed: dict[str, str], by: Actor, **other: str) -> Call:
    call = catch_up(card=card(typed, **other), by=by)
    call.refresh_from_db()
    return call


def problems(typed: dict[str, str], by: Actor, **other: str) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        enter(typed, by, **other)
    return refused.value.problems


def test_a_call_that_is_over_is_closed_with_everything_on_the_card(by: Actor) -> None:
    call = enter(SERVED, by)

    run = call.runs.get()
    assert (call.status, call.source, call.external_ref) == ("closed", "paper", "P1-0001")
    assert (call.received_at, call.closed_at) == (at("9:12"), at("10:04"))
    assert call.outcome == "resolved"
    assert (call.location_text, call.caller_phone) == ("12 Thimble Street", "555-0142")
    assert (run.status, run.unit.code) == ("cleared", "CRT1")
    assert (run.dispatched_at, run.on_scene_at, run.ended_at) == (
        at("9:15"),
        at("9:31"),
        at("10:04"),
    )
    assert (run.outcome, run.felt_safe) == ("resolved", "yes")
    assert (call.service.served_by, call.service.served_at) == ("CRT", at("9:31"))
    assert (call.service.ideal_route, call.service.planned_route) == ("CRT", "CRT")
    assert [note.text for note in call.notes.all()] == ["His sister came for him."]
    assert call.consent.answer == "yes"


def test_what_happened_and_when_it_was_entered_are_kept_apart(by: Actor) -> None:
    call = enter(SERVED, by)

    entry = last_entry()
    assert said(entry) == "entered the paper call P1-0001"
    assert (entry.happened_at, entry.actor_id) == (at("9:12"), by.id)
    assert entry.recorded_at - entry.happened_at > timedelta(0)
    assert call.taken_by_id == by.id
    assert entry.payload["served"] == "CRT"
    assert [tuple(effect[1:]) for effect in entry.payload["effects"]] == [
        ("born", "open"),
        ("close", "closed"),
        ("born", "dispatched"),
        ("arrive", "on_scene"),
        ("clear", "cleared"),
        ("born", "promised"),
    ]


def test_the_follow_up_is_due_48_hours_after_the_team_was_free(by: Actor) -> None:
    call = enter(SERVED, by)

    assert call.followup.due_at == at("10:04", day=16)
    assert call.followup.attempt_due_at <= call.followup.due_at
    assert call.followup.promised_at == at("10:04")


def test_a_promise_of_three_days_ago_is_overdue_at_once(by: Actor) -> None:
    call = enter(SERVED, by, day="2026-10-11")

    assert call.followup.due_at == at("10:04", day=13)
    with time_machine.travel(MORNING + timedelta(seconds=5), tick=False):
        assert mark_due(limit=9, by=CLOCK) == 1


def test_the_rules_decide_about_the_answers_as_on_a_call_taken_here(
    by: Actor, given: Given
) -> None:
    live = decision_of(given.call())

    decision = decision_of(enter(SERVED, by, unit="CRT2"))

    assert (decision.route, decision.level, decision.rule) == (live.route, live.level, live.rule)
    assert decision.rule_set_id == live.rule_set_id
    assert decision.inputs["answers"]["hour"] == "09"  # of the day, not of the entry
    assert decision.inputs["answers"]["caller"] == "with_person"


def test_a_call_that_goes_on_is_open_with_its_team_where_it_is(by: Actor) -> None:
    call = enter(GOING_ON, by)

    run = call.runs.get()
    assert (call.status, run.status, run.status_since) == ("open", "on_scene", at("9:31"))
    assert (run.ended_at, run.outcome) == (None, "")
    assert call.service.served_at == at("9:31")
    assert not hasattr(call, "followup")
    assert run.acknowledged_at == at("9:15")


def test_the_welfare_check_of_a_team_still_out_there_counts_from_its_arrival(by: Actor) -> None:
    call = enter(GOING_ON, by)

    watch = Watch.objects.get(call=call, kind="check")
    assert (watch.since, watch.situation) == (at("9:31"), "on_scene")


def test_a_call_nobody_has_waits_on_the_board_since_it_came_in(by: Actor) -> None:
    call = enter(GOING_ON, by, unit="", dispatched="", arrived="", notes="", consent="")

    assert (call.status, call.answered_at, call.runs.count()) == ("open", at("9:12"), 0)
    assert call.service.planned_route
    assert Entry.objects.get(call_id=call.pk).payload["note_id"] is None


def test_a_clinician_is_waited_for_since_the_call_came_in(by: Actor) -> None:
    wants_to_talk = {"nature": "EMOTDIST", "answer-si": "thoughts", "answer-contact": "willing"}
    call = enter(
        GOING_ON,
        by,
        **wants_to_talk,
        caller_relation="self",
        unit="",
        dispatched="",
        arrived="",
    )

    consult = call.consults.get()
    assert (consult.status, consult.offered_at) == ("waiting", at("9:12"))
    assert at("9:12") < consult.accept_due_at < at("9:20")


def test_nobody_waits_for_a_clinician_about_a_call_that_is_over(by: Actor) -> None:
    wants_to_talk = {"nature": "EMOTDIST", "answer-si": "thoughts", "answer-contact": "willing"}
    call = enter(SERVED, by, **wants_to_talk, caller_relation="self")

    consult = call.consults.get()
    assert (consult.status, consult.ended_at) == ("withdrawn", at("10:04"))
    assert call.assessment.clarify_due_at is None


def test_a_clinician_who_talked_served_the_call(by: Actor, people: People) -> None:
    alone = {"unit": "", "dispatched": "", "arrived": "", "outcome": "", "felt_safe": ""}
    talk = {"nature": "EMOTDIST", "answer-si": "thoughts", "answer-contact": "willing"}
    call = enter(
        SERVED, by, **alone, **talk, clinician="clinician", talked="0914", caller_relation="self"
    )

    consult = call.consults.get()
    assert (consult.status, consult.outcome) == ("ended", "resolved")
    assert (consult.accepted_at, consult.ended_at) == (at("9:14"), at("10:04"))
    assert consult.accepted_by == people.noor
    assert (call.service.served_by, call.service.served_at) == ("CCD", at("9:14"))
    assert (call.outcome, call.followup.due_at) == ("by_phone", at("10:04", day=16))


def test_a_clinician_may_talk_about_a_call_the_rules_would_not_offer(by: Actor) -> None:
    call = enter(GOING_ON, by, clinician="clinician", talked="0920")

    consult = call.consults.get()
    assert (consult.status, consult.accepted_at) == ("accepted", at("9:20"))
    assert (call.service.served_by, call.runs.get().status) == ("CCD", "on_scene")


def test_a_card_without_answers_is_a_call_that_was_not_triaged(by: Actor) -> None:
    bare = {
        name: SERVED[name]
        for name in ("paper_number", "received", "state", "cleared", "location_text")
    }
    call = enter(bare, by, consent="not_asked")

    assert (call.status, call.eligibility.state) == ("closed", "not_triaged")
    assert last_entry().payload["reason_code"] == "triage_not_done"


def test_a_team_that_never_arrived_was_cancelled(by: Actor) -> None:
    call = enter(
        SERVED,
        by,
        arrived="",
        outcome="",
        felt_safe="",
        cancel_reason="by_caller",
        not_served_reason="all_units_busy",
    )

    run = call.runs.get()
    assert (run.status, run.cancel_reason, run.ended_at) == ("cancelled", "by_caller", at("10:04"))
    assert (call.service.served_by, call.service.not_served_reason_id) == ("", "all_units_busy")


def test_a_team_that_is_busy_now_can_have_been_elsewhere_before(by: Actor, given: Given) -> None:
    run = given.run(unit="CRT1")

    call = enter(SERVED, by)

    assert call.runs.get().status == "cleared"
    run.refresh_from_db()
    assert run.is_open


def test_a_team_that_is_busy_now_cannot_be_out_there_as_well(by: Actor, given: Given) -> None:
    run = given.run(unit="CRT1")

    found = problems(GOING_ON, by)

    assert found.keys() == {"unit"}
    assert run.call.number in found["unit"]


def test_a_number_is_entered_once_and_who_did_it_when_is_said(by: Actor, people: People) -> None:
    call = enter(SERVED, by)

    found = problems(GOING_ON, people.dev.actor("console"), paper_number="p1-1")

    assert found.keys() == {"paper_number"}
    assert f"call {call.number}: entered by {people.rosa}" in found["paper_number"]
    assert Call.objects.filter(source="paper").count() == 1


def test_a_number_made_up_by_hand_is_never_printed_later(by: Actor) -> None:
    enter(SERVED, by, paper_number="X-0041")

    assert NumberSeries.objects.get(prefix="X").upcoming == 42


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"paper_number": "seven"}, "paper_number"),
        ({"paper_number": ""}, "paper_number"),
        ({"state": ""}, "state"),
        ({"day": "yesterday"}, "day"),
        ({"day": "2026-10-15"}, "received"),
        ({"day": "1926-10-14"}, "received"),
        ({"received": ""}, "received"),
        ({"received": "9 o'clock"}, "received"),
        ({"dispatched": "0900"}, "dispatched"),
        ({"arrived": "0914"}, "arrived"),
        ({"cleared": "0930"}, "cleared"),
        ({"cleared": "1130"}, "cleared"),
        ({"cleared": "x"}, "cleared"),
        ({"cleared": ""}, "cleared"),
        ({"dispatched": ""}, "dispatched"),
        ({"unit": ""}, "unit"),
        ({"unit": "CRT9"}, "unit"),
        ({"clinician": "clinician"}, "talked"),
        ({"talked": "0920"}, "clinician"),
        ({"clinician": "clinician", "talked": "0900"}, "talked"),
        ({"clinician": "clinician", "talked": "1030"}, "talked"),
        ({"clinician": "clinician", "talked": "soon"}, "talked"),
        ({"clinician": "dispatcher", "talked": "0920"}, "clinician"),
        ({"unit": "CCD1"}, "unit"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "flown"}, "outcome"),
        ({"felt_safe": ""}, "felt_safe"),
        ({"arrived": ""}, "cancel_reason"),
        ({"consent": ""}, "consent"),
        ({"consent": "perhaps"}, "consent"),
        ({"by_call": ""}, "by_call"),
        ({"caller_phone": ""}, "phone"),
        ({"nature": "NOTHING"}, "nature"),
        ({"point": "here"}, "point"),
        ({"point": "95, 10"}, "latitude"),
        ({"caller_relation": "cousin"}, "caller_relation"),
        ({"answer-weapon": "trebuchet"}, "weapon"),
        ({"answer-nonsense": "y"}, "nonsense"),
        ({"notes": "a\x00b"}, "notes"),
        ({"unit": "CRT1\x00"}, "unit"),
        ({"clinician": "clin\x00ician", "talked": "0920"}, "clinician"),
        ({"not_served_reason": "\x00"}, "not_served_reason"),
        ({"day": "9999-12-31"}, "received"),
        ({"narrative": "x" * 8001}, "narrative"),
        ({"beat": "Z9"}, "beat"),
    ],
)
def test_each_fault_names_its_field_and_stores_nothing(
    typed: dict[str, str], field: str, by: Actor
) -> None:
    before = Entry.objects.count()

    found = problems(SERVED, by, **typed)

    assert found.keys() == {field}
    assert found[field]
    assert (Call.objects.count(), Entry.objects.count()) == (0, before)


def test_an_eligible_call_that_nobody_served_needs_a_reason(by: Actor) -> None:
    alone = {"unit": "", "dispatched": "", "arrived": "", "outcome": "", "felt_safe": ""}

    assert problems(SERVED, by, **alone).keys() == {"not_served_reason"}
    call = enter(SERVED, by, **alone, not_served_reason="all_units_busy")
    assert call.service.not_served_reason_id == "all_units_busy"
    assert call.followup.due_at == at("10:04", day=16)


def test_times_pass_midnight(by: Actor) -> None:
    night = {"received": "2350", "dispatched": "2355", "arrived": "0010", "cleared": "0042"}
    call = enter(SERVED, by, **night)

    run = call.runs.get()
    assert (call.received_at, run.on_scene_at) == (at("23:50", day=13), at("0:10"))
    assert call.followup.due_at == at("0:42", day=16)


def test_the_same_command_enters_once(by: Actor) -> None:
    command: dict[str, Any] = {"card": card(SERVED), "by": by, "command_id": uuid4()}
    catch_up(**command)

    with pytest.raises((Refused, IntegrityError)):
        catch_up(**command)

    assert (Call.objects.count(), Run.objects.count()) == (1, 1)


def test_what_i_entered_in_this_sitting_is_listed_the_last_first(
    by: Actor, people: People
) -> None:
    enter(SERVED, by)
    enter(GOING_ON, by)
    enter(SERVED, people.dev.actor("console"), paper_number="P2-0001")

    mine = entered_in_this_sitting(people.rosa.pk)

    assert [row.call.external_ref for row in mine] == ["P1-0002", "P1-0001"]


def test_a_unit_that_is_out_of_service_is_not_silently_put_on_a_call(by: Actor) -> None:
    Unit.objects.filter(code="CRT1").update(is_active=False)

    assert problems(GOING_ON, by).keys() == {"unit"}


def test_entered_now_means_now(by: Actor) -> None:
    enter(SERVED, by)

    assert Call.objects.get().consent.recorded_at == timezone.now()
