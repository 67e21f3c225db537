"""A table that makes no sense is refused when it is loaded, with the rule and the place named."""

from typing import Any

import pytest

from tests.rules.default_table import FILES, QUESTIONS, load, rows
from triage import rules


def changed(rule: str, **parts: Any) -> list[dict[str, Any]]:
    """The default table with parts of one rule replaced."""
    table = rows()
    next(row for row in table if row["id"] == rule).update(parts)
    return table


def condition(**parts: Any) -> dict[str, Any]:
    return {"field": "weapon", "op": "is", "value": "none", **parts}


OF_WEAPON = "is not a value of weapon: none, elsewhere, accessible, in_hand, unknown"
ARMED = [[condition(value="accessible")]]
REFUSED = {
    "unknown field": (
        {"when": [[condition(field="wepon")]]},
        "R08 /when/0/0/field: no field 'wepon'",
    ),
    "unknown operator": (
        {"when": [[condition(op="==")]]},
        "R08 /when/0/0/op: '==' is no operator for weapon: is, is_not, in, not_in, asked, not_asked",
    ),
    "operator that does not fit": (
        {"when": [[condition(op="contains")]]},
        "R08 /when/0/0/op: 'contains' does not fit weapon: is, is_not, in, not_in, asked, not_asked",
    ),
    "comparison of free text": (
        {"when": [[condition(field="weapon_type", value="knife")]]},
        "R08 /when/0/0/op: 'is' does not fit weapon_type: asked, not_asked",
    ),
    "unknown answer": (
        {"when": [[condition(value="gun")]]},
        f"R08 /when/0/0/value: 'gun' {OF_WEAPON}",
    ),
    "answer of another type": (
        {"when": [[condition(value=3)]]},
        f"R08 /when/0/0/value: 3 {OF_WEAPON}",
    ),
    "unknown answer in a list": (
        {"when": [[condition(op="in", value=["none", "gun"])]]},
        f"R08 /when/0/0/value: 'gun' {OF_WEAPON}",
    ),
    "one value where a list is needed": (
        {"when": [[condition(op="in", value="none")]]},
        "R08 /when/0/0/value: in takes a list of values",
    ),
    "empty list": (
        {"when": [[condition(op="not_in", value=[])]]},
        "R08 /when/0/0/value: not_in takes a list of values",
    ),
    "value where none is taken": (
        {"when": [[condition(op="asked")]]},
        "R08 /when/0/0/value: asked takes no value",
    ),
    "contradiction": (
        {"when": [[condition(), condition(value="in_hand")]]},
        "R08 /when/0: can never hold: no weapon passes",
    ),
    "alternative without condition": ({"when": [[]]}, "R08 /when/0: needs at least one condition"),
    "condition that is none": (
        {"when": [["weapon is none"]]},
        "R08 /when/0/0: must have field, op and value",
    ),
    "when that is no list": ({"when": {"weapon": "none"}}, "R08 /when: must be a list"),
    "no condition": ({"when": []}, "R08 /when: only the last rule may have no condition"),
    "route of the call as a condition": (
        {"adds": [{"unit": "CRT", "when": [[condition(field="route", value="CCD")]]}]},
        "R08 /adds/0/when/0/0/field: the route is known only in later_adds",
    ),
    "unknown route": (
        {"routes": [{"route": "SWAT"}]},
        f"R08 /routes/0/route: 'SWAT' is not one of {', '.join(rules.ROUTES)}",
    ),
    "no route": ({"routes": []}, "R08 /routes: the last entry must have no condition"),
    "route for some calls only": (
        {"routes": [{"route": "COR", "when": ARMED}]},
        "R08 /routes: the last entry must have no condition",
    ),
    "route that is never reached": (
        {"routes": [{"route": "COR"}, {"route": "CRT"}]},
        "R08 /routes/1: can never be reached",
    ),
    "unit without name": (
        {"adds": [{"when": ARMED}]},
        "R08 /adds/0: must have unit and may have when",
    ),
    "level too high": ({"level": 5}, "R08 /level: must be a level from 1 to 4"),
    "level as text": ({"level": "3"}, "R08 /level: must be a level from 1 to 4"),
    "level as truth": ({"level": True}, "R08 /level: must be a level from 1 to 4"),
    "no level": ({"level": None}, "R08 /level: must be a level from 1 to 4"),
    "level for some calls only": (
        {"level": [{"level": 3, "when": ARMED}]},
        "R08 /level: the last entry must have no condition",
    ),
    "no reason": (
        {"reason_en": " "},
        "R08 /reason_en: must be a sentence of at most 300 characters",
    ),
    "reason of a megabyte": (
        {"reason_es": "a" * 1_000_000},
        "R08 /reason_es: must be a sentence of at most 300 characters",
    ),
    "note in one language": (
        {"notes": [{"en": "Only English."}]},
        "R08 /notes/0: must have en and es and may have when",
    ),
    "part that no rule has": ({"priority": 1}, "R08 /priority: no such part of a rule"),
}


@pytest.mark.parametrize(("parts", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_rule_is_refused_by_name(parts, message):
    with pytest.raises(rules.RuleError) as refused:
        load(changed("R08", **parts))

    assert str(refused.value) == message
    assert refused.value.rule == "R08"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([], "table /when: the last rule must have no condition"),
        (rows()[:-1], "R23 /when: the last rule must have no condition"),
        ([*rows()[:3], *rows()[2:]], "R02 /id: stands in the table twice"),
        ([{"id": ""}], "row 1 /id: must be a text of 1 to 8 characters"),
        (["R00"], "row 1 /id: must be a text of 1 to 8 characters"),
        ([None, 7], "row 1 /id: must be a text of 1 to 8 characters"),
        ((rows() * 400)[:10_000], "table: has 10000 rules; at most 500 can be read"),
    ],
)
def test_table_is_refused(table, message):
    with pytest.raises(rules.RuleError) as refused:
        load(table)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("switches", "message"),
    [
        (
            {"unknown_safety_policy": "maybe"},
            "switches /unknown_safety_policy: must be one of cor, crt_staged, police",
        ),
        (
            {"unknown_safety_policy": ["cor"]},
            "switches /unknown_safety_policy: must be one of cor, crt_staged, police",
        ),
        ({"unknown_safety_policy": "cor", "moon": "full"}, "switches /moon: no such switch"),
        ({"minors": "no"}, "switches /minors: must be one of heart, cor"),
    ],
)
def test_switches_are_refused(switches, message):
    with pytest.raises(rules.RuleError) as refused:
        rules.load(rules=rows(), questions=QUESTIONS, natures=FILES.natures, switches=switches)

    assert str(refused.value) == message


def question(**parts: Any) -> dict[str, Any]:
    return {"key": "mood", "kind": "choice", "answers": [{"value": "y"}, {"value": "n"}], **parts}


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([question(), question()], "question mood: asked twice"),
        ([question(key="Mood")], "question 'Mood': the key must be a short lower-case name"),
        ([question(kind="slider")], "question mood: kind 'slider' is not one of"),
        ([question(answers=[])], "question mood: needs at least two different answers"),
        ([question(answers=[{"value": "y"}] * 2)], "question mood: needs at least two different"),
    ],
)
def test_questions_are_refused(questions, message):
    with pytest.raises(ValueError, match=message):
        rules.load_questions(questions)


@pytest.mark.parametrize("key", ["nature", "nature_routes", "route"])
def test_question_may_not_take_the_name_of_another_field(key):
    questions = rules.load_questions([question(key=key)])

    with pytest.raises(ValueError, match=f"question {key}: this name is taken"):
        rules.load(
            rules=rows()[-1:],
            questions=questions,
            natures=[],
            switches={"unknown_safety_policy": "cor"},
        )


@pytest.mark.parametrize(
    ("nature", "message"),
    [
        ({"code": "X", "category": "FUN", "routes": []}, "nature X: no category 'FUN'"),
        ({"code": "X", "category": "BH", "routes": ["CN"]}, "nature X: no route 'CN'"),
    ],
)
def test_natures_are_refused(nature, message):
    with pytest.raises(ValueError, match=message):
        rules.load(
            rules=rows()[-1:],
            questions=QUESTIONS,
            natures=[nature],
            switches={"unknown_safety_policy": "cor"},
        )


def test_a_switch_that_a_version_does_not_name_has_its_first_value():
    loaded = rules.load(rules=rows(), questions=QUESTIONS, natures=FILES.natures, switches={})

    assert loaded.switches == {
        "unknown_safety_policy": "cor",
        "minors": "heart",
        "third_party": "accepted",
        "indoor": "accepted",
    }


def test_a_hard_disqualifier_below_another_rule_is_refused_by_name():
    with pytest.raises(rules.RuleError, match=r"R20 /hard: .* cannot stand below R19"):
        load(changed("R20", hard=True))


def test_hard_is_true_or_false():
    with pytest.raises(rules.RuleError, match="R08 /hard: must be true or false"):
        load(changed("R08", hard="yes"))
