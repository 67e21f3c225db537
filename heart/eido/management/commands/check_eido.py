"""Check an EIDO file against schema, registries and itself; print a JSON pointer for every fault."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from heart.api.parsers import StrictJSONParser
from heart.api.problems import Problem
from heart.eido.checks import faults
from heart.eido.codes import REGISTRY_FILES, NotConfigured, registries
from heart.eido.reading import read


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as stream:
                document = StrictJSONParser().parse(stream)
            found = faults(document)
            unchecked = REGISTRY_FILES.keys() - registries(settings.HEART_EIDO_REGISTRIES).keys()
        except Problem as problem:
            raise CommandError(_lines(str(problem.detail), problem.errors)) from None
        except (OSError, NotConfigured) as error:
            raise CommandError(str(error)) from None
        if found:
            raise CommandError(_lines(f"{len(found)} faults", found))
        for warning in read(document).warnings:
            self.stdout.write(f"warning: {warning}")
        for field in sorted(unchecked):
            self.stdout.write(f"not checked, its registry is not loaded: {field}")
        self.stdout.write("The document can be taken.")


def _lines(head: str, errors: list[dict[str, str]]) -> str:
    rows = [f"{error['pointer'] or '(document)'}: {error['detail']}" for error in errors]
    return "\n".join([head, *rows])
