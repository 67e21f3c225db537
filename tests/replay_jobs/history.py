"""Small histories made by hand, versions with one row changed, and replays run to their end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from heart.history.actions import import_calls
from heart.history.rows import Row
from heart.journal.actor import Actor
from heart.replay import asking, results
from heart.replay.actions import request_replay, run_replays
from heart.replay.models import Replay
from heart.replay.tables import Table, Value
from intake.models import Call, Nature
from tests.builders import CLOCK
from triage import rule_set_actions
from triage.models import RuleSet
from triage.protocol_files import ProtocolFiles

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
"""A Monday, 12:00 in the agency's zone."""
_numbers = count(1)


def imported(
    nature: str = "TRESPASS", *, at: datetime = NOON, profile: str = "town", **local: Any
) -> Call:
    """A call from history of which only the nature is known, and what ``local`` says."""
    number = f"{next(_numbers)}"
    row = Row(
        line=2,
        number=number,
        reference=f"{profile}:{number}",
        digest=number.zfill(32),
        received_at=at,
        nature=nature,
        local={"apco_code": nature, "local_hour": 12, **local},
    )
    natures = {known.code: known for known in Nature.objects.all()}
    import_calls(rows=[row], profile=profile, natures=natures, by=CLOCK)
    return Call.objects.get(external_ref=row.reference)


def version_with(edit: Callable[[dict[str, Any]], object], rule: str, *, by: Actor) -> RuleSet:
    """A draft like the version in force, with the body of one rule changed."""
    active = RuleSet.objects.get(status="active")
    draft = rule_set_actions.begin_draft(based_on=active.pk, by=by)

    def changed(files: ProtocolFiles) -> ProtocolFiles:
        for row in files.rules:
            if row["code"] == rule:
                edit(row["body"])
        return replace(files, rules=files.rules)

    return rule_set_actions.save_draft(
        rule_set_id=draft.pk, revision=draft.revision, edit=changed, what=rule, by=by
    )


def run_to_the_end(*, by: Actor, batch: int = 2_000, **wish: Any) -> Replay:
    """Ask as the form does, and sweep until it is over."""
    active = RuleSet.objects.get(status="active").version
    texts = {"version": active, "against": "", "source": "", "since": "", "until": "", **wish}
    asked = asking.wish(**{name: str(text) for name, text in texts.items()})
    row = request_replay(**asked, by=by)
    while run_replays(limit=9, by=CLOCK, batch=batch):
        pass
    row.refresh_from_db()
    return row


def table(row: Replay, name: str) -> Table:
    """A table of the report."""
    return next(table for table in results.tables(row) if table.name == name)


def lines(replay: Replay, name: str) -> dict[Value, tuple[Value, ...]]:
    """The rows of a table by their first cell."""
    return {row[0]: row[1:] for row in table(replay, name).rows}
