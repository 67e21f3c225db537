"""Opened records are written down: once when they come on a screen, not again at each update."""

from datetime import timedelta

from django.utils import timezone

from heart.accounts.actions import log_read
from heart.accounts.models import User
from heart.journal.models import Entry

OPEN_FOR = timedelta(minutes=15)


def log_opening(user: User, call_id: int, what: str, screen: str) -> None:
    """Write down that a record was opened; while it stays open its updates are no new reading."""
    if not _is_open(user, call_id, payload__what=what, payload__screen=screen):
        log_read(by=user.actor("console"), call_id=call_id, what=what, screen=screen)


def log_answer(user: User, call_id: int, screen: str) -> None:
    """Write down that an answer showed a call, unless this person has it open on some screen."""
    if not _is_open(user, call_id, payload__what="call"):
        log_read(by=user.actor("console"), call_id=call_id, what="call", screen=screen)


def _is_open(user: User, call_id: int, **which: str) -> bool:
    return Entry.objects.filter(
        verb="record.read",
        call_id=call_id,
        actor_id=user.pk,
        recorded_at__gt=timezone.now() - OPEN_FOR,
        **which,
    ).exists()
