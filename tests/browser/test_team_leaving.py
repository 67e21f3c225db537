"""What a team's phone keeps is for one person: their session, their run, their presses."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.person import PHONE, Person
from tests.browser.phone import PRESSES, choose, hold, is_kept, on_a_call
from tests.browser.world import World
from tests.console import Console, until

LAST = """async () => {
  const { readDraft } = await import(new URL("/static/js/lib/drafts.js", location.href));
  return (await readDraft("team.last"))?.html ?? "";
}"""
UNSENT = """async () => {
  const { readDrafts } = await import(new URL("/static/js/lib/drafts.js", location.href));
  return (await readDrafts("outbox.")).map((press) => press.words);
}"""
PRESSED_LONG_AGO = """async ([code, run]) => {
  const { keepDraft } = await import(new URL("/static/js/lib/drafts.js", location.href));
  const press = {
    id: crypto.randomUUID(), address: `/team/${code}/runs/${run}/start/`, words: "En route", values: {},
    at: new Date(Date.now() - 13 * 3_600_000).toISOString(),
  };
  await keepDraft(`outbox.${document.body.dataset.user}.${code}:${press.id}`, press);
}"""
CARE_PLAN = """
from intake.models import Call
from intake.neighbor_actions import Agreed, add_neighbor, write_care_plan
from heart.accounts.models import User
by = User.objects.get(username="clinician").actor("console")
call = Call.objects.get(number="{}").pk
add_neighbor(call_id=call, name="Sage Brant", by=by)
agreed = Agreed(helps="ask about the garden", harms="sirens", whom_to_call="sister Ash")
write_care_plan(call_id=call, agreed=agreed, by=by)
"""


@pytest.fixture
def team(sits: Sits) -> Person:
    return sits("team", viewport=PHONE)


def last_record(page: Page) -> str:
    page.wait_for_timeout(300)
    html: str = page.evaluate(LAST)
    return html


def signs_in_elsewhere(team: Person, console: Console, username: str) -> None:
    """Somebody signs in in another tab of this browser: it has a new session and a new token."""
    team.context.clear_cookies()
    name, _, value = console.session(username).partition("=")
    team.context.add_cookies([{"name": name, "value": value, "url": console.url}])
    tab = team.context.new_page()
    tab.goto("/team/")
    tab.close()


def test_session_that_ended_shows_its_record_to_nobody(team: Person, world: World) -> None:
    with on_a_call(world) as (number, _):
        page = team.opens("/team/")
        page.route(PRESSES, lambda route: route.abort())
        page.locator("#step-start").click()
        is_kept(page)
        assert number in last_record(page)

        team.context.clear_cookies()
        page.goto("/sign-in/")

        until(lambda: last_record(page) == "", 10, "no record")
        assert page.evaluate(UNSENT) == ["En route"]  # whose it is may sign in again


def test_another_person_finds_nothing_and_the_same_one_everything(
    team: Person, world: World, console: Console
) -> None:
    with on_a_call(world):
        page = team.opens("/team/")
        # No tab gets through: the one in which somebody signs in would send the press as well.
        team.context.route(PRESSES, lambda route: route.abort())
        page.locator("#step-start").click()
        is_kept(page)

        page.goto("about:blank")
        signs_in_elsewhere(team, console, "team")
        page.goto("/team/")
        is_kept(page)

        page.goto("about:blank")
        signs_in_elsewhere(team, console, "cor1.officer")
        page.goto("/team/")
        expect(page.locator("#team-now")).to_contain_text("Free")
        assert page.evaluate(UNSENT) == []


def test_care_plan_is_read_on_the_page_and_not_kept(
    sits: Sits, world: World, console: Console
) -> None:
    number = world.call("TRESPASS")
    console.manage("shell", "--verbosity=0", "--command", CARE_PLAN.format(number))
    run = world.does(f"calls/{number}/assignments/", {"unit": "COR1"})["id"]
    try:
        page = sits("cor1.officer", viewport=PHONE).opens("/team/")
        expect(page.locator(".team-plan")).to_contain_text("ask about the garden")
        kept = last_record(page)
    finally:
        world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})

    assert number in kept
    assert "It is not kept on this phone" in kept
    for said in ("garden", "sister Ash", "Sage"):
        assert said not in kept


def test_record_ends_with_its_run_although_the_signal_goes(team: Person, world: World) -> None:
    number = world.call("TRESPASS")
    run = world.does(f"calls/{number}/assignments/", {"unit": "CRT1"})["id"]
    for step in ("start", "arrival"):
        world.does(f"runs/{run}/{step}/")
    page = team.opens("/team/")
    assert number in last_record(page)
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.reload()
    for gone in ("current", "changes"):
        page.route(f"**/team/CRT1/{gone}/**", lambda route: route.abort())

    page.locator("#step-clear").click()
    choose(page, "outcome", "resolved")
    choose(page, "felt_safe", "yes")
    page.locator("#dialog-clear [type=submit]").click()

    expect(page.locator("[data-toasts]")).to_contain_text("Clear: done")
    until(lambda: last_record(page) == "", 10, "no record")


def test_press_goes_out_after_signing_in_again_in_another_tab(
    team: Person, world: World, console: Console
) -> None:
    with on_a_call(world):
        page = team.opens("/team/")
        signs_in_elsewhere(team, console, "team")

        page.locator("#step-start").click()

        expect(page.locator("[data-toasts]")).to_contain_text("En route: done")


def test_press_is_not_sent_in_the_name_of_somebody_else(
    team: Person, world: World, console: Console
) -> None:
    page = team.opens("/team/")
    signs_in_elsewhere(team, console, "cor1.officer")

    hold(page, "#panic")

    expect(page.locator("[data-toasts]")).to_contain_text(
        "Panic was not done: somebody else is signed in here now."
    )
    expect(page.locator("[data-fallback]")).to_contain_text("was not done")
    expect(page.locator("[data-fallback]")).to_contain_text("Radio")


def test_refusal_that_is_a_page_is_said_and_the_next_press_goes_out(
    team: Person, world: World
) -> None:
    def refuse(route: Any) -> None:
        route.fulfill(status=400, content_type="text/html", body="<h1>Bad request</h1>")

    with on_a_call(world):
        page = team.opens("/team/")
        page.route("**/runs/*/acknowledgement/", refuse)

        page.locator("#step-acknowledgement").click()
        page.locator("#step-start").click()

        toasts = page.locator("[data-toasts]")
        expect(toasts).to_contain_text(
            "Acknowledge was not done: the console answered with fault 400."
        )
        expect(toasts).to_contain_text("En route: done")


def test_press_of_yesterday_is_not_sent_and_said(team: Person, world: World) -> None:
    with on_a_call(world) as (_, run):
        page = team.opens("/team/")
        page.evaluate(PRESSED_LONG_AGO, ["CRT1", run])
        page.reload()

        expect(page.locator("[data-toasts]")).to_contain_text(
            "1 press was too old to send: En route"
        )
        expect(page.locator("#duty .chip")).to_have_text("dispatched")
        until(lambda: page.evaluate(UNSENT) == [], 10, "nothing left")


def test_signing_out_with_a_press_that_is_not_sent_takes_two(team: Person, world: World) -> None:
    with on_a_call(world):
        page = team.opens("/team/")
        page.route(PRESSES, lambda route: route.abort())
        page.locator("#step-start").click()
        is_kept(page)
        leave = page.locator("form[action='/sign-out/'] button")

        leave.click()
        expect(page.locator("[data-sign-out-warning]")).to_contain_text(
            "1 press is not sent: En route"
        )
        is_kept(page)
        leave.click()

        page.wait_for_url("**/sign-in/**")
        assert page.evaluate(UNSENT) == []
