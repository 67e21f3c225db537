"""Two versions over the same calls: what flips for sure, what may flip, and by which rule."""

from collections.abc import Callable
from typing import Any

import pytest

from heart.replay.models import Flip, Replay
from tests.builders import Given
from tests.replay_jobs.history import imported, lines, table, version_with

pytestmark = pytest.mark.django_db
Replayed = Callable[..., Replay]


def send_co_response(body: dict[str, Any]) -> None:
    """R20, who sends the team, sends co-response at level 3 instead."""
    body.update(routes=[{"route": "COR"}], level=3)


@pytest.fixture
def compared(given: Given, replayed: Replayed) -> Replay:
    """Two calls that flip for sure, one that stays, one that may flip, one that cannot."""
    given.call()  # R20: CRT -> COR
    given.call("PANHANDLE")  # the same
    given.call("OVERDOSE", {"medical": "serious"})  # R02, untouched
    imported("TRESPASS")  # anything may have been answered, under both versions
    imported("TRESPASS", is_officer_initiated=True)  # no community call
    draft = version_with(send_co_response, "R20", by=given.people.sam.actor("admin"))
    return replayed(version=draft.version, against=1)


def test_flips_are_of_calls_whose_route_is_certain_by_both(compared: Replay) -> None:
    changes = lines(compared, "changes")

    assert changes["the same"] == (1, 0.25)
    assert changes["flips"] == (2, 0.5)
    assert changes["may flip"] == (1, 0.25)
    assert table(compared, "flips").rows == [("CRT", "COR", 2)]


def test_level_changes_have_a_direction(compared: Replay) -> None:
    assert table(compared, "levels").rows == [(2, 3, "up", 2)]


def test_flips_by_nature_name_those_that_move(compared: Replay) -> None:
    natures = lines(compared, "flips-by-nature")

    assert natures["TRESPASS"][:2] == (2, 1)
    assert natures["PANHANDLE"] == (1, 1, 0)
    assert "OVERDOSE" not in natures


def test_each_flipped_call_names_the_rule_in_each_version(compared: Replay) -> None:
    found = Flip.objects.order_by("call_id").values_list(
        "route", "other_route", "rules", "other_rules", "levels", "other_levels", "nature"
    )

    assert list(found) == [
        ("CRT", "COR", ["R20"], ["R20"], [2], [3], "TRESPASS"),
        ("CRT", "COR", ["R20"], ["R20"], [2], [3], "PANHANDLE"),
    ]


def test_a_level_that_changes_alone_is_a_flip_too(given: Given, replayed: Replayed) -> None:
    given.call()
    draft = version_with(lambda body: body.update(level=1), "R20", by=given.people.sam.actor("x"))

    row = replayed(version=draft.version, against=1)

    assert lines(row, "changes")["flips"][0] == 0
    assert Flip.objects.get().other_levels == [1]


def test_new_routes_for_a_call_of_which_nothing_is_known_are_said(
    given: Given, replayed: Replayed
) -> None:
    imported("ASSAULT")
    draft = version_with(
        lambda body: body.update(routes=[{"route": "COR"}]),
        "R05",
        by=given.people.sam.actor("admin"),
    )

    row = replayed(version=draft.version, against=1)

    assert lines(row, "changes")["may flip, and the routes possible are others"] == (1, 1.0)
    assert lines(row, "flips-by-nature")["ASSAULT"] == (1, 0, 1)
    shares = [line[2:4] + line[5:6] + line[7:8] for line in table(row, "shares").rows]
    assert shares[0] == (1, 0, 0, 1), "by version 1 no HEART response is possible"
    assert shares[2] == (1, 0, 1, 0), "by the draft one is"


def test_a_version_changes_nothing_against_its_own_copy(given: Given, replayed: Replayed) -> None:
    given.call()
    imported("TRESPASS")
    copy = version_with(lambda _: None, "R20", by=given.people.sam.actor("admin"))

    row = replayed(version=copy.version, against=1)

    assert table(row, "flips").rows == table(row, "levels").rows == []
    assert not row.flips.exists()
    assert lines(row, "changes")["may flip, and the routes possible are others"][0] == 0


def test_a_draft_that_is_edited_later_leaves_the_result_as_it_was(
    given: Given, replayed: Replayed
) -> None:
    from triage import rule_set_actions

    given.call()
    sam = given.people.sam.actor("admin")
    draft = version_with(send_co_response, "R20", by=sam)
    row = replayed(version=draft.version)
    before = table(row, "routes").rows

    def without_r20(files: Any) -> Any:
        for rule in files.rules:
            if rule["code"] == "R20":
                rule["body"].update(level=4)
        return files

    draft.refresh_from_db()
    rule_set_actions.save_draft(
        rule_set_id=draft.pk, revision=draft.revision, edit=without_r20, what="R20", by=sam
    )

    kept = next(rule for rule in row.tables[0]["rules"] if rule["code"] == "R20")
    assert kept["body"]["level"] == 3
    assert table(row, "routes").rows == before
