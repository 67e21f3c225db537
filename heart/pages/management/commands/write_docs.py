"""Write the documents that the code describes itself: states, journal, permissions, OpenAPI."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from heart.pages.generated import documents


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in documents().items():
            (Path(settings.BASE_DIR) / "docs" / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{name}")
