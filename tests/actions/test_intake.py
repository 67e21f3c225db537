"""Taking a call: what is kept, what is refused, and in which words."""

import re
from typing import Any

import pytest

from heart.moves import MoveRefused
from intake.actions import add_note, release, take_call
from intake.models import Call, Note
from intake.steps import Refused
from tests.builders import Given
from tests.people import People

TROUBLE = ["\x00", "a\x00b", "\ud800", 7, None, ["x"], {"x": 1}]


def taken(people: People, **fields: Any) -> Call:
    return take_call(fields=fields, by=people.rosa.actor("console"))


def test_take_call_from_the_first_field_gives_a_number_that_never_repeats(people: People) -> None:
    first, second = taken(people, caller_phone="555-0101"), taken(people, language="es")

    assert re.fullmatch(r"\d\d-\d{6}", first.number)
    assert first.number < second.number
    assert (first.status, first.taken_by) == ("taking", people.rosa)


def test_take_call_keeps_the_place_as_it_was_typed(people: People) -> None:
    typed = "  behind TERN st. bakery,, 2nd flr  "

    call = taken(people, location_text=typed)

    assert call.location_text == typed


def test_take_call_with_coordinates_finds_the_beat(people: People) -> None:
    call = taken(people, latitude=31.045, longitude=-70.04)

    assert str(call.beat) == "C1 Old Market"


def test_take_call_outside_every_beat_has_none(people: People) -> None:
    assert taken(people, latitude=0.0, longitude=0.0).beat is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"nature": "NOSUCH"}, {"nature": "no such nature code"}),
        ({"beat": "Z9"}, {"beat": "no such beat"}),
        ({"language": "klingon!"}, {"language": "a language code like en or es"}),
        ({"latitude": 91.0, "longitude": 0.0}, {"latitude": "must be between -90 and 90"}),
        ({"latitude": 31.0}, {"longitude": "both coordinates or none"}),
        ({"latitude": True, "longitude": 1.0}, {"latitude": "must be a number"}),
        ({"latitude": float("nan"), "longitude": 1.0}, {"latitude": "must be between -90 and 90"}),
        ({"caller_phone": "5" * 41}, {"caller_phone": "is longer than 40 characters"}),
        ({"status": "closed"}, {"status": "unknown field"}),
        (
            {"caller_relation": "boss"},
            {"caller_relation": "one of self, with_person, third_absent, agency, unknown"},
        ),
    ],
)
def test_take_call_names_every_field_that_cannot_be_accepted(
    fields: dict[str, Any], problem: dict[str, str], people: People
) -> None:
    with pytest.raises(Refused) as refused:
        taken(people, **fields)

    assert refused.value.problems == problem
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "field", ["caller_phone", "location_text", "narrative", "language", "nature", "beat"]
)
@pytest.mark.parametrize("value", ["\x00", "\ud800", 7, ["x"], {"x": 1}])
def test_take_call_refuses_what_no_text_column_can_hold(
    field: str, value: object, people: People
) -> None:
    with pytest.raises(Refused) as refused:
        taken(people, **{field: value})

    assert set(refused.value.problems) == {field}


def test_take_call_removes_signs_that_reverse_or_hide_text(people: People) -> None:
    call = taken(people, location_text="12 \u202eteertS\u202c Thimble\u200b Street")

    assert call.location_text == "12 teertS Thimble Street"


def test_add_note_appends_and_keeps_the_author(given: Given, people: People) -> None:
    call = given.call()

    for text in ("  He sat down. ", "Neighbor came out."):
        add_note(call_id=call.pk, text=text, by=people.rosa.actor("console"))

    assert list(Note.objects.values_list("text", "author__first_name")) == [
        ("He sat down.", "Rosa"),
        ("Neighbor came out.", "Rosa"),
    ]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001, *TROUBLE])
def test_add_note_refuses_what_is_no_note(text: Any, given: Given, people: People) -> None:
    call = given.call()

    with pytest.raises(Refused) as refused:
        add_note(call_id=call.pk, text=text, by=people.rosa.actor("console"))

    assert set(refused.value.problems) == {"text"}


def test_release_twice_is_refused(given: Given, people: People) -> None:
    call = given.call()

    with pytest.raises(MoveRefused, match="call is open: cannot release"):
        release(call_id=call.pk, by=people.rosa.actor("console"))
