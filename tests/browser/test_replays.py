"""A supervisor asks for a replay, watches it, and reads the report; nothing reloads, axe is silent."""

from playwright.sync_api import expect

from tests.browser.conftest import Sits
from tests.browser.look import look
from tests.browser.world import World


def test_replay_from_the_form_to_the_report(sits: Sits, world: World) -> None:
    world.wants_to_talk()
    world.call("TRESPASS")
    page = sits("supervisor").page
    page.goto("/admin/replay/replay/")
    found = look(page, "replays-empty")

    page.get_by_role("button", name="Replay", exact=True).click()
    page.wait_for_url("**/admin/replay/replay/*/")
    page.evaluate("window.isStillThisPage = true")
    expect(page.get_by_role("heading", name="To a HEART response")).to_be_visible(timeout=60_000)

    assert page.evaluate("window.isStillThisPage"), "the report took its place without a reload"
    expect(page.locator("[data-replay=done]")).to_be_visible()
    found += look(page, "replay-report")
    page.goto("/admin/replay/replay/")
    found += look(page, "replays")
    page.goto("/admin/replay/replay/in-use/")
    found += look(page, "rules-in-use")
    assert found == []
