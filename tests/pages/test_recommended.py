"""The teams of a call: the recommended one first with its one press, reasons, and who cannot go."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch import crew_actions
from dispatch.models import CrewMember, Run, Unit
from dispatch.states import RunStatus
from heart.live.audiences import Audience, Kind
from heart.live.registry import render, stale_ids
from heart.pages.fragments import part_id
from intake.models import Call
from tests.builders import Given, last_entry
from tests.pages.screen import Screen
from tests.people import People

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
NEAR_CRT1 = {"latitude": 31.0452, "longitude": -70.0381, "beat": "C1"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A Monday noon in the city: CRT3 begins at three, CRT4 works in the south."""
    with time_machine.travel("2026-03-02 17:00Z", tick=False):
        yield


def teams(call: Call) -> str:
    [item] = render(Audience(Kind.CALL, call.pk), [part_id("teams")])
    return re.sub(r"\s+", " ", item["html"])


def recommended(html: str) -> list[str]:
    return re.findall(r"<button[^>]*data-recommended[^>]*>Send (\w+)", html)


def test_recommended_team_stands_first_with_its_key_and_says_why(given: Given) -> None:
    html = teams(given.call(**NEAR_CRT1))

    assert recommended(html) == ["CRT1"]
    assert "Send CRT1 <kbd" in html
    assert html.index("Send CRT1") < html.index("Send CRT2")
    assert "CRT1 before CRT2: about 10 min closer." in html
    assert "closest" in html


def test_another_team_goes_without_a_question(given: Given, people: People, at: At) -> None:
    call = given.call(**NEAR_CRT1)
    unit_id = re.search(r'"unit": (\d+)[^>]*>Send CRT2', teams(call))
    assert unit_id

    answer = at(people.dev).press(f"/calls/{call.number}/runs/", unit=unit_id[1])

    assert answer.status_code == 200
    assert Run.objects.get().unit.code == "CRT2"


def test_after_the_team_is_sent_no_second_press_sends_another(given: Given) -> None:
    run = given.run(call=given.call(**NEAR_CRT1))

    html = teams(run.call)

    assert recommended(html) == []
    assert ">Send CRT2</button>" in html


def test_team_that_cannot_go_says_why_and_can_be_sent_anyway_while_it_is_free(
    given: Given,
) -> None:
    CrewMember.objects.filter(unit__code="CRT2", duty="emt").update(on_since=None)
    given.run(unit="COR1")

    html = teams(given.call(**NEAR_CRT1))

    assert "no EMT signed on" in html
    assert "Send CRT2 anyway" in html
    assert "dispatched on" in html
    assert "Send COR1 anyway" not in html


def test_when_none_can_go_it_says_what_serves_now_why_and_who_is_free_next(given: Given) -> None:
    for code in ("CRT1", "CRT2", "COR1", "COR2"):
        given.run(RunStatus.ON_SCENE, unit=code)

    html = teams(given.call(**NEAR_CRT1))

    free_at = (timezone.now() + timedelta(minutes=40)).isoformat(timespec="milliseconds")
    assert "No team can go now." in html
    assert "A clinician holds by phone" in html
    assert "all units busy" in html
    assert f'<b>CRT1</b> available <time class="timer" data-about datetime="{free_at}"' in html
    assert '<details id="cannot-go" open>' in html


def test_rest_and_the_end_of_a_shift_are_counted_down(given: Given) -> None:
    given.run(RunStatus.CLEARED, unit="CRT1")

    html = teams(given.call(**NEAR_CRT1))

    assert re.search(r"on rest, over <time [^>]*data-due=", html)
    assert recommended(html) != ["CRT1"]


def test_routing_service_that_is_silent_is_named(given: Given, settings: Any) -> None:
    settings.HEART_ROUTING = "dispatch.travel.RoutingService"
    settings.HEART_ROUTING_URL = "http://127.0.0.1:9"

    html = teams(given.call(**NEAR_CRT1))

    assert "straight line: routing service silent" in html
    assert recommended(html) == ["CRT1"]


def test_signing_on_is_pushed_to_whoever_looks_at_a_call(given: Given, people: People) -> None:
    call = given.call(**NEAR_CRT1)
    CrewMember.objects.filter(unit__code="CRT1", duty="peer").update(on_since=None)

    crew_actions.sign_on(
        unit_id=CrewMember.objects.get(user=people.imani).unit_id,
        duty="peer",
        by=people.imani.actor("console"),
    )

    assert stale_ids(Audience(Kind.CALL, call.pk), [last_entry()]) == [part_id("teams")]
    assert recommended(teams(call)) == ["CRT1"]


def test_closed_call_recommends_nothing(given: Given) -> None:
    call = given.closed_call()

    assert "candidates" not in teams(call)


def test_no_teams_at_all(given: Given) -> None:
    call = given.call()
    CrewMember.objects.all().delete()
    Unit.objects.update(is_active=False)

    assert "No team is set up" in teams(call)
