"""The prover against brute force: random tables and random invariants, every call asked."""

from dataclasses import replace
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.brute_force import Judge, every_call, facts_of
from triage import rules
from triage.rules.index import build_index
from triage.rules.regions import View, regions
from triage.rules.space import space_of

QUESTIONS = rules.load_questions(
    [
        {
            "key": "danger",
            "kind": "choice",
            "answers": [{"value": v} for v in ("no", "near", "yes")],
        },
        {"key": "minor", "kind": "yes_no", "answers": [{"value": v} for v in "yn"]},
        {"key": "flag", "kind": "automatic", "answers": [{"value": v} for v in "yn"]},
        {"key": "what", "kind": "text"},
    ]
)
NATURES = [
    {"code": "TALK", "category": "BH", "routes": ["CCD"]},
    {"code": "WALK", "category": "QOL", "routes": ["CRT", "CCD"]},
]
VALUES = {
    **{q.key: list(q.values) for q in QUESTIONS if q.values},
    "nature": ["TALK", "WALK"],
    "nature_category": ["BH", "QOL"],
    "unknown_safety_policy": ["cor", "crt_staged", "police"],
}
UNITS = st.sampled_from(["CCD", "CRT", "POLICE", "EMS"])


def a_condition(fields: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    def of(field: str) -> st.SearchStrategy[dict[str, Any]]:
        if field == "what":
            return st.sampled_from([{"field": field, "op": op} for op in ("asked", "not_asked")])
        one = [
            {"field": field, "op": op, "value": value}
            for op in ("is", "is_not")
            for value in VALUES[field]
        ]
        if len(VALUES[field]) > 2:
            one += [
                {"field": field, "op": op, "value": VALUES[field][:2]} for op in ("in", "not_in")
            ]
        if field != "nature_category":
            one += [{"field": field, "op": op} for op in ("asked", "not_asked")]
        return st.sampled_from(one)

    return st.sampled_from(fields).flatmap(of)


VALUES["route"] = ["CCD", "CRT", "POLICE"]
PLAIN = [*(name for name in VALUES if name != "route"), "what"]


def a_when(fields: list[str], least: int = 0) -> st.SearchStrategy[list[Any]]:
    branch = st.lists(
        a_condition(fields), min_size=1, max_size=2, unique_by=lambda c: c["field"][:6]
    )
    return st.lists(branch, min_size=least, max_size=2)


def a_choice(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    guarded = st.fixed_dictionaries({key: values, "when": a_when(PLAIN, 1)})
    last = st.fixed_dictionaries({key: values})
    return st.builds(lambda firsts, one: [*firsts, one], st.lists(guarded, max_size=1), last)


def units(fields: list[str]) -> st.SearchStrategy[list[Any]]:
    one = st.fixed_dictionaries({"unit": UNITS}, optional={"when": a_when(fields)})
    return st.lists(one, max_size=2)


ROW = st.fixed_dictionaries(
    {
        "when": a_when(PLAIN, 1),
        "routes": a_choice("route", UNITS),
        "adds": units(PLAIN),
        "later_adds": units([*PLAIN, "route"]),
        "level": a_choice("level", st.integers(1, 4)),
    }
)
WORDS = {"reason_en": "So.", "reason_es": "Así."}
LAST = {"id": "R9", "when": [], "routes": [{"route": "DISPATCHER"}], "level": 2, **WORDS}


def load(rows: list[dict[str, Any]]) -> rules.RuleSet:
    return rules.load(
        rules=[*({"id": f"R{place}", **row, **WORDS} for place, row in enumerate(rows)), LAST],
        questions=QUESTIONS,
        natures=NATURES,
        switches={"unknown_safety_policy": "cor"},
    )


SOME = st.lists(UNITS, min_size=1, max_size=2, unique=True)
EXCEPTION = st.fixed_dictionaries(
    {
        "loses": st.just(["level"]),
        "before": a_when(PLAIN),
        "after": a_when(PLAIN),
        "reason_en": st.just("So."),
        "reason_es": st.just("Así."),
    }
)
CLAIM = st.one_of(
    st.builds(lambda u: {"claim": "units_include", "any_of": u}, SOME),
    st.builds(lambda u: {"claim": "units_include", "all_of": u}, SOME),
    st.builds(lambda u: {"claim": "units_exclude", "units": u}, SOME),
    st.builds(lambda u, w: {"claim": "not_alone", "unit": u, "without": w}, UNITS, SOME),
    st.builds(lambda r: {"claim": "route_in", "routes": [*r, "DISPATCHER"]}, SOME),
    st.builds(lambda r: {"claim": "route_not_in", "routes": r}, SOME),
    st.builds(lambda n: {"claim": "level_at_least", "level": n}, st.integers(1, 4)),
    st.builds(
        lambda ladder, keeps, exceptions: {
            "claim": "monotone",
            **ladder,
            "keeps": ["level", *keeps],
            "exceptions": exceptions,
        },
        st.sampled_from(
            [
                {"field": "danger", "ladder": [["no", None], "near", "yes"]},
                {"field": "danger", "ladder": ["no", "yes"]},
                {"field": "minor", "ladder": [None, "n", "y"]},
                {"field": "unknown_safety_policy", "ladder": ["crt_staged", "cor", "police"]},
            ]
        ),
        SOME,
        st.lists(EXCEPTION, max_size=2),
    ),
    st.builds(
        lambda field: {"claim": "independent", "field": field, "rules": "all"},
        st.sampled_from(["flag", "danger", "what"]),
    ),
)
INVARIANT = st.fixed_dictionaries(
    {"when": a_when(PLAIN), "then": st.lists(CLAIM, min_size=1, max_size=1)},
    optional={"unless": a_when(PLAIN, 1)},
)


def usable(rows: list[dict[str, Any]], invariants: list[dict[str, Any]]) -> Any:
    """What was drawn, loaded; a branch that can never hold is refused and drawn again."""
    try:
        rule_set = load(rows)
        named = [
            {"id": f"i-{place}", "en": "So.", "es": "Así.", **row}
            for place, row in enumerate(invariants)
        ]
        return rule_set, rules.load_invariants(named, rule_set)
    except (rules.RuleError, rules.InvariantError) as wrong:
        assert "can never" in str(wrong)  # noqa: PT017
        return None


DRAWN = st.builds(
    usable, st.lists(ROW, min_size=1, max_size=4), st.lists(INVARIANT, min_size=3, max_size=3)
).filter(bool)
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=500, deadline=None, suppress_health_check=QUIET)
@given(DRAWN)
def test_the_prover_says_what_brute_force_finds(drawn):
    assert_agreed(*drawn)


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@settings(max_examples=10_000, deadline=None, suppress_health_check=QUIET)
@given(DRAWN)
def test_the_prover_says_what_brute_force_finds_at_length(drawn):
    assert_agreed(*drawn)


def assert_agreed(rule_set: rules.RuleSet, invariants: tuple[rules.Invariant, ...]) -> None:
    judge, calls = Judge(rule_set), list(every_call(rule_set))

    proof = rules.prove(rule_set, invariants)

    assert proof.calls == len(calls)
    found = {violation.invariant.id for violation in proof.violations}
    assert found == {i.id for i in invariants if judge.broken(i, calls) is not None}
    for violation in proof.violations:
        assert judge.broken(violation.invariant, [facts_of(violation.call)])
        assert_minimal(judge, violation)


def assert_minimal(judge: Judge, violation: rules.Violation) -> None:
    """No answer can be left out: without it the call no longer breaks the invariant in this way."""
    if violation.other is None:
        for key in violation.call.answers:
            fewer = facts_of(violation.call) | {key: None}
            assert judge.broken(violation.invariant, [fewer]) is None


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(DRAWN, st.sampled_from(["EMS", "CRT"]))
def test_regions_are_exact(drawn, unit):
    rule_set, _ = drawn
    judge, space = Judge(rule_set), space_of(rule_set)
    calls = [
        (space.within({name: frozenset([value]) for name, value in facts.items()}), facts)
        for facts in every_call(rule_set)
    ]

    for view in (None, View(units={unit: unit}), View(levels=frozenset({3}))):
        found = list(regions(rule_set) if view is None else regions(rule_set, view=view))
        assert sum(region.size for region in found) == len(calls) == space.size
        for region in found:
            assert prod(map(len, region.box.values())) == region.size
        for cell, facts in calls:
            (region,) = (r for r in found if r.cells & cell == cell)
            outcome, sent = judge.ask(facts)
            if view is None:
                assert region.outcome == (outcome.rule, outcome.route, sent, outcome.level)
            elif view.units:
                assert (unit in region.units) == (unit in sent)
            else:
                assert (region.level == 3) == (outcome.level >= 3)


def changes_something(
    rule_set: rules.RuleSet, rule: str, judge: Judge, calls: list[dict[str, str | None]]
) -> bool:
    kept = tuple(one for one in rule_set.rules if one.id != rule)
    index = build_index(kept, rule_set.default, rule_set.questions, rule_set.natures)
    without = Judge(replace(rule_set, rules=kept, index=index))
    return any(judge.plain(facts) != without.plain(facts) for facts in calls)


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(DRAWN)
def test_findings_are_exact(drawn):
    rule_set, _ = drawn
    judge, calls = Judge(rule_set), list(every_call(rule_set))
    outcomes = [judge.ask(facts)[0] for facts in calls]

    found = rules.examine(rule_set)

    for rule in (*rule_set.rules, rule_set.default):
        assert found.decided[rule.id] == sum(o.rule == rule.id for o in outcomes)
    for shadowed in found.shadowed:
        assert shadowed.adds == changes_something(rule_set, shadowed.rule, judge, calls)
    for shadowed in found.shadowed:
        held = [set(o.matched) for o in outcomes if shadowed.rule in o.matched]
        assert all(matched & set(shadowed.by) for matched in held)
    together = {
        (one, two)
        for outcome in outcomes
        for place, one in enumerate(outcome.matched)
        for two in outcome.matched[place + 1 :]
    }
    assert {(o.earlier, o.later) for o in found.overlaps} == together
    for overlap in found.overlaps:
        matched = overlap.example.decide(rule_set).matched
        assert {overlap.earlier, overlap.later} <= set(matched)
    assert (found.uncaught is None) == all(o.rule != "R9" for o in outcomes)
    if found.uncaught:
        assert found.uncaught.decide(rule_set).rule == "R9"
