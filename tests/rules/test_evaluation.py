"""``evaluate`` says what the plain reading says, reasons and all; what is no answer is refused."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.brute_force import every_call
from tests.rules.default_table import QUESTIONS, table
from tests.rules.plain_reading import plainly
from tests.rules.test_prover import PLAIN, ROW, a_when, load
from triage import rules

NOTES = st.lists(
    st.fixed_dictionaries(
        {"en": st.sampled_from(["Look.", "Wait."]), "es": st.just("Mira."), "when": a_when(PLAIN)}
    ),
    max_size=2,
)
NOTED = st.builds(lambda row, notes: {**row, "notes": notes}, ROW, NOTES)


def usable(rows):
    try:
        return load(rows)
    except rules.RuleError as wrong:
        assert "can never" in str(wrong)  # noqa: PT017
        return None


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.builds(usable, st.lists(NOTED, min_size=1, max_size=5)).filter(bool))
def test_random_tables_on_every_call(rule_set):
    for facts in every_call(rule_set):
        if any(facts[name] != value for name, value in rule_set.switches.items()):
            continue
        answers = {q.key: facts[q.key] for q in rule_set.questions if facts[q.key]}
        for language in ("en", "es"):
            outcome = rules.evaluate(rule_set, answers, facts["nature"], language=language)
            assert outcome == plainly(rule_set, answers, facts["nature"], language)


@pytest.mark.parametrize("policy", rules.SWITCHES["unknown_safety_policy"])
def test_the_default_table_on_random_calls(policy):
    rng, rule_set = random.Random(policy), table(policy)
    natures = [None, *rule_set.natures, "CAME LATER"]
    for _ in range(1_500):
        asked = rng.sample(QUESTIONS, rng.randrange(len(QUESTIONS) + 1))
        answers = {q.key: rng.choice(q.values or ["es"]) for q in asked}
        nature, language = rng.choice(natures), rng.choice(["en", "es"])
        outcome = rules.evaluate(rule_set, answers, nature, language=language)
        assert outcome == plainly(rule_set, answers, nature, language)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"weapon": "banana"}, "weapon: 'banana' is not an answer"),
        ({"colour": "red"}, "no question 'colour'"),
        ({"nature": "CHKWEL"}, "no question 'nature'"),
        ({"unknown_safety_policy": "police"}, "no question 'unknown_safety_policy'"),
        ({"weapon": None}, "weapon: None is not an answer"),
        ({"si": "plan", "weapon": "(not asked)"}, r"weapon: '\(not asked\)' is not an answer"),
    ],
)
def test_what_is_no_answer_is_refused(answers, message):
    with pytest.raises(ValueError, match=message):
        rules.evaluate(table(), answers, None)
