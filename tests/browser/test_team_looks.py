"""The phone's page in every state: on small, usual and large screens, by day, by night, enlarged."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.look import PUT_ON, THEMES, keep_picture, too_wide, violations
from tests.browser.person import PHONE
from tests.browser.world import World
from tests.console import Console

SIZES = {
    "320": {"width": 320, "height": 640},
    "390": PHONE,
    "1440": {"width": 1440, "height": 900},
    "enlarged": {"width": 195, "height": 422},  # 390 at 200 %
}
SMALLEST = 44  # pixels of a control at the size of a phone


def look_at(page: Page, name: str, only: str | None = None) -> list[str]:
    """As ``look``, at the sizes of phones; and no control is too small for a thumb."""
    found = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
        for theme in THEMES:
            page.evaluate(PUT_ON, theme)
            keep_picture(page, f"{name}-{size}-{theme}")
            found += [f"{name}, {size}, {theme}: {it}" for it in violations(page, only, ())]
            if wide := too_wide(page):
                found.append(f"{name}, {size}, {theme}: scrolls sideways by {wide} px")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    return found + [f"{name}: {words} is small" for words in too_small(page)]


def too_small(page: Page) -> list[str]:
    """Buttons of the page below the size that a thumb needs."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll(
            ".team button, .team a, dialog[open] button, .team-choices label"
          )]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < least)
          .map((it) => it.textContent.trim().slice(0, 40))""",
        SMALLEST,
    )
    return found


@pytest.fixture
def page(sits: Sits) -> Page:
    page = sits("cor1.officer", viewport=PHONE).opens("/team/")
    expect(page.locator("#team-now")).to_contain_text("Free")
    return page


def test_between_calls(page: Page) -> None:
    found = look_at(page, "phone-free")
    page.locator("#begin-contact").click()
    found += look_at(page, "phone-contact", only="#dialog-contact")
    page.keyboard.press("Escape")
    page.locator("#sign-off").click()
    expect(page.locator("#team-now")).to_contain_text("You are not signed on")
    found += look_at(page, "phone-signed-off")
    page.locator("#sign-on-officer").click()
    expect(page.locator("#sign-off")).to_be_visible()
    page.locator("#duty-out").click()
    expect(page.locator("#duty-in")).to_be_visible()
    found += look_at(page, "phone-out-of-service")
    page.locator("#duty-in").click()
    expect(page.locator("#duty-out")).to_be_visible()

    assert found == []


def test_new_dispatch_with_what_is_known(page: Page, world: World, console: Console) -> None:
    number = world.call(
        "SUITHREAT", "Rifle in the closet.", weapon="accessible", si="intent", violence="verbal"
    )
    console.manage("shell", "--verbosity=0", "--command", KNOWN.format(number))
    run = world.does(f"calls/{number}/assignments/", {"unit": "COR1"})["id"]
    try:
        expect(page.locator("#step-acknowledgement")).to_be_visible()
        expect(page.locator(".team-plan")).to_contain_text("speak slowly")
        found = look_at(page, "phone-new")
    finally:
        world.does(f"runs/{run}/cancel/", {"reason": "not_needed"})

    assert found == []


KNOWN = """
from intake.models import Call
from intake.neighbor_actions import Agreed, add_neighbor, write_care_plan
from intake.place_actions import write_premise_note
from heart.accounts.models import User
by = User.objects.get(username="clinician").actor("console")
call = Call.objects.get(number="{}").pk
dog = "Large dog behind the side door; not friendly to strangers."
code = "Door code from the neighbor downstairs."
write_premise_note(call_id=call, kind="hazard", text=dog, source="crew", by=by)
write_premise_note(call_id=call, kind="access", text=code, source="caller", by=by)
add_neighbor(call_id=call, name="Rowan Teal", by=by)
agreed = Agreed(
    helps="speak slowly, sit down first, ask about the garden",
    harms="sirens, more than two people in the room",
    whom_to_call="sister Ash, 555-0177, day and night",
)
write_care_plan(call_id=call, agreed=agreed, by=by)
"""


def test_on_scene_writing_up_and_in_danger(page: Page, world: World, sits: Sits) -> None:
    with world.in_every_hand() as number:
        expect(page.locator("#team-now")).to_contain_text(number)
        found = look_at(page, "phone-on-scene")
        page.locator("#step-clear").click()
        page.locator("dialog[open] label").filter(
            has=page.locator("[name=consent][value=yes]")
        ).click()
        page.locator("dialog[open] [type=submit]").click()
        found += look_at(page, "phone-clear", only="#dialog-clear")
        page.keyboard.press("Escape")
        page.route("**/team/COR1/runs/**", lambda route: route.abort())
        page.evaluate("document.getElementById('backup-EMS').click()")
        page.evaluate("document.getElementById('backup-EMS').click()")
        expect(page.locator("[data-fallback]")).to_be_visible()
        expect(page.locator("[data-outbox]")).to_be_visible()
        found += look_at(page, "phone-in-danger")
        page.unroute("**/team/COR1/runs/**")
        page.locator("[data-outbox]").click()
        expect(page.locator("[data-fallback]")).to_be_hidden()

    assert found == []


def test_without_signal(page: Page) -> None:
    page.route("**/healthz", lambda route: route.abort())  # else it goes back to the page at once
    page.goto("/team/shell/")
    expect(page.locator("[data-shell-code]")).to_have_text("COR1")

    found = look_at(page, "phone-shell")

    assert found == []
