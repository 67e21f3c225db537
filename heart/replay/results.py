"""A stored replay as its report, and the calls that its versions part."""

from datetime import date
from typing import Any

from heart.replay.models import Flip, Replay
from heart.replay.reading import local
from heart.replay.reports import Counts, report
from heart.replay.tables import Column, Kind, Table, Value
from heart.replay.tally import loaded


def counts(row: Replay) -> Counts:
    """What was counted until now."""
    return Counts(loaded(row.tallies), version_names(row), row.staffing)


def version_names(row: Replay) -> tuple[str, ...]:
    """The versions by their numbers, as headings."""
    return tuple(f"version {table['rule_set']['version']}" for table in row.tables)


def tables(row: Replay) -> list[Table]:
    """The report of a replay."""
    return report(counts(row)) if row.done else []


def source_words(source: str, profile: str) -> str:
    """Which calls, in words."""
    return f"calls imported as {profile}" if profile else str(Replay.Source(source).label)


def days_words(since: date | None, until: date | None) -> str:
    """Which days, in words."""
    if since and until:
        return f"{since} to {until}" if since != until else str(since)
    if since:
        return f"from {since}"
    return f"to {until}" if until else "all days"


def flips(row: Replay, found: list[Flip]) -> Table:
    """The calls of a page of the list, or all of them for a file."""
    before, after = version_names(row)
    rows: list[tuple[Value, ...]] = [
        (
            flip.call.number,
            f"{local(flip.call.received_at):%Y-%m-%d %H:%M}",
            flip.nature or "not known",
            flip.call.beat.code if flip.call.beat else "",
            flip.route,
            _listed(flip.levels),
            _listed(flip.rules),
            flip.other_route,
            _listed(flip.other_levels),
            _listed(flip.other_rules),
        )
        for flip in found
    ]
    return Table(
        "flipped-calls",
        "Flipped calls",
        "Community calls whose route is certain by both versions and not the same, or whose level is."
        " By rule: the one that decides, or those that may; a later rule can have raised the level.",
        (
            Column("call", "call", Kind.TEXT),
            Column("received", "received", Kind.TEXT),
            Column("nature", "nature", Kind.TEXT),
            Column("beat", "beat", Kind.TEXT),
            Column("route", "route", Kind.TEXT, before),
            Column("level", "level", Kind.TEXT, before),
            Column("rule", "by rule", Kind.TEXT, before),
            Column("other_route", "route", Kind.TEXT, after),
            Column("other_level", "level", Kind.TEXT, after),
            Column("other_rule", "by rule", Kind.TEXT, after),
        ),
        rows,
        "No call gets another route or level for sure.",
    )


def _listed(values: list[Any]) -> str:
    return ", ".join(map(str, values))
