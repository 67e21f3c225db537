"""The auditor notices what the sweeps did not do, and falls silent until somebody repairs it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from followup.models import FollowUp, Notice
from followup.states import FollowUpStatus
from heart.clock.audit import CHECKS, PromiseBroken, audit
from heart.clock.management.commands.clock import tick
from heart.clock.models import Heartbeat
from tests.builders import NO_DANGER, Given

HOUR = timedelta(hours=1)
UNTOLD, NOT_OVERDUE, NO_NOTICE, NO_PROMISE = list(CHECKS)[:4]
NOT_CLARIFIED = list(CHECKS)[-1]


def found() -> dict[str, list[int]]:
    with pytest.raises(PromiseBroken) as broken:
        audit()
    return broken.value.found


def last_beats() -> dict[str, Any]:
    return dict(Heartbeat.objects.values_list("name", "beat_at"))


def test_a_kept_world_passes(given: Given) -> None:
    given.followup()
    given.followup(due_in=HOUR, status=FollowUpStatus.DUE)
    given.followup(due_in=-HOUR, status=FollowUpStatus.OVERDUE)
    given.followup(due_in=-HOUR, status=FollowUpStatus.REACHED)
    given.followup(due_in=-HOUR, status=FollowUpStatus.CLOSED)

    audit()


def test_an_attempt_that_fell_due_untold_is_found(given: Given) -> None:
    row = given.followup(due_in=HOUR)

    assert found() == {UNTOLD: [row.pk]}


def test_a_contact_that_ran_over_unmarked_is_found(given: Given) -> None:
    row = given.followup(due_in=-HOUR)

    assert found() == {UNTOLD: [row.pk], NOT_OVERDUE: [row.pk]}


@pytest.mark.parametrize("code", ["due", "overdue"])
def test_a_notice_deleted_by_hand_is_found(code: str, given: Given) -> None:
    due_in = HOUR if code == "due" else -HOUR
    row = given.followup(due_in=due_in, status=FollowUpStatus(code))

    with connection.cursor() as sql:
        sql.execute("DELETE FROM followup_notice WHERE code = %s", [code])

    assert found() == {NO_NOTICE: [row.pk]}


@pytest.mark.tampers("deletes a promise")
def test_a_promise_deleted_by_hand_is_found(given: Given) -> None:
    call = given.followup().call
    with connection.cursor() as sql:
        sql.execute("DELETE FROM followup_followup")
        sql.execute("UPDATE followup_consent SET recorded_at = now() - interval '2 minutes'")

    assert found() == {NO_PROMISE: [call.pk]}


def test_a_clarifying_pass_that_nobody_ended_is_found(given: Given) -> None:
    with time_machine.travel(timezone.now() - HOUR, tick=False):
        call = given.call("VERBDIST", {**NO_DANGER, "weapon": "unknown", "contact": "willing"})

    assert found() == {NOT_CLARIFIED: [call.assessment.pk]}


@pytest.mark.django_db(transaction=True)
def test_the_auditor_gives_no_sign_of_life_while_a_promise_is_broken(
    given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    given.followup(due_in=-HOUR, status=FollowUpStatus.OVERDUE)
    tick()
    before = last_beats()

    Notice.objects.all().delete()
    tick()

    after = last_beats()
    assert after["auditor"] == before["auditor"]
    assert after["clock"] > before["clock"]
    assert "promise audit failed: due or overdue follow-ups without their notice" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_its_silence_is_seen_from_outside(given: Given, client: Client) -> None:
    given.followup(due_in=-HOUR, status=FollowUpStatus.OVERDUE)
    tick()
    well = client.get("/readyz").json()["parts"]["auditor"]

    with time_machine.travel(timezone.now() + timedelta(seconds=75), tick=False):
        silent = client.get("/readyz").json()["parts"]["auditor"]

    assert well == "ok"
    assert re.fullmatch(r"silent for 7\d s", silent)


@pytest.mark.django_db(transaction=True)
def test_a_repaired_promise_brings_the_auditor_back(given: Given) -> None:
    row = given.followup(due_in=-HOUR, status=FollowUpStatus.OVERDUE)
    Notice.objects.all().delete()
    tick()
    silent = "auditor" in last_beats()

    Notice.objects.create(
        followup=FollowUp.objects.get(pk=row.pk), code="overdue", role="supervisor"
    )
    tick()

    assert (silent, "auditor" in last_beats()) == (False, True)
