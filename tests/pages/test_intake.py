"""The intake form: the call begins with its first field, is saved field by field, and loses nothing."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from heart.journal.models import Entry
from intake.actions import add_note
from intake.models import Call
from tests.builders import Given
from tests.pages.screen import Screen, said
from tests.people import People

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def test_the_first_field_brings_the_call_into_the_world(people: People, at: At) -> None:
    screen = at(people.rosa)
    before = screen.get("/calls/new/")

    answer = screen.keep("/calls/", fields={"caller_phone": "555-0142"}, answers={})

    assert before.status_code == 200
    assert answer.status_code == 201
    call = Call.objects.get(number=answer.json()["number"])
    assert (call.caller_phone, call.status, call.taken_by) == ("555-0142", "taking", people.rosa)


def test_beginning_twice_with_one_command_is_one_call(people: People, at: At) -> None:
    screen, command = at(people.rosa), str(uuid.uuid4())
    body = {"fields": {"location_text": "Elm & 4th"}, "answers": {}, "command_id": command}

    numbers = {screen.keep("/calls/", **body).json()["number"] for _ in range(3)}

    assert len(numbers) == 1
    assert Call.objects.count() == 1


def test_answers_are_triaged_as_they_come_and_shown(given: Given, people: People, at: At) -> None:
    call = given.taking()

    answer = at(people.rosa).keep(
        f"/calls/{call.number}/fields/",
        fields={"nature": "SUITHREAT"},
        answers={"weapon": "accessible", "si": "plan"},
    )

    decision = next(i for i in answer.json()["items"] if i["data"]["part"] == "decision")
    assert answer.status_code == 200
    assert "R08" in decision["html"]
    assert "<b>CoR</b>" in decision["html"]


def test_a_change_shows_the_difference(given: Given, people: People, at: At) -> None:
    call = given.taking()
    screen, address = at(people.rosa), f"/calls/{call.number}/fields/"
    screen.keep(address, fields={"nature": "SUITHREAT"}, answers={"weapon": "none", "si": "plan"})

    answer = screen.keep(address, fields={}, answers={"weapon": "accessible"})

    assert "weapon none -&gt; accessible: R13 -&gt; R08" in answer.json()["items"][1]["html"]


def test_keeping_twice_with_one_command_is_one_entry(given: Given, people: People, at: At) -> None:
    call = given.taking()
    screen, command = at(people.rosa), str(uuid.uuid4())
    body = {"fields": {"narrative": "Shouting."}, "answers": {}, "command_id": command}

    codes = [screen.keep(f"/calls/{call.number}/fields/", **body).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert Entry.objects.filter(verb="call.edited").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"fields": {"latitude": 95, "longitude": 10}}, "latitude"),
        ({"fields": {"nature": "NOSUCH"}}, "nature"),
        ({"fields": {"beat": "NOSUCH"}}, "beat"),
        ({"fields": {"shoe_size": "9"}}, "shoe_size"),
        ({"fields": {"caller_phone": "5" * 41}}, "caller_phone"),
        ({"fields": {"location_text": "a\x00b"}}, "location_text"),
        ({"fields": []}, ""),
        ({"answers": {"weapon": "bazooka"}}, "weapon"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field_and_nothing_changes(
    body: dict[str, object], field: str, given: Given, people: People, at: At
) -> None:
    call = given.taking()

    answer = at(people.rosa).keep(f"/calls/{call.number}/fields/", **body)

    assert answer.status_code == 422
    assert list(answer.json()["problems"]) == [field]
    assert Call.objects.get(pk=call.pk).version == call.version


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
def test_what_is_no_draft_is_refused(body: bytes, people: People, at: At) -> None:
    answer = at(people.rosa).post("/calls/", body, content_type="application/json")

    assert answer.status_code == 422
    assert Call.objects.count() == 0


def test_coming_back_to_the_form_finds_what_was_typed(
    given: Given, people: People, at: At
) -> None:
    call = given.call(location_text='"Old Mill" <rear>')

    page = at(people.rosa).get(f"/calls/{call.number}/intake/").content.decode()

    assert "&quot;Old Mill&quot; &lt;rear&gt;" in page
    assert 'name="weapon" value="none" checked' in page


def test_finishing_releases_the_call_once(given: Given, people: People, at: At) -> None:
    call = given.taking()
    screen = at(people.rosa)

    first = screen.press(f"/calls/{call.number}/release/")
    second = screen.press(f"/calls/{call.number}/release/")

    assert said(first) == "Finished: the call goes on without you."
    assert second.status_code == 409


def test_another_call_from_the_same_number_is_pointed_out(
    given: Given, people: People, at: At
) -> None:
    other = given.call(caller_phone="555-0199")
    call = given.taking(caller_phone="555-0100")

    answer = at(people.rosa).keep(
        f"/calls/{call.number}/fields/", fields={"caller_phone": "555-0199"}
    )

    (shown,) = (item for item in answer.json()["items"] if item["data"]["part"] == "alike")
    assert other.number in shown["html"]
    assert "same number" in shown["html"]


@pytest.mark.parametrize(
    "body",
    [
        {"fields": {"self": "x"}},
        {"answers": {"self": "x"}},
        {"fields": {"latitude": 10**400, "longitude": 1}},
        {"fields": {"latitude": float("nan"), "longitude": 1}},
    ],
)
def test_what_cannot_be_kept_is_refused_and_named(body: Any, given: Given, at: At) -> None:
    call = given.taking()

    answer = at(given.people.rosa).keep(f"/calls/{call.number}/fields/", **body)

    assert answer.status_code == 422
    assert answer.json()["problems"].keys() <= {"self", "latitude"}


def test_a_body_nested_too_deep_is_refused(people: People, at: At) -> None:
    answer = at(people.rosa).post("/calls/", "[" * 100_000, content_type="application/json")

    assert answer.status_code == 422


def test_a_command_of_something_else_begins_no_call(given: Given, at: At) -> None:
    command = uuid.uuid4()
    add_note(
        call_id=given.call().pk,
        text="x",
        by=given.people.rosa.actor("console"),
        command_id=command,
    )

    answer = at(given.people.rosa).keep("/calls/", fields={}, command_id=str(command))

    assert (answer.status_code, Call.objects.count()) == (422, 1)


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("changes/?after=1-1-1", None),
        ("parts/", None),
        ("fields/", "{}"),
        ("raising/", "level=9"),
    ],
)
def test_an_answer_that_shows_the_call_is_written_down_once(
    address: str, body: str | None, given: Given, at: At
) -> None:
    call, screen = given.call(), at(given.people.dev)
    kind = "application/json" if body == "{}" else "application/x-www-form-urlencoded"

    for _ in range(2):
        if body is None:
            screen.get(f"/calls/{call.number}/{address}")
        else:
            screen.post(f"/calls/{call.number}/{address}", body, content_type=kind)

    read = Entry.objects.get(verb="record.read")
    assert (read.call_id, read.actor_id) == (call.pk, given.people.dev.pk)
