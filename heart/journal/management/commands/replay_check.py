"""Fold the whole journal through the move tables and compare it with the status columns."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heart.journal.replay import differences


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(differences())
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} differences between journal and tables")
        self.stdout.write("journal and tables agree")
