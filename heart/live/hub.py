"""One hub per live process: reads the journal once and hands the same bytes to all its sockets.

The bell only wakes it. Without a bell it looks every 250 ms; the database is the truth.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import redis.asyncio
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from heart import doorbell
from heart.journal import queries
from heart.journal.queries import Cursor, CursorGone
from heart.live import signin, tail
from heart.live.audiences import ALWAYS, Audience
from heart.live.feed import Feed
from heart.live.registry import Item
from heart.live.sockets import Packet, Socket, pack
from heart.live.tail import Message, reset

POLL_SECONDS = 0.25
PAUSE_SECONDS = 0.2
BEAT_SECONDS = 5.0
SWEEP_SECONDS = 2.0
BELL_TIMEOUT_SECONDS = 1.0
log = logging.getLogger(__name__)
T = TypeVar("T")


class Hub:
    """Feeds by audience, one thread with the journal's connection, one for those at the door."""

    def __init__(self) -> None:
        self.head: Cursor | None = None
        self.read_at = 0.0
        self.errors = 0
        self.bell_errors = 0
        self.feeds: dict[Audience, Feed] = {}
        self.passes: dict[Socket, tuple[signin.Pass, Callable[[], None]]] = {}
        self._replays: dict[tuple[Audience, Cursor], asyncio.Task[tuple[Message, Packet]]] = {}
        self._journal = ThreadPoolExecutor(1, "journal")
        self._door = ThreadPoolExecutor(1, "door")
        self._bell = asyncio.Event()
        self._turn = asyncio.Event()
        loops = (self._read, self._listen, self._beat, self._sweep)
        self._tasks = [asyncio.create_task(loop(), name=loop.__name__) for loop in loops]

    # --- those who come and go -----------------------------------------------------------------

    async def at_door(self, work: Callable[..., T], *args: Any) -> T:
        """Run database work for one client, beside the journal's reader and never in its way."""
        return await asyncio.get_running_loop().run_in_executor(self._door, _or_anew, work, *args)

    async def join(self, socket: Socket, audience: Audience, after: str) -> None:
        """Bring a socket from ``after`` to the head of its audience, missing nothing, and let it in."""
        try:
            place = Cursor.parse(after)
        except CursorGone:
            socket.push(pack(reset()))
            return
        while (head := await self._head_at(place)) is not None:
            if self.feeds.setdefault(audience, Feed(head)).join(socket, place):
                return
            message, packet = await self._replay(audience, place)
            socket.push(packet)
            if message["type"] == "reset":
                return
            place = Cursor.parse(message["cursor"])
        socket.push(pack(reset()))

    def leave(self, socket: Socket, audience: Audience) -> None:
        """Forget a socket, and its audience when nobody else is there."""
        socket.stop()
        self.passes.pop(socket, None)
        if feed := self.feeds.get(audience):
            feed.members.discard(socket)
            if not feed.members and audience not in ALWAYS:
                del self.feeds[audience]

    async def _head_at(self, place: Cursor) -> Cursor | None:
        """Our head once it has reached ``place``; None when two full rounds show no such place."""
        for _ in range(3):
            if self.head is not None and place <= self.head:
                return self.head
            self._bell.set()
            await self._turn.wait()
        return None

    async def _replay(self, audience: Audience, place: Cursor) -> tuple[Message, Packet]:
        """What the ring no longer holds, from the journal; a room that returns together shares it."""

        async def read() -> tuple[Message, Packet]:
            message = await self.at_door(tail.changes, audience, str(place))
            return message, pack(message)

        key = (audience, place)
        task = self._replays.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._replays[key] = asyncio.create_task(read())
        return await asyncio.shield(task)

    def state(self) -> dict[str, Any]:
        """Whether the journal is being read, for the health address."""
        return {
            "reading": self.head is not None and time.monotonic() - self.read_at < BEAT_SECONDS,
            "head": str(self.head) if self.head else None,
            "sockets": sum(len(feed.members) for feed in self.feeds.values()),
            "errors": self.errors,
            "bell_errors": self.bell_errors,
        }

    # --- the journal -----------------------------------------------------------------------------

    async def _read(self) -> None:
        while True:
            try:
                while await self._round():
                    pass
            except CursorGone:
                self._forget()
            except Exception as error:  # noqa: BLE001 - whatever it was, the screens go on
                self.errors += 1
                log.warning("reading the journal failed: %s: %s", type(error).__name__, error)
                await self._in_journal(connections.close_all)
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._bell.wait()
            self._bell.clear()

    async def _round(self) -> bool:
        """Read once; True when there is more to read."""
        if self.head is None:
            self.head = await self._in_journal(queries.head)
            self.feeds = {audience: Feed(self.head) for audience in ALWAYS}
        watched = tuple(audience for audience, feed in self.feeds.items() if feed.members)
        entries, shown = await self._in_journal(tail.read, self.head, watched)
        if entries:
            head = queries.place_of(entries[-1], self.head.epoch)
            self._deliver(head, shown)
            # those nobody watches come after, and those that came while the others were rendered
            while late := [name for name, feed in self.feeds.items() if feed.rendered < head]:
                self._deliver(head, await self._in_journal(tail.items_for, late, entries))
            self.head = head
            self._replays.clear()
        self.read_at = time.monotonic()
        self._turn.set()
        self._turn = asyncio.Event()
        return len(entries) == tail.LIMIT

    def _deliver(self, head: Cursor, shown: dict[Audience, list[Item] | None]) -> None:
        for audience, items in shown.items():
            if feed := self.feeds.get(audience):
                feed.advance(head, items)

    def _forget(self) -> None:
        """A restored database: every screen takes a new snapshot."""
        for feed in self.feeds.values():
            feed.advance(feed.position, None)
        self.head = None

    async def _in_journal(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._journal, work, *args)

    # --- bell, heartbeat, sign-outs ------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                await self._subscribe()
            except (redis.RedisError, OSError):
                self.bell_errors += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def _subscribe(self) -> None:
        client = redis.asyncio.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BELL_TIMEOUT_SECONDS,
            socket_timeout=BELL_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        async with client, client.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(doorbell.CHANNEL)
            self._bell.set()  # whatever rang while we were away
            while True:
                if await channel.get_message(timeout=60):
                    self._bell.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with _going_on("beat"):
                lag = await self.at_door(queries.watermark_age_seconds)
                # silence tells the screens to poll when the journal cannot be read
                if self.head and time.monotonic() - self.read_at < BEAT_SECONDS:
                    for feed in self.feeds.values():
                        feed.beat(lag)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            with _going_on("sign-out check"):
                held = dict(self.passes)
                lapsed = await self.at_door(signin.lapsed, {entry for entry, _ in held.values()})
                for entry, expel in held.values():
                    if entry in lapsed:
                        expel()

    async def stop(self) -> None:
        """End the loops and give the connections back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for executor in (self._journal, self._door):
            executor.submit(connections.close_all)
            executor.shutdown()


@contextmanager
def _going_on(loop: str) -> Iterator[None]:
    """One failed round ends no loop; what is not the database's absence is written down."""
    try:
        yield
    except DatabaseError:
        pass
    except Exception:
        log.exception("a round of the %s failed", loop)


def _or_anew(work: Callable[..., T], *args: Any) -> T:
    """After an error of the database, the next one begins with a new connection."""
    try:
        return work(*args)
    except DatabaseError:
        connections.close_all()
        raise


_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process; the first caller starts it."""
    global _hub  # noqa: PLW0603 - one per process
    if _hub is None:
        _hub = Hub()
    return _hub


async def stop() -> None:
    """Stop the hub of this process, if it runs."""
    global _hub
    if _hub is not None:
        stopping, _hub = _hub, None
        await stopping.stop()
