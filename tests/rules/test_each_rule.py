"""Every row of the table by itself: what decides, what goes along, what it adds to an earlier one."""

import pytest

from tests.rules.default_table import FILES, decide, told

CASES = {
    "R00 in danger": (
        {"in_area": "n", "weapon": "in_hand"},
        None,
        "PSAP",
        "POLICE COR EMS CCD",
        4,
    ),
    "R00 child": ({"in_area": "n", "age": "child", "contact": "willing"}, None, "PSAP", "CCD", 2),
    "R00 serious nature": ({"in_area": "n", "contact": "willing"}, "RUNAWAY", "PSAP", "", 1),
    "R00 may talk": (
        {"in_area": "n", "contact": "willing", "si": "thoughts"},
        None,
        "988",
        "CCD",
        2,
    ),
    "R01": ({"hazard": "fire"}, None, "FIRE", "EMS", 4),
    "R02 serious": ({"medical": "serious"}, None, "EMS", "CCD", 4),
    "R02 armed": (
        {"medical": "serious", "weapon": "accessible"},
        None,
        "EMS",
        "POLICE CCD COR",
        4,
    ),
    "R02 overdose": ({"medical": "none"}, "OVERDOSE", "EMS", "CCD", 4),
    "R02 down, not asked": ({}, "PERDOWN", "EMS", "CCD", 4),
    "R02 down, unknown": ({"medical": "unknown"}, "PERDOWN", "EMS", "CCD", 4),
    "R03": ({"harm_now": "yes"}, None, "EMS", "COR", 4),
    "R03 armed": ({"harm_now": "yes", "weapon": "elsewhere"}, None, "POLICE", "EMS COR", 4),
    "R03 unarmed": ({"harm_now": "yes", "weapon": "none"}, None, "EMS", "COR", 4),
    "R03 attempt": ({}, "SUIATTEMPT", "EMS", "COR", 4),
    "R04": ({"weapon": "in_hand"}, None, "POLICE", "COR EMS CCD", 4),
    "R04 nature": ({}, "BARRICADE", "POLICE", "COR EMS CCD", 4),
    "R05": ({"violence": "physical_now"}, None, "POLICE", "COR", 4),
    "R05 assault": ({}, "ASSAULT", "POLICE", "COR EMS", 4),
    "R06": ({"crime": "in_progress"}, "TRESPASS", "POLICE", "", 4),
    "R06 behavioural": ({"crime": "dv", "bh": "y"}, "TRESPASS", "POLICE", "COR", 4),
    "R06 by category": ({"crime": "dv"}, "MHCRISIS", "POLICE", "COR", 4),
    "R06 nature": ({}, "DOMVIOL", "POLICE", "", 4),
    "R07": ({"hazard": "rail"}, None, "POLICE", "FIRE EMS COR CCD", 4),
    "R08": ({"weapon": "accessible", "si": "plan"}, None, "COR", "CCD", 3),
    "R09": ({"weapon": "accessible", "si": "thoughts"}, None, "COR", "", 3),
    "R10 past": ({"violence": "physical_past"}, None, "COR", "", 3),
    "R10 target": ({"violence": "verbal", "violence_target": "y"}, None, "COR", "", 3),
    "R10 flag": ({"violence_flag": "y"}, None, "COR", "", 3),
    "R10 nature": ({}, "HOMTHREAT", "COR", "", 3),
    "R11": ({"violence": "unknown"}, None, "CCD", "", 3),
    "R11 willing": ({"weapon": "unknown", "contact": "willing"}, None, "CCD", "", 3),
    "R11 left": ({"weapon": "unknown", "contact": "left"}, None, "COR", "CCD", 3),
    "R11 over": ({"weapon": "unknown", "clarified": "y"}, None, "COR", "CCD", 3),
    "R12": ({"si": "intent", "contact": "willing"}, None, "CCD", "CRT", 3),
    "R12 not asked": ({"si": "intent"}, None, "CCD", "CRT", 3),
    "R12 unwilling": ({"si": "intent", "contact": "left"}, None, "COR", "CCD", 3),
    "R12 harm": ({"si": "intent", "harm_now": "unknown"}, None, "CCD", "CRT EMS", 3),
    "R13": ({"si": "plan"}, None, "CCD", "CRT", 3),
    "R13 harm": ({"si": "plan", "harm_now": "unknown"}, None, "CCD", "CRT EMS", 3),
    "R14": ({"age": "child"}, None, "CCD", "CRT", 2),
    "R15": ({"age": "teen", "guardian": "n"}, None, "CCD", "CRT", 2),
    "R16": ({"si": "unknown", "contact": "willing"}, None, "CCD", "", 2),
    "R17": ({"si": "thoughts", "contact": "unknown"}, None, "CRT", "CCD", 2),
    "R18": ({"health_worry": "y"}, "WELFNON", "EMS", "FIRE", 3),
    "R18 urgent": ({}, "WELFURG", "CRT", "", 2),
    "R19": ({"medical": "minor"}, None, "CRT", "", 2),
    "R20": ({}, "SYRINGE", "CRT", "", 2),
    "R20 plan": ({"plan_on_file": "y"}, "SYRINGE", "CCD", "CRT", 2),
    "R20 plan, left": ({"plan_on_file": "y", "contact": "left"}, "SYRINGE", "CRT", "", 2),
    "R21": ({"contact": "willing"}, "EMOTDIST", "CCD", "", 1),
    "R22": ({}, "FOLLOWUP", "CCD", "", 1),
    "R23": ({"line": "lost"}, None, "CRT", "", 2),
    "R99": ({}, None, "DISPATCHER", "", 2),
    "R99 serious nature": ({"contact": "willing"}, "RUNAWAY", "DISPATCHER", "", 2),
}


@pytest.mark.parametrize(("case", "expected"), CASES.items(), ids=CASES.keys())
def test_rule_decides(case, expected):
    answers, nature, route, added, level = expected

    outcome = decide(nature, **answers)

    assert told(outcome) == (case[:3], route, set(added.split()), level)


LOCAL = {
    "L01 child": ("minors", "cor", {"age": "child"}, None, "COR", "CCD", 2),
    "L01 teen": ("minors", "cor", {"age": "teen"}, "TRESPASS", "COR", "CCD", 2),
    "L02": (
        "third_party",
        "dispatcher",
        {"caller": "third_absent"},
        "TRESPASS",
        "DISPATCHER",
        "",
        2,
    ),
    "L03": ("indoor", "cor", {"setting": "home"}, "TRESPASS", "COR", "", 2),
    "L03 left": ("indoor", "cor", {"setting": "home", "contact": "left"}, None, "COR", "", 2),
}


@pytest.mark.parametrize(("case", "expected"), LOCAL.items(), ids=LOCAL.keys())
def test_switch_lets_a_rule_decide_and_without_it_nobody_notices(case, expected):
    name, value, answers, nature, route, added, level = expected

    switched = decide(nature, switches={name: value}, **answers)
    as_shipped = decide(nature, **answers)

    assert told(switched) == (case[:3], route, set(added.split()), level)
    assert case[:3] not in as_shipped.matched


def test_somebody_at_home_who_wants_to_talk_is_called_whatever_the_switch():
    home = {"setting": "home", "contact": "willing"}

    assert decide("EMOTDIST", switches={"indoor": "cor"}, **home).route == "CCD"


def test_every_rule_has_a_case():
    assert {case[:3] for case in [*CASES, *LOCAL]} == {row["code"] for row in FILES.rules}


@pytest.mark.parametrize(
    ("answers", "nature", "primary", "added"),
    [
        ({"hazard": "fire", "medical": "serious", "weapon": "in_hand"}, None, "R01", "POLICE"),
        ({"medical": "serious", "harm_now": "yes", "weapon": "unknown"}, None, "R02", "POLICE"),
        ({"medical": "serious", "weapon": "in_hand"}, None, "R02", "POLICE COR"),
        ({"medical": "serious", "violence": "physical_now"}, None, "R02", "POLICE COR"),
        ({"weapon": "in_hand", "crime": "dv", "hazard": "water"}, None, "R04", "FIRE"),
        ({"medical": "serious"}, "ASSAULT", "R02", "POLICE COR"),
        ({"crime": "in_progress", "bh": "y"}, "WEAPON", "R04", "COR"),
        ({"medical": "serious", "weapon": "accessible"}, None, "R02", "COR"),
        ({"crime": "in_progress", "violence": "physical_past"}, "TRESPASS", "R06", "COR"),
        ({"weapon": "accessible", "violence": "unknown"}, None, "R09", "CCD"),
        ({"weapon": "accessible", "si": "plan", "harm_now": "unknown"}, None, "R08", "EMS"),
        ({"weapon": "unknown", "age": "child"}, None, "R11", "COR"),
        ({"weapon": "unknown", "age": "teen", "guardian": "n"}, None, "R11", "COR"),
        ({"weapon": "accessible", "si": "thoughts", "contact": "willing"}, None, "R09", "CCD"),
        ({"age": "child", "health_worry": "y"}, "WELFNON", "R14", "EMS"),
        (
            {
                "si": "thoughts",
                "contact": "willing",
                "medical": "minor",
                "weapon": "none",
                "violence": "none",
            },
            None,
            "R16",
            "CRT",
        ),
        ({"si": "thoughts", "contact": "willing", "line": "lost"}, None, "R16", "CRT"),
    ],
)
def test_later_rule_adds(answers, nature, primary, added):
    outcome = decide(nature, **answers)

    assert outcome.rule == primary
    assert set(added.split()) <= set(outcome.added)


def test_later_rule_raises_the_level_and_says_so():
    outcome = decide(in_area="n", age="teen", guardian="n", weapon="in_hand")

    assert (outcome.route, outcome.level) == ("PSAP", 4)
    assert [(r.rule, r.contributed) for r in outcome.reasons] == [
        ("R00", "PSAP, L1"),
        ("R04", "+ POLICE + COR + EMS + CCD, L4"),
    ]
    assert outcome.matched == ("R00", "R04", "R15")


@pytest.mark.parametrize(
    ("policy", "route"), [("cor", "COR"), ("crt_staged", "CRT"), ("police", "POLICE")]
)
@pytest.mark.parametrize(
    "over",
    [
        {"contact": "left"},
        {"contact": "unknown"},
        {"contact": "present_unwilling"},
        {"line": "lost"},
        {"clarified": "y"},
    ],
)
def test_unknown_that_cannot_be_clarified_follows_the_local_policy(policy, route, over):
    outcome = decide(weapon="unknown", policy=policy, **over)

    assert told(outcome) == ("R11", route, {"CCD"}, 3)


def test_reason_names_the_means_safety_step_only_when_a_weapon_is_elsewhere():
    asked = decide(si="thoughts", contact="willing", weapon="elsewhere")
    unarmed = decide(si="thoughts", contact="willing", weapon="none")

    assert "Means-safety step" in asked.reasons[0].sentence
    assert "Means-safety step" not in unarmed.reasons[0].sentence


def test_later_rule_tells_the_fact_and_not_what_it_would_have_done():
    outcome = decide(weapon="in_hand", si="intent", age="child")

    assert "CRT" not in outcome.units
    assert [(r.rule, r.sentence) for r in outcome.reasons[1:]] == []
    raised = decide(medical="serious", si="intent", weapon="accessible", age="child")
    assert [(r.rule, r.contributed, r.sentence) for r in raised.reasons[1:]] == [
        ("R08", "+ COR", "A weapon is within reach and they speak of a plan."),
    ]
