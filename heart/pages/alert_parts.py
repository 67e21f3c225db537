"""The strip of alerts on every page of those who dispatch; live, one owner per alert."""

from collections.abc import Sequence

from django.template.loader import get_template

from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, register
from heart.pages.presses import item
from heart.pages.queries.alerts import strip

PANEL = "alerts"


def _stale(entries: Sequence[Entry], _: int) -> list[str]:
    """Whether an entry moved a watch, or somebody took one."""
    is_touched = any(
        entry.verb == "watch.acknowledged"
        or any(subject.startswith("watch:") for subject, *_move in entry.payload["effects"])
        for entry in entries
    )
    return [PANEL] if is_touched else []


def _render(ids: Sequence[str], _: int) -> list[Item]:
    html = get_template("alerts/_list.html").render({"alerts": strip()})
    return [item(each, html) for each in ids]


def enter() -> None:
    register(Kind.ALERTS, PANEL, stale=_stale, render=_render)
