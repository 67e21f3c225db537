"""The rules in plain words: sentences as a person would write them, in both languages."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.default_table import FILES
from triage import rules
from triage.wording.clauses import _merged
from triage.wording.grammar import duration, hour_spans, joint_before, listed
from triage.wording.words import Words

EN, ES = Words(FILES, "en"), Words(FILES, "es")
QUESTIONS = {row["key"]: row for row in FILES.questions}


def is_(field: str, *values: str) -> dict[str, object]:
    return {"field": field, "op": "in", "value": list(values)}


def rule(code: str) -> dict[str, object]:
    return next(row for row in FILES.rules if row["code"] == code)


def test_condition_reads_as_a_clause() -> None:
    assert EN.condition(is_("weapon", "accessible", "in_hand")) == (
        "a weapon is within reach or in hand"
    )
    assert ES.condition(is_("weapon", "accessible", "in_hand")) == (
        "hay un arma a su alcance o en la mano"
    )


def test_alternatives_are_parted_by_a_semicolon() -> None:
    when = [[is_("weapon", "accessible"), is_("si", "plan", "intent")], [is_("line", "lost")]]

    assert EN.when(when) == (
        "a weapon is within reach, and they either have a plan or means for suicide, or are going "
        "to act on suicide; or the line was lost"
    )
    assert ES.when(when) == (
        "hay un arma a su alcance, y la persona o bien tiene un plan o medios para el suicidio, "
        "o bien va a actuar para suicidarse; o se perdió la línea"
    )


def test_what_alternatives_share_is_said_once() -> None:
    shared = is_("age", "child")
    when = [[shared, is_("line", "lost")], [shared, is_("contact", "left")]]

    assert EN.when(when) == (
        "the person is a child under 13, and one of these: the line was lost; the person is gone"
    )


def test_alternatives_about_one_field_become_one() -> None:
    not_asked = {"field": "medical", "op": "not_asked"}
    when = [
        [is_("nature", "PERDOWN"), is_("medical", "unknown")],
        [is_("nature", "PERDOWN"), not_asked],
    ]

    assert EN.when(when) == (
        "the type of call is “Person down”, and either the medical need is not known, "
        "or nobody asked about medical need"
    )


def test_empty_condition_is_always() -> None:
    assert (EN.when([]), ES.when([])) == ("always", "siempre")


@pytest.mark.parametrize(
    ("condition", "en", "es"),
    [
        (
            {"field": "nature_category", "op": "not_in", "value": ["MED", "SAF"]},
            "the category of the call is neither “medical” nor “safety and crime”",
            "la categoría de la llamada no es «atención médica» ni «seguridad y delitos»",
        ),
        (
            {"field": "weapon", "op": "is_not", "value": "none"},
            "the answer about a weapon is not “None that the caller knows of”",
            "la respuesta sobre un arma no es «Ninguna que se sepa»",
        ),
        (
            {"field": "lang", "op": "asked"},
            "somebody asked about the language",
            "se preguntó sobre el idioma",
        ),
        (
            {"field": "nature", "op": "not_asked"},
            "no type of call was chosen",
            "no se eligió un tipo de llamada",
        ),
        (
            {"field": "nature_routes", "op": "contains", "value": "988"},
            "this type of call may be served by the 988 line",
            "este tipo de llamada puede atenderlo la línea 988",
        ),
        (
            {"field": "hour", "op": "in", "value": ["22", "23", "00", "01"]},
            "the call comes in between 22:00 and 02:00",
            "la llamada entra entre las 22:00 y las 02:00",
        ),
        (
            {"field": "minors", "op": "is", "value": "cor"},
            "the setting for minors sends co-response",
            "el ajuste para menores envía a la respuesta conjunta",
        ),
    ],
)
def test_every_kind_of_condition(condition: dict[str, object], en: str, es: str) -> None:
    assert EN.condition(condition) == en
    assert ES.condition(condition) == es


def test_rule_is_told_whole() -> None:
    told = EN.rule(rule("R18"))

    assert [str(part) for part in told.route] == [
        "It goes to EMS if there is reason to fear for their health.",
        "Otherwise it goes to the community response team.",
    ]
    assert [str(part) for part in told.later] == [
        "Adds EMS and the fire department if there is reason to fear for their health.",
        "The level is at least 3 if there is reason to fear for their health.",
        "Otherwise the level is at least 2.",
    ]


def test_units_have_their_preposition_in_spanish() -> None:
    told = ES.rule(rule("R13"))

    assert [str(part) for part in told.route] == ["Va a un clínico por teléfono."]
    assert str(told.adds[0]) == "Añade al equipo comunitario de respuesta."


def test_long_choice_comes_in_pieces_for_a_list() -> None:
    first = EN.rule(rule("R11")).route[0]

    assert first.lead == "it goes to co-response if"
    assert first.shared == "the setting for unknown danger sends co-response"
    assert first.either[1:] == ("the line was lost", "the attempt to clarify is over")


def test_question_of_an_agency_is_told_in_its_own_words() -> None:
    dog = {
        "key": "dog",
        "order": 40,
        "kind": "yes_no",
        "ask_en": "Is there a dog?",
        "ask_es": "¿Hay un perro?",
        "answers": [
            {"value": "y", "label_en": "Yes", "label_es": "Sí"},
            {"value": "n", "label_en": "No", "label_es": "No"},
        ],
        "only_after": {},
    }
    files = replace(FILES, questions=[*FILES.questions, dog])

    assert Words(files, "en").condition(is_("dog", "y")) == (
        "the answer about “Is there a dog?” is “Yes”"
    )
    assert Words(files, "es").condition(is_("dog", "y", "n")) == (
        "la respuesta sobre «¿Hay un perro?» es «Sí» o «No»"
    )


def test_answer_worded_anew_is_never_told_in_the_old_words() -> None:
    questions = deepcopy(FILES.questions)
    weapon = next(row for row in questions if row["key"] == "weapon")
    weapon["answers"][2]["label_en"] = "In the same room"
    words = Words(replace(FILES, questions=questions), "en")

    assert words.condition(is_("weapon", "accessible", "in_hand")) == (
        "a weapon is in hand, or the answer about a weapon is “In the same room”"
    )


def test_beat_is_told_by_its_name() -> None:
    beat = {
        "key": "beat",
        "order": 41,
        "kind": "automatic",
        "ask_en": "In which beat is the place?",
        "ask_es": "¿En qué zona de patrulla está el lugar?",
        "answers": [
            {"value": "C1", "label_en": "Old Market", "label_es": "Old Market"},
            {"value": "N1", "label_en": "North Quay", "label_es": "North Quay"},
        ],
        "only_after": {},
    }
    files = replace(FILES, questions=[*FILES.questions, beat])

    assert Words(files, "en").condition(is_("beat", "C1", "N1")) == (
        "the place is in beat Old Market or North Quay"
    )
    assert Words(files, "es").condition(is_("beat", "C1")) == (
        "el lugar está en la zona de patrulla Old Market"
    )


def test_question_asked_anew_is_never_told_in_the_old_words() -> None:
    questions = deepcopy(FILES.questions)
    next(row for row in questions if row["key"] == "line")["ask_en"] = "Did the line hold?"
    words = Words(replace(FILES, questions=questions), "en")

    assert words.condition(is_("line", "lost")) == (
        "the answer about “Did the line hold?” is “Lost”"
    )


@pytest.mark.parametrize("words", [EN, ES], ids=["en", "es"])
def test_every_shipped_answer_has_a_clause_of_its_own(words: Words) -> None:
    clauses = [
        words.condition(is_(key, answer["value"]))
        for key, row in QUESTIONS.items()
        for answer in row["answers"]
    ]

    assert len(set(clauses)) == len(clauses)
    assert [clause for clause in clauses if "“" in clause or "«" in clause] == []


def test_call_is_told_as_lines_and_as_a_sentence() -> None:
    call = rules.Call("PERDOWN", {"weapon": "in_hand", "loc": "x"}, {"minors": "cor"})

    assert [(line.name, line.value) for line in EN.call(call)] == [
        ("the type of call", "Person down"),
        ("a weapon", "In hand"),
        ("the place and the call-back number", "x"),
        ("children and teenagers", "co-response"),
    ]
    assert ES.call_sentence(call) == (
        "El tipo de llamada es «Persona en el suelo»; hay un arma en la mano; se preguntó sobre el "
        "lugar y el número para devolver la llamada; el ajuste para menores envía a la respuesta "
        "conjunta."
    )
    assert EN.call_sentence(rules.Call(None, {}, {})) == "Nothing was asked."


@pytest.mark.parametrize("words", [EN, ES], ids=["en", "es"])
def test_every_shipped_rule_and_invariant_can_be_told(words: Words) -> None:
    told = [words.rule(row) for row in FILES.rules]
    sure = [words.invariant(row) for row in FILES.invariants]

    sentences = [str(part) for rule in told for part in (rule.when, *rule.then, *rule.later)]
    sentences += [text for one in sure for text in (one.when, *one.claims)]
    codes = ("CCD", "CRT", "COR", "PSAP", "DISPATCHER", "in_hand", "crt_staged", "physical_")
    assert [s for s in sentences if any(code in s for code in codes)] == []
    assert [s for s in sentences if s[0] != s[0].upper() or not s.endswith(".")] == []
    assert [s for s in sentences if "  " in s or " ." in s or ".." in s] == []


def test_lists_are_spoken_with_the_right_joint() -> None:
    assert listed(["a", "b", "c"], "or", "en") == "a, b or c"
    assert listed(["a or b", "c"], "or", "en") == "a or b, or c"
    assert listed(["“Welfare check, urgent”", "“Fire”"], "or", "en") == (
        "“Welfare check, urgent” or “Fire”"
    )
    assert joint_before("«otra»", "or", "es") == "u"
    assert joint_before("hielo", "and", "es") == "y"
    assert joint_before("inundación", "and", "es") == "e"


def test_hours_become_spans_around_the_clock() -> None:
    assert hour_spans(["23", "00", "05"]) == [(5, 6), (23, 1)]
    assert hour_spans([f"{hour:02}" for hour in range(24)]) == [(0, 24)]
    assert hour_spans(["23"]) == [(23, 24)]


def test_durations_are_spoken() -> None:
    assert [duration(s, "en") for s in (0, 20, 90, 3_600, 86_400)] == [
        "0 seconds",
        "20 seconds",
        "1 minute 30 seconds",
        "1 hour",
        "1 day",
    ]
    assert duration(172_800, "es") == "2 días"


FIELDS = {"a": "xyz", "b": "xyz", "c": "xy"}
conditions = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda field: st.builds(
        lambda values: {"field": field, "op": "in", "value": sorted(values)},
        st.sets(st.sampled_from(FIELDS[field]), min_size=1),
    )
)


@given(st.lists(st.lists(conditions, min_size=1, max_size=3), min_size=1, max_size=6))
def test_said_shorter_still_means_the_same(when: list[list[dict[str, object]]]) -> None:
    merged = _merged(when)

    for facts in [{"a": a, "b": b, "c": c} for a in "xyz" for b in "xyz" for c in "xy"]:

        def holds(row: dict[str, object], facts: dict[str, str] = facts) -> bool:
            return facts[str(row["field"])] in row["value"]  # type: ignore[operator]

        meant = any(all(holds(row) for row in branch) for branch in when)
        said = any(all(any(map(holds, slot)) for slot in branch) for branch in merged)
        assert said == meant
