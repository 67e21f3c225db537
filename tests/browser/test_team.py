"""A team's phone where the signal comes and goes: kept, sent, and never doubled."""

from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.person import PHONE
from tests.browser.world import World
from tests.console import Console, until


def test_press_without_signal_is_kept_and_arrives_once(
    sits: Sits, world: World, console: Console
) -> None:
    team = sits("team", viewport=PHONE)
    page = team.opens("/unit/")
    expect(page.locator("#unit-now")).to_contain_text("Free")
    number = world.call("TRESPASS", weapon="none")
    run = world.does(f"calls/{number}/runs/", {"unit": "CRT1"})["id"]
    expect(page.locator("#unit-now")).to_contain_text(number)
    expect(page.locator("#duty .chip")).to_have_text("dispatched")

    team.context.set_offline(True)
    page.locator("#step-start").click()
    expect(page.locator("#step-start")).to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-outbox]")).to_contain_text("1 not sent")
    expect(page.locator("[data-outbox]")).to_contain_text("En route")
    page.locator("#step-start").click()  # impatient: a press that waits is not pressed again
    expect(page.locator("[data-outbox]")).to_contain_text("1 not sent")

    team.context.set_offline(False)
    expect(page.locator("#duty .chip")).to_have_text("en route", timeout=30_000)
    expect(page.locator("[data-outbox]")).to_be_hidden()
    told = console.sql(
        "SELECT happened_at < recorded_at - interval '0.5 s' FROM journal_entry"
        " WHERE verb = 'run.started' AND subject = %s",
        (f"run:{run}",),
    )
    assert told == [(True,)]
    world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})
    expect(page.locator("#unit-now")).to_contain_text("Free")


def test_press_kept_by_a_closed_page_goes_out_with_the_next(
    sits: Sits, world: World, console: Console
) -> None:
    team = sits("team", viewport=PHONE)
    number = world.call("TRESPASS", weapon="none")
    run = world.does(f"calls/{number}/runs/", {"unit": "CRT1"})["id"]
    page = team.opens("/unit/")
    page.route("**/units/CRT1/runs/**", lambda route: route.abort())
    page.locator("#step-start").click()
    expect(page.locator("[data-outbox]")).to_contain_text("1 not sent")
    page.close()

    page = team.context.new_page()
    page.goto("/unit/")

    expect(page.locator("#duty .chip")).to_have_text("en route")
    until(lambda: starts(console, run) == 1, 5, "one start")
    world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})


def test_answer_that_is_lost_does_not_start_twice(
    sits: Sits, world: World, console: Console
) -> None:
    team = sits("team", viewport=PHONE)
    number = world.call("TRESPASS", weapon="none")
    run = world.does(f"calls/{number}/runs/", {"unit": "CRT1"})["id"]
    page = team.opens("/unit/")
    answers = []

    def lose_the_first(route) -> None:  # type: ignore[no-untyped-def]  # playwright's route
        answers.append(route.fetch().status)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(status=200, json={"problems": {}})

    page.route("**/units/CRT1/runs/**", lose_the_first)
    page.locator("#step-start").click()

    expect(page.locator("[data-outbox]")).to_be_visible()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    assert answers == [200, 200]
    assert starts(console, run) == 1
    world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})


def test_backup_is_one_press_with_its_own_state(sits: Sits, world: World) -> None:
    number = world.call("TRESPASS", weapon="none")
    run = world.does(f"calls/{number}/runs/", {"unit": "CRT1"})["id"]
    world.does(f"runs/{run}/arrival/")
    page = sits("team", viewport=PHONE).opens("/unit/")

    page.locator("#backup-POLICE").click()
    expect(page.locator("#backup-POLICE")).to_contain_text("Police requested")
    expect(page.locator(".unit-level .level-big")).to_contain_text("4")
    page.locator("#backup-POLICE").click()
    expect(page.locator("#backup-POLICE")).to_contain_text("arrived")

    world.does(f"runs/{run}/clear/", {"outcome": "resolved", "felt_safe": "yes"})
    expect(page.locator("#unit-now")).to_contain_text("Free")


def starts(console: Console, run: int) -> int:
    statement = "SELECT count(*) FROM journal_entry WHERE verb = 'run.started' AND subject = %s"
    count: int = console.sql(statement, (f"run:{run}",))[0][0]
    return count
