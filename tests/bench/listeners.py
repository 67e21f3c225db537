"""Many sockets in one lean process: shakes hands, counts frames, says when the last one had it.

The measuring side must not be the bottleneck, so this is a bare protocol: no WebSocket library, no
JSON. The same listeners hear the console and the bare broadcast.

python -m tests.bench.listeners PORT PATH COUNT TOKEN
prints "ready", then one line per broadcast: seconds of the monotonic clock at which the last
socket had it.
"""

import asyncio
import sys
import time

WANTED = b'{"type":"changes"'
CONNECTING = 50  # handshakes under way at a time


class Tally:
    """How many sockets have had each broadcast."""

    def __init__(self, sockets: int) -> None:
        self.sockets = sockets
        self.having: dict[int, int] = {}

    def count(self, number: int) -> None:
        having = self.having.get(number, 0) + 1
        if having < self.sockets:
            self.having[number] = having
        else:
            self.having.pop(number, None)
            print(f"{time.monotonic():.6f}", flush=True)


class Listener(asyncio.Protocol):
    """One socket: after the handshake only unmasked server frames come in."""

    def __init__(self, request: bytes, tally: Tally, is_open: asyncio.Future[None]) -> None:
        self.request, self.tally, self.is_open = request, tally, is_open
        self.buffer = bytearray()
        self.heard = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open.done():
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.buffer.startswith(b"HTTP/1.1 101"):
                sys.exit(f"refused: {bytes(self.buffer[:end])!r}")
            del self.buffer[: end + 4]
            self.is_open.set_result(None)
        while self._take_frame():
            pass

    def _take_frame(self) -> bool:
        buffer = self.buffer
        if len(buffer) < 2:
            return False
        size, start = buffer[1] & 127, 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < start + size:
            return False
        if buffer.startswith(WANTED, start):
            self.heard += 1
            self.tally.count(self.heard)
        del buffer[: start + size]
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        sys.exit(f"a socket was closed: {exc}")


async def listen(port: int, path: str, count: int, token: str) -> None:
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"Authorization: Token {token}",
    )
    request = "\r\n".join([*lines, "", ""]).encode()
    loop = asyncio.get_running_loop()
    tally, gate = Tally(count), asyncio.Semaphore(CONNECTING)

    async def connect() -> None:
        async with gate:
            is_open = loop.create_future()
            await loop.create_connection(
                lambda: Listener(request, tally, is_open), "127.0.0.1", port
            )
            await is_open

    await asyncio.gather(*(connect() for _ in range(count)))
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until the one who started us is done


if __name__ == "__main__":
    asyncio.run(listen(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
