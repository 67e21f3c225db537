"""Make beats from the areas of a GeoJSON file; running it again changes nothing but their outlines."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from heart.journal.actor import Actor
from heart.maps.beats import make_beats
from heart.maps.faults import MapFault
from heart.maps.models import Layer
from heart.maps.reading import read_layer

IMPORTER = Actor(None, "import of beats", "import")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON, longitude first, WGS 84")
        parser.add_argument(
            "--code", default="", help="the property with the code; areas of one code are united"
        )

    def handle(self, *, file: Path, code: str, **options: Any) -> None:
        try:
            content = file.read_bytes()
            collection, remarks = read_layer(content, kind=Layer.Kind.BEATS, named_by=code)
            made = make_beats(collection=collection, by=IMPORTER)
        except (MapFault, OSError) as fault:
            raise CommandError(str(fault)) from None
        for remark in remarks:
            self.stdout.write(remark)
        self.stdout.write(str(made))
