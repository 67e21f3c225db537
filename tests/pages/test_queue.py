"""A call is held from its page, with reason and time, and goes on again."""

from collections.abc import Callable

import pytest

from dispatch.models import Hold
from tests.builders import Given
from tests.pages.screen import Screen, problems, said
from tests.people import People

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def test_a_call_is_held_and_goes_on(given: Given, people: People, at: At) -> None:
    call, screen = given.call(), at(people.dev)

    held = screen.press(f"/calls/{call.number}/hold/", minutes="15", reason="caller_asked")

    assert said(held) == "On hold."
    assert b"the caller asked for a later time" in held.content
    assert b"End the hold" in held.content
    ended = screen.press(f"/calls/{call.number}/hold/end/")
    assert said(ended) == "Not on hold any more."
    assert b"End the hold" not in ended.content
    assert Hold.objects.get().ended_at is not None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"minutes": "0", "reason": "no_unit"}, "minutes"),
        ({"minutes": "soon", "reason": "no_unit"}, "minutes"),
        ({"minutes": "15", "reason": ""}, "reason"),
    ],
)
def test_what_is_wrong_with_a_hold_is_said_at_its_field(
    form: dict[str, str], field: str, given: Given, people: People, at: At
) -> None:
    refused = at(people.dev).press(f"/calls/{given.call().number}/hold/", **form)

    assert refused.status_code == 422
    assert field in problems(refused)
    assert not Hold.objects.exists()


def test_a_hold_that_is_not_there_cannot_end(given: Given, people: People, at: At) -> None:
    call = given.call()

    refused = at(people.dev).press(f"/calls/{call.number}/hold/end/")

    assert problems(refused) == {"call": f"{call.number} is not on hold"}
