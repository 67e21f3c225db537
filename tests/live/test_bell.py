"""The doorbell only makes it quicker: absent, hung or wiped, everything still arrives."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from heart import doorbell
from heart.journal import queries
from heart.live import hub
from heart.runner.ports import free_port
from heart.runner.servers import embedded
from tests.live.process import Listener, eventually, probe, serving, token_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probes")]
POLLED_WITHIN = 1.0


@pytest.fixture
def ringing_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Point the doorbell of this process to another Redis."""

    def point(url: str) -> redis.Redis:
        client = redis.Redis.from_url(
            url, socket_timeout=0.1, socket_connect_timeout=0.1, retry=None
        )
        monkeypatch.setattr(settings, "REDIS_URL", url)
        monkeypatch.setattr(doorbell, "_client", client)
        monkeypatch.setattr(doorbell, "_silent_until", 0.0)
        return client

    return point


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[str]:
    with embedded(tmp_path, postgres=False) as urls:
        assert urls.redis_url
        yield urls.redis_url


@contextmanager
def listening(people: Any) -> Iterator[Listener]:
    place = str(queries.head())
    with serving() as live, live.connect(after=place, **token_of(people.dev)) as socket:
        listener = Listener(socket, place)
        assert listener.message()["type"] == "beat"
        yield listener


def seconds_to_arrive(listener: Listener) -> float:
    probe()
    committed = time.monotonic()
    listener.items()
    return time.monotonic() - committed


def test_bell_wakes_the_hub_before_it_would_look(
    people: Any, ringing_at: Any, own_redis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "POLL_SECONDS", 30)
    client = ringing_at(own_redis)
    with listening(people) as listener:
        eventually(lambda: client.pubsub_numsub(doorbell.CHANNEL)[0][1] == 1)

        assert seconds_to_arrive(listener) < POLLED_WITHIN

        client.flushall()
        client.client_kill_filter(_type="pubsub")
        eventually(lambda: client.pubsub_numsub(doorbell.CHANNEL)[0][1] == 1)

        assert seconds_to_arrive(listener) < POLLED_WITHIN
    client.close()


def test_redis_absent_is_polled_and_saving_is_not_slowed(people: Any, ringing_at: Any) -> None:
    ringing_at(f"redis://127.0.0.1:{free_port()}/0")
    with listening(people) as listener:
        assert max(seconds_to_arrive(listener) for _ in range(5)) < POLLED_WITHIN
        assert hub.hub().bell_errors > 0

        began = time.monotonic()
        probe()
        assert time.monotonic() - began < 0.1


def test_redis_hung_is_polled_and_rung_for_at_most_once(
    people: Any, ringing_at: Any, own_redis: str
) -> None:
    client = ringing_at(own_redis)
    pid = client.info("server")["process_id"]
    with listening(people) as listener:
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert max(seconds_to_arrive(listener) for _ in range(5)) < POLLED_WITHIN
            assert time.monotonic() - began < 5 * POLLED_WITHIN
        finally:
            os.kill(pid, signal.SIGCONT)

        assert seconds_to_arrive(listener) < POLLED_WITHIN
    client.close()
