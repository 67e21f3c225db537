"""Clients that take calls as fast as they are answered, each on its own connection.

python -m tests.bench.posters PORT CLIENTS SECONDS TOKEN
prints "ready", then the number of calls answered with 201.
"""

import asyncio
import sys
from uuid import uuid4

from tests.bench.stack import BODY

LENGTH = b"content-length: "


async def post(port: int, token: str, until: float) -> int:
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = 0
    while loop.time() < until:
        writer.write(
            f"POST /api/v1/calls/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Token {token}\r\nIdempotency-Key: {uuid4()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
            + BODY
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        start = head.index(LENGTH) + len(LENGTH)
        answer = await reader.readexactly(int(head[start : head.index(b"\r", start)]))
        if not head.startswith(b"http/1.1 201"):
            sys.exit(f"the call was not accepted: {head!r} {answer!r}")
        done += 1
        if b"connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return done


async def main(port: int, clients: int, seconds: float, token: str) -> None:
    print("ready", flush=True)
    until = asyncio.get_running_loop().time() + seconds
    print(sum(await asyncio.gather(*(post(port, token, until) for _ in range(clients)))))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
