"""The read-only socket of every live screen: who are you, where were you, and then only listening."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from heart.live import signin
from heart.live.audiences import Kind
from heart.live.hub import hub
from heart.live.sockets import DirectSocket, QueuedSocket, Socket

SIGNED_OUT, UNSPOKEN, BROKEN = 4401, 1008, 1011


class ScreenConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Sends what the hub has for one audience; whatever a client says ends the connection."""

    entry: signin.Pass
    joining: "asyncio.Task[None]"

    def __init__(self, kind: Kind | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.socket: Socket | None = None

    async def connect(self) -> None:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in self.scope["headers"]
        }
        name = self.scope["url_route"]["kwargs"].get("name", "")
        entry = None
        if self.kind and signin.origin_is_ours(headers):
            try:
                entry = await hub().at_door(signin.admit, self.kind, name, headers)
            except DatabaseError:
                entry = None  # the client polls and comes back
        if entry is None:
            await self.close()
            return
        await self.accept()
        self._enter(entry)

    def _enter(self, entry: signin.Pass) -> None:
        transport = self.scope.get("heart.transport")
        socket = DirectSocket(transport) if transport else QueuedSocket(self.base_send)
        self.socket, self.entry = socket, entry
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", [""])[0]
        hub().passes[socket] = (entry, self._expel)
        self.joining = asyncio.create_task(self._join(socket, after))

    async def _join(self, socket: Socket, after: str) -> None:
        try:
            await hub().join(socket, self.entry.audience, after)
        except DatabaseError:
            await self.close(BROKEN)

    def _expel(self) -> None:
        """Signed out elsewhere: nothing more is sent from this moment on."""
        if self.socket:
            hub().leave(self.socket, self.entry.audience)
            self.joining.cancel()
            self.joining = asyncio.create_task(self.close(SIGNED_OUT))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.close(UNSPOKEN)

    async def disconnect(self, code: int) -> None:
        if self.socket:
            self.joining.cancel()
            hub().leave(self.socket, self.entry.audience)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without Channels' own look at database connections: this consumer holds none."""
        await getattr(self, message["type"].replace(".", "_"))(message)
