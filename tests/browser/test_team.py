"""A team's phone where the signal comes and goes: kept, sent, and never doubled."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Sits
from tests.browser.person import PHONE
from tests.browser.world import World
from tests.console import Console

PRESSES = "**/team/CRT1/runs/**"


def test_press_without_signal_is_kept_and_arrives_once(
    sits: Sits, world: World, console: Console
) -> None:
    team = sits("team", viewport=PHONE)
    page = team.opens("/team/")
    expect(page.locator("#team-now")).to_contain_text("Free")
    with on_a_call(world) as (number, run):
        expect(page.locator("#team-now")).to_contain_text(number)
        expect(page.locator("#duty .chip")).to_have_text("dispatched")

        team.context.set_offline(True)
        page.locator("#step-start").click()
        expect(page.locator("#step-start")).to_have_attribute("aria-busy", "true")
        is_kept(page)
        page.locator("#step-start").click()  # impatient: what waits is not pressed again
        page.wait_for_timeout(1000)
        is_kept(page)

        team.context.set_offline(False)
        expect(page.locator("#duty .chip")).to_have_text("en route", timeout=30_000)
        expect(page.locator("[data-outbox]")).to_be_hidden()
        told = console.sql(
            "SELECT happened_at < recorded_at - interval '0.5 s' FROM journal_entry"
            " WHERE verb = 'run.started' AND subject = %s",
            (f"run:{run}",),
        )
        assert told == [(True,)]
    expect(page.locator("#team-now")).to_contain_text("Free")


def test_press_kept_by_a_closed_page_goes_out_with_the_next(
    sits: Sits, world: World, console: Console
) -> None:
    team = sits("team", viewport=PHONE)
    with on_a_call(world) as (_, run):
        page = team.opens("/team/")
        page.route(PRESSES, lambda route: route.abort())
        page.locator("#step-start").click()
        is_kept(page)
        page.close()

        page = team.context.new_page()
        page.goto("/team/")

        expect(page.locator("#duty .chip")).to_have_text("en route", timeout=15_000)
        assert starts(console, run) == 1


def test_answer_that_is_lost_does_not_start_twice(
    sits: Sits, world: World, console: Console
) -> None:
    answers = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.status)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    with on_a_call(world) as (_, run):
        page = sits("team", viewport=PHONE).opens("/team/")
        page.route(PRESSES, lose_the_first)
        page.locator("#step-start").click()

        is_kept(page)
        expect(page.locator("[data-outbox]")).to_be_hidden(timeout=15_000)
        assert answers == [200, 200]
        assert starts(console, run) == 1


def test_backup_is_one_press_with_its_own_state(sits: Sits, world: World) -> None:
    with on_a_call(world, "arrival"):
        page = sits("team", viewport=PHONE).opens("/team/")

        page.locator("#backup-POLICE").click()
        expect(page.locator("#backup-POLICE")).to_contain_text("Police requested")
        expect(page.locator(".team-level .level-big")).to_contain_text("4")
        page.locator("#backup-POLICE").click()
        expect(page.locator("#backup-POLICE")).to_contain_text("arrived")


@contextmanager
def on_a_call(world: World, *steps: str) -> Iterator[tuple[str, int]]:
    """CRT1 is sent to a call and brought on its way; afterwards it is free again."""
    number = world.call("TRESPASS")
    run: int = world.does(f"calls/{number}/assignments/", {"unit": "CRT1"})["id"]
    for step in steps:
        world.does(f"runs/{run}/{step}/")
    try:
        yield number, run
    finally:
        if steps:
            world.does(f"runs/{run}/clear/", {"outcome": "resolved", "felt_safe": "yes"})
        else:
            world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})


def is_kept(page: Page) -> None:
    expect(page.locator("[data-outbox]")).to_be_visible()
    expect(page.locator("[data-outbox]")).to_contain_text("1 not sent")
    expect(page.locator("[data-outbox]")).to_contain_text("En route")


def starts(console: Console, run: int) -> int:
    statement = "SELECT count(*) FROM journal_entry WHERE verb = 'run.started' AND subject = %s"
    count: int = console.sql(statement, (f"run:{run}",))[0][0]
    return count
