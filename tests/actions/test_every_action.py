"""What holds for every action: one entry, its sentence, its effects, and nothing done twice."""

import re
from contextlib import suppress
from inspect import getmembers, isfunction
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from dispatch.steps import UnitTaken
from heart.journal.models import Entry
from heart.moves import MoveRefused
from intake.steps import Refused
from tests.actions.cases import CASES, MODULES, WITHOUT_A_PERSON, Case
from tests.builders import Given, said

CALL_NUMBER = re.compile(r"\b\d{2}-\d{6}\b")
STAGES = ("intake", "triage", "dispatch", "followup", "replay", "paper")
every_action = pytest.mark.parametrize(
    "case", CASES, ids=[f"{c.action.__module__.split('.')[0]}-{c.action.__name__}" for c in CASES]
)


def test_every_action_has_a_case() -> None:
    public = {
        function
        for module in MODULES
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }

    assert public == {case.action for case in CASES} | WITHOUT_A_PERSON


@every_action
def test_action_writes_one_entry_that_says_who_did_what(case: Case, given: Given) -> None:
    arguments, person = case.given(given), getattr(given.people, case.by)
    before = Entry.objects.count()

    case.action(**arguments, by=person.actor("console"))

    entry, *more = Entry.objects.order_by("id")[before:]
    assert more == []
    assert (entry.actor_id, entry.actor_name, entry.source) == (person.pk, str(person), "console")
    assert CALL_NUMBER.sub("#", said(entry)) == case.told
    assert effects_of(entry) == case.effects


@every_action
def test_action_repeated_with_its_command_id_changes_nothing(case: Case, given: Given) -> None:
    arguments, person = case.given(given), getattr(given.people, case.by)
    command = {"by": person.actor("console"), "command_id": uuid4()}
    case.action(**arguments, **command)
    after_first = everything()

    repeat(case, {**arguments, **command})

    assert everything() == after_first
    assert Entry.objects.filter(command_id=command["command_id"]).count() == 1


def repeat(case: Case, arguments: dict[str, Any]) -> None:
    """A repeated command either does nothing or is refused as a whole."""
    with suppress(IntegrityError, MoveRefused, Refused, UnitTaken), transaction.atomic():
        case.action(**arguments)


def effects_of(entry: Entry) -> list[tuple[str, str, str]]:
    return [(s.partition(":")[0], move, status) for s, move, status in entry.payload["effects"]]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the four stages and of replays, and how long the journal is."""
    models = [model for stage in STAGES for model in apps.get_app_config(stage).get_models()]
    rows = {
        m.__name__: [model_to_dict(r) for r in m._default_manager.order_by("pk")] for m in models
    }
    return {**rows, "journal": [{"entries": Entry.objects.count()}]}
