"""Fill the console with a synthetic city, its people and teams; running it again changes nothing."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heart.demo.city import city
from heart.demo.seed import seed


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = ()  # the addresses of the web are not needed, and slow to load

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("HEART_DEMO_PASSWORD", "")
        if len(password) < 8:
            raise CommandError(
                "set HEART_DEMO_PASSWORD, the demo sign-in, to 8 characters or more"
            )
        done = seed(password)
        self.stdout.write(f"{city()['name']}: {done.words}. {city()['hours_note']}")
