"""The calls a newcomer finds on the very first run, each brought to its place by the real actions."""

import random
from typing import Any

from dispatch.actions import assign, start
from dispatch.models import Unit
from followup.actions import Consented, close_call
from heart.accounts.models import User
from heart.demo.city import some_phone, somewhere
from heart.journal.actor import Actor
from intake.models import Call
from triage.actions import accept_consult, end_consult, receive_call

NO_DANGER = {
    "in_area": "y",
    "medical": "none",
    "harm_now": "no",
    "weapon": "none",
    "violence": "none",
    "crime": "none",
    "hazard": "none",
}


def first_calls() -> int:
    """Two calls that wait, one with a clinician, one with a team on the way, one with a promise."""
    chance = random.Random(1)  # noqa: S311 - the same first calls everywhere
    _shop_doorway(chance)
    _rifle_in_the_closet(chance)
    _wants_to_talk(chance)
    _cannot_get_home(chance)
    _panic_is_over(chance)
    return 5


def _shop_doorway(chance: random.Random) -> None:
    _received(
        chance,
        nature="TRESPASS",
        narrative="Shop owner: someone sleeps in the doorway and does not want to leave. Calm.",
        caller_relation="with_person",
        answers={"caller": "with_person", "si": "none", "bh": "y", "age": "adult"},
    )


def _rifle_in_the_closet(chance: random.Random) -> None:
    _received(
        chance,
        nature="SUITHREAT",
        narrative="Mother: her grown son says he will end his life. A hunting rifle is in the closet.",
        caller_relation="with_person",
        answers={"caller": "with_person", "weapon": "accessible", "si": "intent", "age": "adult"},
    )


def _wants_to_talk(chance: random.Random) -> None:
    call = _received(
        chance,
        nature="EMOTDIST",
        narrative="Cannot stop crying, thinks of dying, has no plan. Wants to talk to someone.",
        caller_relation="self",
        answers={"caller": "self", "si": "thoughts", "contact": "willing", "age": "adult"},
    )
    accept_consult(consult_id=call.consults.get().pk, by=_demo("clinician"))


def _cannot_get_home(chance: random.Random) -> None:
    call = _received(
        chance,
        nature="INTOX",
        beat="C1",
        narrative="Bartender: a very drunk guest, walking, not hurt, cannot get home.",
        caller_relation="with_person",
        answers={"caller": "with_person", "si": "none", "contact": "present_unwilling"},
    )
    unit = Unit.objects.get(code="CRT2")
    run = assign(call_id=call.pk, unit_id=unit.pk, by=_demo("dispatcher"))
    start(run_id=run.pk, by=_demo("crt2.peer"))


def _panic_is_over(chance: random.Random) -> None:
    call = _received(
        chance,
        nature="PANIC",
        narrative="Panic attack, no chest pain, breathing well. Wants to talk to someone.",
        caller_relation="self",
        answers={"caller": "self", "si": "none", "contact": "willing", "age": "adult"},
    )
    clinician = _demo("clinician2")
    consult = accept_consult(consult_id=call.consults.get().pk, by=clinician)
    end_consult(consult_id=consult.pk, outcome="resolved", by=clinician)
    close_call(
        call_id=call.pk,
        consent=Consented("yes", by_call=True, by_text=True, preferred_time="after 5 pm"),
        by=clinician,
    )


def _received(
    chance: random.Random, *, answers: dict[str, str], beat: str = "", **fields: Any
) -> Call:
    place = somewhere(chance, beat)
    saved = receive_call(
        fields={
            "caller_phone": some_phone(chance),
            "location_text": place.text,
            "latitude": place.latitude,
            "longitude": place.longitude,
            **fields,
        },
        answers={**NO_DANGER, **answers},
        by=_demo("calltaker"),
        source=Call.Source.DEMO,
        is_synthetic=True,
    )
    return saved.call


def _demo(username: str) -> Actor:
    return User.objects.get(username=username).actor("demo")
