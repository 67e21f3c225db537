"""Rules in daily use: overrides with direction and reason, unknown answers, the shadow's objections."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from heart.replay.in_use import tables
from tests.builders import NO_DANGER, Given
from tests.pages.screen import Screen
from tests.people import People
from tests.replay_jobs.history import version_with
from triage import actions as triage
from triage import rule_set_actions
from triage.models import Decision

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
PAGE = "/admin/replay/replay/in-use/"


def found(name: str) -> dict[Any, tuple[Any, ...]]:
    now = timezone.now()
    every = tables(now - timedelta(days=1), now + timedelta(days=1))
    return {row[0]: row[1:] for table in every if table.name == name for row in table.rows}


def test_overrides_are_counted_by_rule_and_direction(given: Given) -> None:
    dev = given.people.dev.actor("console")
    for route in ("COR", "CCD"):  # up from the team, and down
        triage.choose_route(call_id=given.call().pk, route=route, reason="knows him", by=dev)
    triage.raise_level(call_id=given.call().pk, level=4, by=dev)
    given.call()

    assert found("overrides")["R20"] == (4, 2, 1, 0, 0.75)


def test_reasons_stand_as_written_and_who_wrote_them_nowhere(
    given: Given, people: People, at: At
) -> None:
    dev = given.people.dev.actor("console")
    for _ in range(2):
        triage.choose_route(call_id=given.call().pk, route="COR", reason="knows him", by=dev)

    page = at(people.sam).get(PAGE).content.decode()

    assert found("override-reasons")["R20"] == ("up", "CRT 2 → COR 2", "knows him", 2)
    assert "knows him" in page
    assert str(people.dev) not in page


def test_unknown_rate_is_of_those_that_answered(given: Given) -> None:
    given.call(answers={**NO_DANGER, "weapon": "unknown"})
    given.call(answers=NO_DANGER)
    given.call(answers={"medical": "none"})

    unknown = found("unknown")

    assert unknown["weapon"][:-1] == (2, round(2 / 3, 7), 1, 0.5)
    assert unknown["medical"][:-1] == (3, 1.0, 0, 0.0)
    assert "hour" not in unknown, "the console answers it by itself"


def test_shadow_disagreements_are_counted_with_their_reasons(given: Given) -> None:
    sam, maya = given.people.sam.actor("admin"), given.people.maya.actor("admin")
    draft = version_with(lambda body: body.update(level=2), "R22", by=sam)
    rule_set_actions.submit(rule_set_id=draft.pk, by=sam)
    rule_set_actions.approve(rule_set_id=draft.pk, by=maya)
    given.call("FOLLOWUP")
    given.call("FOLLOWUP")
    given.call("OVERDOSE", {"medical": "serious"})

    decisions = Decision.objects.count()
    assert found("shadow") == {"version 2": (decisions, 2, round(2 / decisions, 7))}
    ((*change, reason, times),) = found("disagreements").values()
    assert change == ["CCD 1", "R22", "CCD 2", "R22"]
    assert reason == Decision.objects.filter(rule="R22")[0].reasons[0][-1]
    assert times == 2


def test_page_with_nothing_says_so(people: People, at: At) -> None:
    page = at(people.sam).get(PAGE).content.decode()

    assert "Nobody decided over the rules in these days." in page
    assert "No version ran in shadow in these days." in page


def test_days_that_cannot_be_read_are_said_and_the_last_month_shown(
    people: People, at: At
) -> None:
    answer = at(people.sam).get(f"{PAGE}?since=2026-05-02&until=2026-05-01")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ends before it begins" in page
    assert 'value="2026-05-02"' in page


def test_reasons_in_a_file_are_harmless_to_a_spreadsheet(
    given: Given, people: People, at: At
) -> None:
    triage.choose_route(
        call_id=given.call().pk,
        route="COR",
        reason="=HYPERLINK(1)",
        by=people.dev.actor("console"),
    )

    file = at(people.sam).get(f"{PAGE}override-reasons.csv").content.decode()
    faulty = at(people.sam).get(f"{PAGE}override-reasons.csv?since=x")

    assert "'=HYPERLINK(1)" in file
    assert faulty.status_code == 422
