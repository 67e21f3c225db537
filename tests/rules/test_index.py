"""The index, the plain reading of every rule and the trace say the same, for random tables too."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.default_table import FILES, QUESTIONS, load, table
from tests.rules.plain_reading import plainly
from triage import rules
from triage.rules.table import holds

CLOSED = {q.key: list(q.values) for q in QUESTIONS if not q.is_open}
CLOSED["nature"] = [row["code"] for row in FILES.natures][:8]
CLOSED["nature_category"] = ["BH", "QOL", "MED", "SAF", "ADM"]


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(CLOSED)))
    op = draw(st.sampled_from(["is", "is_not", "in", "not_in", "asked", "not_asked"]))
    if name == "nature_category":
        op = draw(st.sampled_from(["is", "is_not", "in", "not_in"]))
    values = st.sampled_from(CLOSED[name])
    if op in {"asked", "not_asked"}:
        return {"field": name, "op": op}
    if op in {"in", "not_in"}:
        some = st.lists(values, min_size=1, max_size=len(CLOSED[name]) - 1, unique=True)
        return {"field": name, "op": op, "value": draw(some)}
    return {"field": name, "op": op, "value": draw(values)}


ALTERNATIVES = st.lists(
    st.lists(conditions(), min_size=1, max_size=3, unique_by=lambda c: c["field"][:6]),
    min_size=1,
    max_size=3,
)
CALLS = st.tuples(
    st.fixed_dictionaries(
        {}, optional={q.key: st.sampled_from(q.values) for q in QUESTIONS if not q.is_open}
    ),
    st.sampled_from([None, *CLOSED["nature"]]),
)


def row(number: int, when: list[Any]) -> dict[str, Any]:
    return {
        "id": f"T{number:02}",
        "when": when,
        "routes": [{"route": "CCD"}],
        "level": 1,
        "reason_en": "So.",
        "reason_es": "Así.",
    }


def assert_one_meaning(
    rule_set: rules.RuleSet, answers: dict[str, str], nature: str | None
) -> None:
    facts = rule_set.facts(answers, nature)
    plain = [rule.id for rule in rule_set.rules if holds(rule.when, facts)]
    tests = rules.trace(rule_set, answers, nature)

    for language in ("en", "es"):
        outcome = rules.evaluate(rule_set, answers, nature, language=language)
        assert outcome == plainly(rule_set, answers, nature, language)
    assert list(outcome.matched) == (plain or [rule_set.default.id])
    assert list(dict.fromkeys(t.rule for t in tests if t.rule_holds)) == plain
    for rule in rule_set.rules:
        branches = {t.alternative for t in tests if t.rule == rule.id}
        failed = {t.alternative for t in tests if t.rule == rule.id and not t.passed}
        assert (branches > failed) == (rule.id in plain)


@settings(max_examples=100)
@given(st.lists(ALTERNATIVES, min_size=1, max_size=12), st.lists(CALLS, min_size=1, max_size=8))
def test_random_tables_have_one_meaning(tables, calls):
    rule_set = load([*(row(i, when) for i, when in enumerate(tables)), row(99, [])])

    for answers, nature in calls:
        assert_one_meaning(rule_set, answers, nature)


@given(CALLS)
def test_default_table_has_one_meaning(call):
    assert_one_meaning(table(), *call)


def test_trace_tells_why_a_rule_did_not_hold():
    tests = rules.trace(table(), {"weapon": "accessible", "si": "none"}, None)

    assert [(t.field, t.wanted, t.got, t.passed) for t in tests if t.rule == "R08"] == [
        ("weapon", "accessible", "accessible", True),
        ("si", ("plan", "intent"), "none", False),
    ]
