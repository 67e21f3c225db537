"""Watches climb their ladders by the clock alone: each rung once, and no further when somebody acted."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch import actions as dispatch
from dispatch import call_watch_actions as call_watches
from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.ladders import Times, times_for
from dispatch.models import Page, Run, Watch, WatchKind, WatchRule
from dispatch.states import RunStatus, WatchStatus
from dispatch.watching import loudness, rung
from followup import actions as followup
from heart.journal.models import Entry
from intake.steps import Refused
from tests.builders import CLOCK, NO_DANGER, Given
from triage.actions import accept_consult, raise_level

pytestmark = pytest.mark.django_db


def climb(at: datetime, kind: str = "") -> list[tuple[str, str]]:
    """Every rung that is reached at this moment, as the journal tells it, or those of one kind."""
    before = Entry.objects.count()
    with time_machine.travel(at, tick=False):
        safety.climb_ladders(limit=500, by=CLOCK)
    entries = Entry.objects.order_by("id")[before:]
    told = [(entry.payload["kind"], entry.payload["rung"]) for entry in entries]
    return [each for each in told if kind in ("", each[0])]


def after(run: Run, seconds: float) -> datetime:
    return run.dispatched_at + timedelta(seconds=seconds)


def test_a_dispatch_that_nobody_acknowledges_climbs_rung_by_rung_each_once(given: Given) -> None:
    run = given.run()

    climbed = {
        s: climb(after(run, s), "acknowledgement")
        for s in (59, 61, 62, 119, 121, 200, 241, 242, 3600)
    }

    told = {s: rungs for s, rungs in climbed.items() if rungs}
    assert told == {
        61: [("acknowledgement", "due")],
        121: [("acknowledgement", "supervisor")],
        241: [("acknowledgement", "page")],
    }


def test_rungs_missed_while_nothing_ran_are_climbed_one_by_one(given: Given) -> None:
    run = given.run()

    climbed = [climb(after(run, s), "acknowledgement") for s in (900, 901, 902, 903)]

    assert climbed == [
        [("acknowledgement", "due")],
        [("acknowledgement", "supervisor")],
        [("acknowledgement", "page")],
        [],
    ]


@pytest.mark.parametrize("step", [safety.acknowledge, dispatch.start, dispatch.arrive])
def test_whoever_reacts_has_acknowledged(step: object, given: Given) -> None:
    run = given.run()

    step(run_id=run.pk, by=given.people.imani.actor("phone"))  # type: ignore[operator]

    assert ("acknowledgement", "due") not in climb(after(run, 600))


def test_acknowledging_twice_or_too_late_is_refused(given: Given) -> None:
    run, by = given.run(), given.people.imani.actor("phone")
    safety.acknowledge(run_id=run.pk, by=by)

    with pytest.raises(Refused, match="acknowledged already"):
        safety.acknowledge(run_id=run.pk, by=by)


@pytest.mark.parametrize(
    ("level", "warn", "due"), [(2, 900, 1200), (3, 450, 600)], ids=["level 2", "level 3"]
)
def test_welfare_check_warns_first_and_sooner_where_the_risk_is_higher(
    level: int, warn: int, due: int, given: Given
) -> None:
    call = given.call() if level == 2 else given.high_call()
    run = given.run(RunStatus.ON_SCENE, unit="CRT1" if level == 2 else "COR1", call=call)
    check = run.watches.get(kind=WatchKind.CHECK)

    def since(seconds: int) -> datetime:
        return check.since + timedelta(seconds=seconds)

    assert climb(since(warn - 1)) == []
    assert climb(since(warn + 1)) == [("check", "warn")]
    check.refresh_from_db()
    assert (loudness(check), check.status) == ("low", WatchStatus.RAISED)
    assert climb(since(due + 1)) == [("check", "due")]
    check.refresh_from_db()
    assert loudness(check) == "high"


def test_a_crew_that_answers_is_asked_again_later(given: Given) -> None:
    run = given.run(RunStatus.ON_SCENE)
    check = run.watches.get(kind=WatchKind.CHECK)
    climb(check.since + timedelta(seconds=1201))
    with time_machine.travel(check.since + timedelta(seconds=1210), tick=False):
        safety.check_in(run_id=run.pk, by=given.people.imani.actor("phone"))

    check.refresh_from_db()

    assert (check.status, check.step, check.owner) == (WatchStatus.WAITING, 0, None)
    assert climb(check.since + timedelta(seconds=899)) == []
    assert climb(check.since + timedelta(seconds=901)) == [("check", "warn")]


def test_each_situation_has_its_own_time_and_clearing_ends_the_watch(given: Given) -> None:
    run = given.run(RunStatus.EN_ROUTE)
    situations = [run.watches.get(kind=WatchKind.CHECK).situation]
    by = given.people.imani.actor("phone")
    for step in (dispatch.arrive, dispatch.transport, dispatch.begin_clearing):
        step(run_id=run.pk, by=by)
        situations.append(run.watches.get(kind=WatchKind.CHECK).situation)
    dispatch.clear(run_id=run.pk, outcome="resolved", felt_safe="yes", by=by)

    assert situations == ["en_route", "on_scene", "transporting", "clearing"]
    assert set(run.watches.values_list("status", flat=True)) == {WatchStatus.ENDED}


def test_the_agencys_own_times_count_for_what_begins_after_them(given: Given) -> None:
    running = given.run()
    WatchRule.objects.create(kind=WatchKind.ACKNOWLEDGEMENT, due_seconds=5)
    later = given.run(unit="CRT2", call=given.call())

    mine, theirs = (
        run.watches.get(kind=WatchKind.ACKNOWLEDGEMENT).ladder for run in (running, later)
    )
    assert mine == [["due", 60], ["supervisor", 120], ["page", 240]]
    assert theirs == [["due", 5]]


def test_the_most_exact_rule_counts() -> None:
    assert times_for(WatchKind.CHECK, "on_scene", 3) == Times(450, 600, 720, 900)
    rows = [("", 1, 100), ("on_scene", 1, 200), ("on_scene", 3, 300), ("", 4, 400)]
    for situation, level, due in rows:
        WatchRule.objects.create(
            kind=WatchKind.CHECK, situation=situation, lowest_level=level, due_seconds=due
        )

    found = {
        (situation, level): times_for(WatchKind.CHECK, situation, level)
        for situation, level in (("on_scene", 2), ("on_scene", 4), ("dispatched", 2), ("x", 4))
    }

    assert found == {
        ("on_scene", 2): Times(due=200),
        ("on_scene", 4): Times(due=300),
        ("dispatched", 2): Times(due=100),
        ("x", 4): Times(due=400),
    }


def test_an_alert_has_one_owner_and_goes_on_if_nothing_comes_of_it(given: Given) -> None:
    run = given.run()
    climb(after(run, 61))
    watch = run.watches.get(kind=WatchKind.ACKNOWLEDGEMENT)
    with time_machine.travel(after(run, 70), tick=False):
        safety.acknowledge_watch(watch_id=watch.pk, by=given.people.dev.actor("console"))

    with pytest.raises(Refused, match="has it since"):
        safety.acknowledge_watch(watch_id=watch.pk, by=given.people.omar.actor("console"))
    assert climb(after(run, 121)) == []
    assert climb(after(run, 251)) == [("acknowledgement", "supervisor")]
    assert climb(after(run, 252)) == []  # the rungs after it keep their distance
    assert climb(after(run, 371)) == [("acknowledgement", "page")]
    watch.refresh_from_db()
    assert watch.owner is None


def test_an_alert_that_was_taken_after_its_last_rung_asks_again(given: Given) -> None:
    run = given.run()
    for seconds in (61, 121, 241):
        climb(after(run, seconds))
    watch = run.watches.get(kind=WatchKind.ACKNOWLEDGEMENT)
    with time_machine.travel(after(run, 250), tick=False):
        safety.acknowledge_watch(watch_id=watch.pk, by=given.people.dev.actor("console"))

    assert climb(after(run, 400), "acknowledgement") == []
    assert climb(after(run, 431), "acknowledgement") == [("acknowledgement", "page")]
    assert climb(after(run, 432), "acknowledgement") == []
    watch.refresh_from_db()
    assert (watch.owner, watch.status) == (None, WatchStatus.RAISED)


def test_knowing_of_a_warning_puts_off_nothing(given: Given) -> None:
    check = given.run(RunStatus.ON_SCENE).watches.get(kind=WatchKind.CHECK)
    warned = check.since + timedelta(seconds=1190)
    climb(warned)
    with time_machine.travel(warned, tick=False):
        safety.acknowledge_watch(watch_id=check.pk, by=given.people.dev.actor("console"))

    assert climb(check.since + timedelta(seconds=1201)) == [("check", "due")]


def test_a_crew_whose_call_rises_is_asked_as_often_as_that_level_demands(given: Given) -> None:
    run = given.run(RunStatus.ON_SCENE)
    check = run.watches.get(kind=WatchKind.CHECK)
    began = check.since
    safety.request_backup(run_id=run.pk, agency="POLICE", by=given.people.imani.actor("phone"))

    safety.tighten_checks(limit=9, by=CLOCK)

    check.refresh_from_db()
    assert (check.level, check.since) == (4, began)
    assert ("check", "due") in climb(began + timedelta(seconds=601)) + climb(
        began + timedelta(seconds=602)
    )


def test_a_waiting_call_that_rises_alerts_the_room_and_is_due_by_its_new_level(
    given: Given,
) -> None:
    call = given.watched_call()
    before = Watch.objects.get(call=call, kind=WatchKind.WAITING).next_step_at
    raise_level(call_id=call.pk, level=4, by=given.people.rosa.actor("console"))

    call_watches.watch_calls(limit=500, by=CLOCK)
    call_watches.watch_calls(limit=500, by=CLOCK)

    new = Watch.objects.get(call=call, kind=WatchKind.NEW_CALL)
    assert (new.status, new.level) == (WatchStatus.RAISED, 4)
    waiting = Watch.objects.get(call=call, kind=WatchKind.WAITING)
    assert before is not None
    assert waiting.since < before


def test_a_dispatch_that_was_cancelled_lets_the_call_alert_anew(given: Given) -> None:
    call = given.high_call()
    call_watches.watch_calls(limit=500, by=CLOCK)
    run = given.run(unit="COR1", call=call)
    accept_consult(consult_id=call.consults.get().pk, by=given.people.noor.actor("console"))
    call_watches.watch_calls(limit=500, by=CLOCK)
    later = timezone.now() + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        dispatch.cancel(run_id=run.pk, reason="not_needed", by=given.people.dev.actor("console"))
        call_watches.watch_calls(limit=500, by=CLOCK)

    alerts = Watch.objects.filter(call=call, kind=WatchKind.NEW_CALL)
    assert list(alerts.order_by("id").values_list("status", flat=True)) == ["ended", "raised"]


def test_a_waiting_call_that_somebody_has_seen_to_asks_again(given: Given) -> None:
    call = given.watched_call()
    watch = Watch.objects.get(call=call, kind=WatchKind.WAITING)
    climb(watch.since + timedelta(seconds=1))
    with time_machine.travel(watch.since + timedelta(seconds=2), tick=False):
        safety.end_watch(watch_id=watch.pk, reason="handled", by=given.people.dev.actor("console"))

    again = watch.since + timedelta(seconds=2) + safety.SEEN_TO

    assert climb(again - timedelta(seconds=1), "waiting") == []
    assert climb(again + timedelta(seconds=1), "waiting") == [("waiting", "due")]


def test_a_call_given_away_but_still_wanting_a_team_is_watched(given: Given) -> None:
    call = given.high_call()
    given.handoff("988", call)

    call_watches.watch_calls(limit=500, by=CLOCK)

    assert "recontact" in kinds_of(call.pk)


def test_a_reopened_call_wants_a_team_of_its_own(given: Given) -> None:
    call = given.closed_call()
    followup.reopen(
        call_id=call.pk, reason="new_information", by=given.people.sam.actor("console")
    )

    call_watches.watch_calls(limit=500, by=CLOCK)

    assert "recontact" in kinds_of(call.pk)


def test_an_old_press_of_panic_that_comes_again_raises_nothing_new(given: Given) -> None:
    by, first, second = given.people.imani.actor("phone"), uuid4(), uuid4()
    unit_id = given.panic().unit_id
    assert unit_id is not None
    watch = safety.panic(unit_id=unit_id, by=by, command_id=first)
    safety.panic(unit_id=unit_id, by=by, command_id=second)
    safety.end_watch(watch_id=watch.pk, reason="handled", by=given.people.dev.actor("console"))

    with suppress(IntegrityError), transaction.atomic():
        safety.panic(unit_id=unit_id, by=by, command_id=second)

    assert Watch.objects.filter(kind=WatchKind.PANIC).count() == 1


def test_clearing_stands_down_whoever_was_asked_to_come(given: Given) -> None:
    backup = given.backup()
    dispatch.clear(
        run_id=backup.run_id,
        outcome="resolved",
        felt_safe="yes",
        by=given.people.imani.actor("phone"),
    )

    backup.refresh_from_db()

    assert backup.status == "stood_down"
    assert not Watch.objects.filter(status__in=("waiting", "raised"), run=backup.run_id).exists()


def test_panic_is_one_alarm_however_often_it_is_pressed_and_asks_for_police(given: Given) -> None:
    run = given.run(RunStatus.ON_SCENE)
    by = given.people.imani.actor("phone")

    pressed = {safety.panic(unit_id=run.unit_id, by=by).pk for _ in range(3)}

    assert len(pressed) == 1
    assert list(run.backups.values_list("agency", "status")) == [("POLICE", "requested")]
    run.call.assessment.decision.refresh_from_db()
    assert Entry.objects.filter(verb="unit.panic").count() == 1


def test_panic_works_on_duty_without_a_call(given: Given) -> None:
    watch = given.panic()

    assert (watch.status, rung(watch), watch.call_id) == (WatchStatus.RAISED, "due", None)


# --- calls that wait -----------------------------------------------------------------------------------


def kinds_of(call_id: int) -> dict[str, str]:
    return dict(Watch.objects.filter(call=call_id).values_list("kind", "status"))


def test_a_call_that_nobody_has_is_watched_until_somebody_has_it(given: Given) -> None:
    call = given.watched_call()
    assert kinds_of(call.pk) == {"waiting": "waiting", "recontact": "waiting"}
    call_watches.watch_calls(limit=500, by=CLOCK)  # nothing twice

    given.run(call=call)
    call_watches.watch_calls(limit=500, by=CLOCK)

    watched = Watch.objects.filter(call=call, run__isnull=True)
    assert set(watched.values_list("status", "end_reason")) == {("ended", "somebody_has_it")}


def test_a_call_of_level_3_alerts_the_room_at_once_and_only_once(given: Given) -> None:
    call = given.high_call()
    call_watches.watch_calls(limit=500, by=CLOCK)
    (new,) = Watch.objects.filter(call=call, kind=WatchKind.NEW_CALL)
    assert (new.status, loudness(new)) == (WatchStatus.RAISED, "high")

    run = given.run(unit="COR1", call=call)
    call_watches.watch_calls(limit=500, by=CLOCK)
    dispatch.cancel(run_id=run.pk, reason="not_needed", by=given.people.dev.actor("console"))
    call_watches.watch_calls(limit=500, by=CLOCK)

    assert Watch.objects.filter(call=call, kind=WatchKind.NEW_CALL).count() == 1
    assert kinds_of(call.pk)["recontact"] == "waiting"


def test_a_waiting_caller_is_to_be_contacted_every_twenty_minutes(given: Given) -> None:
    call = given.watched_call()
    watch = Watch.objects.get(call=call, kind=WatchKind.RECONTACT)
    due = watch.since + timedelta(minutes=20, seconds=1)
    climb(watch.since + timedelta(minutes=15, seconds=1))
    assert ("recontact", "due") in climb(due)
    with time_machine.travel(due, tick=False):
        queue.recontacted(call_id=call.pk, by=given.people.dev.actor("console"))

    watch.refresh_from_db()

    assert watch.status == WatchStatus.WAITING
    assert watch.next_step_at == due + timedelta(minutes=15)


@pytest.mark.parametrize("is_watched", [True, False], ids=["watched before", "held first"])
def test_a_hold_lets_a_call_wait_quietly_until_its_time(is_watched: bool, given: Given) -> None:
    call = given.watched_call() if is_watched else given.call()
    hold = queue.hold(
        call_id=call.pk, reason="no_unit", minutes=30, by=given.people.dev.actor("console")
    )

    call_watches.watch_calls(limit=500, by=CLOCK)

    waiting = Watch.objects.get(call=call, kind=WatchKind.WAITING)
    assert waiting.next_step_at == hold.until
    assert ("waiting", "due") in climb(hold.until + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("given_name", "answers"),
    [
        ("a clinician's caller", {**NO_DANGER, "caller": "self", "si": "thoughts"}),
        ("a team's call", NO_DANGER),
    ],
)
def test_every_decided_call_is_watched(
    given_name: str, answers: dict[str, str], given: Given
) -> None:
    call = given.call("EMOTDIST", answers)

    call_watches.watch_calls(limit=500, by=CLOCK)

    assert "recontact" in kinds_of(call.pk)


def test_a_watch_never_leaves_its_ladder(given: Given) -> None:
    run = given.run()
    watch = run.watches.get(kind=WatchKind.ACKNOWLEDGEMENT)
    for seconds in range(0, 1000, 50):
        climb(after(run, seconds))

    watch.refresh_from_db()

    assert (watch.step, watch.next_step_at) == (len(watch.ladder), None)
    assert timezone.is_aware(watch.since)
    assert not Page.objects.exists()  # no paging hook is set here


def test_a_hold_never_brings_an_alert_before_its_target(given: Given) -> None:
    call = given.watched_call()
    before = Watch.objects.get(call=call, kind=WatchKind.WAITING).next_step_at

    queue.hold(call_id=call.pk, reason="no_unit", minutes=1, by=given.people.dev.actor("console"))

    assert Watch.objects.get(call=call, kind=WatchKind.WAITING).next_step_at == before


def test_any_row_of_the_agency_stands_before_every_default() -> None:
    WatchRule.objects.create(kind=WatchKind.CHECK, situation="on_scene", due_seconds=300)

    assert times_for(WatchKind.CHECK, "on_scene", 3) == Times(due=300)


@pytest.mark.parametrize("calls", [1, 3])
def test_a_quiet_sweep_asks_the_database_as_often_for_three_calls_as_for_one(
    calls: int, given: Given
) -> None:
    for _ in range(calls):
        given.watched_call()

    with CaptureQueriesContext(connection) as queries:
        assert call_watches.watch_calls(limit=500, by=CLOCK) == 0

    # four of what calls need, the agency's times, their watches, the holds
    assert len(queries) == 7
