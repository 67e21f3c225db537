"""Between cities: a version goes out as JSON or CSV and comes in as a draft, or nothing is saved."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from heart.journal.models import Entry
from tests.people import People
from triage import rule_set_actions
from triage.models import FallbackStep, Question, Rule, RuleSet, Target
from triage.queries import protocol_rows
from triage.states import RuleSetStatus

pytestmark = pytest.mark.django_db
STORED = (RuleSet, Rule, Question, Target, FallbackStep, Entry)


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("rules", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.CSV"
    run("export", 1, file)
    return file


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_table_goes_out_and_comes_in_as_a_draft_of_the_version_in_force(table: Path) -> None:
    change(table, "weapon is accessible,COR", "weapon in accessible|in_hand,COR")

    told = run("import", table)

    assert "Version 2 of the rules is a draft" in told
    draft, active = protocol_rows(2), protocol_rows(1)
    assert [row["code"] for row in draft.rules if row not in active.rules] == ["R09"]
    assert (draft.questions, draft.targets, draft.fallback) == (
        active.questions,
        active.targets,
        active.fallback,
    )
    assert RuleSet.objects.get(version=2).status == RuleSetStatus.DRAFT


def test_table_comes_in_beside_the_version_that_is_named(table: Path, people: People) -> None:
    by = people.sam.actor("admin")
    first = RuleSet.objects.get(version=1)
    other = rule_set_actions.begin_draft(based_on=first.pk, title="Ours", by=by)

    run("import", table, "--base", other.version)

    assert protocol_rows(3).rule_set["title"] == "Ours"
    assert protocol_rows(3).rules == protocol_rows(1).rules


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("weapon is accessible,COR", "wepon is accessible,COR", "line 11, when: character 1"),
        ("R23,no", "R22,no", "line 28, code: stands in the table twice"),
        ("R23,no", "R23,yes", "line 28, hard: a hard disqualifier cannot stand below"),
        ("R99,no,", "R99,no,line is lost", "the last rule must have no condition"),
        ("citation,basis", "citation", "line 1: lacks the column basis"),
        ("Somebody is slightly hurt", "x" * 1_000_000, "more than 100,000 characters"),
    ],
)
def test_table_with_a_fault_is_refused_and_nothing_is_saved(
    table: Path, old: str, new: str, message: str
) -> None:
    change(table, old, new)
    before = [model.objects.count() for model in STORED]

    with pytest.raises(CommandError, match=message) as failed:
        run("import", table)

    assert failed.value.returncode == 2
    assert str(failed.value).startswith("table.CSV")
    assert len(str(failed.value)) < 400
    assert [model.objects.count() for model in STORED] == before


def test_base_that_is_not_there_is_refused(table: Path) -> None:
    with pytest.raises(CommandError, match="there is no such version"):
        run("import", table, "--base", 77)


def test_json_with_the_mark_of_an_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    run("export", 1, file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert "is a draft" in run("import", file)
