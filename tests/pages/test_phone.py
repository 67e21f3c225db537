"""A team's phone besides the steps of a call: duty, position, push, contacts, working without a signal."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from dispatch.models import CrewMember, Run, Unit, UnitPosition
from heart.journal.models import Entry
from heart.pages.phone_files import phone_files
from heart.pages.queries.team import team_view
from heart.push.models import Subscription
from intake.models import Call, Neighbor
from tests.builders import Given
from tests.pages.screen import Screen
from tests.people import People
from tests.push.service import Phone

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
NOWHERE = "31.0452"


def here(**other: str) -> dict[str, str]:
    fix = {"latitude": NOWHERE, "longitude": "-70.0381", "accuracy": "12.5"}
    return {**fix, "fixed_at": timezone.now().isoformat(), **other}


def test_signing_off_and_on_says_who_is_missing(people: People, at: At) -> None:
    screen, unit = at(people.imani), Unit.objects.get(code="CRT1")

    assert screen.press("/team/CRT1/sign-off/").json() == {"problems": {}}
    off = screen.get("/team/").content.decode()
    view = team_view(unit.pk)
    assert screen.press("/team/CRT1/sign-on/", duty="emt").json() == {"problems": {}}

    assert "You are not signed on" in off
    assert "Team without peer support specialist" in off
    assert view is not None
    assert view.missing == ["peer support specialist"]
    assert CrewMember.objects.get(user=people.imani, unit=unit).duty == "emt"


def test_person_of_two_teams_opens_the_one_they_are_signed_on_to(people: People, at: At) -> None:
    unit = Unit.objects.get(code="COR1")
    CrewMember.objects.create(unit=unit, user=people.imani, duty="officer")
    screen = at(people.imani)
    assert "<title>CRT1" in screen.get("/team/").content.decode()
    screen.press("/team/CRT1/sign-off/")
    screen.press("/team/COR1/sign-on/", duty="officer")

    page = screen.get("/team/").content.decode()

    assert "<title>COR1" in page
    assert 'href="/team/CRT1/"' in page


@pytest.mark.parametrize("duty", ["", "captain", "\x00", "x" * 1000])
def test_duty_that_is_none_is_refused(people: People, at: At, duty: str) -> None:
    answer = at(people.imani).press("/team/CRT1/sign-on/", duty=duty)

    assert (answer.status_code, set(answer.json()["problems"])) == (422, {"duty"})


def test_dispatch_does_not_sign_on_to_a_team(people: People, at: At) -> None:
    screen = at(people.dev)

    for path in ("sign-on", "sign-off", "position", "contact", "push"):
        assert screen.press(f"/team/CRT1/{path}/", duty="emt").status_code == 403
    page = screen.get("/team/CRT1/").content.decode()
    assert "You are not signed on" not in page


def test_position_is_kept_as_the_newest_only_and_not_journalled(people: People, at: At) -> None:
    screen, before = at(people.imani), Entry.objects.count()

    first = screen.press("/team/CRT1/position/", **here())
    older = here(fixed_at=(timezone.now() - timedelta(minutes=5)).isoformat(), latitude="31.1")
    second = screen.press("/team/CRT1/position/", **older)

    position = UnitPosition.objects.get()
    assert (first.status_code, second.status_code) == (200, 200)
    assert (position.latitude, position.accuracy_m) == (31.0452, 12)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("latitude", ""),
        ("latitude", "north"),
        ("latitude", "91"),
        ("latitude", "nan"),
        ("longitude", "1e999"),
        ("longitude", "-181"),
        ("accuracy", "nan"),
        ("accuracy", "inf"),
        ("fixed_at", ""),
        ("fixed_at", "now"),
        ("fixed_at", "2026-13-45T00:00:00Z"),
        ("fixed_at", "2020-01-01T00:00:00Z"),
        ("fixed_at", "2999-01-01T00:00:00Z"),
        ("fixed_at", "2026-11-25T00:00:00"),
    ],
)
def test_hostile_position_is_refused_by_field(
    people: People, at: At, field: str, value: str
) -> None:
    answer = at(people.imani).press("/team/CRT1/position/", **here(**{field: value}))

    assert (answer.status_code, set(answer.json()["problems"])) == (422, {field})
    assert not UnitPosition.objects.exists()


@pytest.mark.parametrize(("said", "kept"), [("-5", 0), ("1e12", 100_000), ("", None)])
def test_odd_accuracy_is_kept_within_bounds(
    people: People, at: At, said: str, kept: int | None
) -> None:
    assert at(people.imani).press("/team/CRT1/position/", **here(accuracy=said)).status_code == 200

    assert UnitPosition.objects.get().accuracy_m == kept


def test_position_is_neither_taken_from_nor_kept_of_somebody_off_duty(
    people: People, at: At
) -> None:
    screen = at(people.imani)
    screen.press("/team/CRT1/position/", **here())
    screen.press("/team/CRT1/sign-off/")

    assert not UnitPosition.objects.exists()
    assert screen.press("/team/CRT1/position/", **here()).status_code == 422


def test_contact_of_the_teams_own_begins_on_scene(people: People, at: At) -> None:
    neighbor, screen = Neighbor.objects.create(name="Rowan Teal"), at(people.imani)

    answer = screen.press(
        "/team/CRT1/contact/",
        location_text="bench at Lantern Park",
        nature="TRESPASS",
        narrative="asks for water",
        neighbor=str(neighbor.pk),
    )

    call = Call.objects.get(source="field")
    assert answer.json() == {"problems": {}}
    assert (call.location_text, call.neighbor_id) == ("bench at Lantern Park", neighbor.pk)
    assert call.runs.get().status == "on_scene"
    assert call.number in screen.get("/team/").content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"location_text": ""}, "location_text"),
        ({"location_text": "x" * 301}, "location_text"),
        ({"nature": "DRAGONS"}, "nature"),
        ({"neighbor": "9" * 30}, "neighbor"),
        ({"neighbor": "0"}, "neighbor"),
        ({"neighbor": "9" * 5000}, "neighbor"),
        ({"neighbor": "Rowan"}, "neighbor"),
        ({"narrative": "\x00"}, "narrative"),
    ],
)
def test_hostile_contact_is_refused_by_field(
    people: People, at: At, values: dict[str, str], field: str
) -> None:
    answer = at(people.imani).press("/team/CRT1/contact/", **{"location_text": "here", **values})

    assert (answer.status_code, set(answer.json()["problems"])) == (422, {field})
    assert not Call.objects.exists()


def test_team_on_a_call_begins_no_other(given: Given, people: People, at: At) -> None:
    given.run()

    answer = at(people.imani).press("/team/CRT1/contact/", location_text="here")

    assert answer.status_code == 409
    assert Run.objects.count() == 1


def test_neighbor_is_found_by_every_word_and_the_look_is_written_down(
    people: People, at: At
) -> None:
    for name in ("Rowan Teal", "Rowan Brant", "Ash Teal"):
        Neighbor.objects.create(name=name)
    screen = at(people.imani)

    found = screen.get("/team/CRT1/neighbors/?q=teal+row").content.decode()
    nobody = screen.get("/team/CRT1/neighbors/?q=r").content.decode()

    assert re.findall(r"(\w+ \w+)</span></label>", found) == ["Rowan Teal", "of these"]
    assert "Rowan" not in nobody
    read = Entry.objects.filter(verb="record.read", payload__what="neighbor")
    assert [entry.payload["record_id"] for entry in read] == [
        Neighbor.objects.get(name="Rowan Teal").pk
    ]
    assert at(people.dev).get("/team/CRT1/neighbors/?q=teal").status_code == 403


def test_phone_subscribes_and_leaves(people: People, at: At) -> None:
    screen, values = at(people.imani), Phone().values("https://push.example.org/abc")

    assert screen.press("/team/CRT1/push/", **values).json() == {"problems": {}}
    row = Subscription.objects.get()
    assert (row.user, row.unit.code, row.gone_at) == (people.imani, "CRT1", None)

    screen.press("/team/CRT1/push/end/", endpoint=values["endpoint"])
    row.refresh_from_db()
    assert row.gone_at is not None


def test_subscription_into_our_own_network_is_refused(people: People, at: At) -> None:
    values = Phone().values("https://169.254.169.254/latest/meta-data")

    answer = at(people.imani).press("/team/CRT1/push/", **values)

    assert (answer.status_code, set(answer.json()["problems"])) == (422, {"endpoint"})
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "path", ["sign-on", "sign-off", "position", "contact", "push", "push/end", "panic"]
)
def test_nothing_is_pressed_for_another_team(people: People, at: At, path: str) -> None:
    assert at(people.imani).press(f"/team/CRT2/{path}/").status_code == 404
    assert at(people.ana).press(f"/team/CRT1/{path}/").status_code == 403


def test_double_press_at_once_is_answered_as_done(people: People, at: At) -> None:
    """The second of two equal presses finds the move made, by the same command."""
    screen, press = at(people.imani), str(uuid4())

    first = screen.press("/team/CRT1/sign-off/", command_id=press)
    second = screen.press("/team/CRT1/sign-off/", command_id=press)
    third = screen.press("/team/CRT1/sign-off/", command_id=str(uuid4()))

    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 422]


def test_shell_says_nothing_about_anybody(given: Given, people: People, at: At) -> None:
    given.run()

    page = at(people.imani).get("/team/shell/").content.decode()

    for said in ("Imani", "CRT1", "Thimble", "csrf", "data-user", "555-0142"):
        assert said not in page


def test_worker_names_every_file_of_the_shell_and_changes_with_them(
    people: People, at: At
) -> None:
    script = at(people.imani).get("/team/sw.js")
    first, second = script.content.decode().splitlines()
    told: dict[str, Any] = json.loads(first.removeprefix("self.phone = ").removesuffix(";"))

    assert script["Content-Type"] == "text/javascript"
    assert script["Cache-Control"] == "no-cache"
    assert told["shell"] == "/team/shell/"
    assert {"/static/js/lib/outbox.js", "/static/css/tokens.css"} <= set(told["files"])
    assert all(finders.find(name.removeprefix("/static/")) for name in told["files"])
    assert len(told["files"]) == len(set(told["files"]))
    assert second == 'importScripts("/static/js/worker.js");'
    assert set(phone_files()) < set(told["files"])


def test_manifest_makes_an_app_of_the_phone_page(people: People, at: At) -> None:
    answer = at(people.imani).get("/team/manifest.webmanifest")
    app = answer.json()

    assert answer["Content-Type"] == "application/manifest+json"
    assert (app["scope"], app["start_url"], app["display"]) == ("/team/", "/team/", "standalone")
    assert app["icons"][0]["type"] == "image/svg+xml"
