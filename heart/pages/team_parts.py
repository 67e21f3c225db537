"""What a team's phone hears live: that something changed. The record itself is fetched, so that every
reading of it is written down."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import get_template

from dispatch.models import Run
from dispatch.states import OPEN_RUN
from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, register, register_door
from heart.pages.fragments import QUIET, calls_of, units_of
from heart.pages.presses import item
from heart.pages.queries.team import team_view, units_for


def _stale_duty(entries: Sequence[Entry], unit_id: int) -> list[str]:
    loud = [entry for entry in entries if entry.verb not in QUIET]
    if unit_id in units_of(loud):
        return ["duty"]
    calls = calls_of(loud)
    if not calls:
        return []
    mine = Run.objects.filter(unit_id=unit_id, status__in=OPEN_RUN, call_id__in=calls)
    return ["duty"] if mine.exists() else []


def _render_duty(_: Sequence[str], unit_id: int) -> list[Item]:
    view = team_view(unit_id)
    if view is None:
        return []
    html = get_template("team/_duty.html").render({"view": view})
    return [item("duty", html, status=view.status)]


def _door(user: Any, code: str) -> int | None:
    return units_for(user).filter(code=code).values_list("pk", flat=True).first()


def enter() -> None:
    register(Kind.UNIT, "duty", stale=_stale_duty, render=_render_duty)
    register_door(Kind.UNIT, _door)
