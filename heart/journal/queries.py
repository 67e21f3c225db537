"""Reading the journal in the order in which it was committed, missing nothing.

An id is taken at insert and seen at commit, so "everything after id N" skips rows. Entries are read
only when every older transaction has ended (the watermark) and in the order of the pair (xid, id).
"""

from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from heart.journal.models import Entry, Epoch

WATERMARK = "xid < pg_snapshot_xmin(pg_current_snapshot())"


class CursorGone(Exception):
    """The cursor belongs to another epoch or cannot be read: take a new snapshot."""


class Cursor(NamedTuple):
    """A place in the journal: everything at or before it has been seen."""

    epoch: int
    xid: int
    id: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.xid}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read ``epoch-xid-id``; raises CursorGone when it is none."""
        parts = text.split("-")
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 20 for p in parts):
            raise CursorGone(f"{text[:40]!r} is not a cursor like 1-7531-42")
        return cls(*map(int, parts))


def head() -> Cursor:
    """The newest settled place; take it before reading the rows of a snapshot."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT (SELECT number FROM journal_epoch), e.xid::text, e.id FROM (SELECT 1) AS one"
            " LEFT JOIN (SELECT xid, id FROM journal_entry"
            " WHERE xid < pg_snapshot_xmin(pg_current_snapshot())"
            " ORDER BY xid DESC, id DESC LIMIT 1) AS e ON true"
        )
        epoch, xid, entry_id = sql.fetchone()
    return Cursor(epoch, int(xid or 0), entry_id or 0)


def after(cursor: Cursor, *, limit: int = 2000) -> list[Entry]:
    """The next entries after ``cursor``, in commit order."""
    if cursor.epoch != Epoch.objects.values_list("number", flat=True).get():
        raise CursorGone("the database was restored since: take a new snapshot")
    return list(
        Entry.objects.extra(  # noqa: S610 - constant SQL, values are parameters
            where=[f"{WATERMARK} AND (xid, id) > (%s::xid8, %s)"],
            params=[str(cursor.xid), cursor.id],
        ).order_by("xid", "id")[:limit]
    )


def place_of(entry: Entry, epoch: int) -> Cursor:
    """The cursor that stands at ``entry``."""
    return Cursor(epoch, entry.xid, entry.id)


def timeline(call_id: int) -> QuerySet[Entry]:
    """What happened to a call, oldest first."""
    return Entry.objects.filter(call_id=call_id).order_by("id")


def watermark_age_seconds() -> float:
    """How long the oldest open writing transaction has held the screens back; 0 when none does."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)"
            " FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return float(sql.fetchone()[0])
