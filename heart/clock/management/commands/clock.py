"""The clock process: sweeps when Celery is silent, audits the promises. Uses no broker."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)

from heart.clock.audit import PromiseBroken, audit
from heart.clock.sweeps import run_sweep, silent_sweeps, stamp

log = logging.getLogger(__name__)
LOOP_SECONDS = 5.0


class Command(BaseCommand):
    """Loops until TERM; a database that is away is waited for."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        log.info("watching")
        while not stop.is_set():
            try:
                tick()
            except DatabaseError as error:
                log.warning("database away: %s", type(error).__name__)
                connection.close()
            stop.wait(LOOP_SECONDS)


def tick() -> None:
    """One round: sweep what Celery left undone, then audit, then give a sign of life."""
    close_old_connections()
    limit = settings.HEART_CELERY_SILENT_SECONDS
    for name in silent_sweeps(limit):
        log.warning("sweep %s was silent for %.0f s: running it here", name, limit)
        try:
            run_sweep(name, by="clock")
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("sweep %s failed; the others and the audit go on", name)
    try:
        audit()
    except PromiseBroken as broken:
        log.critical("promise audit failed: %s", broken)
    else:
        stamp("auditor", by="clock")
    stamp("clock", by="clock")
