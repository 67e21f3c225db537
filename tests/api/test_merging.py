"""POST calls/{number}/merge/: done once per key, refused in words, never a 500."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from heart.journal.models import Entry
from intake.models import Call
from tests.builders import NO_DANGER, Given

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(given: Given) -> APIClient:
    client = APIClient()
    client.force_authenticate(given.people.dev)
    return client


def post(api: APIClient, call: Call, body: Any, **headers: str) -> Any:
    return api.post(f"/api/v1/calls/{call.number}/merge/", body, "json", headers=headers)


def test_merge_says_what_went_over_and_what_counts(given: Given, api: APIClient) -> None:
    into = given.call()
    call = given.call(answers={**NO_DANGER, "weapon": "accessible"})
    given.run(call=call)

    answer = post(api, call, {"into": into.number})

    assert answer.status_code == 200
    body = answer.json()
    assert (body["number"], body["merged"], body["units"]) == (into.number, call.number, ["CRT1"])
    assert body["answers"] == [
        {
            "question": "weapon",
            "of_the_call_that_stays": "none",
            "of_the_merged_call": "accessible",
            "counts": "accessible",
        }
    ]
    assert body["decision"]["level"] >= 3


def test_same_key_merges_once_and_answers_the_same(given: Given, api: APIClient) -> None:
    call, into = given.call(), given.call()
    key = {"Idempotency-Key": "merge-1"}

    first = post(api, call, {"into": into.number}, **key)
    again = post(api, call, {"into": into.number}, **key)

    assert first.json() == again.json()
    assert Entry.objects.filter(verb="call.merged").count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 422),
        ("into", 422),
        ({"into": ""}, 422),
        ({"into": None}, 422),
        ({"into": 7}, 422),
        ({"into": ["26-000001"]}, 422),
        ({"into": "99-999999"}, 422),
        ({"into": "x" * 500}, 422),
        ({"into": "26-\u0000"}, 400),
        ({"into": "26-000001", "by": "me"}, 422),
    ],
)
def test_hostile_bodies_are_refused_with_a_pointer(
    given: Given, api: APIClient, body: Any, status: int
) -> None:
    answer = post(api, given.call(), body)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Entry.objects.filter(verb="call.merged").exists()


def test_itself_a_closed_one_and_a_merged_one_are_refused_in_words(
    given: Given, api: APIClient
) -> None:
    call, into = given.call(), given.call()
    closed = given.closed_call()

    for target, words in ((call, "into itself"), (closed, "is closed")):
        answer = post(api, call, {"into": target.number})
        assert answer.status_code == 422
        assert words in answer.json()["errors"][0]["detail"]
        assert answer.json()["errors"][0]["pointer"] == "/into"

    post(api, call, {"into": into.number})
    assert (
        "was merged into" in post(api, call, {"into": into.number}).json()["errors"][0]["detail"]
    )


def test_call_takers_may_not_merge(given: Given) -> None:
    client = APIClient()
    client.force_authenticate(given.people.rosa)

    assert post(client, given.call(), {"into": given.call().number}).status_code == 403
