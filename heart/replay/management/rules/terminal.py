"""What the parts of the command share: exit codes and tables on a terminal or in a file."""

from typing import IO, cast

from django.core.management.base import BaseCommand
from rich.console import Console

BROKEN, BAD_INPUT = 1, 2


def console(command: BaseCommand) -> Console:
    """Where tables are printed; of a fixed width where nobody can widen the window."""
    width = None if command.stdout.isatty() else 110
    return Console(
        file=cast("IO[str]", command.stdout), width=width, markup=False, highlight=False
    )
