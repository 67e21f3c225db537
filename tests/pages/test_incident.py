"""Merging, twins, history, who it is about, care plans, notes of the place, presence: as pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from heart.journal.models import Entry
from heart.pages.queries.alike import alike
from heart.pages.queries.history import history
from heart.presence.models import Seen
from intake.models import Call, CarePlan, Neighbor, PremiseNote
from intake.nearby import premise_notes
from intake.places import distance_m
from tests.builders import YES_BY_PHONE, Given
from tests.pages.screen import Screen, problems, said
from tests.people import People

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
HERE = {"latitude": 35.994, "longitude": -78.8986}
ACROSS = {"latitude": 35.995, "longitude": -78.8986}  # 111 m north
FAR = {"latitude": 35.996, "longitude": -78.8986}  # 222 m north


def placed(given: Given, number: int, **fields: Any) -> Call:
    return given.call(
        location_text=f"{number} Reed Row", caller_phone=f"555-02{number:02}", **fields
    )


def html(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def again(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


# --- twins


def test_distance_is_that_of_the_globe() -> None:
    assert round(distance_m(35.994, -78.8986, 35.995, -78.8986)) == 111
    assert round(distance_m(0, 179.9995, 0, -179.9995)) == 111


def test_near_calls_are_pointed_out_and_far_ones_are_not(given: Given) -> None:
    call, near = placed(given, 1, **HERE), placed(given, 2, **ACROSS)
    placed(given, 3, **FAR)

    (found,) = alike(again(call))

    assert (found.call, found.words, found.meters) == (near, "111 m away", 111)


def test_near_call_of_two_hours_ago_is_not_the_same_incident(given: Given) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        placed(given, 1, **HERE)

    assert alike(again(placed(given, 2, **ACROSS))) == []


def test_same_number_and_same_words_are_recognised_however_they_are_typed(given: Given) -> None:
    call = given.call(caller_phone="(555) 0142", location_text="12, Thimble  street.")
    twin = given.call(caller_phone="555-0142", location_text="12 Thimble Street")

    (found,) = alike(again(call))

    assert (found.call, found.words) == (twin, "same number, same place in words")


@pytest.mark.parametrize("others", [1, 30])
def test_twins_take_one_query(given: Given, django_assert_num_queries: Any, others: int) -> None:
    for _ in range(others):
        given.call()
    call = again(given.call())

    with django_assert_num_queries(1):
        assert alike(call)


# --- merging in two steps


def test_first_step_names_both_calls_and_the_effect_and_changes_nothing(
    given: Given, people: People, at: At
) -> None:
    call, other = given.call(), given.high_call()
    given.run(call=other)

    page = html(at(people.dev).get(f"/calls/{call.number}/merge/?with={other.number}"))

    assert f"{call.number} and {other.number}" in page
    assert f"Merge {other.number} into {call.number}" in page
    assert f"Merge {call.number} into {other.number}" in page
    assert "CRT1" in page
    assert "accessible" in page or "in reach" in page
    assert not Entry.objects.filter(verb="call.merged").exists()
    assert Entry.objects.filter(verb="record.read", call_id=other.pk).exists()


@pytest.mark.parametrize("with_", ["99-999999", "x" * 400, "' OR 1=1 --"])
def test_unknown_number_is_said_in_words(given: Given, people: People, at: At, with_: str) -> None:
    answer = at(people.dev).get(f"/calls/{given.call().number}/merge/", {"with": with_})

    assert answer.status_code == 200
    assert "There is no call of this number." in html(answer)


def test_second_step_merges_and_the_page_of_the_merged_call_points_on(
    given: Given, people: People, at: At
) -> None:
    call, other = given.call(narrative="he shouts"), given.call()
    screen = at(people.dev)

    answer = screen.press(f"/calls/{other.number}/merge/", **{"from": call.number})

    assert said(answer) == "Merged: one incident, one call."
    assert "he shouts" in html(answer)
    page = html(screen.get(f"/calls/{call.number}/"))
    assert f'Merged into <a href="/calls/{other.number}/">{other.number}</a>' in page
    assert str(people.dev) in page
    board = html(screen.get("/board/"))
    assert f'id="call-{other.pk}"' in board
    assert f'id="call-{call.pk}"' not in board


def test_merge_is_refused_at_its_field(given: Given, people: People, at: At) -> None:
    call = given.call()

    answer = at(people.dev).press(f"/calls/{call.number}/merge/", into=call.number)

    assert answer.status_code == 422
    assert "into itself" in problems(answer)["into"]


# --- from before


def test_history_has_three_strands_counts_and_open_promises(
    given: Given, people: People, at: At
) -> None:
    row = given.followup()
    old = row.call
    call = given.call()

    page = html(at(people.rosa).get(f"/calls/{call.number}/history/"))

    assert "1 call before in 12 months" in page
    assert "At this place" in page
    assert "From this number" in page
    assert old.number in page
    assert "resolved" in page
    assert "nobody has it yet" in page
    entry = Entry.objects.filter(verb="record.read", call_id=call.pk).last()
    assert entry is not None
    assert entry.payload["what"] == "history"


def test_history_shows_five_and_counts_all(given: Given) -> None:
    for _ in range(7):
        given.closed_call(YES_BY_PHONE)
    call = again(given.call())

    strand = history(call).strands[0]

    assert (strand.count, len(strand.calls)) == (7, 5)


def test_history_about_a_person_follows_them_to_another_place(
    given: Given, people: People, at: At
) -> None:
    first, second = placed(given, 1), placed(given, 2)
    screen = at(people.noor)
    screen.press(f"/calls/{first.number}/about/new/", name="Juniper Vale")
    card = Neighbor.objects.get()

    answer = screen.press(f"/calls/{second.number}/about/", neighbor=card.pk)

    assert "About this person" in html(answer)
    assert first.number in html(answer)


@pytest.mark.parametrize("others", [1, 12])
def test_history_takes_a_constant_number_of_queries(
    given: Given, django_assert_max_num_queries: Any, others: int
) -> None:
    for _ in range(others):
        given.closed_call(YES_BY_PHONE)
    call = again(given.call())

    with django_assert_max_num_queries(14):
        assert history(call).repeats == others


# --- who it is about, and the care plan


def test_search_finds_by_name_and_number_and_is_written_down(
    given: Given, people: People, at: At
) -> None:
    Neighbor.objects.create(name="Juniper Vale", phone="555-0190")
    call = given.call()

    for words in ("junip", "0190"):
        page = html(at(people.noor).get(f"/calls/{call.number}/neighbors/", {"said": words}))
        assert "Juniper Vale" in page
    assert Entry.objects.filter(verb="record.read", payload__what="neighbor cards").count() == 2


def test_care_plan_is_read_by_those_who_may_and_everybody_sees_that_there_is_one(
    given: Given, people: People, at: At
) -> None:
    call = given.call()
    noor, rosa = at(people.noor), at(people.rosa)
    noor.press(f"/calls/{call.number}/about/new/", name="Juniper Vale")
    noor.press(
        f"/calls/{call.number}/care-plan/new/", helps="a quiet voice", harms="sirens", seen=""
    )

    page = html(rosa.get(f"/calls/{call.number}/"))

    assert "care plan on file" in page
    assert "a quiet voice" not in page
    assert rosa.get(f"/calls/{call.number}/care-plan/").status_code == 403
    assert "a quiet voice" in html(noor.get(f"/calls/{call.number}/care-plan/"))
    assert Entry.objects.filter(verb="record.read", payload__what="care plan").exists()
    assert "Juniper" not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_care_plan_that_somebody_renewed_is_not_written_over(
    given: Given, people: People, at: At
) -> None:
    call = given.call()
    noor, ana = at(people.noor), at(people.ana)
    noor.press(f"/calls/{call.number}/about/new/", name="Juniper Vale")
    address = f"/calls/{call.number}/care-plan/new/"
    noor.press(address, helps="a quiet voice", seen="")

    answer = ana.press(address, helps="loud music", seen="")

    assert answer.status_code == 422
    assert f"{people.noor} wrote this plan" in problems(answer)["helps"]
    plan = CarePlan.objects.get()
    assert plan.helps == "a quiet voice"
    ana.press(address, helps="both", seen=plan.agreed_at.isoformat())
    assert CarePlan.objects.get().helps == "both"


@pytest.mark.parametrize(
    ("address", "values", "field"),
    [
        ("about/new/", {"name": ""}, "name"),
        ("about/new/", {"name": "x" * 121}, "name"),
        ("about/new/", {"name": "a\x00b"}, "name"),
        ("about/new/", {"name": "A", "born_on": "2999-01-01"}, "born_on"),
        ("about/new/", {"name": "A", "born_on": "yesterday"}, "born_on"),
        ("about/new/", {"name": "A", "born_on": "2026-02-31"}, "born_on"),
        ("about/", {"neighbor": "x"}, "neighbor"),
        ("about/", {"neighbor": "999999999"}, "neighbor"),
        ("care-plan/new/", {"helps": "quiet"}, "helps"),
        ("premise-notes/", {"kind": "diagnosis", "text": "a", "source": "crew"}, "kind"),
        ("premise-notes/", {"kind": "hazard", "text": "", "source": "crew"}, "text"),
        ("premise-notes/", {"kind": "hazard", "text": "a", "source": "rumour"}, "source"),
        (
            "premise-notes/",
            {"kind": "hazard", "text": "a", "source": "crew", "expires": "1999-01-01"},
            "expires",
        ),
        (
            "premise-notes/",
            {"kind": "hazard", "text": "a", "source": "crew", "expires": "9999-99-99"},
            "expires",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    given: Given, people: People, at: At, address: str, values: dict[str, str], field: str
) -> None:
    answer = at(people.noor).press(f"/calls/{given.call().number}/{address}", **values)

    assert answer.status_code == 422
    assert field in problems(answer)


# --- notes of the place


def write(screen: Screen, call: Call, **values: str) -> Any:
    note = {"kind": "hazard", "text": "dog behind the gate", "source": "crew", **values}
    return screen.press(f"/calls/{call.number}/premise-notes/", **note)


def test_note_stands_on_every_call_of_the_place_hazards_first(
    given: Given, people: People, at: At
) -> None:
    call, other = placed(given, 1, **HERE), placed(given, 2, **ACROSS)
    screen = at(people.dev)
    write(screen, call, kind="access", text="gate code is with the caretaker")
    write(screen, call)
    next_door = given.call(location_text="1 reed row", caller_phone="")

    texts = [note.text for note in premise_notes(next_door)]

    assert texts == ["dog behind the gate", "gate code is with the caretaker"]
    assert premise_notes(again(other)) == []
    page = html(screen.get(f"/calls/{next_door.number}/"))
    assert page.index("dog behind the gate") < page.index("gate code is with")
    assert f"by {people.dev}" in page


@pytest.mark.parametrize(
    ("kind", "source", "days"),
    [("hazard", "crew", 365), ("hazard", "caller", 90), ("access", "officer", 90)],
)
def test_note_expires_by_default(
    given: Given, people: People, at: At, kind: str, source: str, days: int
) -> None:
    call = given.call()
    write(at(people.dev), call, kind=kind, source=source)

    note = PremiseNote.objects.get()

    assert (note.expires_at - note.observed_at).days == days
    assert premise_notes(call, note.expires_at - timedelta(seconds=1)) == [note]
    assert premise_notes(call, note.expires_at) == []


def test_withdrawn_note_is_kept_and_struck(given: Given, people: People, at: At) -> None:
    call, screen = given.call(), at(people.dev)
    write(screen, call)
    note = PremiseNote.objects.get()
    address = f"/calls/{call.number}/premise-notes/{note.pk}/withdrawal/"

    answer = screen.press(address)

    assert "<s>dog behind the gate</s>" in html(answer)
    assert premise_notes(call) == []
    assert screen.press(address).status_code == 422


def test_note_is_withdrawn_only_through_a_call_of_its_place(
    given: Given, people: People, at: At
) -> None:
    call, other, screen = given.call(), given.call(location_text="99 Far Road"), at(people.dev)
    write(screen, call)
    note = PremiseNote.objects.get()

    answer = screen.press(f"/calls/{other.number}/premise-notes/{note.pk}/withdrawal/")

    assert answer.status_code == 404
    assert premise_notes(call) == [note]


def test_note_needs_a_place(given: Given, people: People, at: At) -> None:
    answer = write(at(people.dev), given.call(location_text=""))

    assert "place of this call is not known yet" in problems(answer)["text"]


# --- who else is here


def here(at_screen: Screen, call: Call, **values: str) -> Any:
    answer = at_screen.press(f"/calls/{call.number}/presence/", **{"screen": "call", **values})
    assert answer.status_code == 200
    return answer.json()["others"]


def test_others_are_named_with_what_they_edit(given: Given, people: People, at: At) -> None:
    call = given.call()
    here(at(people.sam), call)
    here(at(people.dev), call, field="location_text", screen="intake")

    assert here(at(people.rosa), call) == [
        {"name": str(people.dev), "does": "is editing the location", "is_editing": True},
        {"name": str(people.sam), "does": "is viewing", "is_editing": False},
    ]


def test_presence_ends_by_itself_and_at_once_when_the_page_is_left(
    given: Given, people: People, at: At
) -> None:
    call = given.call()
    here(at(people.sam), call)
    here(at(people.dev), call)
    here(at(people.dev), call, left="1")
    assert [other["name"] for other in here(at(people.rosa), call)] == [str(people.sam)]

    with time_machine.travel(timezone.now() + timedelta(seconds=26)):
        assert here(at(people.rosa), call) == []
        assert Seen.objects.count() == 1


def test_presence_is_no_history_and_takes_few_queries(
    given: Given, people: People, at: At, django_assert_max_num_queries: Any
) -> None:
    call, screen = given.call(), at(people.rosa)
    here(screen, call)
    before = Entry.objects.count()

    with django_assert_max_num_queries(12):
        here(screen, call, field="<script>")

    assert Entry.objects.count() == before
    assert Seen.objects.get().field == ""
