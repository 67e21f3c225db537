"""Two people on one form: different fields merge, the same field gives both values, nothing vanishes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from heart.journal.models import Entry
from intake.models import Call
from tests.builders import Given
from tests.pages.screen import Screen
from tests.people import People
from triage.actions import save
from triage.clashes import Clash, Seen, known
from triage.models import Assessment

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]


def shown(call: Call) -> Seen:
    return known(Call.objects.get(pk=call.pk), Assessment.objects.filter(call=call).first())


def test_same_field_gives_both_values_with_who_and_when(
    given: Given, people: People, at: At
) -> None:
    call = given.call(location_text="12 Thimble Street")
    address = f"/calls/{call.number}/fields/"
    seen = {"fields": {"location_text": "12 Thimble Street"}}

    first = at(people.sam).keep(address, fields={"location_text": "Mill Lane 3"}, seen=seen)
    second = at(people.rosa).keep(
        address, fields={"location_text": "Mill Lane 8", "language": "es"}, seen=seen
    )

    assert first.status_code == 200
    assert second.status_code == 409
    held = second.json()["clashes"]["fields"]["location_text"]
    assert held["value"] == "Mill Lane 3"
    assert held["words"].startswith(f"{people.sam} wrote this at ")
    assert Call.objects.get(pk=call.pk).location_text == "Mill Lane 3"


def test_same_answer_gives_both_values(given: Given, people: People, at: At) -> None:
    call = given.call()
    address = f"/calls/{call.number}/fields/"
    seen = {"answers": {"weapon": "none"}}
    at(people.noor).keep(address, answers={"weapon": "accessible"}, seen=seen)

    answer = at(people.rosa).keep(address, answers={"weapon": "unknown"}, seen=seen)

    assert answer.json()["clashes"]["answers"]["weapon"]["value"] == "accessible"


def test_different_fields_merge_and_the_form_learns_the_other_one(
    given: Given, people: People, at: At
) -> None:
    call = given.call()
    address, seen = f"/calls/{call.number}/fields/", {"fields": {}, "answers": {}}
    at(people.sam).keep(address, fields={"location_text": "Mill Lane 3"}, seen=seen)

    answer = at(people.rosa).keep(address, fields={"caller_phone": "555-0177"}, seen=seen)

    known_now = answer.json()["known"]["fields"]
    assert (known_now["location_text"], known_now["caller_phone"]) == ("Mill Lane 3", "555-0177")


def test_same_value_from_both_is_no_clash(given: Given, people: People, at: At) -> None:
    call = given.call()
    address, seen = f"/calls/{call.number}/fields/", {"fields": {"language": "en"}}
    at(people.sam).keep(address, fields={"language": "es"}, seen=seen)

    assert at(people.rosa).keep(address, fields={"language": "es"}, seen=seen).status_code == 200


@pytest.mark.parametrize("seen", [7, [], {"fields": []}, {"answers": "x"}, {"fields": None}])
def test_unreadable_seen_is_refused(given: Given, people: People, at: At, seen: Any) -> None:
    call = given.call()

    answer = at(people.rosa).keep(
        f"/calls/{call.number}/fields/", fields={"language": "es"}, seen=seen
    )

    assert answer.status_code == 422


def test_fields_of_a_merged_call_are_refused_with_the_way_on(
    given: Given, people: People, at: At
) -> None:
    call, into = given.call(), given.call()
    at(people.dev).press(f"/calls/{call.number}/merge/", into=into.number)

    answer = at(people.rosa).keep(f"/calls/{call.number}/fields/", fields={"language": "es"})

    assert answer.status_code == 422
    assert f"was merged into {into.number}" in answer.json()["problems"]["call"]


FIELDS = st.sampled_from(["location_text", "caller_phone", "narrative"])
ANSWERS = {"weapon": ["none", "unknown", "accessible"], "si": ["none", "unknown", "intent"]}
WORDS = st.sampled_from(["", "one", "two", "three"])


def test_two_actors_interleaved_never_write_over_each_other(given: Given) -> None:
    people = given.people

    class TwoPeople(RuleBasedStateMachine):
        """The model: the last accepted value of each field, and who wrote it."""

        @initialize()
        def begin(self) -> None:
            self.call = given.taking(location_text="", caller_phone="")
            self.actors = [people.rosa.actor("console"), people.sam.actor("console")]
            self.screens = [shown(self.call), shown(self.call)]
            self.model: dict[str, Any] = {}
            self.writer: dict[str, int | None] = {}
            self.accepted = 0

        def put(self, who: int, kind: str, name: str, value: str) -> None:
            screen = getattr(self.screens[who], kind)
            fresh = (self.model.get(name) or "") == (screen.get(name) or "")
            is_own = self.writer.get(name, self.actors[0].id) == self.actors[who].id
            is_same = (self.model.get(name) or "") == value
            seen = Seen(**{kind: {name: screen.get(name)}})
            try:
                save(
                    call_id=self.call.pk,
                    fields={name: value} if kind == "fields" else {},
                    answers={name: value} if kind == "answers" else {},
                    seen=seen,
                    by=self.actors[who],
                )
            except Clash as clash:
                held = {**clash.fields, **clash.answers}[name]
                assert not fresh
                assert not is_own
                assert not is_same
                assert (held.value or "") == (self.model.get(name) or "")
                assert held.by == self.actors[1 - who].name
                return
            assert fresh or is_own or is_same
            if not is_same:
                self.model[name], self.writer[name] = value, self.actors[who].id
                self.accepted += 1
            screen[name] = value  # type: ignore[index]  # a plain dict

        @rule(who=st.integers(0, 1), name=FIELDS, value=WORDS)
        def field(self, who: int, name: str, value: str) -> None:
            self.put(who, "fields", name, value)

        @rule(who=st.integers(0, 1), name=st.sampled_from(sorted(ANSWERS)), data=st.data())
        def answer(self, who: int, name: str, data: Any) -> None:
            self.put(who, "answers", name, data.draw(st.sampled_from(ANSWERS[name])))

        @rule(who=st.integers(0, 1))
        def look_again(self, who: int) -> None:
            self.screens[who] = shown(self.call)

        @invariant()
        def rows_are_the_model_and_history_has_every_write(self) -> None:
            if not hasattr(self, "call"):
                return
            now = shown(self.call)
            for name, value in self.model.items():
                assert ({**now.answers, **now.fields}.get(name) or "") == value
            writes = Entry.objects.filter(
                call_id=self.call.pk, verb__in=["call.edited", "decision.made"]
            )
            assert writes.count() == self.accepted

    run_state_machine_as_test(
        TwoPeople,
        settings=settings(
            max_examples=40,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
