"""The journal as the screens see it: entries in commit order, turned into items of an audience.

Polling over HTTP, a returning socket and the live push all pass through here.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Literal, NotRequired, TypedDict

from django.db import Error as DatabaseError
from django.utils import timezone

from heart.journal import queries
from heart.journal.models import Entry
from heart.journal.queries import Cursor, CursorGone
from heart.live import registry
from heart.live.audiences import Audience
from heart.live.registry import Item

LIMIT = 2000
log = logging.getLogger(__name__)


class Message(TypedDict):
    """A link of the chain an audience receives: it covers everything after ``previous``.

    ``changes`` carries items, ``beat`` none, ``reset`` says that only a new snapshot helps.
    """

    type: Literal["changes", "beat", "reset"]
    cursor: NotRequired[str]
    previous: NotRequired[str]
    items: NotRequired[list[Item]]
    now: str
    lag: NotRequired[float]


def link(previous: Cursor, cursor: Cursor, items: list[Item] | None = None) -> Message:
    """A message that brings a screen from ``previous`` to ``cursor``; a beat when it has no items."""
    message = Message(type="beat", cursor=str(cursor), previous=str(previous), now=now())
    if items is not None:
        message |= {"type": "changes", "items": items}
    return message


def reset() -> Message:
    """Tell a screen to take a new snapshot."""
    return {"type": "reset", "now": now()}


def now() -> str:
    """The server's clock, which the screens follow."""
    return timezone.now().isoformat(timespec="milliseconds")


def changes(audience: Audience, after: str) -> Message:
    """What an audience missed since the cursor ``after``; a reset when that place is unknown, has
    not happened yet or is too long ago."""
    try:
        previous = Cursor.parse(after)
        entries = queries.after(previous, limit=LIMIT)
    except CursorGone:
        return reset()
    if len(entries) == LIMIT or (not entries and previous > queries.head()):
        return reset()
    cursor = queries.place_of(entries[-1], previous.epoch) if entries else previous
    ids = registry.stale_ids(audience, entries)
    return link(previous, cursor, registry.render(audience, ids))


def read(
    head: Cursor, audiences: Iterable[Audience]
) -> tuple[list[Entry], dict[Audience, list[Item] | None]]:
    """The next entries after ``head`` and what they change for each audience."""
    entries = queries.after(head, limit=LIMIT)
    return entries, items_for(audiences, entries) if entries else {}


def items_for(
    audiences: Iterable[Audience], entries: Sequence[Entry]
) -> dict[Audience, list[Item] | None]:
    """What these entries change for each audience; None where a part failed, so that one faulty
    fragment resets its own screen and does not stop the others."""
    shown: dict[Audience, list[Item] | None] = {}
    for audience in audiences:
        try:
            shown[audience] = registry.render(audience, registry.stale_ids(audience, entries))
        except DatabaseError:
            raise
        except Exception:
            log.exception("a part of %s failed", audience)
            shown[audience] = None
    return shown
