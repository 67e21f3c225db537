"""Is the process up, and can the service keep its promises? Each part by name."""

from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from heart.clock.models import Heartbeat
from heart.clock.sweeps import SWEEPS
from heart.roles import public

SILENT = timedelta(seconds=60)


@public("a load balancer has no sign-in; says only that the process answers")
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@public("a load balancer has no sign-in; names parts, never data")
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and signs of life; 503 when calls cannot be taken, else 200 with what is degraded."""
    parts = parts_now()
    is_able = parts["database"] == "ok"
    state = "ok" if set(parts.values()) == {"ok"} else "degraded" if is_able else "down"
    return JsonResponse({"status": state, "parts": parts}, status=200 if is_able else 503)


def parts_now() -> dict[str, str]:
    """Every part of the service by its name: ok, or what is wrong with it."""
    return {name: _tried(check) for name, check in CHECKS.items()}


def _tried(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, redis.RedisError, OSError) as error:
        return f"away: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as sql:
        sql.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3, retry=None
    )
    try:
        client.ping()
    finally:
        client.close()
    return "ok"


def _beat() -> str:
    """Celery's own sweeps, not the ones that the clock ran in their place."""
    fresh = Heartbeat.objects.filter(beat_at__gte=timezone.now() - SILENT, by="worker")
    silent = {sweep.name for sweep in SWEEPS} - set(fresh.values_list("name", flat=True))
    return f"silent: {', '.join(sorted(silent))}" if silent else "ok"


def _sign_of_life(name: str) -> Callable[[], str]:
    def check() -> str:
        row = Heartbeat.objects.filter(name=name).first()
        if row is None:
            return "never gave a sign of life"
        age = timezone.now() - row.beat_at
        return "ok" if age < SILENT else f"silent for {age.total_seconds():.0f} s"

    return check


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "beat": _beat,
    "clock": _sign_of_life("clock"),
    "auditor": _sign_of_life("auditor"),
}
