"""Who may open which socket, from where, and how soon it ends when they may no longer."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from dispatch.models import CrewMember, Unit
from heart.accounts.models import User
from heart.journal.models import Entry
from heart.live.audiences import NEEDS, Kind
from heart.live.signin import origin_is_ours
from heart.roles import GRANTS, Role
from tests.builders import Given
from tests.live.process import Live, cookie_of, token_of
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)


def answer(live: Live, path: str = "board/", **headers: str) -> int:
    """101 when the door opens, else the refusal."""
    try:
        with live.connect(path, **headers) as socket:
            socket.recv(timeout=5)
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def closed_with(socket: ClientConnection, seconds: float) -> int:
    """The code of the server's close frame, which must come in time."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=seconds)
    return socket.close_code or 0


def paths(given: Given) -> dict[Kind, str]:
    call = given.call()
    return {
        Kind.BOARD: "board/",
        Kind.DESK: "desk/",
        Kind.WORKLIST: "worklist/",
        Kind.CALL: f"calls/{call.number}/",
        Kind.UNIT: "units/CRT1/",
        Kind.ALERTS: "alerts/",
    }


def test_every_audience_opens_for_exactly_the_roles_it_names(
    live: Live, people: People, given: Given
) -> None:
    tokens = {role: token_of(user) for role, user in people.by_role().items()}

    opened = {
        (kind, role): answer(live, path, **token) == 101
        for kind, path in paths(given).items()
        for role, token in tokens.items()
    }

    assert opened == {
        (kind, role): NEEDS[kind] in GRANTS[Role(role)] for kind in Kind for role in tokens
    }


def test_nobody_is_refused_everywhere(live: Live, given: Given) -> None:
    ours = {"origin": f"http://127.0.0.1:{live.port}"}

    for path in paths(given).values():
        assert answer(live, path) == 403
        assert answer(live, path, **ours) == 403
        assert answer(live, path, **ours, cookie="sessionid=" + "x" * 32) == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:{port}", 101),
        ("https://127.0.0.1:{port}", 101),
        ("http://127.0.0.1:1", 403),
        ("http://evil.example", 403),
        ("http://127.0.0.1.evil.example:{port}", 403),
        ("null", 403),
        ("http://[", 403),
        ("", 403),
        (None, 403),
    ],
)
def test_browser_must_come_from_our_own_pages(
    live: Live, people: People, origin: str | None, status: int
) -> None:
    headers = cookie_of(people.dev)
    if origin is not None:
        headers["origin"] = origin.format(port=live.port)

    assert answer(live, **headers) == status


def test_host_that_is_not_ours_is_refused() -> None:
    assert not origin_is_ours({"origin": "http://evil.example", "host": "evil.example"})


def test_program_with_a_token_needs_no_origin_but_may_not_have_a_foreign_one(
    live: Live, people: People
) -> None:
    token = token_of(people.dev)

    assert answer(live, **token) == 101
    assert answer(live, **token, origin="http://evil.example") == 403


@pytest.mark.parametrize(
    "authorization", ["Token", "Token ", "Token nonsense", "Bearer x", "Token a b", "Basic eDp5"]
)
def test_bad_token_is_refused(live: Live, authorization: str) -> None:
    assert answer(live, authorization=authorization) == 403


@pytest.mark.parametrize("path", ["", "boards/", "calls/26-999999/", "units/NONE/", "calls//"])
def test_what_is_not_there_is_refused(live: Live, people: People, path: str) -> None:
    user = people.imani if path.startswith("units") else people.dev

    assert answer(live, path, **token_of(user)) == 403


def test_team_member_hears_only_the_own_team(live: Live, people: People) -> None:
    token = token_of(people.imani)
    others = Unit.objects.exclude(crew__user=people.imani).exclude(code="CRT1")

    assert answer(live, "units/CRT1/", **token) == 101
    assert {answer(live, f"units/{unit.code}/", **token) for unit in others} == {403}


def test_opening_a_call_is_written_down(live: Live, people: People, given: Given) -> None:
    call = given.call()

    assert answer(live, f"calls/{call.number}/", **token_of(people.dev)) == 101

    read = Entry.objects.get(verb="record.read")
    assert (read.call_id, read.actor_id, read.source) == (call.pk, people.dev.pk, "api")
    assert read.payload["screen"] == "live"


@pytest.mark.parametrize("said", ["hello", "{}", b"\x00"])
def test_whatever_a_client_says_ends_the_connection(
    live: Live, token: dict[str, str], said: str | bytes
) -> None:
    with live.connect(**token) as socket:
        socket.send(said)

        assert closed_with(socket, 2) == 1008


def sign_out(people: People, headers: dict[str, str]) -> None:
    client = Client()
    name, _, value = headers["cookie"].partition("=")
    client.cookies[name] = value
    client.logout()


def delete_tokens(people: People, _: dict[str, str]) -> None:
    AuthToken.objects.filter(user=people.imani).delete()


def change(**columns: Any) -> Callable[[People, dict[str, str]], None]:
    return lambda people, _: User.objects.filter(pk=people.imani.pk).update(**columns) and None


def leave_team(people: People, _: dict[str, str]) -> None:
    CrewMember.objects.filter(user=people.imani).delete()


@pytest.mark.parametrize(
    ("happens", "by_token"),
    [
        (sign_out, False),
        (delete_tokens, True),
        (change(is_active=False), True),
        (change(role=Role.CALL_TAKER), True),
        (change(password="another"), False),
        (leave_team, True),
    ],
)
def test_socket_ends_when_the_person_may_no_longer_listen(
    live: Live,
    people: People,
    happens: Callable[[People, dict[str, str]], None],
    by_token: bool,
) -> None:
    ours = {"origin": f"http://127.0.0.1:{live.port}"}
    headers = token_of(people.imani) if by_token else {**cookie_of(people.imani), **ours}
    with live.connect("units/CRT1/", **headers) as socket:
        socket.recv(timeout=5)

        happens(people, headers)

        assert closed_with(socket, 4) == 4401
