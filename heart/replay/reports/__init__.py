"""The report of a replay: tables with their definitions, drawn where it helps."""

from heart.replay.reports import changes, load, shares
from heart.replay.reports.counts import Counts
from heart.replay.tables import Table

__all__ = ["Counts", "report"]


def report(counts: Counts) -> list[Table]:
    """All tables, in the order of the page; those that cannot say anything are left out."""
    return [
        shares.three(counts),
        shares.replaced(counts),
        *changes.tables(counts),
        *shares.tiers(counts),
        *shares.by_code(counts),
        shares.routes(counts),
        shares.natures(counts),
        shares.hours(counts),
        *shares.beats(counts),
        *load.tables(counts),
    ]
