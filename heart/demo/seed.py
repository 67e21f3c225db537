"""Fill an empty console: protocol, city, people and teams, and on the very first run a few calls."""

from dataclasses import dataclass

from django.db import connection, transaction

from heart.demo.calls import first_calls
from heart.demo.reference import enter_city
from heart.journal.actor import Actor
from intake.models import Call
from triage.protocol_files import DEFAULTS, read
from triage.rule_set_actions import activate_protocol

DEMO = Actor(None, "the demo", "demo")
LOCK = 7_230_001
"""Advisory lock: two seeds at once would both take the console for empty."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a seed did."""

    calls: int

    @property
    def words(self) -> str:
        return f"{self.calls} first calls" if self.calls else "already there"


def seed(password: str) -> Seeded:
    """Enter what is missing; running it again changes nothing."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        seed_reference(password)
        return Seeded(0 if Call.objects.exists() else first_calls())


def seed_reference(password: str) -> None:
    """Protocol, city, people and teams, without any call."""
    activate_protocol(files=read(DEFAULTS), by=DEMO)
    enter_city(password)
