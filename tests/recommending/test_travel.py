"""How far and how long: straight, by a routing service, and when that service fails in any way."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from time import perf_counter
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured

from dispatch.travel import NO_WAY, SILENT, STRAIGHT, Point, RoutingService, StraightLine, routing
from heart.runner.ports import LOOPBACK, free_port
from tests.recommending import router as answers
from tests.recommending.router import Answer, router, says, table

HERE, THERE = Point(31.0452, -70.0381), Point(31.0489, -70.0226)
CALL = Point(31.03, -70.02)
Use = Callable[[str], RoutingService]


@pytest.fixture(autouse=True)
def nothing_is_known() -> Iterator[None]:
    caches["travel"].clear()
    yield
    caches["travel"].clear()
    for thread in threading.enumerate():
        if thread.name == "routing":
            thread.join()


@pytest.fixture
def use(settings: Any) -> Use:
    """The routing service at an address."""

    def chosen(url: str) -> RoutingService:
        settings.HEART_ROUTING = "dispatch.travel.RoutingService"
        settings.HEART_ROUTING_URL = url
        service = routing()
        assert isinstance(service, RoutingService)
        return service

    return chosen


def test_straight_line_is_longer_by_the_factor_at_the_stated_speed(settings: Any) -> None:
    settings.HEART_DETOUR_FACTOR, settings.HEART_SPEED_MPH = 1.5, 30
    degree = Point(31, -70)

    [trip] = StraightLine().trips([degree], Point(32, -70))

    assert trip.meters == pytest.approx(111_195 * 1.5, rel=1e-4)
    assert trip.seconds == pytest.approx(trip.meters / (30 * 1609.344 / 3600), abs=1)
    assert trip.source == STRAIGHT


def test_straight_line_is_the_default() -> None:
    assert isinstance(routing(), StraightLine)


def test_all_origins_are_asked_at_once_longitude_first(use: Use) -> None:
    with router() as service:
        trips = use(f"{service.url}/").trips([HERE, THERE], CALL)

    assert [(trip.meters, trip.seconds, trip.source) for trip in trips] == [
        (1000, 60, "by road"),
        (2000, 120, "by road"),
    ]
    assert service.heard == [
        (
            "/table/v1/driving/-70.038100,31.045200;-70.022600,31.048900;-70.020000,31.030000"
            "?sources=0;1&destinations=2&annotations=duration,distance"
        )
    ]


def test_what_was_told_counts_for_a_minute(use: Use) -> None:
    nearby = Point(HERE.latitude + 0.0001, HERE.longitude)
    with router() as service, time_machine.travel("2026-03-02 12:00:00+00:00", tick=False) as now:
        first = use(service.url).trips([HERE], CALL)
        again = use(service.url).trips([nearby], CALL)
        use(service.url).trips([HERE, THERE], CALL)
        now.shift(61)
        use(service.url).trips([HERE], CALL)

    assert first == again
    assert [path.count(";") for path in service.heard] == [1, 1, 1]


@pytest.mark.parametrize(
    "answer",
    [
        answers.hangs,
        answers.drips,
        answers.breaks_off,
        answers.is_squeezed_wrongly,
        answers.sends_elsewhere,
        lambda handler: says(handler, b"{}", status=500),
        lambda handler: says(handler, b"<html>sign in</html>"),
        lambda handler: says(handler, b"[" * 100_000),
        lambda handler: says(handler, b"\xff\xfe"),
        lambda handler: says(handler, b"null"),
        lambda handler: says(handler, b'{"code": "Ok", "durations": [[1]]}'),
        table([[60], [60]], [[500], [500]], code="NoSegment"),
        table([[60]], [[500]]),
        table([[60], 60], [[500], [500]]),
        table([["60"], [60]], [[500], [500]]),
        table([[True], [60]], [[500], [500]]),
        table([[-60], [60]], [[500], [500]]),
        table([[float("nan")], [60]], [[500], [500]]),
        table([[1e300], [60]], [[500], [500]]),
        table([[10**400], [60]], [[500], [500]]),
        table([[60, 60], [60]], [[500], [500]]),
    ],
)
def test_service_that_is_silent_or_talks_nonsense_is_a_straight_line(
    answer: Answer, use: Use
) -> None:
    with router(answer) as service:
        began = perf_counter()
        trips = use(service.url).trips([HERE, THERE], CALL)
        took = perf_counter() - began

    straight = StraightLine().trips([HERE, THERE], CALL)
    assert [trip[:2] for trip in trips] == [trip[:2] for trip in straight]
    assert {trip.source for trip in trips} == {SILENT}
    assert took < 0.6  # 300 ms, and what a busy machine takes to look at the clock


def test_nobody_at_the_address_is_a_straight_line(use: Use) -> None:
    [trip] = use(f"http://{LOOPBACK}:{free_port()}").trips([HERE], CALL)

    assert trip.source == SILENT


@pytest.mark.parametrize("url", ["no address", "http://", "ftp://router", "http://[::"])
def test_address_that_is_none_is_a_straight_line(url: str, use: Use) -> None:
    [trip] = use(url).trips([HERE], CALL)

    assert trip.source == SILENT


def test_silent_service_is_not_asked_again_for_a_while(use: Use) -> None:
    broken = True

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if broken:
            says(handler, b"", status=503)
        else:
            answers.minutes_by_place(handler)

    with router(answer) as service, time_machine.travel("2026-03-02 12:00Z", tick=False) as now:
        told = [use(service.url).trips([HERE], CALL)[0].source]
        broken = False
        told.append(use(service.url).trips([THERE], CALL)[0].source)
        now.shift(RoutingService.pause + 1)
        told.append(use(service.url).trips([HERE], CALL)[0].source)

    assert told == [SILENT, SILENT, "by road"]
    assert len(service.heard) == 2


def test_no_more_requests_than_four_are_left_hanging(use: Use) -> None:
    with router(answers.drips) as service:
        for _ in range(6):
            caches["travel"].clear()
            assert use(service.url).trips([HERE], CALL)[0].source == SILENT

    assert len(service.heard) == 4


def test_place_without_a_way_is_a_straight_line_of_its_own(use: Use) -> None:
    with router(table([[None], [60]], [[None], [500]])) as service:
        trips = use(service.url).trips([HERE, THERE], CALL)

    assert [trip.source for trip in trips] == [NO_WAY, "by road"]
    assert trips[0][:2] == StraightLine().trips([HERE], CALL)[0][:2]


def test_where_a_call_is_does_not_reach_the_log(
    use: Use, caplog: pytest.LogCaptureFixture
) -> None:
    use(f"http://{LOOPBACK}:{free_port()}").trips([HERE], CALL)

    assert "routing service: ConnectionError" in caplog.text
    assert str(CALL.latitude) not in caplog.text


@pytest.mark.parametrize(
    ("name", "url", "fault"),
    [
        ("dispatch.travel.Crow", "", "HEART_ROUTING: "),
        ("nowhere.Crow", "", "HEART_ROUTING: "),
        ("dispatch.travel.RoutingService", "", "HEART_ROUTING_URL: "),
    ],
)
def test_wrong_choice_is_named_at_the_start(
    name: str, url: str, fault: str, settings: Any
) -> None:
    settings.HEART_ROUTING, settings.HEART_ROUTING_URL = name, url

    with pytest.raises(ImproperlyConfigured, match=fault):
        apps.get_app_config("dispatch").ready()


def test_huge_answer_is_read_to_a_bound(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RoutingService, "most_bytes", 64)
    body = json.dumps({"code": "Ok", "durations": [[1]], "distances": [[1]], "x": "y" * 100})
    with router(lambda handler: says(handler, body.encode())) as service:
        [trip] = use(service.url).trips([HERE], CALL)

    assert trip.source == SILENT
