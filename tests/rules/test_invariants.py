"""What must never happen, proven of every call; each invariant broken on purpose and caught."""

import json
from itertools import product
from typing import Any

import pytest

from tests.rules.brute_force import Judge, facts_of
from tests.rules.default_table import FILES, POLICIES, decide, load, rows, table
from triage import protocol_files, rules
from triage.rules.invariants import Monotone
from triage.rules.regions import WHOLE, Table, regions
from triage.rules.space import space_of
from triage.rules.told import findings_body, proof_body

INVARIANTS: Any = protocol_files.read_invariants()
SHIPPED = rules.load_invariants(INVARIANTS, table())
BY_ID = {invariant.id: invariant for invariant in SHIPPED}


def test_every_shipped_invariant_holds_for_every_call():
    proof = rules.prove(table(), SHIPPED)

    assert (proof.holds, proof.violations, proof.invariants) == (True, (), len(INVARIANTS))
    assert proof.calls > 2 * 10**16


def test_regions_cover_every_combination_once_and_say_what_the_rules_say():
    space, size = space_of(table()), 0

    for place, region in enumerate(Table(space, WHOLE).regions(space.everything)):
        size += region.size
        if place % 20 == 0:
            outcome = region.example().decide(table())
            found = (outcome.rule, outcome.route, frozenset(outcome.units), outcome.level)
            assert found == region.outcome

    assert size == space.size


def test_regions_come_one_by_one():
    found = regions(table(), {"weapon": frozenset(["in_hand"])})

    assert next(found).box["weapon"] == {"in_hand"}


def test_nothing_in_the_shipped_table_is_dead():
    found = rules.examine(table())

    assert (found.shadowed, found.unreachable) == ((), ())
    assert sum(found.decided.values()) == found.calls
    assert min(found.decided.values()) > 0
    assert found.uncaught
    assert found.uncaught.decide(table()).rule == "R99"
    assert {one.question for one in found.unread if one.whole} == {
        "loc",
        "lang",
        "interpreter",
        "weapon_type",
        "hour",
    }
    json.dumps(findings_body(found))


def test_a_shadowed_rule_is_told_with_those_that_cover_it():
    changed = rows()
    late = {
        **changed[9],
        "id": "R09b",
        "hard": False,
        "when": [[is_("weapon", "accessible"), is_("bh", "y")]],
    }

    found = rules.examine(load([*changed[:-1], late, changed[-1]]))

    assert [(s.rule, s.by, s.adds) for s in found.shadowed] == [("R09b", ("R09",), False)]
    assert found.unreachable == ("R09b",)


def is_(field: str, value: str) -> dict[str, str]:
    return {"field": field, "op": "is", "value": value}


CRT: Any = [{"route": "CRT"}]
EDITS: dict[str, tuple[str, str, Any]] = {
    "weapon-in-hand-sends-police": ("R04", "routes", [{"route": "COR"}]),
    "weapon-in-reach-sends-co-response": ("R09", "routes", [{"route": "CCD"}]),
    "violence-now-sends-police": ("R05", "later_adds", []),
    "serious-medical-need-sends-ems": ("R02", "later_adds", []),
    "harm-now-sends-ems": ("R03", "adds", []),
    "person-down-sends-ems": ("R02", "when", [[is_("medical", "serious")]]),
    "fire-sends-fire": ("R01", "routes", [{"route": "EMS"}]),
    "deadly-place-sends-everybody": ("R07", "later_adds", [{"unit": "FIRE"}]),
    "crime-sends-police": ("R06", "later_adds", []),
    "no-police-without-danger": ("R20", "routes", [{"route": "POLICE"}]),
    "child-never-phone-only": ("R14", "adds", []),
    "lone-teen-never-phone-only": ("R15", "adds", []),
    "team-never-meets-weapon": ("R09", "routes", CRT),
    "team-never-meets-violence": ("R10", "routes", CRT),
    "team-never-alone-into-the-unknown": ("R11", "routes", CRT),
    "staged-team-has-a-clinician": ("R11", "adds", []),
    "team-never-instead-of-ems": ("R02", "routes", CRT),
    "unknown-is-level-3": ("R11", "level", 2),
    "unknown-still-gets-heart": ("R11", "later_adds", []),
    "plan-or-intent-is-level-3": ("R13", "level", 1),
    "intent-never-waits": ("R12", "routes", [{"route": "CCD"}]),
    "health-worry-sends-ems": ("R18", "later_adds", []),
    "lost-line-never-phone-only": ("R23", "later_adds", []),
    "riskier-medical-never-lowers": ("R02", "level", 1),
    "riskier-harm-now-never-lowers": ("R03", "when", [[is_("harm_now", "unknown")]]),
    "riskier-weapon-never-lowers": ("R04", "level", 2),
    "riskier-violence-never-lowers": ("R05", "level", 2),
    "riskier-violence-target-never-lowers": ("R10", "when", [[is_("violence_target", "n")]]),
    "riskier-violence-flag-never-lowers": ("R10", "when", [[is_("violence_flag", "n")]]),
    "riskier-crime-never-lowers": ("R06", "when", [[is_("crime", "past")]]),
    "riskier-hazard-never-lowers": ("R07", "when", [[is_("hazard", "unknown")]]),
    "riskier-si-never-lowers": ("R12", "level", 2),
    "riskier-age-never-lowers": ("R14", "when", [[is_("age", "adult")]]),
    "riskier-guardian-never-lowers": ("R15", "when", [[is_("guardian", "y")]]),
    "riskier-health-worry-never-lowers": (
        "R18",
        "level",
        [{"level": 3, "when": [[is_("health_worry", "n")]]}, {"level": 2}],
    ),
    "riskier-contact-never-lowers": (
        "R12",
        "level",
        [{"level": 3, "when": [[is_("contact", "willing")]]}, {"level": 2}],
    ),
    "riskier-line-never-lowers": ("R23", "when", [[is_("line", "ok")]]),
    "riskier-clarified-never-lowers": (
        "R11",
        "level",
        [{"level": 3, "when": [[is_("clarified", "n")]]}, {"level": 2}],
    ),
    "violent-natures-send-police": ("R05", "when", [[is_("violence", "physical_now")]]),
    "threat-nature-sends-co-response": ("R10", "when", [[is_("violence", "physical_past")]]),
    "team-never-meets-a-violent-nature": ("R06", "adds", [{"unit": "CRT"}]),
    "team-never-meets-a-crime": ("R06", "adds", [{"unit": "CRT"}]),
    "team-never-goes-to-a-deadly-place": ("R07", "adds", [{"unit": "CRT"}]),
    "language-never-changes-the-response": (
        "R21",
        "level",
        [{"level": 2, "when": [[is_("interpreter", "y")]]}, {"level": 1}],
    ),
    "minors-switch-sends-co-response": ("L01", "routes", [{"route": "CCD"}]),
    "indoor-switch-keeps-the-team-outside": ("L03", "later_adds", []),
    "care-plan-never-outvotes-safety": (
        "R10",
        "adds",
        [{"unit": "CCD", "when": [[is_("plan_on_file", "y")]]}],
    ),
}


def test_every_invariant_is_broken_on_purpose():
    assert EDITS.keys() == BY_ID.keys() - {"every-call-gets-a-route"}


@pytest.mark.parametrize("name", EDITS)
def test_a_one_row_edit_is_caught_with_a_call_that_shows_it(name):
    rule, part, value = EDITS[name]
    changed = rows()
    next(row for row in changed if row["id"] == rule)[part] = value
    rule_set = load(changed)

    proof = rules.prove(rule_set, [BY_ID[name]])

    assert not proof.holds
    for violation in proof.violations:
        assert violation.call.decide(rule_set) == violation.outcome
        assert Judge(rule_set).broken(BY_ID[name], [facts_of(violation.call)])
        assert len(violation.call.answers) <= 4
    json.dumps(proof_body(proof))


def test_a_table_without_its_last_rule_is_not_even_read():
    """So that every call gets a route is true of every table that loads."""
    with pytest.raises(rules.RuleError, match="the last rule must have no condition"):
        load(rows()[:-1])


def test_a_violation_asks_no_more_than_matters():
    changed = rows()
    next(row for row in changed if row["id"] == "R14")["adds"] = []

    (violation, *_) = rules.prove(load(changed), [BY_ID["child-never-phone-only"]]).violations

    assert (violation.call.nature, violation.call.answers) == (None, {"age": "child"})
    assert (violation.outcome.rule, violation.outcome.units) == ("R14", ("CCD",))


def test_a_violation_of_two_calls_shows_both():
    changed = rows()
    next(row for row in changed if row["id"] == "R04")["level"] = 2

    found = rules.prove(load(changed), [BY_ID["riskier-weapon-never-lowers"]]).violations

    assert found[0].lost == "level"
    assert found[0].other is not None
    assert found[0].other_outcome is not None
    assert found[0].other.answers == {**found[0].call.answers, "weapon": "in_hand"}
    assert found[0].other_outcome.level < found[0].outcome.level


EXCEPTIONS = [
    (row["id"], place)
    for row in INVARIANTS
    for place in range(len(row["then"][0].get("exceptions", [])))
]


@pytest.mark.parametrize(("name", "place"), EXCEPTIONS)
def test_every_exception_is_needed_and_says_why(name, place):
    row = json.loads(json.dumps(next(row for row in INVARIANTS if row["id"] == name)))
    exception = row["then"][0]["exceptions"].pop(place)

    assert exception["reason_en"]
    assert exception["reason_es"]
    (invariant,) = rules.load_invariants([row], table())
    proof = rules.prove(table(), [invariant])
    assert {v.lost for v in proof.violations} <= set(exception["loses"])
    assert not proof.holds


def test_ladders_name_every_answer_that_can_be_compared():
    for invariant in SHIPPED:
        for claim in invariant.then:
            if isinstance(claim, Monotone):
                question = next(q for q in table().questions if q.key == claim.field)
                assert claim.rungs.keys() == {None, *question.values}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no statement": ({"en": ""}, "x /en: must be a sentence of at most 300 characters"),
    "no such part": ({"because": 1}, "x /because: no such part"),
    "unknown field": ({"when": [[is_("wepon", "none")]]}, "x /when/0/0/field: no field 'wepon'"),
    "unknown answer": ({"when": [[is_("weapon", "gun")]]}, "x /when/0/0/value: 'gun' is not a"),
    "the route": ({"when": [[is_("route", "CCD")]]}, "x /when/0/0/field: the route is known only"),
    "spares all": ({"unless": []}, "x /unless: must be a list of one or more"),
    "no claim": ({"then": []}, "x /then: must be a list of one or more"),
    "unknown claim": ({"then": [{"claim": "nice"}]}, "x /then/0/claim: 'nice' is not one of"),
    "claim of another kind": ({"then": [{"claim": []}]}, r"x /then/0/claim: \[\] is not one of"),
    "both": (
        {"then": [{"claim": "units_include", "any_of": ["CRT"], "all_of": ["CRT"]}]},
        "x /then/0: must have either any_of or all_of",
    ),
    "unknown unit": (
        {"then": [{"claim": "units_exclude", "units": ["SWAT"]}]},
        "x /then/0/units/0: 'SWAT' is not one of",
    ),
    "level": (
        {"then": [{"claim": "level_at_least", "level": True}]},
        "x /then/0/level: must be a level from 1 to 4",
    ),
    "no ladder": ({"then": [{"claim": "monotone"}]}, "x /then/0/field: is missing"),
    "short ladder": (
        {
            "then": [
                {"claim": "monotone", "field": "weapon", "ladder": ["none"], "keeps": ["level"]}
            ]
        },
        "x /then/0/ladder: needs two or more rungs",
    ),
    "rung": (
        {"then": [{"claim": "monotone", "field": "si", "ladder": ["no", {}], "keeps": ["level"]}]},
        "x /then/0/ladder/0: 'no' is not an answer",
    ),
    "which rules": (
        {"then": [{"claim": "independent", "field": "bh", "rules": "R00"}]},
        "x /then/0/rules: must be hard or all",
    ),
    "no question": (
        {"then": [{"claim": "independent", "field": ["bh"], "rules": "all"}]},
        r"x /then/0/field: no question \['bh'\]",
    ),
    "other loss": (
        {
            "then": [
                {
                    "claim": "monotone",
                    "field": "bh",
                    "ladder": ["n", "y"],
                    "keeps": ["level"],
                    "exceptions": [
                        {
                            "loses": ["EMS"],
                            "before": [],
                            "after": [],
                            "reason_en": "a",
                            "reason_es": "b",
                        }
                    ],
                }
            ]
        },
        "x /then/0/exceptions/0/loses: may name only what is kept otherwise",
    ),
}


@pytest.mark.parametrize(("parts", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_an_invariant_is_refused_by_name(parts, message):
    row = {
        "id": "x",
        "en": "A.",
        "es": "A.",
        "when": [],
        "then": [{"claim": "has_route"}],
        **parts,
    }

    with pytest.raises(rules.InvariantError, match=message):
        rules.load_invariants([row], table())


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ({}, "invariants: must be a list"),
        ([None], "row 1 /id: must be words-like-this"),
        ([{"id": "A b"}], "row 1 /id: must be words-like-this"),
        ([INVARIANTS[0]] * 2, f"{INVARIANTS[0]['id']} /id: stands in the list twice"),
        ([{}] * 201, "invariants: are 201; at most 200"),
        ([{"id": "x"}], "x /en: is missing"),
    ],
)
def test_a_list_of_invariants_is_refused(listed, message):
    with pytest.raises(rules.InvariantError, match=message):
        rules.load_invariants(listed, table())


def test_a_table_too_tangled_to_prove_is_refused_and_not_waited_for(monkeypatch):
    monkeypatch.setattr("triage.rules.counter_examples.MOST_REGIONS", 10)

    with pytest.raises(
        rules.TooManyRegions, match=r"child-never-phone-only: by here .* 10 regions"
    ):
        rules.prove(table(), [BY_ID["child-never-phone-only"]])


def test_the_limit_is_for_the_whole_proof(monkeypatch):
    needed = rules.prove(table(), SHIPPED).regions

    monkeypatch.setattr("triage.rules.counter_examples.MOST_REGIONS", needed)
    assert rules.prove(table(), SHIPPED).holds
    monkeypatch.setattr("triage.rules.counter_examples.MOST_REGIONS", needed - 1)
    with pytest.raises(rules.TooManyRegions):
        rules.prove(table(), SHIPPED)


def test_claims_hold_by_plain_counting_too():
    """Without any cutting: every combination of the dangerous answers, one by one."""
    asked = {
        "weapon": ["none", "accessible", "in_hand", "unknown", None],
        "violence": ["none", "verbal", "physical_past", "physical_now", "unknown", None],
        "medical": ["none", "serious", "unknown"],
        "harm_now": ["no", "yes", "unknown"],
        "si": ["none", "thoughts", "intent"],
        "age": ["child", "adult"],
        "contact": ["willing", "left"],
        "hazard": [None, "rail"],
    }
    judge = Judge(table())
    calls = [
        dict(zip(asked, values, strict=True)) | {"unknown_safety_policy": "cor"}
        for values in product(*asked.values())
    ]
    for invariant in SHIPPED[:24]:
        assert judge.broken(invariant, calls) is None


def test_policy_is_read_only_where_something_is_unknown():
    for policy in POLICIES:
        known = decide("TRESPASS", policy=policy, weapon="none", violence="none")

        assert (known.rule, known.route) == ("R20", "CRT")


def test_statements_are_in_two_languages_and_each_its_own():
    assert len({row["en"] for row in INVARIANTS}) == len(INVARIANTS)
    assert len({row["es"] for row in INVARIANTS}) == len(INVARIANTS)
    assert protocol_files.compiled(FILES).rules == table().rules
