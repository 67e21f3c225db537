"""The strip of alerts, handing over, and what is said of the service's own trouble."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.models import CallOwner, Page, Watch
from dispatch.states import RunStatus
from heart.clock.sweeps import SWEEPS, stamp
from tests.builders import CLOCK, Given
from tests.pages.screen import Screen
from tests.people import People

At = Callable[..., Screen]

pytestmark = pytest.mark.django_db


def overdue_check(given: Given, unit: str = "CRT1") -> Watch:
    """A crew on scene that has not answered for 20 minutes."""
    watch = given.run(RunStatus.ON_SCENE, unit=unit).watches.get(kind="check")
    for minutes in (16, 21):
        with time_machine.travel(watch.since + timedelta(minutes=minutes), tick=False):
            safety.climb_ladders(limit=9, by=CLOCK)
    watch.refresh_from_db()
    return watch


def test_strip_says_who_what_and_since_when_on_every_page_of_those_who_dispatch(
    given: Given, people: People, at: At
) -> None:
    watch = overdue_check(given)

    for person in (people.dev, people.noor, people.sam):
        html = at(person).get("/board/").content.decode()
        assert f'id="watch-{watch.pk}"' in html
        assert "welfare check overdue" in html
    assert 'class="alerts"' not in at(people.rosa).get("/board/").content.decode()


def test_having_an_alert_is_for_one_and_the_other_is_told_who(
    given: Given, people: People, at: At
) -> None:
    watch = given.panic()
    first = at(people.dev).post(f"/alerts/{watch.pk}/acknowledgement/")
    second = at(people.omar).post(f"/alerts/{watch.pk}/acknowledgement/")

    assert (first.status_code, second.status_code) == (204, 422)
    assert "Dev Heron has it" in second.headers["HX-Trigger"]


def test_each_alert_ends_in_its_own_way(given: Given, people: People, at: At) -> None:
    panic, check = given.panic("CRT2"), overdue_check(given)
    call = given.watched_call()
    contact = Watch.objects.get(call=call, kind="recontact")
    desk = at(people.dev)

    assert desk.post(f"/alerts/{check.pk}/end/", {"reason": "handled"}).status_code == 422
    assert desk.post(f"/alerts/{panic.pk}/end/", {"reason": "boredom"}).status_code == 422
    for path, body in (
        (f"/alerts/{panic.pk}/end/", {"reason": "false_alarm"}),
        (f"/alerts/{check.pk}/well/", {}),
        (f"/alerts/{contact.pk}/contact/", {}),
    ):
        assert desk.post(path, body).status_code == 204

    assert set(Watch.objects.filter(pk=panic.pk).values_list("status")) == {("ended",)}
    assert set(Watch.objects.filter(pk=check.pk).values_list("status")) == {("waiting",)}


@pytest.mark.parametrize("rows", [1, 3])
def test_strip_asks_the_database_as_often_for_three_alerts_as_for_one(
    rows: int, given: Given, people: People, at: At
) -> None:
    for code in ("CRT1", "CRT2", "COR1")[:rows]:
        given.panic(code)
    desk = at(people.dev)
    desk.get("/alerts/")

    with CaptureQueriesContext(connection) as queries:
        desk.get("/alerts/")

    assert len([q for q in queries if "dispatch_watch" in q["sql"]]) == 1


def test_everybody_is_told_when_nobody_watches_the_deadlines(people: People, at: At) -> None:
    words = "Nobody watches the deadlines"
    assert words in at(people.dev).get("/alerts/health/").content.decode()
    for name in ("clock", "auditor"):
        stamp(name, by="clock")

    assert words not in at(people.dev).get("/alerts/health/").content.decode()


def test_slow_alerts_and_a_silent_hook_are_told_to_whom_they_concern(
    given: Given, people: People, at: At
) -> None:
    for name in ("clock", "auditor"):
        stamp(name, by="clock")
    for sweep in SWEEPS:
        stamp(sweep.name, by="clock")  # and not by Celery's worker
    assert "may be slow" in at(people.sam).get("/alerts/health/").content.decode()
    assert at(people.dev).get("/alerts/health/").content.decode().strip() == ""

    watch = given.panic()
    Watch.objects.filter(pk=watch.pk).update(raised_at=timezone.now() - timedelta(minutes=5))
    Page.objects.create(
        watch=watch, key="7d2b5a3e-3a55-4a6e-9d7c-0d3f6c1f9a11", send_due_at=timezone.now()
    )

    assert "paging hook does not answer" in at(people.dev).get("/alerts/health/").content.decode()


# --- handing over --------------------------------------------------------------------------------------


def test_each_chosen_call_gets_its_new_owner(given: Given, people: People, at: At) -> None:
    calls = [given.call() for _ in range(3)]
    numbers = [call.number for call in calls[:2]]
    answer = at(people.dev).post("/handover/", {"calls": numbers, "to": people.omar.pk})

    assert answer.status_code == 302
    owned = CallOwner.objects.values_list("call__number", "owner__first_name")
    assert set(owned) == {(number, "Omar") for number in numbers}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"calls": ["26-000001"], "to": ""}, "choose who takes them over"),
        ({"to": "1"}, "choose at least one call"),
        ({"calls": ["x"], "to": "9" * 30}, "choose who takes them over"),
    ],
)
def test_what_is_missing_is_named_and_nothing_chosen_is_lost(
    body: dict[str, Any], words: str, given: Given, people: People, at: At
) -> None:
    given.call()

    answer = at(people.dev).post("/handover/", body)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nobody_who_may_not_close_calls_gets_one(given: Given, people: People, at: At) -> None:
    call = given.call()

    answer = at(people.dev).post("/handover/", {"calls": [call.number], "to": people.imani.pk})

    assert "must be somebody who may close calls" in answer.content.decode()
    assert not CallOwner.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_handing_over_asks_the_database_as_often_for_three_calls_as_for_one(
    rows: int, given: Given, people: People, at: At
) -> None:
    for _ in range(rows):
        call = given.call()
        queue.own(call_id=call.pk, owner_id=people.dev.pk, by=people.omar.actor("console"))
    desk = at(people.dev)
    desk.get("/handover/")

    with CaptureQueriesContext(connection) as queries:
        html = desk.get("/handover/").content.decode()

    assert html.count("checked") == rows
    assert len(queries) == 14
