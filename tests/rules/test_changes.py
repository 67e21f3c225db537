"""What another answer would do, and what a changed answer did."""

from tests.rules.default_table import decide, table
from triage import rules


def would_change(
    nature: str | None = None, **answers: str
) -> dict[tuple[str, str], tuple[str, int]]:
    found = rules.what_would_change(table(), answers, nature)
    return {(c.question, c.answer): (c.outcome.route, c.outcome.level) for c in found}


def inputs(nature: str | None = None, **answers: str) -> rules.Inputs:
    outcome = decide(nature, **answers)
    return rules.Inputs(nature, answers, outcome.rule, outcome.route, outcome.level)


def test_weapon_in_hand_would_change_a_trespass_to_police():
    found = would_change("TRESPASS", weapon="none", violence="none")

    assert found["weapon", "in_hand"] == ("POLICE", 4)
    assert found["weapon", "accessible"] == ("COR", 3)
    assert found["in_area", "n"] == ("PSAP", 2)
    assert ("weapon", "elsewhere") not in found
    assert ("age", "older") not in found


def test_changes_are_told_most_urgent_first_and_each_is_true():
    answers = {"weapon": "none", "si": "plan"}

    found = rules.what_would_change(table(), answers, "SUITHREAT")

    levels = [change.outcome.level for change in found]
    assert levels == sorted(levels, reverse=True)
    for change in found:
        then = {**answers, change.question: change.answer}
        assert rules.evaluate(table(), then, "SUITHREAT") == change.outcome
        assert change.instead_of == answers.get(change.question)


def test_what_the_console_sets_itself_is_not_proposed():
    asked = {question for question, _ in would_change("TRESPASS", weapon="unknown")}

    assert not asked & {"clarified", "line", "plan_on_file", "violence_flag"}


def test_difference_reads_as_in_the_handbook():
    before = inputs("SUITHREAT", weapon="none", si="plan")
    after = inputs("SUITHREAT", weapon="accessible", si="plan")

    assert rules.differences(before, after) == [
        "weapon none -> accessible: R13 -> R08",
        "CCD -> COR",
    ]


def test_difference_of_several_answers_and_the_level():
    before = inputs("VERBDIST", weapon="none")
    after = inputs("WEAPON", weapon="in_hand", weapon_type="a long machete")

    assert rules.differences(before, after) == [
        "nature VERBDIST -> WEAPON, weapon none -> in_hand, weapon_type not asked -> (text): R20 -> R04",
        "CRT -> POLICE",
        "level 2 -> 4",
    ]


def test_difference_without_effect_says_so():
    before = inputs("TRESPASS", weapon="none")
    after = inputs("TRESPASS")

    assert rules.differences(before, after) == ["weapon none -> not asked: still R20"]
    assert rules.differences(before, before) == []


def test_difference_never_repeats_a_typed_address():
    before = inputs("TRESPASS", loc="12 Main Street")
    after = inputs("TRESPASS", loc="14 Main Street")

    assert rules.differences(before, after) == ["loc (text) -> (text): still R20"]


def test_reasons_are_told_in_spanish_too():
    english = rules.evaluate(table(), {"weapon": "in_hand"}, None)
    spanish = rules.evaluate(table(), {"weapon": "in_hand"}, None, language="es")

    assert spanish.reasons[0].sentence.startswith("Hay un arma en la mano")
    assert spanish[:4] == english[:4]
