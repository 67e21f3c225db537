"""The ranking over REST: whole, with codes, by permission, every read written down."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from dispatch.states import RunStatus
from heart.accounts.models import User
from heart.pages.api_actions.recommending import RecommendationAnswer
from tests.builders import Given, last_entry

pytestmark = pytest.mark.django_db
NEAR_CRT1 = {"latitude": 31.0452, "longitude": -70.0381, "beat": "C1"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel("2026-03-02 17:00Z", tick=False):
        yield


def get(user: User, number: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/api/v1/calls/{number}/recommendations/")


def test_ranking_is_whole(given: Given) -> None:
    call = given.call(language="es", **NEAR_CRT1)

    body = get(given.people.dev, call.number).json()

    assert (body["call"], body["recommended"]) == (call.number, "CRT1")
    assert body["because"].startswith("CRT1 before CRT2: about 10 min closer; speaks Spanish")
    assert body["plan"] == {"ideal": "CRT", "route": "CRT", "reason_code": None, "words": ""}
    assert [each["unit"] for each in body["ranking"]][:2] == ["CRT1", "CRT2"]
    first, last = body["ranking"][0], body["ranking"][-1]
    assert [reason["code"] for reason in first["reasons"]] == ["closest", "speaks_es"]
    assert (first["rank"], first["can_go"], first["minutes"], first["meters"]) == (1, True, 1, 0)
    assert (first["way_source"], first["position_source"]) == ("straight line", "station")
    assert (last["unit"], last["can_go"]) == ("CRT4", False)
    assert last["against"][0] == {
        "code": "outside_area",
        "words": "outside its beats",
        "minutes": 0,
        "stops": True,
        "until": None,
    }


def test_answer_has_the_shape_it_is_described_by(given: Given) -> None:
    for code in ("CRT1", "CRT2"):
        given.run(RunStatus.ON_SCENE, unit=code)

    body = get(given.people.dev, given.call(**NEAR_CRT1).number).json()

    shape = RecommendationAnswer(data=body)
    assert shape.is_valid(), shape.errors
    assert body.keys() == shape.fields.keys()
    assert body["ranking"][0].keys() == shape.fields["ranking"].child.fields.keys()
    assert body["plan"]["reason_code"] == "all_units_busy"
    assert body["recommended"] is None
    assert body["available_at"] == "2026-03-02T17:40:00+00:00"


def test_read_is_written_down(given: Given) -> None:
    call = given.call()

    get(given.people.rosa, call.number)

    entry = last_entry()
    assert (entry.verb, entry.call_id, entry.actor_id) == (
        "record.read",
        call.pk,
        given.people.rosa.pk,
    )


def test_who_may_not_open_calls_is_refused(given: Given) -> None:
    call = given.call()

    assert get(given.people.imani, call.number).status_code == 403


def test_call_that_is_not_there(given: Given) -> None:
    assert get(given.people.dev, "26-999999").status_code == 404


def test_closed_call_and_undecided_call_recommend_nobody(given: Given) -> None:
    closed = get(given.people.dev, given.closed_call().number).json()
    undecided = get(given.people.dev, given.taking().number).json()

    assert (closed["recommended"], closed["ranking"], closed["plan"]) == (None, [], None)
    assert (undecided["recommended"], undecided["plan"]) == (None, None)
    assert len(undecided["ranking"]) == 6
