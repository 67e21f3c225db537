"""One audience: where its chain of messages stands, who listens, and what was sent lately."""

from collections import deque

from heart.journal.queries import Cursor
from heart.live.registry import Item
from heart.live.sockets import Packet, Socket, pack
from heart.live.tail import link, reset

RING_ITEMS = 10_000


class Feed:
    """The ring reaches back to ``start``, the chain of messages to ``position``, and everything up
    to ``rendered`` is known; between the last two nothing changed here."""

    def __init__(self, head: Cursor) -> None:
        self.start = self.position = self.rendered = head
        self.members: set[Socket] = set()
        self._ring: deque[tuple[Cursor, list[Item]]] = deque()
        self._ring_items = 0

    def advance(self, head: Cursor, items: list[Item] | None) -> None:
        """Send what changed; None means that it could not be rendered and a new snapshot is due."""
        self.rendered = head
        if items is None:
            self._begin_again(head)
        elif items:
            self._keep(head, items)
            self._send(pack(link(self.position, head, items)))
            self.position = head

    def beat(self, lag: float = 0.0) -> None:
        """Say that we live, and bring the chain up to what is known."""
        message = link(self.position, self.rendered)
        message["lag"] = round(lag, 1)
        self._send(pack(message))
        self.position = self.rendered

    def join(self, socket: Socket, place: Cursor) -> bool:
        """Let in a socket that stands at ``place``; False when the ring does not reach back so far."""
        items = self._since(place)
        if items is None:
            return False
        if self.position < self.rendered:
            self.beat()
        if socket.push(pack(link(place, self.position, items or None))):
            self.members.add(socket)
        return True

    def _begin_again(self, head: Cursor) -> None:
        self._send(pack(reset()))
        self._ring.clear()
        self._ring_items = 0
        self.position = self.start = head

    def _send(self, packet: Packet) -> None:
        gone = [socket for socket in self.members if not socket.push(packet)]
        self.members.difference_update(gone)

    def _keep(self, cursor: Cursor, items: list[Item]) -> None:
        self._ring.append((cursor, items))
        self._ring_items += len(items)
        while self._ring_items > RING_ITEMS:
            self.start, dropped = self._ring.popleft()
            self._ring_items -= len(dropped)

    def _since(self, place: Cursor) -> list[Item] | None:
        if place < self.start:
            return None
        latest: dict[str, Item] = {}
        for cursor, items in self._ring:
            if cursor > place:
                latest |= {item["id"]: item for item in items}
        return list(latest.values())
