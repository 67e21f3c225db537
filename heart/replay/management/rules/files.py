"""``rules export`` and ``rules import``: a version as one file, and a file as a draft."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from heart.journal.actor import Actor
from intake.models import Nature
from triage import exchange, protocol_files
from triage.queries import protocol_rows
from triage.rule_set_actions import import_rule_set


def add_arguments(export: CommandParser, taken: CommandParser) -> None:
    export.add_argument("version", type=int)
    export.add_argument("file", type=Path)
    taken.add_argument("file", type=Path)


def export(command: BaseCommand, options: dict[str, Any]) -> None:
    text = exchange.written(protocol_rows(options["version"]))
    options["file"].write_text(text, encoding="utf-8")
    command.stdout.write(f"Version {options['version']} is in {options['file'].name}.")


def take(command: BaseCommand, options: dict[str, Any]) -> None:
    natures = Nature.objects.values(*protocol_files.COLUMNS["natures"])
    files = exchange.read(options["file"], list(natures))
    made = import_rule_set(files=files, by=Actor(None, "the administrator", "console"))
    command.stdout.write(f"Version {made.version} of the rules is a draft: {made.title}.")
