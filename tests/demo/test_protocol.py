"""A protocol comes from a folder of files: whole or not at all, and each version once."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from heart.journal.models import Entry
from intake.models import Nature
from tests.builders import CLOCK, Given, decision_of, said
from triage.models import FallbackStep, Invariant, Question, Rule, RuleSet, Target
from triage.protocol_files import COLUMNS, DEFAULTS, ProtocolFault, read
from triage.rule_set_actions import activate_protocol

Change = Callable[[Any], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the default protocol, as version 2."""
    copy = tmp_path / "protocol"
    shutil.copytree(DEFAULTS, copy, ignore=lambda *_: {"__pycache__"})
    change(copy, "rule_set", lambda row: {**row, "version": 2, "title": "Second"})
    return copy


def change(folder: Path, part: str, how: Change) -> None:
    file = folder / f"{part}.json"
    file.write_text(json.dumps(how(json.loads(file.read_text()))))


def first(**values: Any) -> Change:
    return lambda rows: [{**rows[0], **values}, *rows[1:]]


@pytest.mark.django_db
def test_version_1_is_active_synthetic_and_complete() -> None:
    files, active = read(DEFAULTS), RuleSet.objects.get(status="active")

    assert (active.version, active.is_synthetic, active.activated_at is not None) == (
        1,
        True,
        True,
    )
    assert Rule.objects.count() == len(files.rules)
    assert Question.objects.count() == len(files.questions)
    assert Target.objects.count() == len(files.targets)
    assert FallbackStep.objects.count() == len(files.fallback)


@pytest.mark.django_db
def test_loading_a_version_that_is_there_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entries = Entry.objects.count()

    call_command("load_protocol")

    assert "Rules version 1 (synthetic) was there already: active." in capsys.readouterr().out
    assert Entry.objects.count() == entries


def test_a_new_version_decides_new_calls_and_old_calls_keep_theirs(
    given: Given, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = given.call()

    call_command("load_protocol", folder)
    new = given.call()

    assert "Rules version 2 (synthetic) is active: active." in capsys.readouterr().out
    assert decision_of(old).rule_set.version == 1
    assert decision_of(new).rule_set.version == 2
    assert dict(RuleSet.objects.values_list("version", "status")) == {1: "retired", 2: "active"}
    entry = Entry.objects.get(verb="rule_set.activated", payload__version=2)
    assert (said(entry), entry.payload["instead_of"]) == ("activated version 2 of the rules", 1)


@pytest.mark.parametrize(
    ("part", "how", "message"),
    [
        (
            "rule_set",
            lambda row: {**row, "version": "2"},
            "rule_set.json/version: must be a whole",
        ),
        (
            "rule_set",
            lambda row: {**row, "version": True},
            "rule_set.json/version: must be a whole",
        ),
        (
            "rule_set",
            lambda row: {**row, "switches": {"minors": "some"}},
            "switches/minors: must be one of heart, cor",
        ),
        ("rules", lambda rows: {"rows": rows}, "rules.json: must be a list"),
        ("rules", lambda rows: ["R00", *rows[1:]], "rules.json/0: must be an object"),
        ("rules", first(colour="red"), "rules.json/0: has the unknown colour"),
        ("rules", lambda rows: rows[:-1], "the last rule must have no condition"),
        (
            "rules",
            first(body={"level": 4, "when": [[{"field": "moon"}]]}),
            r"rules.json R00/when/0/0/field",
        ),
        ("questions", lambda rows: [rows[0], *rows], "loc: asked twice"),
        ("natures", first(routes=["TAXI"]), "no route 'TAXI'"),
        ("targets", lambda rows: [{"key": "x"}], "targets.json/0: lacks basis, label_en"),
    ],
)
def test_a_protocol_that_cannot_be_used_is_refused_with_its_place(
    part: str, how: Change, message: str, folder: Path
) -> None:
    change(folder, part, how)

    with pytest.raises(ProtocolFault, match=message):
        read(folder)


@pytest.mark.parametrize("part", COLUMNS)
def test_every_file_has_to_be_there(part: str, folder: Path) -> None:
    (folder / f"{part}.json").unlink()

    with pytest.raises(ProtocolFault, match=f"{part}.json: No such file or directory"):
        read(folder)


def test_a_file_that_is_not_json_is_refused(folder: Path) -> None:
    (folder / "rules.json").write_text("{")

    with pytest.raises(ProtocolFault, match=r"rules\.json: is not JSON"):
        read(folder)


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_and_stores_nothing(folder: Path) -> None:
    change(folder, "rules", lambda rows: rows[:-1])

    with pytest.raises(CommandError, match="the last rule must have no condition"):
        call_command("load_protocol", folder)

    assert RuleSet.objects.count() == 1


@pytest.mark.django_db
def test_an_older_version_is_not_put_back_by_loading_it_again(folder: Path) -> None:
    activate_protocol(files=read(folder), by=CLOCK)

    again = activate_protocol(files=read(DEFAULTS), by=CLOCK)

    assert (again.version, again.status) == (1, "retired")


@pytest.mark.django_db
def test_loading_again_renews_the_statements_and_leaves_what_people_edited() -> None:
    Invariant.objects.filter(code="fire-sends-fire").update(body={"then": []}, en="Old.")
    Nature.objects.filter(code="TRESPASS").update(name="Ours")

    call_command("load_protocol")

    assert Invariant.objects.get(code="fire-sends-fire").en.startswith("Fire sends")
    assert Nature.objects.get(code="TRESPASS").name == "Ours"
