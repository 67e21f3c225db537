"""Parts enter once, render in bulk, and what they no longer find leaves the screen."""

from collections.abc import Iterator, Sequence

import pytest

from heart.journal.models import Entry
from heart.live import registry
from heart.live.audiences import BOARD, Audience, Kind
from heart.live.registry import Item, number_of


@pytest.fixture
def asked() -> Iterator[list[list[str]]]:
    """A part of the board that knows the even ones; what it was asked for."""
    asked: list[list[str]] = []

    def render(ids: Sequence[str], _: int) -> list[Item]:
        asked.append(list(ids))
        even = [item_id for item_id in ids if number_of(item_id) % 2 == 0]
        return [Item(id=item_id, html=f"<b>{item_id}</b>", data={}) for item_id in even]

    def stale(entries: Sequence[Entry], _: int) -> list[str]:
        return [f"even-part-{entry.call_id}" for entry in entries]

    registry.register("board", "even-part", stale=stale, render=render)
    yield asked
    del registry.PARTS[Kind.BOARD]["even-part"]


def test_stale_items_come_once_each_in_order(asked: list[list[str]]) -> None:
    entries = [Entry(call_id=number, verb="probe", payload={}) for number in (4, 3, 4, 2, 3)]

    found = [item for item in registry.stale_ids(BOARD, entries) if item.startswith("even-")]

    assert found == ["even-part-4", "even-part-3", "even-part-2"]


def test_render_asks_a_part_once_and_removes_what_it_does_not_find(
    asked: list[list[str]],
) -> None:
    items = registry.render(BOARD, ["even-part-4", "even-part-3", "even-part-2", "even-part-4"])

    assert asked == [["even-part-4", "even-part-3", "even-part-2"]]
    assert items == [
        {"id": "even-part-4", "html": "<b>even-part-4</b>", "data": {}},
        {"id": "even-part-3", "html": "", "data": {}},
        {"id": "even-part-2", "html": "<b>even-part-2</b>", "data": {}},
    ]


def test_register_twice_is_refused(asked: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="board already has a part for 'even-part'"):
        registry.register("board", "even-part", stale=lambda *_: [], render=lambda *_: [])


def test_register_unknown_audience_is_refused() -> None:
    with pytest.raises(ValueError, match="'bored' is not a valid Kind"):
        registry.register("bored", "call", stale=lambda *_: [], render=lambda *_: [])


def test_audiences_read_as_they_are_called() -> None:
    assert [str(BOARD), str(Audience(Kind.CALL, 12))] == ["board", "call.12"]
