"""``rules replay``: a version over history, alone or against another; nothing is stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.table import Table as Printed

from heart.replay import asking, outcomes, parquet, results, staffing
from heart.replay.management.rules.terminal import BAD_INPUT, console
from heart.replay.reading import Span, batches
from heart.replay.reports import Counts, report
from heart.replay.tables import Kind, Table
from heart.replay.tally import Tallies, added
from heart.replay.work import replayed
from intake.steps import Refused
from triage.queries import protocol_rows
from triage.replay import ColumnError, FileError, TooManyRegions, TooManyStates

ROWS = 20_000
"""Calls at once: nothing is locked meanwhile."""


def add_arguments(replay: CommandParser) -> None:
    replay.add_argument("--version", dest="number", required=True, help="the version to replay")
    replay.add_argument("--against", default="", help="tell what it changes against this version")
    replay.add_argument("--from", dest="since", default="", help="first day, like 2026-05-01")
    replay.add_argument("--to", dest="until", default="", help="last day, included")
    replay.add_argument(
        "--source",
        default="",
        help="here (calls taken here), imported, or the name of an import profile; else every call",
    )
    replay.add_argument(
        "--file", type=Path, help="replay the rows of this Parquet file, not the console's calls"
    )
    replay.add_argument("--json", action="store_true", help="for machines")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    start = perf_counter()
    try:
        wish = _wish(options)
        numbers = [n for n in (wish["against"], wish["version"]) if n is not None]
        versions = [outcomes.version(outcomes.written(protocol_rows(n))) for n in numbers]
        tallies: Tallies = {}
        calls = 0
        for more, counted in _counted(options["file"], wish["span"], versions):
            calls, tallies = calls + more, added(tallies, counted)
    except Refused as refused:
        told = "; ".join(f"--{FLAGS.get(f, f)} {text}" for f, text in refused.problems.items())
        raise CommandError(told, returncode=BAD_INPUT) from None
    except (ColumnError, FileError, TooManyRegions, TooManyStates) as fault:
        raise CommandError(str(fault), returncode=BAD_INPUT) from None
    names = tuple(f"version {number}" for number in numbers)
    tables = report(Counts(tallies, names, staffing.planned()))
    seconds = perf_counter() - start
    span = wish["span"]
    if options["json"]:
        body = {
            "version": wish["version"],
            "against": wish["against"],
            "source": str(options["file"] or span.profile or span.source),
            "from": span.since and str(span.since),
            "to": span.until and str(span.until),
            "calls": calls,
            "seconds": round(seconds, 3),
            "tables": {
                table.name: {"definition": table.note, "rows": table.body()} for table in tables
            },
        }
        command.stdout.write(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        what = str(options["file"] or results.source_words(span.source, span.profile))
        days = results.days_words(span.since, span.until)
        command.stdout.write(f"{calls:,} calls in {seconds:.1f} s: {what}, {days}")
        _print(command, tables)


def _wish(options: dict[str, Any]) -> asking.Wish:
    """What was asked for; raises Refused naming every flag that cannot be used."""
    texts = {name: options[name] for name in ("against", "source", "since", "until")}
    wish = asking.wish(version=options["number"], **texts)
    if wish["against"] == wish["version"]:
        raise Refused(against="is the same version")
    if options["file"] and wish["span"] != Span():
        raise Refused(file="has no days and no source: leave --from, --to and --source out")
    return wish


def _counted(
    file: Path | None, span: Span, versions: list[outcomes.Version]
) -> Iterator[tuple[int, Tallies]]:
    if file:
        yield from parquet.counted(file, versions)
    else:
        for calls in batches(span, ROWS):
            yield len(calls), replayed(calls, versions).tallies


FLAGS = {"since": "from", "until": "to"}
"""The flags that have another name than what they set."""


def _print(command: BaseCommand, tables: list[Table]) -> None:
    out = console(command)
    for table in tables:
        out.print(f"\n{table.title}", style="bold")
        out.print(table.note, style="dim")
        if not table.rows:
            out.print(table.empty)
            continue
        printed = Printed()
        for column in table.columns:
            label = f"{column.group}\n{column.label}" if column.group else column.label
            printed.add_column(label, justify="left" if column.kind == Kind.TEXT else "right")
        for line in table.lines:
            printed.add_row(*(cell.text for cell in line))
        out.print(printed)
