"""Every screen in every state: nothing for axe to say, nothing blocked, nothing from elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.look import look
from tests.browser.world import World
from tests.console import Console

CLOSE_ALL = """
WITH open AS (SELECT id, status FROM intake_call WHERE status <> 'closed')
UPDATE intake_call c SET status = 'closed', closed_at = clock_timestamp()
FROM open WHERE open.id = c.id RETURNING c.id, open.status
"""


def test_signed_out(sits: Sits) -> None:
    nobody = sits()
    page = nobody.opens("/sign-in/")
    found = look(page, "sign-in")
    page.fill("#id_username", "calltaker")
    page.fill("#id_password", "not the password")
    page.keyboard.press("Enter")
    nobody.sees("[role=alert]")

    assert found + look(page, "sign-in-refused") == []


def test_locked_out(sits: Sits) -> None:
    page = sits().opens("/sign-in/")
    for _ in range(6):
        page.fill("#id_username", "nobody.known")
        page.fill("#id_password", "not the password")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    expect(page.locator("#id_password")).to_have_count(0)
    assert look(page, "locked-out") == []


def test_board(sits: Sits, console: Console, world: World) -> None:
    with world.in_every_hand() as number:
        page = sits("dispatcher").opens("/board/")
        found = look(page, "board")
        page.locator(f"a.board-row[href='/calls/{number}/']").click()
        page.wait_for_selector("#board-call [data-part=timeline]")
        found += look(page, "board-with-call")
    with nothing_open(console):
        page.reload()
        expect(page.locator("[data-feed-empty=waiting]")).to_be_visible()
        found += look(page, "board-empty")

    assert found == []


def test_cheat_sheet(sits: Sits) -> None:
    page = sits("supervisor").opens("/board/")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")

    assert look(page, "cheat-sheet", only="dialog[open]") == []


def test_intake(sits: Sits, world: World) -> None:
    page = sits("calltaker").opens("/calls/new/")
    found = look(page, "intake-new")
    page.goto(f"/calls/{world.wants_to_talk()}/intake/")
    found += look(page, "intake")

    assert found == []


def test_call(sits: Sits, world: World) -> None:
    with world.in_every_hand() as number:
        page = sits("dispatcher").opens(f"/calls/{number}/")
        found = look(page, "call")
        for dialog in dialogs(page):
            page.evaluate("id => document.getElementById(id).showModal()", dialog)
            found += look(page, f"call-{dialog}", only=f"#{dialog}")
            page.keyboard.press("Escape")

    assert found == []


def test_desk(sits: Sits, world: World) -> None:
    world.wants_to_talk()
    number = world.wants_to_talk()
    page = sits("clinician2").opens("/desk/")
    found = look(page, "desk")
    page.locator("[data-feed-list=queue] li", has_text=number).get_by_role("button").click()
    expect(page.locator("#mine")).to_contain_text(number)
    found += look(page, "desk-with-call")
    page.locator("[data-key-help]").click()
    page.wait_for_selector("dialog[open]")
    found += look(page, "desk-help", only="dialog[open]")
    page.keyboard.press("Escape")
    page.locator("[data-ending='1']").click()
    page.wait_for_selector(".mine-close")
    found += look(page, "desk-closing")

    assert found == []


def test_team(sits: Sits, world: World) -> None:
    page = sits("cor1.officer").opens("/team/")
    found = look(page, "team-free")
    with world.in_every_hand() as number:
        expect(page.locator("#team-now")).to_contain_text(number)
        found += look(page, "team-on-call")
        page.evaluate("document.getElementById('dialog-clear').showModal()")
        found += look(page, "team-clear", only="#dialog-clear")

    assert found == []


def test_worklist(sits: Sits, console: Console, world: World) -> None:
    number = world.call("OVERDOSE", medical="serious")
    world.does(f"calls/{number}/close/", {"consent": "yes", "by_call": True})
    page = sits("navigator").opens("/worklist/")
    row = page.locator("[data-feed-list=unreached] li", has_text=number)
    expect(row).to_be_visible()
    console.sql(
        "UPDATE followup_followup SET attempt_due_at = clock_timestamp() WHERE call_id ="
        " (SELECT id FROM intake_call WHERE number = %s)",
        [number],
    )
    expect(page.locator("[data-feed-list=notices] li", has_text=number)).to_be_visible()
    found = look(page, "worklist")
    row.locator("a").click()
    page.wait_for_selector("#opened-title")
    found += look(page, "worklist-with-followup")

    assert found == []


def test_rules(sits: Sits) -> None:
    page = sits("cor1.officer").opens("/rules/")
    found = look(page, "rules")
    page.goto("/rules/?language=es")

    assert found + look(page, "rules-in-spanish") == []


def test_supervisor(sits: Sits) -> None:
    page = sits("supervisor").opens("/supervise/")

    assert look(page, "supervise") == []


THEME_BREAKS = {
    # two scrolling regions with one name: the side bar and the list
    "list": ["landmark-unique"],
    "journal": ["landmark-unique"],
    # Django's two-list picker in the theme's colours
    "unit": ["landmark-unique", "aria-prohibited-attr", "color-contrast"],
}
"""What axe says about the third-party theme of the panel, screen by screen; nothing else is accepted."""


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("index", "/admin/"),
        ("list", "/admin/intake/nature/"),
        ("form", "/admin/intake/nature/1/change/"),
        ("unit", "/admin/dispatch/unit/1/change/"),
        ("journal", "/admin/journal/entry/"),
    ],
)
def test_admin(sits: Sits, name: str, path: str) -> None:
    page = sits("supervisor").page
    answer = page.goto(path)

    assert answer is not None
    assert (answer.status, urlsplit(page.url).path) == (200, path)
    assert look(page, f"admin-{name}", but=THEME_BREAKS.get(name, [])) == []


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [("not-yours", "/worklist/", 403), ("not-there", "/calls/99-999999/", 404)],
)
def test_refusal(sits: Sits, name: str, path: str, status: int) -> None:
    page = sits("calltaker").page
    answer = page.goto(path)

    assert answer is not None
    assert answer.status == status
    assert look(page, f"error-{name}") == []


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "errors/500.html"])
def test_fault(sits: Sits, console: Console, template: str) -> None:
    """Pages that no healthy console shows: as they are rendered, in the place of another."""
    render = "from django.template.loader import render_to_string as r; print(r({!r}))"
    body = console.manage("shell", "--verbosity=0", "--command", render.format(template))
    page = sits("calltaker").page
    page.route("**/board/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/board/")

    assert look(page, f"error-{template.rsplit('/', maxsplit=1)[-1].removesuffix('.html')}") == []


def test_database_away(sits: Sits, console: Console) -> None:
    page = sits("calltaker").page
    with console.stopped("postgresql"):
        answer = page.goto("/board/")
        found = look(page, "error-503")

    assert answer is not None
    assert (answer.status, found) == (503, [])
    page.wait_for_selector("main.board", timeout=60_000)  # by itself


def dialogs(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        "[...document.querySelectorAll('dialog[id^=dialog-]')].map(dialog => dialog.id)"
    )
    return names


@contextmanager
def nothing_open(console: Console) -> Iterator[None]:
    """No call on the board, behind the journal's back, for as long as this lasts."""
    were = console.sql(CLOSE_ALL)
    try:
        yield
    finally:
        for call_id, status in were:
            console.sql(
                "UPDATE intake_call SET status = %s, closed_at = NULL WHERE id = %s",
                (status, call_id),
            )
