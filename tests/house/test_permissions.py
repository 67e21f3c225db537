"""Every address and socket says who may use it, and keeps its word for every role and for nobody."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from heart.accounts.models import User
from heart.pages.addresses import Address, addresses, sockets
from heart.roles import GRANTS, PUBLIC, Permission, Role, allowed

ADDRESSES = sorted(addresses(), key=lambda address: address.route)
OURS = [address for address in ADDRESSES if not address.route.startswith("/admin/")]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.route)
def test_every_address_declares_who_may_use_it(address: Address) -> None:
    assert address.needs
    assert all(isinstance(p, Permission) or p == PUBLIC for p in address.needs.values())


def test_every_permission_is_granted_to_some_role() -> None:
    granted = {permission for permissions in GRANTS.values() for permission in permissions}

    assert granted == set(Permission)


def test_every_socket_declares_who_may_use_it() -> None:
    assert dict(sockets())
    assert all(isinstance(permission, Permission) for _, permission in sockets())


def test_open_addresses_are_the_ones_we_know_of() -> None:
    opened = {a.route for a in OURS if PUBLIC in a.needs.values()}

    assert opened == {"/", "/healthz", "/readyz", "/sign-in/", "/sign-out/", "/api/v1/schema/"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: str(role) if role else "nobody")
def test_every_address_refuses_every_role_without_its_permission(role: Role | None) -> None:
    client = Client(raise_request_exception=True)
    user = None
    if role is not None:
        user = User.objects.create_user(f"walker-{role}", password="x", role=role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    wrong = [
        f"{method} {address.route}: {status}"
        for address in OURS
        if address.route != "/sign-out/"  # it would end the walk
        for method, status in _knock(client, address)
        if not _is_right(user, address, method, status)
    ]

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: str(role) if role else "nobody")
def test_panel_opens_only_for_those_who_administer(role: Role | None) -> None:
    client = Client()
    user = None
    if role is not None:
        user = User.objects.create_user(f"walker-{role}", password="x", role=role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    lists = [a.route for a in ADDRESSES if a.name.endswith(("_changelist", "_add", "index"))]

    answers = {route: client.get(route).status_code for route in lists}

    may = allowed(user, Permission.ADMINISTER)
    assert len(lists) > 15
    assert set(answers.values()) <= ({200, 403} if may else {302})


def _knock(client: Client, address: Address) -> Iterator[tuple[str, int]]:
    path = re.sub(r"\(\?P<\w+>([^()]*)\)", _sample_of, address.route)
    path = re.sub(r"<(\w+:)?\w+>", lambda part: "0" if part[1] == "int:" else "nothing", path)
    for method in METHODS:
        answer = client.generic(method, path, "{}", content_type="application/json")
        yield method, answer.status_code


def _sample_of(part: re.Match[str]) -> str:
    """A path part that fits: the first of the alternatives, a digit, or any word."""
    return "0" if "\\d" in part[1] else part[1].split("|")[0] if "|" in part[1] else "nothing"


def _is_right(user: User | None, address: Address, method: str, status: int) -> bool:
    """Refusals are 401, 403 or the way to the sign-in page; nobody ever sees a 500."""
    needed = address.needs.get(method, address.needs.get("*"))
    is_open = needed == PUBLIC or (isinstance(needed, Permission) and allowed(user, needed))
    if is_open:
        return status not in (401, 403, 500)
    refused = (401, 403, 405) if user is not None else (302, 401, 403, 405)
    return status in refused
