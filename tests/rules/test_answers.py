"""Answers from outside: everything wrong is named with its place, and nothing makes the check fail."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.default_table import QUESTIONS, table
from triage import rules

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from([q.key for q in QUESTIONS]) | st.text() | st.integers() | st.none()
VALUES = st.sampled_from([v for q in QUESTIONS for v in q.values]) | JSON
ALLOWED = st.fixed_dictionaries(
    {},
    optional={
        q.key: st.sampled_from(q.values) if q.values else st.just("es" if q.key == "lang" else "x")
        for q in QUESTIONS
    },
)


def problems(answers: object) -> list[tuple[str, str]]:
    return [(p.pointer, p.message) for p in rules.check_answers(QUESTIONS, answers)]


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.values], ids=lambda q: q.key)
def test_every_answer_of_every_question_is_accepted(question):
    assert all(problems({question.key: value}) == [] for value in question.values)
    assert question.kind in {"yes_no", "automatic"} or "unknown" in question.values


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, []),
        ({"loc": "12 Main St, back door 🚪\nsecond floor", "lang": "zh-Hant"}, []),
        ({"lang": "unknown", "weapon_type": "cuchillo"}, []),
        ({"wepon": "none"}, [("/wepon", "no such question")]),
        (
            {"weapon": "gun"},
            [
                (
                    "/weapon",
                    "'gun' is not an answer; choose one of none, elsewhere, accessible, in_hand, unknown",
                )
            ],
        ),
        ({"guardian": True}, [("/guardian", "must be a text")]),
        (
            {"guardian": "unknown"},
            [("/guardian", "'unknown' is not an answer; choose one of y, n")],
        ),
        ({"si": None}, [("/si", "must be a text")]),
        ({"si": ["plan"]}, [("/si", "must be a text")]),
        ({"loc": "x" * 301}, [("/loc", "at most 300 characters")]),
        ({"loc": "a\x00b"}, [("/loc", "contains a character that cannot be stored")]),
        ({"loc": "a\ud800b"}, [("/loc", "contains a character that cannot be stored")]),
        ({"lang": "español"}, [("/lang", "must be a language code such as es or zh-Hant")]),
        ({"a/b~c": "y"}, [("/a~1b~0c", "no such question")]),
        ({"si": "bad", "x": "y"}, [("/si", None), ("/x", "no such question")]),
        ("weapon", [("", "must be an object of question and answer")]),
        (None, [("", "must be an object of question and answer")]),
        ([{"weapon": "none"}], [("", "must be an object of question and answer")]),
    ],
)
def test_problem_is_named_with_its_place(answers, found):
    told = problems(answers)

    assert [pointer for pointer, _ in told] == [pointer for pointer, _ in found]
    assert all(message in {None, got} for (_, got), (_, message) in zip(told, found, strict=True))


@given(st.dictionaries(KEYS, VALUES, max_size=12) | JSON)
def test_check_survives_anything_and_answers_in_plain_json(answers):
    told = problems(answers)

    json.dumps(told).encode("utf-8", "strict")
    json.dumps(told, ensure_ascii=False).encode("utf-8", "strict")
    assert all(len(pointer) < 400 and len(message) < 400 for pointer, message in told)


@given(st.dictionaries(KEYS, VALUES, max_size=12))
def test_answers_without_a_problem_can_be_decided(answers):
    if problems(answers) == []:
        assert rules.evaluate(table(), answers, None).route in rules.ROUTES


@given(ALLOWED, st.sampled_from([None, *table().natures]))
def test_decision_is_the_same_every_time_and_in_every_order(answers, nature):
    turned = dict(reversed(answers.items()))

    assert rules.evaluate(table(), answers, nature) == rules.evaluate(table(), turned, nature)


def test_flood_of_problems_is_cut_short():
    assert len(problems({f"q{i}": "y" for i in range(100_000)})) == 50


def test_long_answer_is_not_repeated_whole():
    ((_, message),) = problems({"weapon": "x" * 1_000_000})

    assert len(message) < 200
