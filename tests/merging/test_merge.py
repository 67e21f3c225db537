"""Two calls become one: what goes over, what counts, what stays, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.merge_plan import merge_plan
from dispatch.merging import Merged, merge
from dispatch.models import CallOwner, Handoff, Hold, Run, Watch
from dispatch.queue_actions import hold, own
from dispatch.states import OPEN_WATCH, RunStatus
from followup.actions import close_call, reopen
from followup.models import Consent, FollowUp
from heart.journal.models import Entry
from intake.actions import add_note
from intake.incident import notes_of
from intake.models import Call
from intake.steps import Refused
from tests.builders import NO_DANGER, Given, decision_of, ended_at, last_entry
from triage.actions import accept_consult, raise_level
from triage.models import Consult, Lowering

pytestmark = pytest.mark.django_db


def merged(given: Given, call: Call, into: Call) -> Merged:
    return merge(call_id=call.pk, into_id=into.pk, by=given.people.dev.actor("console"))


def again(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


def test_merged_call_is_closed_and_points_to_the_one_that_stays(given: Given) -> None:
    call, into = given.call(), given.call()

    merged(given, call, into)

    assert again(call).status == "closed"
    assert again(call).merged_into_id == into.pk
    assert again(into).status == "open"
    assert (last_entry().verb, last_entry().call_id) == ("call.merged", into.pk)


def test_teams_and_open_handoffs_go_over(given: Given) -> None:
    call, into = given.call(), given.call()
    run = given.run(RunStatus.EN_ROUTE, call=call)
    handoff = given.handoff("EMS", call=call)

    merged(given, call, into)

    assert Run.objects.get(pk=run.pk).call_id == into.pk
    assert Handoff.objects.get(pk=handoff.pk).call_id == into.pk
    told = last_entry().payload
    assert (told["run_ids"], told["handoff_ids"]) == ([run.pk], [handoff.pk])


def test_what_is_watched_of_a_team_goes_with_it(given: Given) -> None:
    call, into = given.call(), given.call()
    run = given.run(RunStatus.ON_SCENE, call=call)

    merged(given, call, into)

    open_watches = Watch.objects.filter(status__in=OPEN_WATCH)
    assert {watch.call_id for watch in open_watches.filter(run=run)} == {into.pk}
    assert not open_watches.filter(call=call).exists()


def test_hold_ends_and_owner_goes_over(given: Given) -> None:
    call, into = given.call(), given.call()
    by = given.people.dev.actor("console")
    hold(call_id=call.pk, reason="no_unit", minutes=30, by=by)
    own(call_id=call.pk, owner_id=given.people.dev.pk, by=by)

    merged(given, call, into)

    assert not Hold.objects.filter(call=call, ended_at__isnull=True).exists()
    assert CallOwner.objects.get(call=into).owner_id == given.people.dev.pk


def test_riskier_answer_counts_and_the_call_is_triaged_again(given: Given) -> None:
    into = given.call()
    call = given.call(answers={**NO_DANGER, "weapon": "accessible", "si": "unknown"})

    merged(given, call, into)

    decision = decision_of(into)
    assert decision.inputs["answers"]["weapon"] == "accessible"
    assert decision.inputs["answers"]["si"] == "unknown"
    assert decision.level >= 3


def test_riskier_answer_of_the_call_that_stays_counts_too(given: Given) -> None:
    into = given.call(answers={**NO_DANGER, "weapon": "accessible"})

    done = merged(given, given.call(), into)

    assert decision_of(into).inputs["answers"]["weapon"] == "accessible"
    assert [(w.key, w.theirs, w.counts) for w in done.plan.weighed] == [
        ("weapon", "none", "accessible")
    ]


def test_level_raised_by_hand_is_kept(given: Given) -> None:
    call, into = given.call(), given.call()
    raise_level(call_id=call.pk, level=4, by=given.people.rosa.actor("console"))

    merged(given, call, into)

    assert decision_of(into).level == 4


def test_protection_of_either_decision_is_kept_and_nobody_is_asked_to_lower_it(
    given: Given,
) -> None:
    call, into = given.high_call(), given.call()

    merged(given, call, into)

    decision = decision_of(into)
    assert (decision.route, decision.level) == ("COR", 3)
    assert not Lowering.objects.exists()


def test_wish_to_lower_the_merged_call_is_over(given: Given) -> None:
    asked = given.lowering()

    merged(given, asked.call, given.call())

    asked.refresh_from_db()
    assert asked.status == "refused"


def test_nature_of_the_riskier_call_counts(given: Given) -> None:
    call, into = given.high_call(), given.call()

    merged(given, call, into)

    assert again(into).nature_id == call.nature_id


def test_blank_fields_are_filled_and_typed_ones_stay(given: Given) -> None:
    into = given.call(location_text="")
    call = given.call(location_text="Mill Lane 3", caller_phone="555-0199")

    merged(given, call, into)

    assert (again(into).location_text, again(into).caller_phone) == ("Mill Lane 3", "555-0142")


def test_both_narratives_stay_and_notes_stand_in_the_order_of_time(given: Given) -> None:
    call, into = given.call(narrative="he shouts"), given.call(narrative="a man is crying")
    by = given.people.rosa.actor("console")
    for each, text in ((into, "one"), (call, "two"), (into, "three")):
        add_note(call_id=each.pk, text=text, by=by)

    merged(given, call, into)

    assert (again(call).narrative, again(into).narrative) == ("he shouts", "a man is crying")
    shown = [(note.text, note.call.number) for note in notes_of(into)]
    assert shown == [("one", into.number), ("two", call.number), ("three", into.number)]


def test_note_that_comes_late_for_the_merged_call_stands_on_the_other(given: Given) -> None:
    call, into = given.call(), given.call()
    merged(given, call, into)

    note = add_note(call_id=call.pk, text="late", by=given.people.imani.actor("phone"))

    assert note.call_id == into.pk
    assert last_entry().call_id == into.pk


def test_consult_of_the_merged_call_goes_over(given: Given) -> None:
    consult, into = given.waiting_consult(), given.call()

    merged(given, consult.call, into)

    consult.refresh_from_db()
    assert (consult.call_id, consult.status) == (into.pk, "waiting")


def test_of_two_waiting_consults_ours_waits_on_by_the_earlier_time(given: Given) -> None:
    theirs, ours = given.waiting_consult(), given.waiting_consult()
    Consult.objects.filter(pk=ours.pk).update(
        accept_due_at=theirs.accept_due_at + timedelta(minutes=5)
    )

    merged(given, theirs.call, ours.call)

    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.status, ours.status) == ("withdrawn", "waiting")
    assert ours.accept_due_at == theirs.accept_due_at


def test_clinician_who_talks_keeps_her_caller(given: Given) -> None:
    talking, waiting = given.accepted_consult(), given.waiting_consult()

    merged(given, talking.call, waiting.call)

    talking.refresh_from_db()
    waiting.refresh_from_db()
    assert (talking.status, talking.call_id) == ("accepted", waiting.call_id)
    assert waiting.status == "withdrawn"


def test_two_clinicians_who_talk_are_not_cut_off(given: Given) -> None:
    ours, theirs = given.accepted_consult(), given.waiting_consult()
    accept_consult(consult_id=theirs.pk, by=given.people.lena.actor("console"))

    with pytest.raises(Refused, match="one of them has to end first"):
        merged(given, theirs.call, ours.call)


def test_service_of_a_team_that_is_there_counts_for_the_call_that_stays(given: Given) -> None:
    call, into = given.call(), given.call()
    given.run(RunStatus.ON_SCENE, call=call)

    merged(given, call, into)

    assert again(into).service.served_by == "CRT"


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda given, call, into: (call, call), "into itself"),
        (lambda given, call, into: (given.closed_call(), into), "is closed"),
        (lambda given, call, into: (call, given.closed_call()), "is closed"),
    ],
    ids=["itself", "closed", "into a closed one"],
)
def test_refused_with_words(given: Given, prepare: Any, words: str) -> None:
    call, into = prepare(given, given.call(), given.call())

    with pytest.raises(Refused, match=words):
        merged(given, call, into)

    assert not Entry.objects.filter(verb="call.merged").exists()


def test_merged_call_is_not_merged_again_in_either_direction(given: Given) -> None:
    call, into = given.call(), given.call()
    merged(given, call, into)

    for one, other in ((call, into), (into, call)):
        with pytest.raises(Refused, match="was merged into"):
            merged(given, one, other)


def test_what_was_merged_before_goes_along(given: Given) -> None:
    first, second, third = given.call(), given.call(), given.call()
    add_note(call_id=first.pk, text="from the first", by=given.people.rosa.actor("console"))
    merged(given, first, second)

    merged(given, second, third)

    assert again(first).merged_into_id == third.pk
    assert [note.text for note in notes_of(third)] == ["from the first"]


def test_reopened_call_is_a_call_of_its_own_again(given: Given) -> None:
    call, into = given.call(), given.call()
    merged(given, call, into)

    reopen(call_id=call.pk, reason="closed_by_mistake", by=given.people.dev.actor("console"))

    assert (again(call).status, again(call).merged_into_id) == ("open", None)
    assert decision_of(call).route == "CRT"


def test_plan_says_before_what_is_done_then(given: Given) -> None:
    call, into = given.call(), given.high_call()
    given.run(call=call)

    said = merge_plan(call, into)
    done = merged(given, call, into)

    assert [run.pk for run in said.runs] == [run.pk for run in done.plan.runs]
    assert (said.answers, said.weighed) == (done.plan.answers, done.plan.weighed)
    assert done.decision is not None
    assert done.decision.level >= said.lowest_level


def test_what_a_crew_agreed_on_before_the_merge_is_kept(given: Given) -> None:
    met = given.met(call=given.call(caller_phone="555-0199"))
    into = given.call()
    merged(given, met.call, into)

    close_call(call_id=into.pk, by=given.people.dev.actor("console"))

    consent = Consent.objects.get(call=into)
    assert (consent.answer, consent.by_call, consent.phone) == ("yes", True, "555-0199")
    assert FollowUp.objects.filter(call=into).exists()


def test_promise_counts_from_the_meeting_at_the_merged_call(given: Given) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=5)):
        met = given.met()
    into = given.call()
    merged(given, met.call, into)

    close_call(call_id=into.pk, by=given.people.dev.actor("console"))

    assert FollowUp.objects.get(call=into).due_at - ended_at(met) == timedelta(hours=48)


def test_outcome_is_what_came_of_the_merged_call_s_last_meeting(given: Given) -> None:
    met, into = given.met(), given.call()
    merged(given, met.call, into)

    assert close_call(call_id=into.pk, by=given.people.dev.actor("console")).outcome == "resolved"
