"""A team's phone where the signal comes and goes: kept, sent, and never doubled."""

import random
import time
from collections import Counter

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Sits
from tests.browser.person import PHONE
from tests.browser.phone import PRESSES, choose, is_kept, on_a_call
from tests.browser.world import World
from tests.console import Console


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


def test_thirty_presses_through_a_network_that_drops_delays_and_doubles(
    sits: Sits, world: World, console: Console
) -> None:
    """Five calls with six presses each, made without waiting for an answer where the page allows it."""
    page = sits("team", viewport=PHONE).opens("/team/")
    network = Unreliable(random.Random(30))
    page.route(PRESSES, network.carry)
    runs = []
    for _ in range(5):
        expect(page.locator("#team-now")).to_contain_text("Free", timeout=60_000)
        number = world.call("TRESPASS")
        assigned = world.does(f"calls/{number}/assignments/", {"unit": "CRT1"})
        runs.append(assigned["id"])
        expect(page.locator("#team-now")).to_contain_text(number)
        for step in ("acknowledgement", "start", "arrival"):
            page.locator(f"#step-{step}").click()
        arrives_at(page, "on scene")
        for step in ("transport", "clearing"):
            page.locator(f"#step-{step}").click()
        arrives_at(page, "clearing")
        page.locator("#step-clear").click()
        choose(page, "outcome", "resolved")
        choose(page, "felt_safe", "yes")
        page.locator("#dialog-clear [type=submit]").click()
        arrives_at(page, "available")

    told = console.sql(
        "SELECT subject, verb FROM journal_entry WHERE subject = ANY(%s) AND verb <> 'run.assigned'"
        " ORDER BY id",
        ([f"run:{run}" for run in runs],),
    )
    assert told == [(f"run:{run}", f"run.{verb}") for run in runs for verb in SIX]
    ended = console.sql("SELECT status FROM dispatch_run WHERE id = ANY(%s)", (runs,))
    assert ended == [("cleared",)] * 5
    assert min(network.did[way] for way in network.WAYS) >= 3, network.did
    expect(page.locator("[data-outbox]")).to_be_hidden()


SIX = ("acknowledged", "started", "arrived", "transporting", "clearing", "cleared")


class Unreliable:
    """What happens to a request on its way, by chance."""

    WAYS = ("passes", "is dropped", "loses its answer", "comes late", "comes twice")

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.did: Counter[str] = Counter()

    def carry(self, route: Route) -> None:
        way = self.chance.choice(self.WAYS)
        self.did[way] += 1
        if way == "is dropped":
            route.abort()
            return
        if way == "comes late":
            time.sleep(0.4)
        answer = route.fetch()
        if way == "comes twice":
            answer = route.fetch()
        if way == "loses its answer":
            route.abort()
        else:
            route.fulfill(response=answer)


def arrives_at(page: Page, status: str) -> None:
    """The chip of the team says so; every second the phone finds its signal again."""
    chip = page.locator("#duty .chip")
    deadline = time.monotonic() + 60
    while chip.text_content() != status:
        assert time.monotonic() < deadline, f"{status} never came"
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(1000)


def starts(console: Console, run: int) -> int:
    statement = "SELECT count(*) FROM journal_entry WHERE verb = 'run.started' AND subject = %s"
    count: int = console.sql(statement, (f"run:{run}",))[0][0]
    return count
