"""The map beside the lists: live without tiles, by hand and by keyboard, doubtful positions marked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Sits
from tests.browser.look import look
from tests.browser.world import NO_DANGER, World
from tests.console import Console

MARKET = (31.045, -70.03)
REPORT = """
INSERT INTO dispatch_unitposition (unit_id, latitude, longitude, accuracy_m, fixed_at, received_at)
SELECT id, 31.02, -70.03, 120, clock_timestamp() - %(age)s * interval '1 second', clock_timestamp()
FROM dispatch_unit WHERE code = 'CRT1'
ON CONFLICT (unit_id) DO UPDATE SET fixed_at = excluded.fixed_at, received_at = excluded.received_at
RETURNING unit_id
"""


@pytest.fixture
def board(sits: Sits) -> Page:
    page = sits("dispatcher").opens("/board/map/")
    page.locator("[data-map]").scroll_into_view_if_needed()
    expect(page.locator(".pin-unit")).to_have_count(6)
    return page


@pytest.fixture(autouse=True)
def no_positions_left(console: Console) -> Iterator[None]:
    yield
    console.sql("DELETE FROM dispatch_unitposition RETURNING unit_id")


def call_at_the_market(world: World) -> str:
    number: str = world.does(
        "calls/",
        {
            "location_text": "3 Cornmarket Walk",
            "latitude": MARKET[0],
            "longitude": MARKET[1],
            "nature": "INTOX",
            "answers": NO_DANGER,
        },
    )["number"]
    return number


def pin(page: Page, number: str) -> Locator:
    return page.locator(f".pin-call[href='/calls/{number}/']")


def row(page: Page, number: str) -> Locator:
    return page.locator(f"[data-map-list] a[href='/calls/{number}/']", has_text=number)


def test_the_agency_s_beats_are_the_ground_and_a_new_call_appears_on_it(
    board: Page, world: World
) -> None:
    expect(board.locator(".map-mark-name")).to_have_count(6)

    number = call_at_the_market(world)

    expect(pin(board, number)).to_be_visible()
    expect(pin(board, number).locator(".level")).to_have_text("2")
    expect(row(board, number)).to_contain_text("3 Cornmarket Walk")
    world.does(
        f"calls/{number}/close/", {"consent": "no", "not_served_reason": "caller_refused_heart"}
    )
    expect(pin(board, number)).to_have_count(0)
    expect(row(board, number)).to_have_count(0)


def test_a_position_is_shown_with_its_age_and_an_old_one_is_greyed(
    board: Page, console: Console
) -> None:
    team = board.locator(".pin-unit", has_text="CRT1")
    expect(team).to_have_attribute("data-age", "home")

    console.sql(REPORT, {"age": 20})
    expect(team).to_have_attribute("data-age", "live")
    console.sql(REPORT, {"age": 370})

    expect(team).to_have_attribute("data-age", "stale")
    expect(team).to_contain_text("6 min old")
    assert team.evaluate("pin => getComputedStyle(pin).borderStyle") == "dashed"
    expect(board.locator("[data-map-list]")).to_contain_text("CRT1, position 6 min old")
    expect(board.locator(".map-accuracy")).to_have_count(1)  # 120 m is an area, no point


def test_the_list_is_walked_by_keyboard_and_marks_the_map(board: Page, world: World) -> None:
    number = call_at_the_market(world)
    expect(row(board, number)).to_be_visible()
    row(board, number).focus()
    expect(pin(board, number)).to_have_class("row pin pin-call is-pointed")

    board.keyboard.press("ArrowDown")
    expect(pin(board, number)).not_to_have_class("row pin pin-call is-pointed")
    board.keyboard.press("ArrowUp")
    expect(row(board, number)).to_be_focused()
    other = call_at_the_market(world)
    expect(pin(board, other)).to_be_visible()
    expect(row(board, number)).to_be_focused()  # what is new takes no focus

    board.keyboard.press("Enter")
    expect(board.locator("[data-part=head]")).to_contain_text(number)


def test_plus_minus_and_arrows_move_the_map(board: Page) -> None:
    ground = board.locator("[data-map-ground]")
    middle = board.locator(".map-mark-name", has_text="C1")
    before = middle.bounding_box()
    ground.focus()

    board.keyboard.press("ArrowRight")
    board.wait_for_function(
        "before => document.querySelector('.map-mark-name').getBoundingClientRect().x !== before",
        arg=board.locator(".map-mark-name").first.bounding_box()["x"] + 80,  # type: ignore[index]
    )
    moved = middle.bounding_box()
    board.get_by_role("button", name="Closer").click()
    expect(board.locator("[data-map-said]")).to_contain_text("calls here")
    board.get_by_role("button", name="Whole area").click()

    assert before is not None
    assert moved is not None
    assert round(before["x"] - moved["x"]) == 80


def test_where_one_looked_is_kept_roughly_and_until_sign_out(board: Page) -> None:
    kept = "localStorage.getItem('heart.map.view')"
    board.locator("[data-map-ground]").focus()
    board.keyboard.press("ArrowRight")
    board.wait_for_function(f"{kept} !== null")
    latitude, longitude, _ = board.evaluate(kept).split()
    assert max(len(degrees.partition(".")[2]) for degrees in (latitude, longitude)) <= 3

    board.locator("form[action='/sign-out/'] button").click()
    board.wait_for_url("**/sign-in/**")

    assert board.evaluate(kept) is None


def test_a_click_on_a_pin_opens_what_the_row_opens_and_a_drag_opens_nothing(
    board: Page, world: World
) -> None:
    number = call_at_the_market(world)
    spot = pin(board, number)
    spot.hover()
    board.mouse.down()
    board.mouse.move(300, 300, steps=5)
    board.mouse.up()
    expect(board.locator("[data-part=head]")).to_have_count(0)

    board.get_by_role("button", name="Whole area").click()
    spot.click()

    expect(board.locator("[data-part=head]")).to_contain_text(number)


def test_the_map_has_nothing_for_axe_to_say(board: Page, world: World, console: Console) -> None:
    call_at_the_market(world)
    console.sql(REPORT, {"age": 370})
    expect(board.locator(".pin-unit[data-age=stale]")).to_have_count(1)
    board.locator(".map-layers summary").click()

    assert look(board, "map", only="[data-map]") == []
