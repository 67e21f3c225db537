"""Cards as people fill them in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from heart.paper.card import Card, read_card
from tests.builders import NO_DANGER

ZONE = ZoneInfo(settings.HEART_TIME_ZONE)
MORNING = datetime(2026, 10, 14, 11, 0, tzinfo=ZONE)
"""When the console is back and somebody sits down to enter the cards."""

ANSWERED = {f"answer-{key}": value for key, value in NO_DANGER.items() if key != "caller"}

SERVED = {
    "paper_number": "P1-0001",
    "received": "0912",
    "state": "over",
    "caller_phone": "555-0142",
    "location_text": "12 Thimble Street",
    "caller_relation": "with_person",
    "nature": "TRESPASS",
    "narrative": "A man will not leave the porch.",
    **ANSWERED,
    "unit": "CRT1",
    "dispatched": "0915",
    "arrived": "0931",
    "cleared": "1004",
    "outcome": "resolved",
    "felt_safe": "yes",
    "consent": "yes",
    "by_call": "1",
    "notes": "His sister came for him.",
}
"""A call that CRT1 has served, with consent to a follow-up."""

GOING_ON = {
    **{name: SERVED[name] for name in SERVED if name not in {"cleared", "outcome", "felt_safe"}},
    "paper_number": "P1-0002",
    "state": "going_on",
}
"""The same, with CRT1 still on scene."""


def yesterday() -> str:
    """A day on which every time of a card is over, at whatever hour the tests run."""
    return f"{timezone.localdate() - timedelta(days=1)}"


def card(typed: dict[str, str], **other: str) -> Card:
    return read_card({**typed, **other}, now=timezone.now(), zone=ZONE)
