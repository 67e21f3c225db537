"""A proxy that forgets answers: the request arrives, its answer does not."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from heart.runner.ports import LOOPBACK


@dataclass(slots=True)
class Proxy:
    upstream: int
    forgets: int
    port: int = 0
    forgotten: list[int] = field(default_factory=list)  # statuses of the answers not handed on

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request per connection, and its answer unless it is one of the forgotten."""
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        there, back = await asyncio.open_connection(LOOPBACK, self.upstream)
        back.write(head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) + body)
        answer = await there.read()
        back.close()
        if len(self.forgotten) < self.forgets:
            self.forgotten.append(int(answer.split(b" ", 2)[1]))
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


@contextmanager
def forgetting_proxy(upstream: int, forgets: int) -> Iterator[Proxy]:
    proxy = Proxy(upstream, forgets)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(proxy.pass_on, LOOPBACK, 0))
    proxy.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
