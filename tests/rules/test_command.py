"""``manage.py rules``: prove, export and import, and everything that a file can have wrong."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from heart.journal.models import Entry
from tests.builders import CLOCK, said
from triage import protocol_files
from triage.exchange import json_file
from triage.models import FallbackStep, Question, Rule, RuleSet, Target
from triage.queries import protocol, protocol_rows
from triage.rule_set_actions import activate_protocol

Change = Callable[[dict[str, Any]], object]
SHIPPED = protocol_files.read(protocol_files.DEFAULTS)


def run(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command("rules", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The shipped protocol as one file."""
    path = tmp_path / "rules.json"
    path.write_text(json_file.written(SHIPPED), encoding="utf-8")
    return path


def change(file: Path, how: Change) -> None:
    document = json.loads(file.read_text())
    how(document)
    file.write_text(json.dumps(document))


def test_a_file_is_proven_without_a_database(file: Path) -> None:
    body = json.loads(run("prove", file, json=True))

    assert body["holds"] is True
    assert body["violations"] == []
    assert body["invariants"] == len(protocol_files.read_invariants())
    assert body["findings"]["unreachable"] == []


def test_a_folder_is_proven_and_told_in_words() -> None:
    told = run("prove", protocol_files.DEFAULTS)

    assert "With a weapon in hand, police are sent at level 4." in told
    assert "a minor need is better news than none asked for" in told
    assert "Rules that never decide: none" in told


def test_counter_examples_are_shown_and_the_exit_code_is_1(file: Path) -> None:
    change(file, lambda d: d["rules"][17]["body"].update(adds=[]))
    out = StringIO()

    with pytest.raises(
        CommandError, match=r"not true of every call: child-never-phone-only$"
    ) as failed:
        call_command("rules", "prove", str(file), "--json", stdout=out)

    assert failed.value.returncode == 1
    first = json.loads(out.getvalue())["violations"][0]
    assert first["invariant"] == "child-never-phone-only"
    assert first["call"]["answers"] == {"age": "child"}
    assert first["outcome"] == {"route": "CCD", "added": [], "level": 2, "rule": "R14"}
    with pytest.raises(CommandError):
        call_command("rules", "prove", str(file), stdout=(words := StringIO()))
    assert "any nature, age child" in words.getvalue()
    assert "R14: CCD, level 2" in words.getvalue()


@pytest.mark.django_db
def test_the_version_in_force_and_any_other_are_proven() -> None:
    assert json.loads(run("prove", json=True))["holds"] is True
    assert json.loads(run("prove", 1, json=True))["holds"] is True
    with pytest.raises(CommandError, match="there is no such version") as failed:
        run("prove", 77)
    assert failed.value.returncode == 2


@pytest.mark.django_db
def test_what_was_exported_comes_back_as_a_draft_that_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "shared.json"

    run("export", 1, file)
    told = run("import", file)

    assert "Version 2 of the rules is a draft" in told
    draft = RuleSet.objects.get(version=2)
    assert (draft.status, draft.activated_at) == ("draft", None)
    before, after = protocol_rows(1), protocol_rows(2)
    assert after.rule_set == {**before.rule_set, "version": 2}
    assert (after.rules, after.questions) == (before.rules, before.questions)
    assert (after.targets, after.fallback) == (before.targets, before.fallback)
    active = RuleSet.objects.get(version=1)
    assert protocol(draft.pk).rule_set.rules == protocol(active.pk).rule_set.rules
    entry = Entry.objects.get(verb="rule_set.imported")
    assert said(entry) == "imported version 2 of the rules as a draft"
    assert RuleSet.objects.get(status="active").version == 1


@pytest.mark.django_db
def test_numbers_go_on_after_the_newest_version(file: Path) -> None:
    run("import", file)
    run("import", file)

    assert list(RuleSet.objects.values_list("version", flat=True)) == [3, 2, 1]


def first(part: str, **values: Any) -> Change:
    return lambda document: document[part][0].update(values)


def body(**values: Any) -> Change:
    return lambda document: document["rules"][8]["body"].update(values)


LONG = "a" * 1_000_000
FAULTS: dict[str, tuple[Change, str]] = {
    "another format": (lambda d: d.update(format="x"), "/format: must be 'heart-rules-1'"),
    "part missing": (lambda d: d.pop("targets"), "lacks targets"),
    "part too much": (lambda d: d.update(colour="red"), "has the unknown colour"),
    "rules that are none": (lambda d: d.update(rules={}), "/rules: must be a list"),
    "a row that is none": (lambda d: d["rules"].insert(2, 7), "/rules/2: must be an object"),
    "10,000 rows": (
        lambda d: d.update(rules=(d["rules"] * 400)[:10_000]),
        "/rules: has 10000 rows; at most 500 can be read",
    ),
    "a megabyte of reason": (
        first("rules", reason_en=LONG),
        "/rules/0/reason_en: Ensure this value has at most 300 characters",
    ),
    "a megabyte of question": (
        first("questions", ask_es=LONG),
        "/questions/0/ask_es: Ensure this",
    ),
    "a megabyte of label": (
        lambda d: d["questions"][2]["answers"][0].update(label_en=LONG),
        "/questions/2/answers/0/label_en: must be 1 to 120 characters",
    ),
    "a megabyte of note": (
        body(notes=[{"en": LONG, "es": "b"}]),
        "R08/notes/0/en: must be a sentence of at most 300",
    ),
    "text with a NUL": (first("rules", citation="a\x00"), "/rules/0/citation: has a character"),
    "half a character": (first("rules", citation="\ud800"), "/rules/0/citation: has a character"),
    "too deep": (
        body(when=json.loads("[" * 60 + "]" * 60)),
        "/rules/8/body/when.*deeper than 40",
    ),
    "number as text": (
        first("targets", seconds="60"),
        "/targets/0/seconds: must be a whole number",
    ),
    "truth as number": (first("rules", order=True), "/rules/0/order: must be a whole number"),
    "a giant number": (first("targets", seconds=10**30), "/targets/0/seconds: Ensure this value"),
    "no time at all": (
        first("targets", seconds=0),
        "/targets/0/seconds: must be from 1 second to 30 days",
    ),
    "more than 30 days": (
        first("targets", seconds=30 * 24 * 60 * 60 + 1),
        "/targets/0/seconds: must be from 1 second to 30 days",
    ),
    "rules out of order": (
        lambda d: d["rules"].insert(0, d["rules"].pop(3)),
        "/rules/1/order: must be higher",
    ),
    "a rule twice": (first("rules", code="R05"), "R05/id: stands in the table twice"),
    "no last rule": (lambda d: d["rules"].pop(), "R23/when: the last rule must have no condition"),
    "unknown field": (
        body(when=[[{"field": "moon", "op": "is", "value": "y"}]]),
        "R08/when/0/0/field: no field 'moon'",
    ),
    "unknown nature": (
        body(when=[[{"field": "nature", "op": "is", "value": "UFO"}]]),
        "R08/when/0/0/value: 'UFO' is not a value of nature",
    ),
    "unknown switch": (
        lambda d: d["rule_set"]["switches"].update(moon="full"),
        "switches/moon: no such switch",
    ),
    "switch of no value": (
        lambda d: d["rule_set"]["switches"].update(unknown_safety_policy=["cor", "police"]),
        "switches/unknown_safety_policy: must be one of",
    ),
    "no switches": (lambda d: d["rule_set"].update(switches=[]), "/rule_set/switches: must be an"),
    "answer without label": (
        lambda d: d["questions"][2]["answers"].append({"value": "x"}),
        "/questions/2/answers/5: must have label_en, label_es, value",
    ),
    "sub-question of nothing": (
        lambda d: d["questions"][3].update(only_after={"field": "moon", "in": ["y"]}),
        "/questions/3/only_after/field: 'moon' is no earlier question",
    ),
    "sub-question of no answer": (
        lambda d: d["questions"][9].update(only_after={"field": "weapon", "in": ["gun"]}),
        "/questions/9/only_after/in: 'gun' is not an answer to weapon",
    ),
    "questions that wait for each other": (
        lambda d: (
            d["questions"][7].update(only_after={"field": "violence", "in": ["verbal"]}),
            d["questions"][9].update(only_after={"field": "crime", "in": ["dv"]}),
            d["questions"][11].update(only_after={"field": "weapon", "in": ["none"]}),
        ),
        "/questions/7/only_after: asked only after each other: weapon → violence → crime → weapon",
    ),
    "question that waits for itself": (
        lambda d: d["questions"][7].update(only_after={"field": "weapon", "in": ["none"]}),
        "/questions/7/only_after: asked only after each other: weapon → weapon",
    ),
    "a question twice": (
        lambda d: d["questions"][12].update(key="weapon"),
        "/questions/12/key: 'weapon' is a question already",
    ),
    "a rule under two settings of one switch": (
        body(
            when=[
                [
                    {"field": "minors", "op": "is", "value": "cor"},
                    {"field": "minors", "op": "is", "value": "heart"},
                ]
            ]
        ),
        "R08/when/0: can never hold: no minors passes",
    ),
    "a hard rule below another": (
        lambda d: d["rules"][-2].update(is_hard=True),
        "R23/hard: a hard disqualifier cannot stand below R22",
    ),
    "a target missing": (
        lambda d: d.update(targets=[t for t in d["targets"] if t["key"] != "dispatch"]),
        "/targets: lacks dispatch",
    ),
    "a target twice": (
        lambda d: d["targets"].append(d["targets"][0]),
        "/targets/21: stands there twice",
    ),
    "no fallback": (
        lambda d: d.update(fallback=[]),
        "/fallback: must have at least one step",
    ),
    "unheard-of fallback": (
        first("fallback", action="pray"),
        "/fallback/0/action: must be one of",
    ),
    "a title that is none": (
        lambda d: d["rule_set"].update(title=""),
        "/rule_set/title: This field cannot be blank",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_file_is_refused_with_its_place_and_nothing_is_saved(
    how: Change, message: str, file: Path
) -> None:
    change(file, how)
    rows = [RuleSet, Rule, Question, Target, FallbackStep, Entry]
    before = [model.objects.count() for model in rows]

    with pytest.raises(CommandError, match=message) as failed:
        run("import", file)

    assert failed.value.returncode == 2
    assert str(failed.value).startswith("rules.json")
    assert len(str(failed.value)) < 400
    assert [model.objects.count() for model in rows] == before


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [1, 30 * 24 * 60 * 60])
def test_a_target_may_be_one_second_or_thirty_days(seconds: int, file: Path) -> None:
    change(file, first("targets", seconds=seconds))

    run("import", file)

    assert RuleSet.objects.get(version=2).targets.filter(seconds=seconds).exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "rules.json: is not JSON"),
        ("[" * 100_000, "rules.json: is not JSON"),
        ("[]", "rules.json/format: must be"),
        ('{"a": "cor", "a": "police"}', "'a' stands twice in one object"),
        (" " * 32_000_001, "rules.json: is larger than 32,000,000 bytes"),
        ('{"format": ', "rules.json: is not JSON: Expecting value: line 1 column 12"),
        ("{}\n\udcff", "rules.json line 2: is not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, message: str, file: Path) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(CommandError, match=message) as failed:
        run("prove", file)

    assert failed.value.returncode == 2


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.json: No such file") as failed:
        run("prove", tmp_path / "none.json")

    assert failed.value.returncode == 2


def test_invariants_of_an_agency_are_proven_instead(file: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    row = {"id": "ours", "en": "A.", "es": "A.", "when": [], "then": [{"claim": "has_route"}]}
    own.write_text(json.dumps([row]))

    assert json.loads(run("prove", file, "--invariants", own, json=True))["invariants"] == 1

    own.write_text(json.dumps([{**row, "then": [{"claim": "nice"}]}]))
    with pytest.raises(CommandError, match="ours /then/0/claim: 'nice' is not one of") as failed:
        run("prove", file, "--invariants", own)
    assert failed.value.returncode == 2


@pytest.mark.django_db
def test_a_draft_can_be_proven_and_does_not_decide(file: Path) -> None:
    change(file, lambda d: d["rules"][4].update(body={**d["rules"][4]["body"], "level": 3}))
    run("import", file)

    with pytest.raises(CommandError, match="not true of every call: weapon-in-hand") as failed:
        run("prove", 2)

    assert failed.value.returncode == 1
    assert RuleSet.objects.get(status="active").version == 1
    again = activate_protocol(files=SHIPPED, by=CLOCK)
    assert again.version == 1
