"""What each audience shows: stages and pages enter their parts here, live knows none of them.

A part owns the items of one noun: ``call-12``, ``unit-3``, or a whole panel such as ``timeline``.
It says which items some journal entries make stale, and renders items from their ids alone, never
from a request, so that the page and the push are the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from heart.journal.models import Entry
from heart.live.audiences import Audience, Kind

if TYPE_CHECKING:
    from heart.accounts.models import User


class Item(TypedDict):
    """One element of a screen; empty ``html`` means that it leaves the screen."""

    id: str
    html: str
    data: dict[str, Any]


Stale = Callable[[Sequence[Entry], int], Iterable[str]]
"""The item ids that these entries change, given the audience's key (0 when it has none)."""
Render = Callable[[Sequence[str], int], Iterable[Item]]
"""The items that are to be seen now; an id left out is removed from the screen. One call, a constant
number of queries."""
Find = Callable[["User", str], int | None]
"""The key behind the address of a call or unit, or None when it is not there for this person."""


@dataclass(frozen=True, slots=True)
class Part:
    stale: Stale
    render: Render


PARTS: dict[Kind, dict[str, Part]] = {kind: {} for kind in Kind}
DOORS: dict[Kind, Find] = {}


def register(kind: str, noun: str, *, stale: Stale, render: Render) -> None:
    """Enter the part that owns the items ``noun`` or ``noun-<number>`` of an audience kind."""
    parts = PARTS[Kind(kind)]
    if noun in parts:
        raise ValueError(f"{kind} already has a part for {noun!r}")
    parts[noun] = Part(stale, render)


def register_door(kind: str, find: Find) -> None:
    """Enter how the name in a socket's address becomes the audience's key."""
    DOORS[Kind(kind)] = find


def number_of(item_id: str) -> int:
    """``call-12`` -> 12."""
    return int(item_id.rpartition("-")[2])


def stale_ids(audience: Audience, entries: Sequence[Entry]) -> list[str]:
    """The items of an audience that these entries change, each once."""
    parts = PARTS[audience.kind].values()
    return list(dict.fromkeys(i for part in parts for i in part.stale(entries, audience.key)))


def render(audience: Audience, ids: Iterable[str]) -> list[Item]:
    """The items of an audience as they are now, in the order of ``ids``."""
    wanted = dict.fromkeys(ids)
    by_noun: dict[str, list[str]] = {}
    for item_id in wanted:
        by_noun.setdefault(_noun(item_id), []).append(item_id)
    shown: dict[str, Item] = {}
    for noun, mine in by_noun.items():
        part = PARTS[audience.kind][noun]
        shown |= {item["id"]: item for item in part.render(mine, audience.key)}
    return [shown.get(item_id) or Item(id=item_id, html="", data={}) for item_id in wanted]


def _noun(item_id: str) -> str:
    head, _, tail = item_id.rpartition("-")
    return head if head and tail.isdigit() else item_id
