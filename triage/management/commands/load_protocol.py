"""Load a protocol from a folder of JSON files and put its version of the rules into force."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from heart.journal.actor import Actor
from triage.models import RuleSet
from triage.protocol_files import DEFAULTS, ProtocolFault, read
from triage.rule_set_actions import activate_protocol


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=DEFAULTS,
            help="without it: the default protocol",
        )

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            files = read(folder)
        except ProtocolFault as fault:
            raise CommandError(str(fault)) from None
        version = files.rule_set["version"]
        was_there = RuleSet.objects.filter(version=version).exists()
        rule_set = activate_protocol(files=files, by=Actor(None, "the administrator", "console"))
        done = "was there already" if was_there else "is active"
        synthetic = " (synthetic)" if rule_set.is_synthetic else ""
        self.stdout.write(f"Rules version {version}{synthetic} {done}: {rule_set.status}.")
