"""The top bar on a phone: everybody reaches all of it, and no page scrolls sideways because of it."""

import pytest

from tests.browser.conftest import Sits
from tests.browser.look import keep_picture, too_wide

PLACES = {
    "calltaker": "/board/",
    "dispatcher": "/board/",
    "supervisor": "/supervise/",
    "clinician": "/desk/",
    "team": "/team/",
    "navigator": "/worklist/",
    "admin": "/rules/",
}
LEAST = 24  # pixels of a target, WCAG 2.5.8
OUT_OF_REACH = """(least) => [...document.querySelectorAll(".bar :is(a, button)")]
  .filter((it) => it.checkVisibility() && !it.closest(".places")) // places scroll by themselves
  .map((it) => [it.textContent.trim(), it.getBoundingClientRect()])
  .filter(([, box]) => box.left < 0 || box.right > innerWidth || box.width < least || box.height < least)
  .map(([words, box]) => `${words}: ${box.left} to ${box.right}, ${box.width} x ${box.height}`)"""

SAY_STATE = """(state) => {
  const place = document.querySelector("[data-feed-state]");
  Object.assign(place, { hidden: false, textContent: state });
  place.dataset.feedState = state;
}"""


@pytest.mark.parametrize("username", PLACES)
def test_bar_fits_a_phone(sits: Sits, username: str) -> None:
    page = sits(username).opens(PLACES[username])
    found = []
    for state in ("live", "reconnecting"):
        page.evaluate(SAY_STATE, state)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            keep_picture(page, f"bar-{username}-{state}-{width}")
            found += [f"{state}, {width}: {it}" for it in page.evaluate(OUT_OF_REACH, LEAST)]
            if wide := too_wide(page):
                found.append(f"{state}, {width}: scrolls sideways by {wide} px")

    assert found == []
