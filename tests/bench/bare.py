"""The floor of the push: an asyncio WebSocket server that only broadcasts.

python -m tests.bench.bare PORT
Each line on stdin is sent to all sockets; answers with the monotonic time before the broadcast.
"""

import asyncio
import sys
import time

from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main(port: int) -> None:
    joined: set[ServerConnection] = set()

    async def join(connection: ServerConnection) -> None:
        joined.add(connection)
        await connection.wait_closed()
        joined.discard(connection)

    async with serve(join, "127.0.0.1", port, compression=None, ping_interval=None):
        print("ready", flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            began = time.monotonic()
            broadcast(joined, line.rstrip("\n"))
            print(f"{began:.6f}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
