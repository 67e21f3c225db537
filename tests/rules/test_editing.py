"""Edits of a version are pure, touch what they name and nothing else, and refuse with the place."""

from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.default_table import FILES
from triage import editing, protocol_files
from triage.panel.edits import read_edit
from triage.protocol_files import ProtocolFault, ProtocolFiles, Row

CODES = [row["code"] for row in FILES.rules]
BEFORE_LAST = len(CODES) - 1


def rule(of: str = "R08", /, **changes: Any) -> Row:
    """A row of the shipped table as a form sends it: without its order."""
    row = deepcopy(next(row for row in FILES.rules if row["code"] == of))
    del row["order"]
    return {**row, **changes}


def body(of: str = "R08", /, **changes: Any) -> Row:
    row = rule(of)
    return {**row, "body": {**row["body"], **changes}}


def codes(files: ProtocolFiles) -> list[str]:
    return [row["code"] for row in files.rules]


def orders(files: ProtocolFiles) -> list[int]:
    return [row["order"] for row in files.rules]


def told(files: ProtocolFiles, code: str | None = None) -> list[tuple[str, str]]:
    """What is wrong: row with pointer, and message."""
    return [(f"{f.row} {f.pointer}", f.message) for f in editing.faults(files, code)]


# --- what edits do -------------------------------------------------------------------------------


def test_a_changed_row_takes_the_place_of_its_former_self_and_no_other_row_changes() -> None:
    changed = editing.put_row(FILES, "rules", "R08", rule(citation="local order 7"))

    assert codes(changed) == CODES
    assert changed.rules[8] == {**FILES.rules[8], "citation": "local order 7"}
    assert [r for r in changed.rules if r["code"] != "R08"] == [
        r for r in FILES.rules if r["code"] != "R08"
    ]
    assert replace(changed, rules=FILES.rules) == FILES


def test_a_row_may_get_another_code_but_not_that_of_another() -> None:
    renamed = editing.put_row(FILES, "rules", "R08", rule(code="R08b"))

    assert codes(renamed)[8] == "R08b"
    with pytest.raises(ProtocolFault, match="'R09' is there already"):
        editing.put_row(FILES, "rules", "R08", rule(code="R09"))


def test_a_new_row_goes_before_the_default_or_where_it_is_put() -> None:
    at_the_end = editing.put_row(FILES, "rules", None, rule(code="N1", is_hard=False))
    on_top = editing.put_row(FILES, "rules", None, rule(code="N1"), place=0)

    assert codes(at_the_end) == [*CODES[:-1], "N1", CODES[-1]]
    assert codes(on_top) == ["N1", *CODES]
    assert orders(on_top) == list(range(len(CODES) + 1))


@given(st.sampled_from(CODES[:-1]), st.integers(0, BEFORE_LAST - 1))
def test_moving_keeps_every_row_and_moving_back_undoes_it(code: str, place: int) -> None:
    moved = editing.move_row(FILES, "rules", code, place)

    assert codes(moved)[place] == code
    assert sorted(codes(moved)) == sorted(CODES)
    assert orders(moved) == list(range(len(CODES)))
    assert editing.move_row(moved, "rules", code, CODES.index(code)) == FILES


@given(st.sampled_from(CODES))
def test_removing_leaves_one_row_out_and_putting_it_back_undoes_it(code: str) -> None:
    removed = editing.remove_row(FILES, "rules", code)
    place = CODES.index(code)

    assert codes(removed) == [other for other in CODES if other != code]
    if code != CODES[-1]:
        back = editing.put_row(removed, "rules", None, rule(code), place=place)
        assert back == FILES


def test_edits_leave_the_version_that_they_were_given_as_it_was() -> None:
    before = deepcopy(FILES)

    editing.put_row(FILES, "rules", "R08", rule(citation="other"))
    editing.move_row(FILES, "rules", "R08", 0)
    editing.remove_row(FILES, "questions", "bh")
    editing.put_rows(FILES, "fallback", FILES.fallback[:1])

    assert before == FILES


def test_questions_are_numbered_from_one_and_keep_their_order() -> None:
    moved = editing.move_row(FILES, "questions", FILES.questions[-1]["key"], 0)

    assert [row["order"] for row in moved.questions] == list(range(1, len(FILES.questions) + 1))
    assert moved.questions[0]["key"] == FILES.questions[-1]["key"]


def test_the_fallback_chain_is_numbered_in_the_order_that_was_sent() -> None:
    turned = editing.put_rows(FILES, "fallback", FILES.fallback[::-1])

    assert [row["order"] for row in turned.fallback] == list(range(1, len(FILES.fallback) + 1))
    assert turned.fallback[0]["action"] == FILES.fallback[-1]["action"]


def test_settings_change_words_and_switches_but_never_the_number() -> None:
    switches = {**FILES.rule_set["switches"], "minors": "cor"}

    changed = editing.put_settings(FILES, {"title": "Minors to co-response", "switches": switches})

    assert changed.rule_set["switches"]["minors"] == "cor"
    with pytest.raises(ProtocolFault, match="/version: cannot be changed"):
        editing.put_settings(FILES, {"version": 7})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda: editing.move_row(FILES, "rules", "R77", 1), "there is no 'R77'"),
        (lambda: editing.move_row(FILES, "rules", "R08", 999), "/place: must be from 0 to"),
        (lambda: editing.move_row(FILES, "rules", "R08", -1), "/place: must be from 0 to"),
        (lambda: editing.remove_row(FILES, "rules", "R77"), "there is no 'R77'"),
        (lambda: editing.remove_row(FILES, "natures", "OTHER"), "no rows to be edited one by one"),
        (lambda: editing.put_row(FILES, "rules", "R08", {"code": "R08"}), "lacks basis"),
        (lambda: editing.put_row(FILES, "rules", "R08", rule(code="  ")), "must be a short name"),
        (lambda: editing.put_row(FILES, "rules", "R08", rule(body=[])), "/body: may have when"),
        (lambda: editing.put_row(FILES, "rules", "R08", body(hard=False)), "/body: may have when"),
        (lambda: editing.put_rows(FILES, "rules", []), "is edited row by row"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(edit: Any, message: str) -> None:
    with pytest.raises(ProtocolFault, match=message):
        edit()


# --- what is wrong -------------------------------------------------------------------------------


def test_the_shipped_version_has_no_fault() -> None:
    assert told(FILES) == []
    assert all(told(FILES, code) == [] for code in CODES)


def test_every_part_of_a_row_that_is_wrong_is_told_at_once() -> None:
    wrong = body(
        when=[[{"field": "weapon", "op": "is", "value": "gone"}]],
        routes=[{"route": "COR", "when": [[{"field": "si", "op": "asked"}]]}],
        level=9,
    )
    typed = editing.put_row(FILES, "rules", "R08", {**wrong, "reason_es": " "})

    places = [place for place, _ in told(typed, "R08")]

    assert places == ["R08 /when/0/0/value", "R08 /routes", "R08 /level", "R08 /reason_es"]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (editing.move_row(FILES, "rules", "R08", BEFORE_LAST), "R08 /when"),
        (editing.move_row(FILES, "rules", "R99", 0), "R23 /when"),
        (editing.remove_row(FILES, "rules", "R99"), "R23 /when"),
        (editing.move_row(FILES, "rules", "R13", 0), "R00 /hard"),
        (editing.put_row(FILES, "rules", "R08", body(when=[])), "R08 /when"),
        (editing.remove_row(FILES, "questions", "weapon"), "R00 /routes/0/when/0/0/field"),
        (editing.put_settings(FILES, {"switches": {"minors": "x"}}), " /switches/minors"),
    ],
)
def test_the_row_that_does_not_fit_the_rest_is_named(files: ProtocolFiles, place: str) -> None:
    assert [found for found, _ in told(files)] == [place]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from([*editing.BODY, "code", "is_hard", "reason_en", "basis"]), JSON)
def test_whatever_is_typed_into_a_row_is_a_fault_or_a_version_that_compiles(
    part: str, value: Any
) -> None:
    row = body(**{part: value}) if part in editing.BODY else rule(**{part: value})
    try:
        changed = editing.put_row(FILES, "rules", "R08", row)
    except ProtocolFault:
        return
    if not editing.faults(changed, row["code"]):
        assert protocol_files.compiled(changed).rules


@given(JSON)
def test_whatever_is_sent_as_an_edit_is_read_or_refused_with_words(sent: Any) -> None:
    with suppress(ProtocolFault):
        assert read_edit(sent).what


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        ({"put": "rules", "name": "R08", "row": rule()}, "R08"),
        ({"put": "rules", "name": "R08", "row": rule(code="R8")}, "R08 as R8"),
        ({"put": "rules", "name": None, "row": rule(code="N1"), "place": 3}, "N1 added"),
        ({"move": "rules", "name": "R08", "place": 3}, "R08 moved to place 4"),
        ({"remove": "questions", "name": "bh"}, "bh removed"),
        ({"put": "targets", "rows": []}, "targets"),
        ({"put": "rule_set", "changes": {"title": "x"}}, "title and switches"),
    ],
)
def test_an_edit_has_words_for_the_journal(sent: Row, what: str) -> None:
    assert read_edit(sent).what == what


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"put": "rules"},
        {"put": "rules", "name": 4, "row": rule()},
        {"put": ["rules"], "name": "R08", "row": rule()},
        {"put": "natures", "name": "OTHER", "row": {}},
        {"move": "rules", "name": "R08"},
        {"move": "rules", "name": "R08", "place": True},
        {"remove": "rules", "name": None},
        {"put": "rules", "rows": []},
        {"put": "targets", "rows": [4]},
        {"put": "rule_set", "changes": []},
        {"put": "rules", "name": "R08", "row": rule(), "and": "more"},
    ],
)
def test_an_edit_that_is_none_is_refused(sent: Any) -> None:
    with pytest.raises(ProtocolFault):
        read_edit(sent)
