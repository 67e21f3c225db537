"""Positions in the room: where a person sits, and how the panels stand there."""

from collections.abc import Callable
from typing import Any

import pytest

from heart.desks.layout import PRESETS, LayoutFault, checked, preset
from heart.desks.models import Position
from tests.pages.screen import Screen
from tests.people import People

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
DENSE: dict[str, Any] = {
    "density": "dense",
    "columns": [
        {"width": 12, "panels": ["active", "waiting"]},
        {"width": 5, "panels": ["call"]},
    ],
}


def test_layout_is_kept_for_the_position_and_not_for_the_person(people: People, at: At) -> None:
    dev, omar = at(people.dev), at(people.omar)
    dev.post("/positions/", {"code": "P1"})
    omar.post("/positions/", {"code": "P2"})

    kept = dev.keep("/positions/layout/", **DENSE)
    same_place = at(people.rosa)
    same_place.post("/positions/", {"code": "P1"})

    assert kept.json() == DENSE
    assert 'data-density="dense"' in same_place.get("/board/").content.decode()
    assert 'data-density="compact"' in omar.get("/board/").content.decode()


def test_layout_without_a_position_lasts_as_long_as_the_session(people: People, at: At) -> None:
    dev = at(people.dev)
    dev.post("/positions/", {"code": ""})

    dev.keep("/positions/layout/", **DENSE)

    assert 'data-density="dense"' in dev.get("/board/").content.decode()
    assert 'data-density="compact"' in at(people.dev).get("/board/").content.decode()


def test_panels_stand_as_kept_and_hidden_ones_are_there_but_hidden(people: People, at: At) -> None:
    dev = at(people.dev)
    dev.keep("/positions/layout/", **DENSE)

    page = dev.get("/board/").content.decode()

    columns, hidden = page.split('<div class="board-hidden" hidden>')
    places = [columns.index(f'data-panel="{name}"') for name in ("active", "waiting", "call")]
    assert places == sorted(places)
    assert all(f'data-panel="{name}"' in hidden for name in ("teams", "map", "timeline"))


def test_named_layout_puts_everything_back(people: People, at: At) -> None:
    dev = at(people.dev)
    dev.post("/positions/", {"code": "P1"})
    dev.keep("/positions/layout/", **DENSE)

    answer = dev.keep("/positions/layout/", preset="normal")

    assert answer.json() == preset("normal")
    assert Position.objects.get(code="P1").layout == preset("normal")


@pytest.mark.parametrize("name", PRESETS)
def test_named_layouts_are_layouts(name: str) -> None:
    assert checked(preset(name)) == preset(name)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (None, "columns"),
        ([], "columns"),
        ({"density": "dense", "columns": []}, "columns"),
        ({"density": "dense", "columns": [{"width": 5, "panels": ["call"]}] * 5}, "columns"),
        ({"density": "dense", "columns": [{"width": 5, "panels": ["call"]}] * 2}, "columns"),
        ({"density": ["dense"], "columns": DENSE["columns"]}, "density"),
        ({"density": "dense", "columns": ["call"]}, "columns.0.width"),
        (
            {"density": "dense", "columns": [{"width": True, "panels": ["call"]}]},
            "columns.0.width",
        ),
        ({"density": "dense", "columns": [{"width": 21, "panels": ["call"]}]}, "columns.0.width"),
        ({"density": "dense", "columns": [{"width": 5, "panels": []}]}, "columns.0.panels"),
        ({"density": "dense", "columns": [{"width": 5, "panels": [{}]}]}, "columns.0.panels"),
        ({"density": "dense", "columns": [{"width": 5, "panels": ["x"]}]}, "columns.0.panels"),
    ],
)
def test_what_is_no_layout_is_refused_at_its_place(given: Any, field: str) -> None:
    with pytest.raises(LayoutFault) as refused:
        checked(given)

    assert refused.value.field == field


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, '{"preset": "x"}', '{"preset": null}'])
def test_what_cannot_be_read_is_refused_and_changes_nothing(
    body: str, people: People, at: At
) -> None:
    dev = at(people.dev)
    dev.post("/positions/", {"code": "P1"})

    answer = dev.post("/positions/layout/", body, content_type="application/json")

    assert answer.status_code == 422
    assert list(answer.json()) == ["problems"]
    assert Position.objects.get(code="P1").layout == preset("normal")


def test_kept_layout_that_no_longer_fits_gives_way_to_the_normal_one(
    people: People, at: At
) -> None:
    Position.objects.filter(code="P1").update(layout={"columns": "of an older console"})
    dev = at(people.dev)
    dev.post("/positions/", {"code": "P1"})

    page = dev.get("/board/")

    assert page.status_code == 200
    assert 'data-density="compact"' in page.content.decode()


@pytest.mark.parametrize("code", ["P9", "p1\x00", "P1 "])
def test_position_that_is_not_there_is_not_found(code: str, people: People, at: At) -> None:
    assert at(people.dev).post("/positions/", {"code": code}).status_code == 404


def test_position_that_is_switched_off_is_not_offered_and_keeps_nothing(
    people: People, at: At
) -> None:
    dev = at(people.dev)
    dev.post("/positions/", {"code": "P1"})
    Position.objects.filter(code="P1").update(is_active=False)

    dev.keep("/positions/layout/", **DENSE)

    assert "<b>P1</b>" not in dev.get("/positions/").content.decode()
    assert Position.objects.get(code="P1").layout == preset("normal")


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "\x00"])
def test_choosing_a_position_leads_nowhere_else(address: str, people: People, at: At) -> None:
    answer = at(people.dev).post("/positions/", {"code": "P1", "next": address})

    assert answer.headers["Location"] == "/board/"
