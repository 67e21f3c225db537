"""A client that stops reading is cut off; the others do not notice."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import pytest

from heart.journal import queries
from heart.journal.models import Entry
from heart.live import hub, registry
from heart.live.audiences import BOARD, Kind
from heart.live.registry import Item, Part
from heart.live.sockets import QUEUE_MESSAGES, Packet, QueuedSocket
from tests.live.process import Listener, Live, eventually, probe, stale_probes

BIG = "x" * 200_000


def render_big(ids: Sequence[str], _: int) -> list[Item]:
    """As many bytes as a screen hardly ever has."""
    return [
        Item(
            id=item_id, html=BIG, data={"count": Entry.objects.filter(verb="record.read").count()}
        )
        for item_id in ids
    ]


def deaf_client(port: int, place: str, token: str) -> socket.socket:
    """Shakes hands and never reads again."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lines = (
        f"GET /ws/board/?after={place} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"Authorization: {token}",
    )
    client.sendall("\r\n".join([*lines, "", ""]).encode())
    return client


def members() -> int:
    return len(hub.hub().feeds[BOARD].members)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("probes")
def test_slow_reader_is_cut_off_and_the_others_go_on(live: Live, token: dict[str, str]) -> None:
    registry.PARTS[Kind.BOARD]["probe"] = Part(stale_probes, render_big)
    place = str(queries.head())
    deaf = deaf_client(live.port, place, token["authorization"])
    eventually(lambda: members() == 1)
    pushes = 60

    with live.connect(after=place, **token) as other:
        listener = Listener(other, place)
        counts: list[Any] = []
        for turn in range(pushes):
            probe()
            while not counts or counts[-1] < turn + 1:
                counts += [item["data"]["count"] for item in listener.items()]

        assert counts[-1] == pushes
        eventually(lambda: members() == 1)
    deaf.close()


def test_queue_of_a_slow_reader_has_an_end() -> None:
    """Where the server's transport cannot be found, a thousand messages wait and no more."""

    async def scenario() -> tuple[list[bool], list[Any]]:
        sent: list[Any] = []
        blocked = asyncio.Event()

        async def send(message: Any) -> None:
            if message["type"] == "websocket.send":
                await blocked.wait()
            sent.append(message)

        slow = QueuedSocket(send)
        await asyncio.sleep(0)
        pushed = [slow.push(Packet("text", b"")) for _ in range(QUEUE_MESSAGES + 2)]
        await asyncio.sleep(0.01)
        return pushed, sent

    pushed, sent = asyncio.run(scenario())

    assert pushed == [True] * QUEUE_MESSAGES + [False] * 2
    assert sent == [{"type": "websocket.close", "code": 1013}]


def test_queue_delivers_in_order() -> None:
    async def scenario() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message.get("text"))

        reader = QueuedSocket(send)
        for number in range(3):
            assert reader.push(Packet(str(number), b""))
        await asyncio.sleep(0.01)
        reader.stop()
        await asyncio.sleep(0)
        return sent

    assert asyncio.run(scenario()) == ["0", "1", "2", None]
