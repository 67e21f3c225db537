"""Not asked, unknown and no are three different things."""

import pytest

from tests.rules.default_table import FILES, QUESTIONS, decide, load, told
from triage import rules

UNCONDITIONAL = {
    "id": "R99",
    "when": [],
    "routes": [{"route": "DISPATCHER"}],
    "level": 2,
    "reason_en": "None.",
    "reason_es": "Ninguna.",
}


def holds(condition: dict[str, object], nature: str | None = None, **answers: str) -> bool:
    """Whether a table of this one condition decides the call."""
    one = {**UNCONDITIONAL, "id": "R01", "when": [[condition]], "routes": [{"route": "CCD"}]}
    return rules.evaluate(load([one, UNCONDITIONAL]), answers, nature).rule == "R01"


@pytest.mark.parametrize(
    ("op", "value", "matching"),
    [
        ("is", "none", {"none"}),
        ("is", "unknown", {"unknown"}),
        ("is_not", "none", {"elsewhere", "accessible", "in_hand", "unknown"}),
        ("in", ["none", "unknown"], {"none", "unknown"}),
        ("not_in", ["none", "unknown"], {"elsewhere", "accessible", "in_hand"}),
        ("asked", None, {"none", "elsewhere", "accessible", "in_hand", "unknown"}),
        ("not_asked", None, {None}),
    ],
)
def test_operator_matches_exactly_these_answers(op, value, matching):
    condition = {"field": "weapon", "op": op, "value": value}
    answers = [None, *next(q.values for q in QUESTIONS if q.key == "weapon")]

    found = {a for a in answers if holds(condition, **({"weapon": a} if a else {}))}

    assert found == matching


@pytest.mark.parametrize("op", ["is", "is_not"])
@pytest.mark.parametrize("field", ["nature", "nature_category"])
def test_call_without_nature_matches_no_comparison_of_it(field, op):
    value = {"nature": "TRESPASS", "nature_category": "QOL"}[field]

    assert not holds({"field": field, "op": op, "value": value})
    assert holds({"field": field, "op": op, "value": value}, "TRESPASS") == (op == "is")
    assert holds({"field": field, "op": op, "value": value}, "MHCRISIS") == (op == "is_not")


def test_contains_asks_for_a_route_among_those_of_the_nature():
    condition = {"field": "nature_routes", "op": "contains", "value": "CRT"}

    listing = {row["code"] for row in FILES.natures if holds(condition, row["code"])}

    assert listing == {row["code"] for row in FILES.natures if "CRT" in row["routes"]}
    assert not holds(condition)


def test_free_text_can_only_be_asked_for():
    assert holds({"field": "weapon_type", "op": "asked"}, weapon_type="kitchen knife")
    assert not holds({"field": "weapon_type", "op": "asked"})
    assert holds({"field": "weapon_type", "op": "not_asked"})


def test_switch_is_a_field():
    assert holds({"field": "unknown_safety_policy", "op": "is", "value": "cor"})
    assert not holds({"field": "unknown_safety_policy", "op": "is", "value": "police"})


def test_nature_added_after_loading_matches_no_rule_of_a_nature():
    outcome = rules.evaluate(load(), {}, "ADDEDNOW")

    assert told(outcome) == ("R99", "DISPATCHER", set(), 2)


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({}, "R20"),
        ({"weapon": "none", "violence": "none"}, "R20"),
        ({"weapon": "unknown"}, "R11"),
        ({"violence": "unknown"}, "R11"),
    ],
)
def test_unknown_weapon_or_violence_is_not_the_same_as_not_asked(answers, rule):
    assert decide("TRESPASS", **answers).rule == rule


def test_answers_that_were_not_checked_are_refused():
    with pytest.raises(ValueError, match="weapon: 'Accessible' is not an answer"):
        rules.evaluate(load(), {"weapon": "Accessible"}, None)
    with pytest.raises(ValueError, match="no question 'wepon'"):
        rules.evaluate(load(), {"wepon": "none"}, None)
    with pytest.raises(ValueError, match="no question 'nature'"):
        rules.evaluate(load(), {"nature": "TRESPASS"}, None)
