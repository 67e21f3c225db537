"""How long the commonest path takes a practised user, by the keystroke-level model, counted as it is done.

A call whose address and nature are known, to the dispatched team. K is a key press of a practised typist,
M a moment of thought before each step, H a hand that goes to the mouse or back, P a point at something.
"""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.test_command_line import INPUT, crt1  # noqa: F401 - a fixture
from tests.browser.world import World

K, M, H, P = 0.2, 1.35, 0.4, 1.1
AIM_SECONDS = 25
PLACE, NATURE = "156 Russet Avenue", "TRESPASS"


@dataclass
class Hands:
    """What a person does at a page, counted."""

    page: Page | None = None
    keys: int = 0
    thoughts: int = 0
    hands: int = 0
    points: int = 0
    steps: int = 0

    def thinks(self) -> None:
        """A new step begins."""
        self.thoughts += 1
        self.steps += 1

    def presses(self, key: str, times: int = 1) -> None:
        self.keys += times * (key.count("+") + 1)
        for _ in range(times if self.page else 0):
            self.page.keyboard.press(key)  # type: ignore[union-attr]

    def types(self, text: str) -> None:
        self.keys += len(text) + sum(letter.isupper() for letter in text)
        if self.page:
            self.page.keyboard.type(text)

    def points_and_clicks(self) -> None:
        """The hand goes to the mouse, points, presses its button, and goes back."""
        self.hands += 2
        self.points += 1
        self.keys += 1

    @property
    def seconds(self) -> float:
        return self.keys * K + self.thoughts * M + self.hands * H + self.points * P


def ticketscad() -> Hands:
    """The path of its own user guide (4.0, sections 3.1 and 13), with the fewest presses it allows.

    A description is demanded; cities, state, caller and phone lie between address and description.
    """
    hands = Hands()
    hands.thinks()  # the form
    hands.types("/new")
    hands.presses("Enter")
    hands.thinks()  # the type, the first field
    hands.types("tres")
    hands.thinks()  # the address
    hands.presses("Tab")
    hands.types(PLACE)
    hands.thinks()  # its look-up
    hands.presses("Tab")
    hands.presses("Enter")
    hands.thinks()  # the description
    hands.presses("Tab", 5)
    hands.types("trespass")
    hands.thinks()  # the unit: its filter, then its check box
    hands.points_and_clicks()
    hands.types("crt1")
    hands.points_and_clicks()
    hands.thinks()
    hands.presses("Control+Enter")
    return hands


def test_known_address_and_nature_to_dispatched_team(
    sits: Sits,
    world: World,
    crt1: None,  # noqa: F811 - the fixture above
) -> None:
    page = sits("dispatcher").opens("/board/")
    hands = Hands(page)

    hands.thinks()
    hands.presses("/")
    expect(page.locator(INPUT)).to_be_focused()
    hands.types(f"new {PLACE}; {NATURE[:4].lower()}")
    hands.thinks()  # is this what was meant?
    expect(page.locator("[data-command-words]")).to_have_text(
        f"Begin a call at {PLACE}: Trespass or unwanted person"
    )
    hands.presses("Enter")
    page.wait_for_url("**/intake/")
    number = page.url.split("/")[-3]
    hands.thinks()
    hands.presses("Control+Space")
    expect(page.locator(INPUT)).to_be_focused()
    hands.types("d crt1")
    hands.thinks()
    expect(page.locator("[data-command-words]")).to_have_text(f"Send CRT1 to {number}, {PLACE}")
    hands.presses("Enter")

    expect(page.locator("[data-toasts]")).to_contain_text(f"CRT1 sent to {number}")
    theirs = ticketscad()
    print(f"{hands.steps} steps, {hands.keys} keys, {hands.seconds:.1f} s;", end=" ")
    print(f"theirs {theirs.steps} steps, {theirs.keys} keys, {theirs.seconds:.1f} s")
    assert hands.seconds <= AIM_SECONDS
    assert (hands.steps, hands.keys) < (theirs.steps, theirs.keys)
    assert hands.seconds < theirs.seconds
