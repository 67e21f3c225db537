"""The strip of alerts on every page of those who dispatch; live, one owner per alert."""

from collections.abc import Sequence

from django.template.loader import get_template

from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, number_of, register
from heart.pages.presses import item
from heart.pages.queries.alerts import alerts


def _stale(entries: Sequence[Entry], _: int) -> list[str]:
    """A watch that an entry moved, or that somebody took."""
    moved = [
        subject.partition(":")[2]
        for entry in entries
        for subject, _move, _status in entry.payload["effects"]
        if subject.startswith("watch:")
    ]
    taken = [e.payload["watch_id"] for e in entries if e.verb == "watch.acknowledged"]
    return [f"watch-{pk}" for pk in [*moved, *taken]]


def _render(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("alerts/_alert.html")
    return [
        item(
            f"watch-{alert.watch.pk}",
            template.render({"alert": alert, "watch": alert.watch}),
            level=alert.level,
        )
        for alert in alerts(map(number_of, ids))
    ]


def enter() -> None:
    register(Kind.ALERTS, "watch", stale=_stale, render=_render)
