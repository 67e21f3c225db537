"""What the board and a call show live: which entries make what stale, rendered from ids alone."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.template.loader import get_template

from heart.journal.models import Entry
from heart.live.audiences import Kind
from heart.live.registry import Item, number_of, register, register_door
from heart.pages.queries.board import board_calls
from heart.pages.queries.board_teams import board_units
from heart.pages.queries.call import CallView, call_view
from heart.pages.queries.map import call_point, unit_point
from heart.roles import Permission, allowed
from intake.models import Call

PARTS = (
    *("head", "decision", "clinician", "teams", "handoffs", "notes", "closing", "timeline"),
    *("place", "alike", "about"),
)
"""The parts of a call that change by themselves; ``call-part-2`` is the second of them."""

QUIET = frozenset({"record.read", "notice.seen", "followup.taken", "call.imported"})
"""Verbs that change nothing on the board."""
UNTOLD = "record.read"
"""The verb that the history of a call does not show."""


def part_id(name: str) -> str:
    """The id of a part of the call page."""
    return f"call-part-{PARTS.index(name) + 1}"


def call_parts(view: CallView) -> dict[str, str]:
    """Each part of a call as HTML by its name; the page and the push both come from here."""
    return {name: _part(name, view) for name in PARTS}


def items_of(view: CallView) -> list[Item]:
    """The parts of a call in the shape of the live feed."""
    return [_item(part_id(name), html, {"part": name}) for name, html in call_parts(view).items()]


def _part(name: str, view: CallView) -> str:
    context = {"view": view, "call": view.call, "id": part_id(name), "part": name}
    return get_template(f"calls/_{name}.html").render(context)


def _loud(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (entry for entry in entries if entry.verb not in QUIET)


def calls_of(entries: Iterable[Entry]) -> set[int]:
    """The calls that these entries are about; of a merge both."""
    numbers = [(entry.call_id, entry.payload.get("merged_id")) for entry in entries]
    return {call_id for pair in numbers for call_id in pair if call_id is not None}


def units_of(entries: Iterable[Entry]) -> set[int]:
    """The teams that these entries are about."""
    told = [entry.payload for entry in entries]
    return {
        unit_id
        for payload in told
        for unit_id in (
            payload.get("unit_id"),
            payload.get("old_unit_id"),
            *payload.get("unit_ids", ()),
        )
        if unit_id is not None
    }


def _stale_calls(entries: Sequence[Entry], _: int) -> list[str]:
    return [f"call-{call_id}" for call_id in sorted(calls_of(_loud(entries)))]


def _render_calls(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("board/_call.html")
    return [
        _item(
            f"call-{row.call.pk}",
            template.render({"row": row}),
            {"list": row.place, "order": row.order, **call_point(row)},
        )
        for row in board_calls(map(number_of, ids))
    ]


def _stale_units(entries: Sequence[Entry], _: int) -> list[str]:
    return [f"unit-{unit_id}" for unit_id in sorted(units_of(entries))]


def _render_units(ids: Sequence[str], _: int) -> list[Item]:
    template = get_template("board/_unit.html")
    return [
        _item(f"unit-{row.unit.pk}", template.render({"row": row}), unit_point(row))
        for row in board_units(map(number_of, ids))
    ]


def _stale_parts(entries: Sequence[Entry], call_id: int) -> list[str]:
    """What happens to the call touches the whole page; of others its teams, its place, its twins."""
    told = [entry for entry in entries if entry.verb != UNTOLD]
    if call_id in calls_of(told):
        return [part_id(name) for name in PARTS]
    stale = ["teams"] if units_of(told) else []
    stale += [name for name, touches in OF_OTHERS.items() if any(map(touches, told))]
    return [part_id(name) for name in stale]


OF_OTHERS: dict[str, Callable[[Entry], bool]] = {
    "place": lambda entry: entry.verb.startswith("premise_note."),
    "alike": lambda entry: entry.call_id is not None and entry.verb not in QUIET,
    "about": lambda entry: entry.verb.startswith("care_plan."),
}
"""Parts of a call that what happens to other calls can change."""


def _render_parts(ids: Sequence[str], call_id: int) -> list[Item]:
    view = call_view(call_id)
    if view is None:
        return []
    names = [PARTS[number_of(item_id) - 1] for item_id in ids]
    return [_item(part_id(name), _part(name, view), {"part": name}) for name in names]


def _item(item_id: str, html: str, data: dict[str, Any]) -> Item:
    return Item(id=item_id, html=html.strip(), data=data)


def _call_door(user: Any, number: str) -> int | None:
    if not allowed(user, Permission.VIEW_CALL):
        return None
    return Call.objects.filter(number=number).values_list("pk", flat=True).first()


def enter() -> None:
    """Enter these parts into the registry; called once when the apps are ready."""
    register(Kind.BOARD, "call", stale=_stale_calls, render=_render_calls)
    register(Kind.BOARD, "unit", stale=_stale_units, render=_render_units)
    register(Kind.CALL, "call-part", stale=_stale_parts, render=_render_parts)
    register_door(Kind.CALL, _call_door)
