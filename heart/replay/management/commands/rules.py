"""Prove a version of the rules, replay it over past calls, export it, or import one as a draft."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from heart.replay.management.rules import files, prove, recompute, replay
from heart.replay.management.rules.terminal import BAD_INPUT
from triage import rules
from triage.models import RuleSet
from triage.protocol_files import ProtocolFault

RUN: dict[str, Callable[[BaseCommand, dict[str, Any]], None]] = {
    "prove": prove.run,
    "recompute": recompute.run,
    "replay": replay.run,
    "export": files.export,
    "import": files.take,
}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        prove.add_arguments(commands.add_parser("prove", help="over every combination of answers"))
        recompute.add_arguments(
            commands.add_parser("recompute", help="make every stored decision again")
        )
        replay.add_arguments(
            commands.add_parser("replay", help="over past calls, alone or against another version")
        )
        files.add_arguments(
            commands.add_parser("export", help="write a version into a file"),
            commands.add_parser("import", help="make a draft of a file"),
        )

    def handle(self, *, command: str, **options: Any) -> None:
        try:
            RUN[command](self, options)
        except RuleSet.DoesNotExist:
            raise CommandError("there is no such version", returncode=BAD_INPUT) from None
        except (ProtocolFault, rules.InvariantError, rules.TooManyRegions) as fault:
            raise CommandError(str(fault), returncode=BAD_INPUT) from None
        except OSError as error:
            raise CommandError(
                f"{error.filename}: {error.strerror}", returncode=BAD_INPUT
            ) from None
