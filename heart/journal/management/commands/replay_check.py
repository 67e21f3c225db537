"""Fold the whole journal through the move tables and compare it with the status columns."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from heart.journal.replay import differences


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with (
                connection.cursor() as sql
            ):  # one moment for journal and tables, while others work
                sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found = list(differences())
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} differences between journal and tables")
        self.stdout.write("journal and tables agree")
