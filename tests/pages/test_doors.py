"""Signing in and out, each role's own place, and what is said when something is away."""

import os
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import OperationalError

from heart.accounts.models import User
from heart.roles import Permission, Role
from tests.builders import Given
from tests.conftest import PASSWORD
from tests.pages.screen import Screen, problems
from tests.people import People

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]

PLACES = {
    Role.CALL_TAKER: "/board/",
    Role.DISPATCHER: "/board/",
    Role.CLINICIAN: "/desk/",
    Role.TEAM_MEMBER: "/team/",
    Role.CARE_NAVIGATOR: "/worklist/",
    Role.SUPERVISOR: "/board/",
    Role.ADMINISTRATOR: "/admin/",
}


def test_home_asks_those_at_the_board_where_they_sit(people: People, at: At) -> None:
    screen = at(people.dev)

    asked = screen.get("/").headers["Location"]
    seated = screen.post("/positions/", {"code": "P2"}).headers["Location"]

    assert (asked, seated) == ("/positions/", "/board/")
    assert screen.get("/").headers["Location"] == "/board/"


def test_home_sends_each_role_to_its_place(people: People, at: At) -> None:
    def place_of(user: User) -> str:
        screen = at(user)
        screen.post("/positions/", {"code": "P1"})
        return screen.get("/").headers["Location"]

    assert {role: place_of(user) for role, user in people.by_role().items()} == PLACES


def test_home_sends_nobody_to_the_sign_in_page(at: At) -> None:
    assert at().get("/").headers["Location"] == "/sign-in/?next=/"


def test_signing_in_and_out(people: People, at: At) -> None:
    screen = at()

    signed_in = screen.post("/sign-in/", {"username": people.rosa.username, "password": PASSWORD})
    signed_out = screen.post("/sign-out/")
    after = screen.get("/board/")

    assert signed_in.headers["Location"] == "/"
    assert signed_out.headers["Location"] == "/sign-in/"
    assert after.headers["Location"] == "/sign-in/?next=/board/"


def test_signing_out_by_a_link_does_nothing(people: People, at: At) -> None:
    assert at(people.rosa).get("/sign-out/").status_code == 405


def test_a_wrong_password_is_said_in_words_and_the_name_stays(people: People, at: At) -> None:
    answer = at().post("/sign-in/", {"username": people.rosa.username, "password": "wrong"})

    page = answer.content.decode()
    assert "do not belong together" in page
    assert f'value="{people.rosa.username}"' in page
    assert "wrong" not in page.replace("six wrong tries", "")


def test_six_wrong_passwords_lock_this_name_only(people: People, at: At) -> None:
    screen = at()
    for _ in range(6):
        locked = screen.post("/sign-in/", {"username": people.rosa.username, "password": "no"})

    other = screen.post("/sign-in/", {"username": people.dev.username, "password": PASSWORD})

    assert locked.status_code == 429
    assert "locked for 15 minutes" in locked.content.decode()
    assert other.status_code == 302


def test_a_lock_holds_for_the_address_it_came_from(people: People, at: At) -> None:
    """Nobody can lock somebody else out of the room from outside."""
    wrong = {"username": people.rosa.username, "password": "no"}
    right = wrong | {"password": PASSWORD}
    for _ in range(6):
        at().post("/sign-in/", wrong, headers={"X-Forwarded-For": "203.0.113.9"})

    there = at().post("/sign-in/", right, headers={"X-Forwarded-For": "203.0.113.9"})
    here = at().post("/sign-in/", right, headers={"X-Forwarded-For": "198.51.100.7"})

    assert (there.status_code, here.status_code) == (429, 302)


def test_an_address_that_cannot_be_looked_for_is_not_found(people: People, at: At) -> None:
    assert at(people.rosa).get("/calls/%00/").status_code == 404


@pytest.mark.parametrize(
    ("who", "address", "values", "field"),
    [
        ("imani", "/team/CRT1/push/end/", {}, "endpoint"),
        ("dev", "/handover/", {"to": "1"}, "calls"),
        ("dev", "/calls/{}/presence/", {"left": "1"}, "screen"),
    ],
)
def test_a_form_that_cannot_be_looked_for_is_refused_by_field(
    who: str, address: str, values: dict[str, str], field: str, given: Given, at: At
) -> None:
    where = address.format(given.call().number)

    answer = at(getattr(given.people, who)).press(where, **values, **{field: "\x00"})

    assert answer.status_code == 400
    assert problems(answer).keys() == {field}
    assert "Nothing was changed" in answer.content.decode()


def test_a_program_is_told_so_as_json(given: Given, at: At) -> None:
    answer = at(given.people.imani).post(
        "/team/CRT1/push/end/", {"endpoint": "\x00"}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json()["problems"].keys() == {"endpoint"}


def test_a_fault_of_ours_is_not_laid_to_the_form(
    people: People, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heart.pages.views.handover.owned_calls", lambda _: int("x"))

    assert at(people.dev).post("/handover/", {"to": "1"}).status_code == 500


def test_a_role_that_may_not_gets_403_in_words(people: People, at: At) -> None:
    answer = at(people.imani).get("/board/")

    assert answer.status_code == 403
    assert "see the board" in answer.content.decode()


def _lose_the_database(*_: Any, **__: Any) -> Any:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize(
    "where", ["heart.pages.views.board.head", "heart.accounts.models.User.may"]
)
def test_a_database_that_is_away_is_503_with_retry_after(
    where: str, people: People, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = at(people.dev)
    monkeypatch.setattr(where, _lose_the_database)

    answer = screen.get("/board/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "The database is away" in answer.content.decode()


def test_a_database_that_goes_away_at_sign_in_is_503(
    at: At, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = at(people.dev)
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.load", _lose_the_database
    )

    page = screen.get("/board/")
    data = screen.get("/board/changes/", headers={"Accept": "application/json"})

    assert page.status_code == 503
    assert data.status_code == 503
    assert data.headers["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_is_500_without_detail(
    people: People, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("heart.pages.views.board.head", fail)

    answer = at(people.dev).get("/board/")

    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()


def test_every_page_has_the_policy(people: People, at: At) -> None:
    policy = at(people.dev).get("/board/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_first_account_can_be_made(db: None) -> None:
    """On a database without a seeded city, as docker-compose.yml says."""
    with patch.dict(os.environ, {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}):
        call_command("createsuperuser", "--noinput", username="first", role="administrator")

    assert User.objects.get(username="first").may(Permission.ADMINISTER)
