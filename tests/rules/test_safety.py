"""What must never happen, proven over every combination of answers, natures and local policies.

The space has some 3 * 10^15 combinations. ``regions`` cuts it into about 77,000 parts that the table
treats alike and that cover it exactly; every claim is checked in each of them.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from math import prod

import pytest

from tests.rules.default_table import POLICIES, decide, load, rows, table
from tests.rules.regions import Region, everything, regions
from triage import rules

Given = dict[str, list[str | None]]
PHONE = {"CCD", "988"}
NOT_KNOWN: list[Given] = [{"weapon": ["unknown"]}, {"violence": ["unknown"]}]
HARMLESS: Given = {
    "in_area": ["y", None],
    "medical": ["none", "minor", None],
    "harm_now": ["no", None],
    "weapon": ["none", "elsewhere", None],
    "violence": ["none", "verbal", None],
    "violence_target": ["n", None],
    "violence_flag": ["n", None],
    "crime": ["none", "past", "unknown", None],
    "hazard": ["none", "heat", "cold", "unknown", None],
}
OWN_RULE = {"WEAPON", "BARRICADE", "ASSAULT", "DOMVIOL", "SUIATTEMPT", "OVERDOSE"}


def sends(*units: str) -> Callable[[Region], bool]:
    return lambda region: set(units) <= region.units


def never(*units: str) -> Callable[[Region], bool]:
    return lambda region: not set(units) & region.units


def at_level(level: int) -> Callable[[Region], bool]:
    return lambda region: region.level >= level


def somebody_goes(region: Region) -> bool:
    return not region.units <= PHONE


Claim = tuple[list[Given], Callable[[Region], bool]]
CLAIMS: dict[str, Claim] = {
    "a weapon in hand sends police": ([{"weapon": ["in_hand"]}], sends("POLICE")),
    "a weapon in hand is level 4": ([{"weapon": ["in_hand"]}], at_level(4)),
    "a weapon within reach sends co-response or police": (
        [{"weapon": ["accessible", "in_hand"]}],
        lambda region: bool(region.units & {"COR", "POLICE"}),
    ),
    "a weapon within reach is at least level 3": ([{"weapon": ["accessible"]}], at_level(3)),
    "violence now sends police": ([{"violence": ["physical_now"]}], sends("POLICE")),
    "violence now is level 4": ([{"violence": ["physical_now"]}], at_level(4)),
    "a serious medical need sends EMS": ([{"medical": ["serious"]}], sends("EMS")),
    "a serious medical need is level 4": ([{"medical": ["serious"]}], at_level(4)),
    "an overdose or an attempt sends EMS": (
        [{"nature": ["OVERDOSE", "SUIATTEMPT"]}, {"harm_now": ["yes"]}],
        sends("EMS"),
    ),
    "a person down of whom nothing is known gets EMS": (
        [{"nature": ["PERDOWN"], "medical": ["unknown", None]}],
        sends("EMS"),
    ),
    "fire sends the fire department": ([{"hazard": ["fire"]}], sends("FIRE", "EMS")),
    "a deadly place sends police, fire and EMS": (
        [{"hazard": ["height", "road", "rail", "water", "driving"]}],
        sends("POLICE", "FIRE", "EMS"),
    ),
    "a crime going on sends police": ([{"crime": ["in_progress", "dv"]}], sends("POLICE")),
    "the unarmed team never meets a weapon": (
        [{"weapon": ["accessible", "in_hand"]}],
        never("CRT"),
    ),
    "the unarmed team never meets violence": (
        [
            {"violence": ["physical_now", "physical_past"]},
            {"violence": ["verbal"], "violence_target": ["y"]},
            {"violence_flag": ["y"]},
        ],
        never("CRT"),
    ),
    "the unarmed team is never sent into the unknown": (
        [{**given, "unknown_safety_policy": ["cor", "police"]} for given in NOT_KNOWN],
        never("CRT"),
    ),
    "where policy stages it, the team has a clinician on the line": (
        NOT_KNOWN,
        lambda region: "CRT" not in region.units or "CCD" in region.units,
    ),
    "the unarmed team never stands in for EMS": (
        [{"medical": ["serious"]}, {"harm_now": ["yes"]}, {"hazard": ["fire"]}],
        never("CRT"),
    ),
    "an unknown weapon or violence is at least level 3": (NOT_KNOWN, at_level(3)),
    "a child is never served by phone only": ([{"age": ["child"]}], somebody_goes),
    "a teenager without an adult is never served by phone only": (
        [{"age": ["teen"], "guardian": ["n"]}],
        somebody_goes,
    ),
    "a plan or intent is at least level 3": ([{"si": ["plan", "intent"]}], at_level(3)),
    "intent never waits for a call-back": (
        [{"si": ["intent"], "contact": ["left", "present_unwilling"]}],
        somebody_goes,
    ),
    "worry for the health of somebody to look after sends EMS": (
        [{"nature": ["WELFNON", "WELFURG", "WELFELDER"], "health_worry": ["y"]}],
        sends("EMS"),
    ),
    "a lost line is never left to the phone alone": (
        [{"line": ["lost"], "in_area": ["y", None]}],
        somebody_goes,
    ),
    "without any danger no police are sent": (
        [{**HARMLESS, "nature": [code for code in table().natures if code not in OWN_RULE]}],
        never("POLICE"),
    ),
    "every call has one route and a level": (
        [{}],
        lambda region: region.route in rules.ROUTES and 1 <= region.level <= 4,
    ),
    "a clinician or a unit of HEART is sought when danger is only not known": (
        [{**given, "unknown_safety_policy": ["cor", "crt_staged"]} for given in NOT_KNOWN],
        lambda region: bool(region.units & {"CCD", "CRT", "COR"}),
    ),
}


@lru_cache
def all_regions() -> tuple[Region, ...]:
    return tuple(regions(table()))


def broken(rule_set: rules.RuleSet, claim: Claim) -> list[Region]:
    """The regions in which the claim is false."""
    cases, is_kept = claim
    return [
        region
        for case in cases
        for region in regions(rule_set, {key: frozenset(values) for key, values in case.items()})
        if not is_kept(region)
    ]


def test_regions_cover_every_combination_once():
    assert sum(region.size for region in all_regions()) == prod(
        map(len, everything(table()).values())
    )


def test_regions_say_what_the_rules_say():
    for region in all_regions():
        answers, nature, switches = region.example()
        outcome = rules.evaluate(table(switches["unknown_safety_policy"]), answers, nature)

        found = (outcome.rule, outcome.route, frozenset(outcome.units), outcome.level)
        assert found == (region.rule, region.route, region.units, region.level)


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_holds_for_every_call(name):
    assert broken(table(), CLAIMS[name]) == []


def test_care_plan_changes_nothing_that_the_first_rules_decide():
    for region in all_regions():
        if region.rule <= "R11":
            assert region.box["plan_on_file"] == {"y", "n", None}


def test_every_rule_decides_some_call():
    assert {r.rule for r in all_regions()} == {r.id for r in (*table().rules, table().default)}


@pytest.mark.parametrize(
    ("rule", "part", "value", "name"),
    [
        ("R04", "routes", [{"route": "COR"}], "a weapon in hand sends police"),
        ("R04", "level", 3, "a weapon in hand is level 4"),
        ("R05", "later_adds", [], "violence now sends police"),
        ("R02", "later_adds", [], "a serious medical need sends EMS"),
        ("R09", "routes", [{"route": "CRT"}], "the unarmed team never meets a weapon"),
        ("R10", "routes", [{"route": "CRT"}], "the unarmed team never meets violence"),
        ("R11", "routes", [{"route": "CRT"}], "the unarmed team is never sent into the unknown"),
        ("R14", "adds", [], "a child is never served by phone only"),
        ("R14", "later_adds", [], "a child is never served by phone only"),
        ("R19", "later_adds", [{"unit": "CRT"}], "the unarmed team never meets a weapon"),
        ("R20", "routes", [{"route": "POLICE"}], "without any danger no police are sent"),
        ("R23", "later_adds", [], "a lost line is never left to the phone alone"),
    ],
)
def test_claim_catches_a_broken_table(rule, part, value, name):
    changed = rows()
    next(row for row in changed if row["id"] == rule)[part] = value
    rule_set = load(changed)

    region = broken(rule_set, CLAIMS[name])[0]

    answers, nature, _ = region.example()
    outcome = rules.evaluate(rule_set, answers, nature)
    assert (outcome.rule, frozenset(outcome.units)) == (region.rule, region.units)
    assert broken(table(), CLAIMS[name]) == []


def test_claims_hold_by_plain_counting_too():
    """The same claims without the cutting: every combination of the dangerous answers, one by one."""
    asked = {
        "weapon": ["none", "elsewhere", "accessible", "in_hand", "unknown", None],
        "violence": ["none", "verbal", "physical_past", "physical_now", "unknown", None],
        "medical": ["none", "minor", "serious", "unknown"],
        "harm_now": ["no", "yes", "unknown"],
        "si": ["none", "thoughts", "plan", "intent", "unknown"],
        "age": ["child", "adult"],
        "contact": ["willing", "left", None],
        "hazard": [None, "fire", "rail"],
    }
    for values in product(*asked.values()):
        answers = {key: value for key, value in zip(asked, values, strict=True) if value}
        outcome = rules.evaluate(table(), answers, None)
        units = set(outcome.units)

        assert "CRT" not in units or answers.get("weapon") in {None, "none", "elsewhere"}
        assert "CRT" not in units or answers.get("violence") in {None, "none", "verbal"}
        assert "EMS" in units or (answers["medical"] != "serious" and answers["harm_now"] != "yes")
        assert not units <= PHONE or answers["age"] != "child"
        if "in_hand" in values or "physical_now" in values:
            assert "POLICE" in units
            assert outcome.level == 4


def test_policy_is_read_only_where_something_is_unknown():
    for policy in POLICIES:
        known = decide("TRESPASS", policy=policy, weapon="none", violence="none")

        assert (known.rule, known.route) == ("R20", "CRT")
