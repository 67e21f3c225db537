"""The supervisor's page: each number with its definition, the same count of queries always."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.states import RunStatus
from followup.states import FollowUpStatus
from heart.clock.health import CHECKS
from heart.pages.queries.supervise import Figure, supervision
from tests.builders import Given
from tests.pages.screen import Screen
from tests.people import People
from triage.states import RuleSetStatus

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def value(figures: list[Figure], name: str) -> str:
    return next(figure.value for figure in figures if figure.name == name)


def test_every_part_of_the_service_stands_by_its_name(people: People, at: At) -> None:
    page = at(people.sam).get("/supervise/").content.decode()

    assert [part.name for part in supervision().parts] == list(CHECKS)
    assert all(f"<b>{name}</b>" in page for name in CHECKS)
    assert "never gave a sign of life" in page


def test_eligible_and_served_are_counted_apart(given: Given) -> None:
    given.call()  # eligible, nobody yet
    given.run(RunStatus.ON_SCENE, call=given.call())  # served in person
    given.accepted_consult()  # served by phone
    given.ended_consult("line_lost")  # not served: the line was lost
    given.call("OVERDOSE", {"medical": "serious"})  # EMS leads

    today = supervision().today

    assert value(today, "Assessed") == "5"
    assert value(today, "Eligible") == "4"
    assert value(today, "Served") == "2"
    assert value(today, "Service rate") == "50 %"


def test_queues_name_how_many_and_how_old(given: Given) -> None:
    consult = given.waiting_consult()
    given.handoff(call=given.call())

    queues = {figure.name: figure for figure in supervision().queues}

    assert queues["Open calls"].value == "2"
    assert queues["Waiting for a clinician"].value == "1"
    assert queues["Waiting for a clinician"].since == consult.offered_at
    assert queues["Hand-offs without an answer"].value == "1"


def test_promises_due_and_overdue(given: Given) -> None:
    given.followup(due_in=timedelta(hours=-1), status=FollowUpStatus.OVERDUE)
    given.followup(due_in=timedelta(hours=3), status=FollowUpStatus.DUE)
    given.followup(status=FollowUpStatus.CLOSED)

    promises = supervision().promises

    assert value(promises, "Open follow-ups") == "2"
    assert value(promises, "Overdue") == "1"
    assert value(promises, "Contact due within 6 h") == "1"
    assert value(promises, "Unassigned") == "2"


def test_notices_for_supervisors_wait_until_seen(given: Given, people: People, at: At) -> None:
    row = given.followup(due_in=timedelta(hours=-1), status=FollowUpStatus.OVERDUE)
    screen = at(people.sam)

    before = screen.get("/supervise/").content.decode()
    screen.press(f"/worklist/notices/{row.notices.get(code='overdue').pk}/seen/")
    after = screen.get("/supervise/").content.decode()

    assert "Follow-up contact is overdue" in before
    assert "Follow-up contact is overdue" not in after


def test_definitions_stand_beside_the_numbers(people: People, at: At) -> None:
    page = at(people.sam).get("/supervise/").content.decode()

    for figure in [*supervision().queues, *supervision().today, *supervision().promises]:
        assert f"<dt>{figure.name}</dt>" in page
        assert page.count(figure.definition.partition("'")[0]) >= 2  # as title and as text


def test_own_refreshing_answers_with_the_figures_alone(people: People, at: At) -> None:
    answer = at(people.sam).get("/supervise/", headers={"HX-Request": "true"}).content.decode()

    assert answer.lstrip().startswith('<div class="supervise-figures"')


@pytest.mark.parametrize("rows", [1, 3])
def test_supervisors_page_asks_the_database_as_often_for_three_rows_as_for_one(
    given: Given, people: People, at: At, rows: int
) -> None:
    for _ in range(rows):
        given.waiting_consult()
        given.followup(due_in=timedelta(hours=-1), status=FollowUpStatus.OVERDUE)
    screen = at(people.sam)
    screen.get("/supervise/")

    with CaptureQueriesContext(connection) as queries:
        screen.get("/supervise/")

    assert len(queries) == 25


def test_supervisors_page_is_closed_to_others(people: People, at: At) -> None:
    assert at(people.dev).get("/supervise/").status_code == 403


def test_supervisors_page_says_which_rules_count_and_what_waits(
    given: Given, people: People, at: At
) -> None:
    given.rule_set(RuleSetStatus.SHADOW)
    given.rule_set(RuleSetStatus.IN_REVIEW)
    given.call()

    told = supervision().rules

    assert at(people.sam).get("/supervise/").status_code == 200
    assert value(told, "In force") == "version 1"
    assert value(told, "Waiting for approval") == "1"
    assert value(told, "In shadow") == "version 2"
    assert value(told, "Decided otherwise in shadow") == "0 of 1"
