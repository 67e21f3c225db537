"""A file becomes calls, batch by batch; whatever stops it, starting again goes on where it was."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.db import IntegrityError

from heart.history.actions import import_calls, known_digests
from heart.history.natures import Mapping
from heart.history.profiles import Profile
from heart.history.reader import records
from heart.history.report import Report
from heart.history.rows import Builder, Row, RowRefused
from heart.journal.actor import Actor
from intake.models import Nature

BATCH = 500
"""Rows per transaction: short, because an open one holds back every live screen."""


def load(
    path: Path,
    profile: Profile,
    mapping: Mapping,
    *,
    by: Actor,
    report: Report,
    at_line: Callable[[int], None],
    is_dry_run: bool = False,
) -> None:
    """Import every row that is not there yet; ``at_line`` hears how far it has come."""
    natures = Nature.objects.in_bulk(field_name="code")
    rows = _rows(path, profile, mapping, report)
    while batch := list(islice(rows, BATCH)):
        new = _new(batch, report)
        if new and not is_dry_run:
            try:
                import_calls(rows=new, profile=profile.name, natures=natures, by=by)
            except IntegrityError:
                # Another run of the same file was quicker with some of these rows.
                new = _new(new, report)
                import_calls(rows=new, profile=profile.name, natures=natures, by=by)
        for row in new:
            report.imported(row.line, row.number, row.changes)
        at_line(batch[-1].line)


def _rows(path: Path, profile: Profile, mapping: Mapping, report: Report) -> Iterator[Row]:
    """The rows that can become calls; the others go into the report, repeated numbers too."""
    builder = Builder(profile, mapping)
    first: dict[str, tuple[int, str]] = {}
    for record in records(path, profile):
        number = record.cells.get(profile.columns["number"], "")
        try:
            row = builder.build(record)
        except RowRefused as refused:
            report.refused(record.line, number, str(refused))
            continue
        line, digest = first.setdefault(row.number, (row.line, row.digest))
        if line == row.line:
            yield row
        elif digest == row.digest:
            report.refused(row.line, number, f"repeats line {line} word for word")
        else:
            report.refused(row.line, number, f"has the number of line {line}, but other content")


def _new(rows: list[Row], report: Report) -> list[Row]:
    known = known_digests([row.reference for row in rows])
    new = []
    for row in rows:
        if row.reference in known:
            is_same = known[row.reference] == row.digest
            report.already_there(row.line, row.number, is_same=is_same)
        else:
            new.append(row)
    return new
