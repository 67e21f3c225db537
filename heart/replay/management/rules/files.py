"""``rules export`` and ``rules import``: a version as a file, and a file as a draft.

A file whose name ends in ``.csv`` holds the table only, to be edited in a spreadsheet.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from heart.journal.actor import Actor
from intake.models import Nature
from triage import protocol_files
from triage.exchange import csv_file, json_file
from triage.models import RuleSet
from triage.protocol_files import ProtocolFiles
from triage.queries import active_rule_set_id, protocol_rows, rows_of
from triage.rule_set_actions import import_rule_set


def add_arguments(export: CommandParser, taken: CommandParser) -> None:
    export.add_argument("version", type=int)
    export.add_argument("file", type=Path)
    taken.add_argument("file", type=Path)
    taken.add_argument(
        "--base", type=int, help="version that a table from a .csv is put into; the active one"
    )


def export(command: BaseCommand, options: dict[str, Any]) -> None:
    files, file = protocol_rows(options["version"]), options["file"]
    file.write_bytes(
        csv_file.encoded(files) if _is_table(file) else json_file.written(files).encode()
    )
    command.stdout.write(f"Version {options['version']} is in {options['file'].name}.")


def take(command: BaseCommand, options: dict[str, Any]) -> None:
    natures = list(Nature.objects.values(*protocol_files.COLUMNS["natures"]))
    if _is_table(options["file"]):
        files = csv_file.read(options["file"], replace(_base(options), natures=natures))
    else:
        files = json_file.read(options["file"], natures)
    made = import_rule_set(files=files, by=Actor(None, "the administrator", "console"))
    command.stdout.write(f"Version {made.version} of the rules is a draft: {made.title}.")


def _base(options: dict[str, Any]) -> ProtocolFiles:
    if options["base"] is None:
        return rows_of(RuleSet.objects.get(pk=active_rule_set_id()))
    return protocol_rows(options["base"])


def _is_table(file: Path) -> bool:
    return file.suffix.lower() == ".csv"
