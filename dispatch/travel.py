"""How far and how long it is to a call: by a routing service if the agency has one, else straight.

``HEART_ROUTING`` names the class; it is asked for all units at once, and never inside a transaction.
"""

import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any, NamedTuple, Protocol

import requests
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from intake.places import distance_m

log = logging.getLogger(__name__)

METERS_PER_MILE = 1609.344


class Point(NamedTuple):
    """Degrees, as everywhere here latitude first."""

    latitude: float
    longitude: float


class Trip(NamedTuple):
    """A way to a call, and who says so: ``source`` is for people."""

    meters: int
    seconds: int
    source: str


class Routing(Protocol):
    """What a class of ``HEART_ROUTING`` has to do; it must answer at once and never raise."""

    def trips(self, origins: Sequence[Point], to: Point) -> list[Trip]:
        """The way from each origin, in the same order."""
        ...


def routing() -> Routing:
    """The routing that this agency has chosen."""
    try:
        chosen: Callable[[], Routing] = import_string(settings.HEART_ROUTING)
    except ImportError as error:
        raise ImproperlyConfigured(f"HEART_ROUTING: {error}") from error
    return chosen()


STRAIGHT = "straight line"
SILENT = "straight line: routing service silent"
NO_WAY = "straight line: routing service knows no way"


class StraightLine:
    """The distance as the crow flies, longer by a stated factor, at a stated speed."""

    def trips(self, origins: Sequence[Point], to: Point) -> list[Trip]:
        return [straight(origin, to) for origin in origins]


def straight(origin: Point, to: Point, source: str = STRAIGHT) -> Trip:
    """One such way."""
    meters = distance_m(*origin, *to) * settings.HEART_DETOUR_FACTOR
    seconds = meters / (settings.HEART_SPEED_MPH * METERS_PER_MILE / 3600)
    return Trip(round(meters), round(seconds), source)


class RoutingService:
    """A service that answers OSRM's ``table/v1/driving``; whatever it fails at is a straight line."""

    seconds = 0.3
    pause = 10
    """So many seconds a silent service is not asked again: a screen waits for it once."""
    most_bytes = 1_000_000

    def __init__(self) -> None:
        self.url = settings.HEART_ROUTING_URL.rstrip("/")
        if not self.url:
            raise ImproperlyConfigured("HEART_ROUTING_URL: the routing service needs an address")
        self.cache = caches["travel"]

    def trips(self, origins: Sequence[Point], to: Point) -> list[Trip]:
        """From what was asked within the last minute; the rest in one request."""
        keys = {origin: f"{_block(origin)}>{_block(to)}" for origin in origins}
        known: dict[str, Trip] = self.cache.get_many(set(keys.values()))
        missing = [origin for origin, key in keys.items() if key not in known]
        if missing and self._may_ask():
            asked = self._ask(missing, to)
            self.cache.set_many({keys[origin]: trip for origin, trip in asked.items()})
            known |= {keys[origin]: trip for origin, trip in asked.items()}
        return [known.get(keys[origin]) or straight(origin, to, SILENT) for origin in origins]

    def _may_ask(self) -> bool:
        return self.cache.get("silent") is None

    def _ask(self, origins: list[Point], to: Point) -> dict[Point, Trip]:
        """What the service says; nothing when it is silent or talks nonsense."""
        places = ";".join(
            f"{place.longitude:.6f},{place.latitude:.6f}" for place in (*origins, to)
        )
        sources = ";".join(map(str, range(len(origins))))
        address = (
            f"{self.url}/table/v1/driving/{places}"
            f"?sources={sources}&destinations={len(origins)}&annotations=duration,distance"
        )
        try:
            body = within(self.seconds, lambda: self._get(address))
            return dict(zip(origins, _read(body, origins, to), strict=True))
        except (requests.RequestException, TimeoutError, ValueError, RecursionError) as fault:
            # the address holds where a call is: only the kind of fault is written down
            log.warning("routing service: %s", type(fault).__name__)
            self.cache.set("silent", 1, self.pause)
            return {}

    def _get(self, address: str) -> bytes:
        with requests.get(
            address, timeout=self.seconds, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != HTTPStatus.OK:
                raise ValueError(f"status {answer.status_code}")
            return next(answer.iter_content(self.most_bytes), b"")


def _block(place: Point) -> str:
    """A place to about 100 meters: a moving unit is not asked for anew at each of its steps."""
    return f"{place.latitude:.3f},{place.longitude:.3f}"


def _read(body: bytes, origins: list[Point], to: Point) -> list[Trip]:
    """The trips of an answer; raises ValueError for one that is none."""
    answer = json.loads(body)
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        raise ValueError("not the answer of a table service")
    seconds = _column(answer.get("durations"), len(origins))
    meters = _column(answer.get("distances"), len(origins))
    return [
        straight(origin, to, NO_WAY)
        if far is None or long is None
        else Trip(round(far), round(long), "by road")
        for origin, far, long in zip(origins, meters, seconds, strict=True)
    ]


def _column(rows: Any, length: int) -> list[float | None]:
    """One number for each origin; None where no way is known."""
    if not isinstance(rows, list) or len(rows) != length:
        raise ValueError("another number of rows than origins")
    if not all(isinstance(row, list) and len(row) == 1 and _is_length(row[0]) for row in rows):
        raise ValueError("a row that is no length")
    return [row[0] for row in rows]


def _is_length(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (is_number and 0 <= value < 1e8)


_free = BoundedSemaphore(4)
"""How many requests may be under way, also those nobody waits for any more."""


def within(seconds: float, do: Callable[[], bytes]) -> bytes:
    """What ``do`` gives within this time, else TimeoutError.

    In a thread, because no HTTP client limits the whole: looking up the name or an answer that
    trickles in can take any time.
    """
    if not _free.acquire(blocking=False):
        raise TimeoutError
    answers: SimpleQueue[bytes | Exception] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(do())
        except Exception as fault:  # noqa: BLE001 - raised again by whoever waits
            answers.put(fault)
        finally:
            _free.release()

    Thread(target=run, name="routing", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer
