"""The recent events of the room as a live list: an entry of the journal makes its own line."""

from collections.abc import Sequence

from django.template.loader import get_template

from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, number_of, register
from heart.pages.queries.board_events import RECENT, board_events, is_told


def _stale_events(entries: Sequence[Entry], _: int) -> list[str]:
    """A burst shows its end; the list would drop the beginning at once."""
    return [f"event-{entry.pk}" for entry in entries if is_told(entry)][-RECENT:]


def _render_events(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("board/_event.html")
    return [
        Item(id=f"event-{event.pk}", html=template.render({"event": event}).strip(), data={})
        for event in board_events(map(number_of, ids))
    ]


def enter() -> None:
    """Enter this part into the registry; called once when the apps are ready."""
    register(Kind.BOARD, "event", stale=_stale_events, render=_render_events)
