"""Feed a real export into the running console as live calls: invented places, invented answers."""

import secrets
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from heart.accounts.models import User
from heart.demo.arrivals import Arrival, arrivals
from heart.demo.chance import Chance
from heart.demo.city import city
from heart.demo.traffic import Limits, Traffic
from heart.history import natures, profiles
from heart.history.natures import MappingFault
from heart.history.profiles import ProfileFault
from heart.history.reader import FileFault
from intake.models import Nature


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = ()  # the addresses of the web are not needed, and slow to load

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the export, as CSV: its times and call types")
        parser.add_argument("--profile", required=True, help="the layout of the file")
        parser.add_argument(
            "--mapping",
            type=Path,
            help="CSV from local call types to natures; else by their words",
        )
        parser.add_argument(
            "--speed", type=float, default=60.0, help="60: an hour of the file per minute"
        )
        parser.add_argument("--calls", type=int, help="end after so many calls")
        parser.add_argument("--minutes", type=float, help="end after so many minutes of ours")
        parser.add_argument("--seed", type=int, help="the same seed gives the same demonstration")

    def handle(self, *, speed: float, seed: int | None, **options: Any) -> None:
        limits = Limits(options["calls"], options["minutes"])
        self._check(speed, limits)
        calls = self._read(options["file"], options["profile"], options["mapping"])
        seed = secrets.randbelow(1_000_000) if seed is None else seed
        self.stdout.write(
            f"{len(calls):,} calls of the public from {calls[0].at:%Y-%m-%d %H:%M} on, {speed:g} times"
            f" as fast, into {city()['name']}. Times and call types are the file's; places, answers"
            f" and outcomes are invented (seed {seed}). Ctrl-C ends it."
        )
        traffic = Traffic(calls, speed=speed, limits=limits, chance=Chance(seed))
        before = signal.signal(signal.SIGINT, lambda *_: traffic.interrupt())
        try:
            traffic.run(self._say)
        except KeyboardInterrupt:
            self.stdout.write("\nLeft as it is; the next run goes on with it.")
        finally:
            signal.signal(signal.SIGINT, before)
        self.stdout.write(f"\n{traffic.words()}")

    def _check(self, speed: float, limits: Limits) -> None:
        if not 0 < speed <= 100_000:
            raise CommandError("--speed must be above 0 and at most 100000")
        if any(limit is not None and limit <= 0 for limit in (limits.calls, limits.minutes)):
            raise CommandError("--calls and --minutes must be above 0")
        if not User.objects.filter(username="dispatcher2").exists():
            raise CommandError("nobody is at work: run manage.py seed_demo first")

    def _read(self, file: Path, profile: str, mapping: Path | None) -> list[Arrival]:
        known = set(Nature.objects.values_list("code", flat=True))
        try:
            meanings = natures.load(mapping, known) if mapping else {}
            found = arrivals(file, profiles.load(profile), meanings)
        except MappingFault as fault:
            raise CommandError(f"{mapping}: {fault}") from None
        except (ProfileFault, FileFault, OSError) as fault:
            raise CommandError(str(fault)) from None
        if not found:
            raise CommandError(f"{file} has no call of the public")
        return found

    def _say(self, words: str) -> None:
        """One line that renews itself in a terminal, line after line elsewhere."""
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K{words}", ending="")
            self.stdout.flush()
        else:
            self.stdout.write(words)
