"""Ready bytes to one client, never waiting for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from websockets.frames import Frame, Opcode

from heart.live.tail import Message

BUFFER_BYTES = 4 * 1024 * 1024
QUEUE_MESSAGES = 1000


class Packet(NamedTuple):
    """A message made once for all sockets: as text, and as a WebSocket frame on the wire."""

    text: str
    frame: bytes


def pack(message: Message) -> Packet:
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return Packet(text, Frame(Opcode.TEXT, text.encode()).serialize(mask=False))


class Socket(Protocol):
    """One client. ``push`` is False once it is gone or was too slow; it returns with its cursor."""

    def push(self, packet: Packet) -> bool: ...

    def stop(self) -> None: ...


class DirectSocket:
    """Writes through the server's transport: nothing is awaited, so no client slows another."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def push(self, packet: Packet) -> bool:
        if self._transport.is_closing():
            return False
        if self._transport.get_write_buffer_size() > BUFFER_BYTES:
            self._transport.abort()
            return False
        self._transport.write(packet.frame)
        return True

    def stop(self) -> None:
        """Nothing to end: the transport belongs to the server."""


class QueuedSocket:
    """For servers whose transport cannot be found: one queue and one sending task per client."""

    def __init__(self, send: Callable[[Any], Awaitable[None]]) -> None:
        self._send = send
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_MESSAGES)
        self._task = asyncio.create_task(self._deliver())

    def push(self, packet: Packet) -> bool:
        if self._task.done():
            return False
        try:
            self._queue.put_nowait(packet.text)
        except asyncio.QueueFull:
            self._task.cancel()
            return False
        return True

    def stop(self) -> None:
        self._task.cancel()

    async def _deliver(self) -> None:
        try:
            while True:
                await self._send({"type": "websocket.send", "text": await self._queue.get()})
        finally:
            with suppress(Exception):  # the client may be gone already
                await self._send({"type": "websocket.close", "code": 1013})


def transport_of(send: Any) -> asyncio.Transport | None:
    """The server's transport behind the outermost ``send``, where the server is known to have one."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport if isinstance(transport, asyncio.Transport) else None
