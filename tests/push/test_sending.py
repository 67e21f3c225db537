"""A new assignment reaches the phones of crews on duty, once, in two words, and never in a request."""

import secrets
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch import crew_actions, safety_actions
from dispatch.models import Unit
from heart.push import actions, door, sealing
from heart.push.models import Push, Subscription
from intake.steps import Refused
from tests.builders import CLOCK, Given
from tests.people import People
from tests.push.service import Phone, Service, push_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_key(settings: Any) -> Iterator[None]:
    settings.HEART_PUSH_PRIVATE_KEY = secrets.token_urlsafe(32)
    settings.HEART_PUSH_LOOPBACK = True
    sealing._our_key.cache_clear()
    yield
    sealing._our_key.cache_clear()


Subscribed = Callable[[Service], Phone]


@pytest.fixture
def subscribed(people: People) -> Subscribed:
    """Imani's phone, on duty with CRT1."""

    def subscribe(service: Service) -> Phone:
        phone, unit = Phone(), Unit.objects.get(code="CRT1")
        values = phone.values(service.endpoint)
        actions.subscribe(user_id=people.imani.pk, unit_id=unit.pk, **values)
        return phone

    return subscribe


def sweep() -> int:
    return actions.send_pushes(limit=500, by=CLOCK)


def test_new_assignment_is_told_once_in_two_words(given: Given, subscribed: Subscribed) -> None:
    with push_service() as service:
        phone = subscribed(service)
        given.run()
        assert service.heard == []  # not by the request that sent the team

        assert (sweep(), sweep()) == (1, 0)

    ((headers, body),) = service.heard
    assert phone.open(body) == b"New assignment"
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")
    assert headers["Authorization"].startswith("vapid t=")
    assert "Thimble" not in str(headers)
    push = Push.objects.get()
    assert (push.due_at, push.fault, push.tries) == (None, "", 1)
    assert push.sent_at is not None


def test_nothing_is_told_of_what_was_acknowledged(
    given: Given, people: People, subscribed: Subscribed
) -> None:
    run = given.run()
    safety_actions.acknowledge(run_id=run.pk, by=people.imani.actor("console"))
    with push_service() as service:
        subscribed(service)

        assert (sweep(), service.heard) == (0, [])


def test_nobody_off_duty_and_no_other_team_is_told(
    given: Given, people: People, subscribed: Subscribed
) -> None:
    with push_service() as service:
        subscribed(service)
        given.run(unit="CRT2")
        assert sweep() == 0

        crew_actions.sign_off(
            unit_id=Unit.objects.get(code="CRT1").pk, by=people.imani.actor("console")
        )
        given.run()
        assert (sweep(), service.heard) == (0, [])


@pytest.mark.parametrize("status", [404, 410])
def test_phone_that_is_gone_is_forgotten(
    given: Given, subscribed: Subscribed, status: int
) -> None:
    with push_service(status) as service:
        subscribed(service)
        given.run()

        assert (sweep(), sweep(), len(service.heard)) == (0, 0, 1)

    assert Subscription.objects.get().gone_at is not None
    assert Push.objects.get().fault == "phone is gone"


def test_service_that_fails_is_asked_again_later_and_then_left(
    given: Given, subscribed: Subscribed
) -> None:
    with push_service(503, 500, 201) as service:
        subscribed(service)
        given.run()
        now = timezone.now()
        told = []
        for seconds in (0, 1, 6, 7, 30):
            with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
                told.append(sweep())

    assert told == [0, 0, 0, 0, 1]
    assert Push.objects.get().tries == 3


def test_service_that_always_fails_is_given_up(given: Given, subscribed: Subscribed) -> None:
    with push_service(500) as service:
        subscribed(service)
        given.run()
        for minute in range(8):
            with time_machine.travel(timezone.now() + timedelta(minutes=minute), tick=False):
                sweep()

    push = Push.objects.get()
    assert (push.tries, push.due_at, push.fault) == (4, None, "status 500")
    assert len(service.heard) == 4


def test_redirect_is_not_followed(given: Given, subscribed: Subscribed) -> None:
    with push_service(307) as service:
        subscribed(service)
        given.run()
        sweep()

    assert len(service.heard) == 1
    assert Push.objects.get().fault == "status 307"


def test_claimed_push_of_a_sweeper_that_died_is_sent_after_its_lease(
    given: Given, subscribed: Subscribed
) -> None:
    with push_service() as service:
        subscribed(service)
        given.run()
        now = timezone.now()
        actions._enter_news(now)
        assert len(actions._claim(now, 10)) == 1  # and dies

        assert sweep() == 0
        with time_machine.travel(now + actions.LEASE, tick=False):
            assert sweep() == 1


def test_unreachable_service_is_no_fault_of_the_sweep(
    given: Given, people: People, subscribed: Subscribed
) -> None:
    with push_service() as service:
        pass  # has ended: its port is closed
    subscribed(service)
    given.run()

    assert sweep() == 0
    assert Push.objects.get().fault == "ConnectionRefusedError"


def test_same_browser_is_one_subscription_and_the_fifth_phone_ends_the_first(
    people: People,
) -> None:
    unit = Unit.objects.get(code="CRT1")
    for number in (0, 0, 1, 2, 3, 4):
        values = Phone().values(f"https://push.example.org/{number}")
        actions.subscribe(user_id=people.imani.pk, unit_id=unit.pk, **values)

    alive = Subscription.objects.filter(gone_at__isnull=True).order_by("id")
    assert [row.endpoint[-1] for row in alive] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example.org",
        "http://push.example.org/x",
        "http://localhost/x",
        "ftp://push.example.org/x",
        "https://",
        "https://name:word@push.example.org/x",
        "https://push.example.org:8443/x",
        "https://push.example.org:x/",
        "https://10.0.0.7/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.7]/x",
        "https://[64:ff9b::a00:7]/x",
        "https://100.64.0.1/x",
        "https://push.example.org/\r\nHost: inside",
        "https://push.example.org/" + "x" * 500,
        "https://pu\u0455h.example.org/x",
    ],
)
def test_address_that_is_no_push_service_is_refused(people: People, endpoint: str) -> None:
    unit = Unit.objects.get(code="CRT1")
    values = Phone().values("") | {"endpoint": endpoint}

    with pytest.raises(Refused) as refused:
        actions.subscribe(user_id=people.imani.pk, unit_id=unit.pk, **values)

    assert set(refused.value.problems) == {"endpoint"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_key", ""),
        ("public_key", "AAAA"),
        ("public_key", "\u00e9"),
        ("public_key", "B" * 87),
        ("auth", ""),
        ("auth", "AAAA"),
        ("auth", "\u00e9" * 22),
    ],
)
def test_keys_that_are_none_are_refused(people: People, name: str, value: str) -> None:
    unit = Unit.objects.get(code="CRT1")
    values = Phone().values("https://push.example.org/x") | {name: value}

    with pytest.raises(Refused) as refused:
        actions.subscribe(user_id=people.imani.pk, unit_id=unit.pk, **values)

    assert set(refused.value.problems) == {name}


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["::ffff:192.168.0.1"], ["fe80::1%eth0"], []],
)
def test_name_that_leads_into_our_own_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    with pytest.raises(door.NotAllowed):
        door.post("https://push.example.org/x", b"", {})


def test_this_machine_is_no_push_service_in_production(settings: Any) -> None:
    settings.HEART_PUSH_LOOPBACK = False

    with pytest.raises(door.NotAllowed):
        door.checked("http://127.0.0.1:9/x")
