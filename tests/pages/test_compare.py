"""Two versions side by side in the panel: whoever administers sees in words what differs."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.screen import Screen
from tests.people import People
from triage import rule_set_actions
from triage.models import RuleSet
from triage.protocol_files import ProtocolFiles

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
COMPARE = "/admin/triage/ruleset/versions/{}/compare/"


@pytest.fixture
def draft(people: People) -> Callable[..., RuleSet]:
    """A draft of the version in force, changed."""

    def made(edit: Callable[[ProtocolFiles], ProtocolFiles]) -> RuleSet:
        by = people.sam.actor("admin")
        active = RuleSet.objects.get(status="active")
        begun = rule_set_actions.begin_draft(based_on=active.pk, title=active.title, by=by)
        return rule_set_actions.save_draft(
            rule_set_id=begun.pk, revision=begun.revision, edit=edit, what="all", by=by
        )

    return made


def reworded(text: str) -> Callable[[ProtocolFiles], ProtocolFiles]:
    def edit(files: ProtocolFiles) -> ProtocolFiles:
        next(row for row in files.rules if row["code"] == "R09")["reason_en"] = text
        return files

    return edit


def test_version_is_shown_beside_the_one_it_came_from(people: People, at: At, draft: Any) -> None:
    version = draft(reworded("A weapon is near: a clinician goes."))

    page = at(people.sam).get(COMPARE.format(version.version)).content.decode()

    assert "Left: version 1, active. Right: version 2, draft." in page
    assert "<del> within reach</del>" in page
    assert "<ins> near</ins>" in page
    assert page.count("<article") == 2, "the rule, and the question about today's beats"


def test_typed_text_is_shown_as_text(people: People, at: At, draft: Any) -> None:
    version = draft(reworded('<script>alert(1)</script> "x" & {{ y }}'))

    page = at(people.sam).get(COMPARE.format(version.version)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;" in page


def test_equal_versions_say_so(people: People, at: At) -> None:
    by = people.sam.actor("admin")
    files = rule_set_actions.rows_of(RuleSet.objects.get(version=1))
    made = rule_set_actions.import_rule_set(files=files, by=by)

    page = at(people.kai).get(f"{COMPARE.format(made.version)}?with=1").content.decode()

    assert "No difference." in page


def test_only_version_has_nothing_to_be_compared_with(people: People, at: At) -> None:
    page = at(people.sam).get(COMPARE.format(1)).content.decode()

    assert "There is no other version yet to compare with." in page


@pytest.mark.parametrize("wanted", ["77", "x", "", "1", "9" * 30])
def test_version_that_is_not_there_falls_back(
    people: People, at: At, draft: Any, wanted: str
) -> None:
    version = draft(reworded("Other words."))

    answer = at(people.sam).get(f"{COMPARE.format(version.version)}?with={wanted}")

    assert answer.status_code == 200
    assert "Left: version 1" in answer.content.decode()


def test_who_does_not_administer_is_kept_out(people: People, at: At) -> None:
    assert at(people.rosa).get(COMPARE.format(1)).status_code in (302, 403)
    assert at(people.sam).get(COMPARE.format(99)).status_code == 404
