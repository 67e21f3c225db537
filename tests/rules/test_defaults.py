"""The protocol that comes with the console: complete, in two languages, within its columns."""

import re

import pytest

from tests.rules.default_table import FILES, QUESTIONS, decide
from triage import rules

SPELLED = {
    "caller": "self with_person third_absent agency unknown",
    "medical": "none minor serious unknown",
    "harm_now": "no yes unknown",
    "weapon": "none elsewhere accessible in_hand unknown",
    "violence": "none verbal physical_past physical_now unknown",
    "crime": "none past in_progress dv unknown",
    "hazard": "none height road rail water driving fire heat cold unknown",
    "si": "none thoughts plan intent unknown",
    "age": "child teen adult older unknown",
    "contact": "willing present_unwilling left unknown",
    "setting": "home business street school vehicle facility unknown",
    "line": "ok lost",
    **dict.fromkeys(
        ["in_area", "violence_target", "guardian", "interpreter", "bh", "health_worry"], "y n"
    ),
    **dict.fromkeys(["plan_on_file", "violence_flag", "clarified"], "y n"),
    "hour": " ".join(f"{hour:02}" for hour in range(24)),
}


def test_answers_are_spelled_as_in_the_handbook():
    spelled = {q.key: " ".join(q.values) for q in QUESTIONS if not q.is_open}

    assert spelled == SPELLED
    assert {q.key for q in QUESTIONS if q.is_open} == {"loc", "lang", "weapon_type"}


def test_rules_are_those_of_the_handbook_in_order():
    codes = [row["code"] for row in sorted(FILES.rules, key=lambda row: row["order"])]

    local = ["L01", "L02", "L03"]  # what an agency may switch on: nobody's rule until then
    handbook = [f"R{number:02}" for number in range(24)]
    assert codes == [*handbook[:12], *local, *handbook[12:], "R99"]
    assert [row["code"] for row in FILES.rules if row["is_hard"]] == handbook[:12]
    assert codes == [row["code"] for row in FILES.rules]


def test_natures_are_those_of_the_handbook():
    assert len({row["code"] for row in FILES.natures}) == len(FILES.natures) == 45
    assert {row["category"] for row in FILES.natures} == {"BH", "QOL", "MED", "SAF", "ADM"}


def test_sub_questions_follow_a_question_that_can_lead_to_them():
    values = {q.key: set(q.values) for q in QUESTIONS}
    values["nature"] = {row["code"] for row in FILES.natures}
    place = {row["key"]: row["order"] for row in FILES.questions} | {"nature": 0}

    for row in FILES.questions:
        if after := row["only_after"]:
            assert set(after) == {"field", "in"}
            assert set(after["in"]) <= values[after["field"]]
            assert place[after["field"]] < row["order"]


LIMITS = {
    "natures": {"code": 12, "name": 80, "name_es": 80, "upgrades": 200, "basis": 80},
    "questions": {"key": 20, "ask_en": 300, "ask_es": 300, "kind": 12},
    "rules": {"code": 8, "reason_en": 300, "reason_es": 300, "citation": 300, "basis": 20},
    "targets": {"key": 30, "label_en": 120, "label_es": 120, "basis": 120},
    "fallback": {"action": 20, "label_en": 160, "label_es": 160},
    "reason_codes": {"code": 30, "label_en": 120, "label_es": 120},
}


@pytest.mark.parametrize("name", LIMITS)
def test_texts_fit_their_columns_and_none_is_missing(name):
    may_be_empty = {"upgrades", "citation"}
    for row in getattr(FILES, name):
        for column, limit in LIMITS[name].items():
            assert len(row[column]) <= limit, row
            assert row[column].strip() or column in may_be_empty, row


def test_everything_says_whether_it_is_published_or_synthetic():
    assert FILES.rule_set["is_synthetic"] is True
    assert {row["basis"] for row in FILES.rules} == {"synthetic", "published"}
    assert all(row["citation"] for row in FILES.rules if row["basis"] == "published")
    known = re.compile(r"synthetic|published: .+|another city")
    for row in [*FILES.natures, *FILES.targets]:
        assert known.match(row["basis"]), row


def test_every_level_has_a_target_for_the_first_unit_and_the_clinician():
    keys = {(row["key"], row["level"]) for row in FILES.targets}

    assert len(keys) == len(FILES.targets)
    assert {key for key, level in keys if level is None} == {key for key, _ in keys}
    assert {("dispatch", 4), ("dispatch", 3), ("dispatch", 2)} <= keys


@pytest.mark.parametrize("policy", rules.SWITCHES["unknown_safety_policy"])
def test_unknown_is_explained_by_one_note_for_the_pass_or_one_for_its_end(policy):
    for given in ({}, {"contact": "willing"}, {"line": "ok"}, {"clarified": "n"}):
        sentence = decide(weapon="unknown", policy=policy, **given).reasons[0].sentence
        assert sentence.count(".") == 2
        assert "90 seconds" in sentence
    for given in ({"contact": "left"}, {"line": "lost"}, {"clarified": "y", "contact": "willing"}):
        sentence = decide(weapon="unknown", policy=policy, **given).reasons[0].sentence
        assert sentence.count(".") == 2
        assert "cannot be clarified" in sentence
