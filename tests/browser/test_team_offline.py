"""A team's phone as an app: it opens without a signal, keeps nothing in clear, and hears of assignments."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from heart.push.sealing import encode
from tests.browser.conftest import Sits
from tests.browser.person import PHONE
from tests.browser.phone import is_kept, on_a_call
from tests.browser.world import World
from tests.console import Console, until
from tests.push.service import Phone, push_service

KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('phone-')).length)"
ALL_TEXT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
  }
  for (let i = 0; i < localStorage.length; i++) texts.push(localStorage.getItem(localStorage.key(i)));
  const rows = await new Promise((resolve) => {
    const opening = indexedDB.open("heart-drafts");
    opening.onsuccess = () => {
      const asked = opening.result.transaction("drafts").objectStore("drafts").getAll();
      asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
    };
  });
  for (const row of rows) texts.push(new TextDecoder("latin1").decode(row.sealed));
  return [rows.length, texts.join("\\n")];
}"""


def opens_ready(page: Page) -> None:
    """The worker has kept what it needs."""
    page.goto("/team/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(lambda: page.evaluate(KEPT) == 1, 20, "the kept shell")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_page_opens_without_signal_with_the_last_call_and_takes_presses(
    sits: Sits, world: World, console: Console
) -> None:
    team = sits("team", viewport=PHONE)
    page = team.page
    with on_a_call(world) as (number, run):
        opens_ready(page)
        expect(page.locator("#team-now")).to_contain_text(number)
        page.wait_for_timeout(500)

        team.context.set_offline(True)
        page.reload()
        expect(page.locator("[data-shell-words]")).to_contain_text("What you see is from")
        expect(page.locator("#team-now")).to_contain_text(number)
        expect(page.locator("#team-now")).to_contain_text("156 Russet Avenue")
        page.locator("#step-start").click()
        is_kept(page)
        page.reload()  # again: the press is still there
        is_kept(page)
        rows, kept = page.evaluate(ALL_TEXT)
        assert rows >= 2
        assert "Nothing is kept here" in kept  # the shell is
        for said in (number, "Russet", "555-0148", "Imani", f"runs/{run}"):
            assert said not in kept

        team.context.set_offline(False)
        expect(page.locator("#duty .chip")).to_have_text("en route", timeout=30_000)
        told = console.sql(
            "SELECT count(*) FROM journal_entry WHERE verb = 'run.started' AND subject = %s",
            (f"run:{run}",),
        )
        assert told == [(1,)]


def test_sign_out_leaves_nothing_behind(sits: Sits) -> None:
    page = sits("cor2.officer", viewport=PHONE).page
    opens_ready(page)

    page.locator("form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/**")

    until(lambda: page.evaluate(KEPT) == 0, 10, "empty caches")
    until(
        lambda: (
            page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)")
            == 0
        ),
        10,
        "no worker",
    )
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_push_says_two_words_whatever_it_was_sent(sits: Sits, console: Console) -> None:
    team = sits("team", viewport=PHONE)
    team.context.grant_permissions(["notifications"])
    opens_ready(team.page)
    devtools = team.context.new_cdp_session(team.page)
    workers: list[dict[str, Any]] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: workers.extend(event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    until(lambda: team.page.wait_for_timeout(50) or workers, 10, "the worker")
    message = {
        "origin": console.url,
        "registrationId": workers[0]["registrationId"],
        "data": "Rowan Teal, 156 Russet Avenue",
    }

    shown = """navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
      .then((all) => all.map(({ title, body }) => [title, body]))"""

    def delivered() -> Any:
        devtools.send("ServiceWorker.deliverPushMessage", message)
        team.page.wait_for_timeout(500)
        return team.page.evaluate(shown)

    until(delivered, 20, "a notification")
    assert team.page.evaluate(shown) == [["New assignment", ""]]


def test_assignment_is_pushed_by_the_running_console(
    sits: Sits, world: World, console: Console
) -> None:
    page = sits("team", viewport=PHONE).opens("/team/")
    phone = Phone()
    with push_service() as service:
        subscribed = page.evaluate(
            """async (values) => {
              const { press } = await import(new URL("/static/js/lib/http.js", location.href));
              return (await press("/team/CRT1/push/", values)).status;
            }""",
            phone.values(service.endpoint),
        )
        with on_a_call(world) as (number, _):
            until(lambda: service.heard, 20, "a push")
        page.evaluate(
            """async (endpoint) => {
              const { press } = await import(new URL("/static/js/lib/http.js", location.href));
              await press("/team/CRT1/push/end/", { endpoint });
            }""",
            service.endpoint,
        )

    (headers, body), *more = service.heard
    assert (subscribed, more) == (200, [])
    assert phone.open(body) == b"New assignment"
    assert number not in json.dumps(headers)
    assert encode(phone.auth) not in json.dumps(headers)


def test_browser_takes_the_page_for_an_app(sits: Sits) -> None:
    team = sits("team", viewport=PHONE)
    opens_ready(team.page)
    devtools = team.context.new_cdp_session(team.page)

    manifest = devtools.send("Page.getAppManifest")
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["url"].endswith("/team/manifest.webmanifest")
    assert manifest["errors"] == []
    # a private window is never installed to; nothing else stands in the way
    assert {error["errorId"] for error in errors} <= {"in-incognito"}
