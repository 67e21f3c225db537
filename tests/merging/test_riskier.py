"""The riskier answer counts: by the ladders of the safety statements, else harm over unknown over none."""

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from tests.builders import Given
from triage import merging, rules
from triage.queries import Protocol, invariant_rows

pytestmark = pytest.mark.django_db


def test_ladder_of_the_statements_decides(given: Given) -> None:
    known = merging.ladders(invariant_rows())

    assert merging.riskier({"weapon": "unknown"}, {"weapon": "elsewhere"}, known) == {
        "weapon": "unknown"
    }
    assert merging.riskier({"weapon": "unknown"}, {"weapon": "accessible"}, known) == {
        "weapon": "accessible"
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "counts"),
    [
        ("none", "unknown", "unknown"),
        ("unknown", "no", "unknown"),
        ("unknown", "knife", "knife"),
        ("rope", "knife", "rope"),
        ("n", "y", "y"),
    ],
)
def test_without_a_ladder_harm_over_unknown_over_none(ours: str, theirs: str, counts: str) -> None:
    assert merging.riskier({"q": ours}, {"q": theirs}, {}) == {"q": counts}


def test_answer_of_one_call_alone_is_kept() -> None:
    assert merging.riskier({"a": "y"}, {"b": "none"}, {}) == {"a": "y", "b": "none"}


def test_merged_answers_never_stand_lower_on_a_ladder_nor_decide_a_lower_level(
    protocol: Protocol,
) -> None:
    known = merging.ladders(invariant_rows())
    questions = {q.key: list(q.values) for q in protocol.questions if q.values}
    answers = st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values) for key, values in questions.items()}
    )

    @settings(max_examples=500, deadline=None)
    @examples(answers, answers)
    def holds(ours: dict[str, str], theirs: dict[str, str]) -> None:
        both = merging.riskier(ours, theirs, known)
        assert both.keys() == ours.keys() | theirs.keys()
        for key, value in both.items():
            rungs = known.get(key)
            told = [a[key] for a in (ours, theirs) if key in a]
            assert value in told
            if rungs:
                assert all(rungs[value] >= rungs[each] for each in told)
        assert merging.riskier(theirs, ours, known).keys() == both.keys()

    holds()


def test_one_riskier_answer_in_a_merge_never_lowers_the_level(protocol: Protocol) -> None:
    """Calls that differ only in one question on a ladder: the rules alone already keep the level."""
    known = merging.ladders(invariant_rows())
    questions = {q.key: list(q.values) for q in protocol.questions if q.values}
    laddered = sorted(known.keys() & questions.keys())
    answers = st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values) for key, values in questions.items()}
    )

    @settings(max_examples=500, deadline=None)
    @examples(answers, st.sampled_from(laddered), st.data())
    def holds(ours: dict[str, str], key: str, data: st.DataObject) -> None:
        ours = {**ours, key: data.draw(st.sampled_from(questions[key]))}
        theirs = {**ours, key: data.draw(st.sampled_from(questions[key]))}
        both = merging.riskier(ours, theirs, known)
        level = rules.evaluate(protocol.rule_set, both, "TRESPASS").level
        for each in (ours, theirs):
            assert level >= rules.evaluate(protocol.rule_set, each, "TRESPASS").level

    holds()
