"""Differences of two versions in words: each change is found, named and told once."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.default_table import FILES
from triage.protocol_files import ProtocolFiles
from triage.wording.comparing import Compared, Kind, Section, compare, marked


def changed(edit: Callable[[ProtocolFiles], object]) -> ProtocolFiles:
    files = deepcopy(FILES)
    edit(files)
    return files


def rule(files: ProtocolFiles, code: str) -> dict[str, Any]:
    return next(row for row in files.rules if row["code"] == code)


def section(after: ProtocolFiles, name: str) -> Section:
    found = {one.name: one for one in compare(FILES, after)}
    assert [one.name for one in found.values() if one.changed] == [name]
    return found[name]


def only(after: ProtocolFiles, name: str) -> Compared:
    (row,) = section(after, name).changed
    return row


def test_version_beside_itself_differs_nowhere() -> None:
    assert [row for part in compare(FILES, FILES) for row in part.changed] == []


def test_changed_condition_is_told_in_words() -> None:
    after = changed(
        lambda files: rule(files, "R09")["body"].update(
            when=[[{"field": "weapon", "op": "in", "value": ["accessible", "in_hand"]}]]
        )
    )

    row = only(after, "rules")

    assert (row.key, row.kind, row.moved) == ("R09", Kind.CHANGED, None)
    (part,) = row.parts
    assert part.part == "When"
    assert part.before == ("A weapon is within reach.",)
    assert part.after == ("A weapon is within reach or in hand.",)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"is_hard": False}, ["Hard exclusion"]),
        ({"citation": "A study"}, ["Source"]),
        ({"basis": "published"}, ["Basis"]),
        ({"reason_es": "Otra cosa."}, ["Reason in Spanish"]),
        ({"body": {"level": 2}}, ["Level"]),
        ({"body": {"routes": [{"route": "POLICE"}]}}, ["Route"]),
        ({"body": {"adds": [{"unit": "EMS"}]}}, ["Added units"]),
        ({"body": {"later_adds": []}}, ["Still added after an earlier rule"]),
        ({"body": {"notes": [{"en": "Careful.", "es": "Con cuidado."}]}}, ["Further sentences"]),
    ],
)
def test_each_part_of_a_rule_is_named(change: dict[str, Any], parts: list[str]) -> None:
    def edit(files: ProtocolFiles) -> None:
        row = rule(files, "R09")
        row["body"].update(change.get("body", {}))
        row.update({name: value for name, value in change.items() if name != "body"})

    assert [part.part for part in only(changed(edit), "rules").parts] == parts


def test_one_rule_moved_up_is_one_difference() -> None:
    def edit(files: ProtocolFiles) -> None:
        files.rules.insert(3, files.rules.pop(20))

    row = only(changed(edit), "rules")

    assert row.key == FILES.rules[20]["code"]
    assert row.kind is Kind.SAME
    assert row.moved is not None
    assert (row.moved.before, row.moved.after) == (21, 4)


def test_removed_rule_stands_where_it_stood() -> None:
    rows = section(changed(lambda files: files.rules.pop(5)), "rules").rows

    assert [row.key for row in rows] == [row["code"] for row in FILES.rules]
    assert [row.key for row in rows if row.kind is Kind.REMOVED] == [FILES.rules[5]["code"]]
    assert [row for row in rows if row.moved] == []


def test_added_rule_is_told_whole() -> None:
    new = {**rule(deepcopy(FILES), "R09"), "code": "N01"}

    row = only(changed(lambda files: files.rules.insert(2, new)), "rules")

    assert row.kind is Kind.ADDED
    assert {part.part for part in row.parts} >= {"When", "Route", "Level", "Reason in English"}
    assert [part.before for part in row.parts] == [()] * len(row.parts)


def test_what_means_the_same_is_no_difference() -> None:
    def edit(files: ProtocolFiles) -> None:
        when = rule(files, "R10")["body"]["when"]
        when.reverse()
        for branch in when:
            branch.reverse()
            for row in branch:
                if row["op"] == "is":
                    row.update(op="in", value=[row["value"]])

    assert [row for part in compare(FILES, changed(edit)) for row in part.changed] == []


def test_question_asked_of_others_is_told() -> None:
    def edit(files: ProtocolFiles) -> None:
        row = next(row for row in files.questions if row["key"] == "guardian")
        row["only_after"] = {"field": "age", "in": ["child"]}

    (part,) = only(changed(edit), "questions").parts

    assert part.part == "Who is asked"
    assert part.after == ("Asked only when the person is a child under 13.",)


def test_new_answer_is_told_with_both_labels() -> None:
    def edit(files: ProtocolFiles) -> None:
        row = next(row for row in files.questions if row["key"] == "setting")
        row["answers"].append({"value": "park", "label_en": "Park", "label_es": "Parque"})

    (part,) = only(changed(edit), "questions").parts

    assert part.part == "Answers"
    assert set(part.after) - set(part.before) == {"Park · Parque (park)"}


@pytest.mark.parametrize(
    ("name", "edit", "after"),
    [
        (
            "switches",
            lambda files: files.rule_set["switches"].update(minors="cor"),
            ("The setting for minors sends co-response.",),
        ),
        ("targets", lambda files: files.targets[0].update(seconds=90), ("1 minute 30 seconds",)),
        ("fallback", lambda files: files.fallback[0].update(label_en="Wait"), ("Wait",)),
        ("natures", lambda files: files.natures[0].update(routes=["EMS"]), ("EMS",)),
        ("rule_set", lambda files: files.rule_set.update(title="Ours"), ("Ours",)),
    ],
)
def test_every_other_part_is_compared(
    name: str, edit: Callable[[ProtocolFiles], object], after: tuple[str, ...]
) -> None:
    (part,) = only(changed(edit), name).parts

    assert part.after == after


def test_order_of_targets_and_types_means_nothing() -> None:
    def edit(files: ProtocolFiles) -> None:
        files.targets.reverse()
        files.natures.reverse()

    assert [row for part in compare(FILES, changed(edit)) for row in part.changed] == []


def test_comparison_in_spanish() -> None:
    after = changed(lambda files: rule(files, "R09")["body"].update(level=4))

    (row,) = compare(FILES, after, "es")[0].changed

    assert [(part.part, part.before, part.after) for part in row.parts] == [
        ("Nivel", ("Nivel 3.",), ("Nivel 4.",))
    ]


def test_changed_words_are_marked() -> None:
    assert [
        (run.text, run.is_changed) for run in marked("a weapon is in hand", "a weapon is near")
    ] == [
        ("a weapon is", False),
        (" in hand", True),
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_marked_text_is_the_text(text: str, other: str) -> None:
    assert "".join(run.text for run in marked(text, other)) == text
    assert all(run.is_changed is False for run in marked(text, text))


@given(st.permutations(FILES.rules[:12]))
def test_any_order_is_explained_by_the_rows_that_moved(rows: list[dict[str, Any]]) -> None:
    after = replace(FILES, rules=[*rows, *FILES.rules[12:]])

    moved = {row.key for row in compare(FILES, after)[0].rows if row.moved}

    stayed = [row["code"] for row in rows if row["code"] not in moved]
    assert stayed == [row["code"] for row in FILES.rules[:12] if row["code"] not in moved]
