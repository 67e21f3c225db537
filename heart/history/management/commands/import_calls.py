"""Load a city's historical calls for service; running it again changes nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from heart.history import natures, profiles
from heart.history.load import load
from heart.history.profiles import Profile, ProfileFault
from heart.history.reader import FileFault, count_lines, header
from heart.history.report import Outcome, Report
from heart.journal.actor import Actor
from intake.models import Nature
from intake.queries import UNKNOWN_NATURE

IMPORTER = Actor(None, "import of history", "import")
PLAIN_STEP = 10_000
Say = Callable[[str], object]
AtLine = Callable[[int], None]


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the export, as CSV")
        parser.add_argument(
            "--profile",
            required=True,
            help=f"the layout: {', '.join(profiles.shipped())}, or a JSON file of your own",
        )
        parser.add_argument(
            "--mapping",
            type=Path,
            help="CSV from local call types to natures; see docs/importing.md",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check every row, store nothing"
        )
        parser.add_argument("--refused", type=Path, help="write the refused rows to this CSV file")
        parser.add_argument(
            "--report", type=Path, help="write the outcome of every row to this file"
        )

    def handle(
        self,
        *,
        file: Path,
        profile: str,
        mapping: Path | None,
        dry_run: bool,
        refused: Path | None,
        report: Path | None,
        **options: Any,
    ) -> None:
        known = set(Nature.objects.values_list("code", flat=True))
        if UNKNOWN_NATURE not in known:
            raise CommandError("no natures are loaded yet: run manage.py load_protocol first")
        try:
            layout = profiles.load(profile)
            columns = header(file, layout)
            meanings = natures.load(mapping, known) if mapping else {}
            began = time.monotonic()
            with (
                self._progress(count_lines(file)) as (say, at_line),
                Report(say, refused=refused, every=report) as outcome,
            ):
                load(
                    file,
                    layout,
                    meanings,
                    by=IMPORTER,
                    report=outcome,
                    at_line=at_line,
                    is_dry_run=dry_run,
                )
        except natures.MappingFault as fault:
            raise CommandError(f"{mapping}: {fault}") from None
        except (ProfileFault, FileFault, OSError) as fault:
            raise CommandError(str(fault)) from None
        self._summarise(outcome, time.monotonic() - began, is_dry_run=dry_run)
        self._say_what_was_left(layout, columns, has_mapping=mapping is not None)

    @contextmanager
    def _progress(self, lines: int) -> Iterator[tuple[Say, AtLine]]:
        """A bar in a terminal, with what is said above it; elsewhere a plain line now and then."""
        if not self.stdout.isatty():
            yield self.stdout.write, self._plain(lines)
            return
        console = Console(markup=False, highlight=False)
        parts = (
            TextColumn("reading"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} lines"),
            TimeRemainingColumn(),
        )
        with Progress(*parts, console=console) as bar:
            task = bar.add_task("", total=lines)
            yield console.print, lambda line: bar.update(task, completed=line)
            bar.update(task, completed=lines)

    def _plain(self, lines: int) -> AtLine:
        told = 0

        def at_line(line: int) -> None:
            nonlocal told
            if line // PLAIN_STEP > told:
                told = line // PLAIN_STEP
                self.stdout.write(f"{line:,} of {lines:,} lines")

        return at_line

    def _summarise(self, report: Report, seconds: float, *, is_dry_run: bool) -> None:
        tally = report.tally
        counts = tally.outcomes
        verb = "would be imported" if is_dry_run else "imported"
        self.stdout.write(
            f"{tally.read:,} rows read = {counts[Outcome.IMPORTED]:,} {verb}"
            f" + {counts[Outcome.ALREADY]:,} already there + {counts[Outcome.REFUSED]:,} refused"
        )
        self.stdout.write(
            f"{seconds:.1f} s, {tally.read / max(seconds, 0.001):,.0f} rows per second"
        )
        if tally.changed_rows:
            self.stdout.write(f"{tally.changed_rows:,} rows {verb} with a change or a remark:")
            for change, count in tally.changes.most_common():
                self.stdout.write(f"  {count:,}  {change}")
        if tally.differing:
            self.stdout.write(
                f"{tally.differing:,} rows differ from what was imported before; the calls were kept"
            )

    def _say_what_was_left(
        self, profile: Profile, columns: list[str], *, has_mapping: bool
    ) -> None:
        if ignored := [name for name in columns if name not in profile.named_columns()]:
            self.stdout.write(f"columns that the profile does not name: {', '.join(ignored)}")
        if not profile.closed:
            self.stdout.write("this layout has no end of a call: each is closed when received")
        if not has_mapping:
            self.stdout.write(
                "no mapping was given: every nature is OTHER, the local code is kept"
            )
