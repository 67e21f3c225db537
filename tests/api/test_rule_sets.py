"""Versions of the rules over REST: read by everybody, drafts by those who work on them, any asked."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heart.accounts.models import User
from heart.roles import Role
from tests.builders import Given
from tests.people import People
from triage import rule_set_actions
from triage.exchange import json_file
from triage.models import RuleSet
from triage.queries import protocol_rows
from triage.states import RuleSetStatus

pytestmark = pytest.mark.django_db


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/api/v1/{path}")


def evaluate(user: User, **body: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post("/api/v1/triage/evaluate/", body, "application/json")


@pytest.fixture
def draft(people: People) -> RuleSet:
    """A draft in which a weapon within reach is level 4."""
    by = people.sam.actor("admin")
    active = RuleSet.objects.get(status=RuleSetStatus.ACTIVE)
    made = rule_set_actions.begin_draft(based_on=active.pk, title="Stricter", by=by)

    def stricter(files: Any) -> Any:
        next(row for row in files.rules if row["code"] == "R09")["body"]["level"] = 4
        return files

    return rule_set_actions.save_draft(
        rule_set_id=made.pk, revision=made.revision, edit=stricter, what="rule R09", by=by
    )


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_the_version_in_force(people: People, role: Role) -> None:
    user = people.by_role()[role]

    lines = get(user, "rule-sets/").json()["rule_sets"]
    whole = get(user, "rule-sets/1/").json()

    (line,) = lines
    assert (line["version"], line["status"], line["is_synthetic"]) == (1, "active", True)
    assert line["counts"] == {
        "questions": len(whole["questions"]),
        "rules": len(whole["rules"]),
        "hard_rules": sum(row["is_hard"] for row in whole["rules"]),
        "targets": len(whole["targets"]),
    }
    assert {name: whole[name] for name in line} == line


def test_whole_version_is_what_an_export_says(people: People) -> None:
    whole = get(people.sam, "rule-sets/1/").json()

    exported = json_file.whole(protocol_rows(1))
    assert {name: whole[name] for name in exported} == exported
    assert whole["format"] == "heart-rules-1"


def test_draft_is_seen_by_those_who_work_on_it(people: People, draft: RuleSet) -> None:
    mine = get(people.sam, "rule-sets/").json()["rule_sets"]
    theirs = get(people.rosa, "rule-sets/").json()["rule_sets"]

    assert [(line["version"], line["status"], line["based_on"]) for line in mine] == [
        (draft.version, "draft", 1),
        (1, "active", None),
    ]
    assert [line["version"] for line in theirs] == [1]
    assert get(people.sam, f"rule-sets/{draft.version}/").json()["status"] == "draft"
    assert get(people.rosa, f"rule-sets/{draft.version}/").status_code == 404
    assert get(people.sam, "rule-sets/77/").status_code == 404


def test_list_asks_the_database_as_often_for_one_version_as_for_three(given: Given) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            get(given.people.sam, "rule-sets/")
        return len(queries)

    asked()
    with_one = asked()
    given.rule_set(RuleSetStatus.SHADOW)
    given.rule_set(RuleSetStatus.IN_REVIEW)

    assert asked() == with_one


def test_answer_names_the_version_not_the_row(people: People) -> None:
    answer = evaluate(people.kai, answers={"weapon": "accessible"})

    assert answer.json()["rule_set"] == 1


def test_draft_can_be_asked_by_its_number(people: People, draft: RuleSet) -> None:
    answers = {"weapon": "accessible"}

    now = evaluate(people.kai, answers=answers).json()
    then = evaluate(people.kai, answers=answers, rule_set=draft.version).json()

    assert (now["rule"], now["level"], now["rule_set"]) == ("R09", 3, 1)
    assert (then["rule"], then["level"], then["rule_set"]) == ("R09", 4, draft.version)


@pytest.mark.parametrize("status", [RuleSetStatus.DRAFT, RuleSetStatus.IN_REVIEW])
def test_who_may_not_read_a_version_cannot_ask_it_either(
    given: Given, status: RuleSetStatus
) -> None:
    row = given.rule_set(status)

    hidden = evaluate(given.people.rosa, answers={}, rule_set=row.version)
    unknown = evaluate(given.people.rosa, answers={}, rule_set=77)

    assert hidden.status_code == unknown.status_code == 422
    (error,) = hidden.json()["errors"]
    assert error == {"pointer": "/rule_set", "detail": "there is no such version"}
    assert unknown.json()["errors"] == [error]
    assert evaluate(given.people.sam, answers={}, rule_set=row.version).status_code == 200


def test_a_version_in_shadow_is_asked_by_everybody_who_may_try_the_rules(given: Given) -> None:
    row = given.rule_set(RuleSetStatus.SHADOW)

    answer = evaluate(given.people.rosa, answers={}, rule_set=row.version)

    assert answer.json()["rule_set"] == row.version


@pytest.mark.parametrize("wanted", [77, 0, -1, 2**31 - 1, "1", True, [1], {"a": 1}, 1.5])
def test_version_that_is_not_there_is_pointed_at(people: People, wanted: Any) -> None:
    answer = evaluate(people.kai, answers={}, rule_set=wanted)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/rule_set"]


def test_draft_that_cannot_be_compiled_is_pointed_at(people: People, draft: RuleSet) -> None:
    draft.rules.filter(code="R99").delete()

    answer = evaluate(people.kai, answers={}, rule_set=draft.version)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/rule_set"
    assert "the last rule must have no condition" in error["detail"]
