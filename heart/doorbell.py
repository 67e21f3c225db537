"""One empty message after each commit, so that live processes look at the journal at once.

It carries nothing and may fail: they look every 250 ms anyway.
"""

import logging
import time

import redis
from django.conf import settings

CHANNEL = "heart.doorbell"
PAUSE_SECONDS = 30.0
log = logging.getLogger(__name__)
_client = redis.Redis.from_url(
    settings.REDIS_URL, socket_timeout=0.1, socket_connect_timeout=0.1, retry=None
)
_silent_until = 0.0


def ring() -> None:
    """Ring for at most 100 ms; after a failure stay silent for 30 s, so that Redis never slows a call."""
    global _silent_until  # noqa: PLW0603 - one pause per process
    if time.monotonic() < _silent_until:
        return
    try:
        _client.publish(CHANNEL, b"")
    except (redis.RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        log.warning("doorbell silent for %.0f s: %s", PAUSE_SECONDS, type(error).__name__)
