"""A riskier answer never lowers the level and never takes away EMS; what the table allows is listed."""

from itertools import pairwise

import pytest

from tests.rules.default_table import load, rows
from tests.rules.regions import regions

LADDERS = {
    "medical": ["none", "minor", "serious"],
    "harm_now": ["no", "unknown", "yes"],
    "weapon": ["none", "elsewhere", "unknown", "accessible", "in_hand"],
    "violence": ["none", "verbal", "unknown", "physical_past", "physical_now"],
    "violence_target": ["n", "y"],
    "violence_flag": ["n", "y"],
    "crime": ["none", "past", "unknown", "in_progress"],
    "hazard": ["none", "heat", "unknown", "rail"],
    "si": ["none", "thoughts", "plan", "intent"],
    "age": ["adult", "teen", "child"],
    "guardian": ["y", "n"],
    "health_worry": ["n", "y"],
    "contact": ["willing", "unknown", "present_unwilling", "left"],
    "line": ["ok", "lost"],
    "clarified": ["n", "y"],
}
STEPS = [
    (field, lower, higher)
    for field, ladder in LADDERS.items()
    for lower, higher in [*pairwise(ladder), (None, ladder[1])]
]
"""Each rung to the next; "not asked" stands beside the lowest. Longer steps follow from these."""
MORE_STEPS = [
    ("crime", "none", "dv"),
    ("hazard", "none", "fire"),
    ("age", "adult", "older"),
    ("medical", "none", "unknown"),
    ("medical", "unknown", "serious"),
    ("si", "none", "unknown"),
    ("si", "unknown", "plan"),
]
DOWN = frozenset(["PERDOWN"])
NO_LONGER_FEARED = {("medical", None, "minor"): {DOWN}}
"""Of a person who is down, a minor need is better news than none asked for: R02 no longer holds."""

Row = dict[str, object]


def only_levels() -> list[Row]:
    """The table without its routes and units: far fewer regions, the same levels."""
    bare: Row = {"routes": [{"route": "DISPATCHER"}], "adds": [], "later_adds": []}
    return [{**row, **bare} for row in rows()]


def only(unit: str) -> list[Row]:
    """The table with one added unit: the same calls get it."""

    def kept(row: Row, part: str) -> list[Row]:
        return [entry for entry in row.get(part, []) if entry["unit"] == unit]

    return [
        {**row, "adds": kept(row, "adds"), "later_adds": kept(row, "later_adds"), "level": 1}
        for row in rows()
    ]


@pytest.mark.parametrize(("field", "lower", "higher"), [*STEPS, *MORE_STEPS])
def test_riskier_answer_never_lowers_the_level(field, lower, higher):
    bare = load(only_levels())

    lowered = [
        before.box["nature"]
        for before in regions(bare, {field: frozenset([lower])})
        for after in regions(bare, {**before.box, field: frozenset([higher])})
        if after.level < before.level
    ]

    assert set(lowered) == NO_LONGER_FEARED.get((field, lower, higher), set())


def test_unknown_medical_need_is_as_urgent_as_a_minor_one():
    bare = load(only_levels())

    lowered = {
        (before.rule, after.rule)
        for before in regions(bare, {"medical": frozenset(["minor"])})
        for after in regions(bare, {**before.box, "medical": frozenset(["unknown"])})
        if after.level < before.level
    }

    assert lowered == set()


@pytest.mark.parametrize(("field", "lower", "higher"), [*STEPS, *MORE_STEPS])
def test_riskier_answer_never_takes_ems_away(field, lower, higher):
    medical = load(only("EMS"))

    lost = [
        before.box["nature"]
        for before in regions(medical, {field: frozenset([lower])})
        if "EMS" in before.units
        for after in regions(medical, {**before.box, field: frozenset([higher])})
        if "EMS" not in after.units
    ]

    assert set(lost) == NO_LONGER_FEARED.get((field, lower, higher), set())


@pytest.mark.parametrize("policy", ["cor", "crt_staged"])
@pytest.mark.parametrize(("field", "lower", "higher"), [*STEPS, *MORE_STEPS])
def test_riskier_answer_never_takes_police_away(field, lower, higher, policy):
    """Where policy sends police into the unknown, a weapon known to be near brings R09's CIT officer."""
    armed = load(only("POLICE"), policy=policy)
    fixed = {"unknown_safety_policy": frozenset([policy])}

    lost = [
        before.box["nature"]
        for before in regions(armed, {**fixed, field: frozenset([lower])})
        if "POLICE" in before.units
        for after in regions(armed, {**before.box, field: frozenset([higher])})
        if "POLICE" not in after.units
    ]

    assert set(lost) == NO_LONGER_FEARED.get((field, lower, higher), set())
