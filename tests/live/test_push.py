"""Snapshot, push, replay, reset: a screen misses nothing, whatever happened in between."""

import http.client
import json
import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from websockets.exceptions import ConnectionClosed

from heart.journal import queries
from heart.journal.models import Epoch
from heart.live import hub, registry, tail
from heart.live.audiences import BOARD, Audience, Kind
from heart.live.registry import Item
from tests.live.process import Listener, Live, eventually, probe, serving, token_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probes")]
PROBE_7 = "<b id=probe-7>{}</b>"


def shown(items: list[Item]) -> dict[str, str]:
    return {item["id"]: item["html"] for item in items if item["id"].startswith("probe")}


def collected(listener: Listener, count: int) -> dict[str, str]:
    """What is shown once ``count`` different probes have come."""
    seen: dict[str, str] = {}
    while len(seen) < count:
        seen |= shown(listener.items())
    return seen


def test_entry_after_the_snapshot_is_pushed(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        listener = Listener(socket, place)
        assert listener.message()["type"] == "beat"

        probe()
        probe(8)

        assert collected(listener, 2) == {
            "probe-7": PROBE_7.format(1),
            "probe-8": "<b id=probe-8>1</b>",
        }


def test_item_that_is_gone_is_removed(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        probe(100)

        assert shown(Listener(socket, place).items()) == {"probe-100": ""}


def test_rolled_back_change_is_never_pushed(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        with transaction.atomic():
            probe(8)
            transaction.set_rollback(True)
        probe(7)

        assert shown(Listener(socket, place).items()) == {"probe-7": PROBE_7.format(1)}


def test_missed_entries_are_replayed_from_the_ring(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    for number in (7, 8, 7):
        probe(number)
    eventually(lambda: hub.hub().head == queries.head())

    with live.connect(after=place, **token) as socket:
        listener = Listener(socket, place)

        assert shown(listener.items()) == {
            "probe-7": PROBE_7.format(2),
            "probe-8": "<b id=probe-8>1</b>",
        }
        assert listener.cursor == str(queries.head())


def test_entries_from_before_the_process_are_replayed_from_the_journal(
    request: pytest.FixtureRequest, people: Any
) -> None:
    place = str(queries.head())
    probe()
    live = request.getfixturevalue("live")

    with live.connect(after=place, **token_of(people.dev)) as socket:
        assert shown(Listener(socket, place).items()) == {"probe-7": PROBE_7.format(1)}


def test_polling_gives_what_the_socket_gives(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        listener = Listener(socket, place)
        probe()

        assert shown(listener.items()) == shown(tail.changes(BOARD, place)["items"])
        assert listener.cursor == tail.changes(BOARD, place)["cursor"]


@pytest.mark.parametrize("place", ["", "nonsense", "1-2", "7-1-1", "1-99999999999-1", "1-0-0"])
def test_unknown_place_gets_a_reset(
    live: Live, token: dict[str, str], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe()
    monkeypatch.setattr(tail, "LIMIT", 1)  # so that 1-0-0 is too long ago
    eventually(lambda: hub.hub().head == queries.head())

    with live.connect(after=place, **token) as socket:
        assert Listener(socket, place).message()["type"] == "reset"
    assert tail.changes(BOARD, place)["type"] == "reset"


def test_restored_database_resets_every_screen(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        listener = Listener(socket, place)
        assert listener.message()["type"] == "beat"

        Epoch.objects.update(number=2)

        assert listener.message()["type"] == "reset"
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        probe()
        assert shown(Listener(socket, place).items()) == {"probe-7": PROBE_7.format(1)}


def test_quiet_audience_is_brought_level_when_somebody_joins(live: Live, people: Any) -> None:
    """What happens elsewhere moves the cursor of a screen without sending it anything."""
    place = str(queries.head())
    navigator = token_of(people.ana)
    with live.connect("worklist/", after=place, **navigator) as first:
        listener = Listener(first, place)
        assert listener.message()["type"] == "beat"
        registry.PARTS[Kind.WORKLIST]["probe"] = registry.Part(lambda *_: [], lambda *_: [])
        probe()
        eventually(lambda: hub.hub().head == queries.head())
        place = str(queries.head())

        with live.connect("worklist/", after=place, **navigator) as second:
            assert Listener(second, place).message()["type"] == "beat"
            assert listener.message()["type"] == "beat"
            assert listener.cursor == place


def test_faulty_part_resets_its_own_screen_and_no_other(live: Live, people: Any) -> None:
    place = str(queries.head())

    def fail(*_: Any) -> list[Item]:
        raise ZeroDivisionError

    registry.PARTS[Kind.WORKLIST]["probe"] = registry.Part(
        registry.PARTS[Kind.BOARD]["probe"].stale, fail
    )
    with (
        live.connect("worklist/", after=place, **token_of(people.ana)) as work,
        live.connect("board/", after=place, **token_of(people.dev)) as board,
    ):
        worklist = Listener(work, place)
        assert worklist.message()["type"] == "beat"
        probe()

        assert shown(Listener(board, place).items()) == {"probe-7": PROBE_7.format(1)}
        assert worklist.message()["type"] == "reset"


def test_killed_database_connections_lose_nothing(live: Live, token: dict[str, str]) -> None:
    place = str(queries.head())
    with live.connect(after=place, **token) as socket:
        listener = Listener(socket, place)
        assert listener.message()["type"] == "beat"
        for number in range(20, 30):
            with connection.cursor() as sql:
                sql.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            probe(number)

        seen = collected(listener, 10)

    assert seen == {f"probe-{n}": f"<b id=probe-{n}>1</b>" for n in range(20, 30)}
    assert hub.hub().errors > 0


def test_eight_writers_and_sockets_that_come_and_go_end_with_the_same_board(
    live: Live, people: Any
) -> None:
    """Each client begins somewhere in the middle; all end with what a fresh page would show."""
    writers, each = 8, 12
    place = str(queries.head())
    token = token_of(people.dev)

    def write(number: int) -> None:
        try:
            for _ in range(each):
                probe(number)
        finally:
            connection.close()

    def listen(result: list[dict[str, str]]) -> None:
        seen: dict[str, str] = {}
        cursor = place
        wanted = {f"probe-{n}": f"<b id=probe-{n}>{each}</b>" for n in range(writers)}
        while seen != wanted:  # a new connection after every third message
            with live.connect(after=cursor, **token) as socket:
                listener = Listener(socket, cursor)
                for _ in range(3):
                    if seen != wanted:
                        seen |= shown(listener.message(8).get("items", []))
                cursor = listener.cursor
        result.append(seen)

    results: list[dict[str, str]] = []
    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    threads += [threading.Thread(target=listen, args=(results,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [f"probe-{n}" for n in range(writers)]
    assert results == [shown(registry.render(BOARD, ids))] * 4


def test_audience_that_nobody_watches_is_forgotten(live: Live, people: Any) -> None:
    from tests.builders import Given

    call = Given(people).call()
    audience = Audience(Kind.CALL, call.pk)

    with live.connect(f"calls/{call.number}/", **token_of(people.dev)):
        eventually(lambda: audience in hub.hub().feeds)

    eventually(lambda: audience not in hub.hub().feeds)


def test_long_open_writer_is_told_as_lag(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be pushed past an open transaction, so the screens must know."""
    monkeypatch.setattr(hub, "BEAT_SECONDS", 0.4)
    is_over = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            probe()
            is_over.wait(10)
        connection.close()

    writer = threading.Thread(target=hold)
    place = str(queries.head())
    with serving() as live, live.connect(after=place, **token_of(people.dev)) as socket:
        writer.start()
        listener = Listener(socket, place)
        while (message := listener.message()).get("lag", 0) < 0.5:
            assert message["type"] == "beat"
        is_over.set()
        writer.join()

        assert shown(listener.items()) == {"probe-7": PROBE_7.format(1)}


def test_stopping_process_says_goodbye_and_leaves_no_connection(people: Any) -> None:
    with serving() as live:
        socket = live.connect(**token_of(people.dev))
        eventually(lambda: hub.hub().feeds[BOARD].members)

    with socket, suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=5)
    assert socket.close_code == 1012
    eventually(lambda: connections_now() == 1)  # a back end ends a moment after its connection


def connections_now() -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(sql.fetchone()[0])


@pytest.mark.parametrize(("path", "status"), [("/ws/health/", 200), ("/", 404)])
def test_health_address(live: Live, path: str, status: int) -> None:
    web = http.client.HTTPConnection("127.0.0.1", live.port)
    web.request("GET", path)
    answer = web.getresponse()
    body = json.loads(answer.read())
    web.close()

    assert answer.status == status
    assert body.get("reading", False) == (status == 200)
