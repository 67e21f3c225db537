"""Open calls as a busy room has them: taken, triaged and handed off by the real actions.

python -m tests.bench.open_calls COUNT
"""

import random
import sys
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from dispatch.actions import hand_off
from heart.accounts.models import User
from heart.journal.actor import Actor
from intake.models import Call
from intake.states import CallStatus
from triage.actions import choose_route, receive_call

KINDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("TRESPASS", {}),
    ("TRESPASS", {"medical": "minor"}),
    ("EMOTDIST", {"caller": "self", "si": "thoughts", "contact": "willing"}),
    ("SUITHREAT", {"weapon": "accessible", "si": "intent"}),
    ("OVERDOSE", {"medical": "serious"}),
    ("TRESPASS", {"caller": "self"}),
)
STREETS = ("Thimble Street", "Russet Avenue", "Mill Lane", "Harbor Road", "Juniper Court")


def make(count: int) -> None:
    """Bring the number of open calls to ``count``; the 988 line has every sixth of them."""
    by = User.objects.get(username="dispatcher").actor("console")
    chance = random.Random(7)
    for number in range(Call.objects.exclude(status=CallStatus.CLOSED).count(), count):
        receive_one(number, by, chance)


def receive_one(number: int, by: Actor, chance: random.Random) -> None:
    """One more call, of the kind whose turn it is."""
    nature, answers = KINDS[number % len(KINDS)]
    call = receive_call(
        fields=_fields(nature, chance),
        answers={**SAFE, **answers},
        by=by,
        source=Call.Source.API,
    ).call
    if number % len(KINDS) == 5:
        choose_route(call_id=call.pk, route="988", reason="the caller asks for it", by=by)
        hand_off(call_id=call.pk, agency="988", by=by)


SAFE = {
    "caller": "with_person",
    "medical": "none",
    "harm_now": "no",
    "weapon": "none",
    "violence": "none",
    "crime": "none",
    "hazard": "none",
    "si": "none",
}


def _fields(nature: str, chance: random.Random) -> Any:
    return {
        "caller_phone": f"555-{chance.randrange(10_000):04d}",
        "location_text": f"{chance.randrange(1, 400)} {chance.choice(STREETS)}",
        "latitude": 38.8 + chance.random() / 10,
        "longitude": -77.1 + chance.random() / 10,
        "nature": nature,
        "narrative": "the caller waits at the corner",
    }


if __name__ == "__main__":
    make(int(sys.argv[1]))
