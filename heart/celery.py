"""The Celery app: beat wakes the sweeps, the worker runs them. Nothing is remembered in the broker."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heart.settings")

app = Celery("heart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["heart.clock"])


@app.on_after_finalize.connect
def schedule_sweeps(sender: Celery, **_: object) -> None:
    """One beat entry per row of the sweep table; a late message is dropped, the next one sweeps."""
    from heart.clock.sweeps import SWEEPS  # noqa: PLC0415 - needs the loaded apps
    from heart.clock.tasks import sweep  # noqa: PLC0415 - needs the loaded apps

    for row in SWEEPS:
        sender.add_periodic_task(
            row.seconds, sweep.s(row.name), name=row.name, expires=row.seconds
        )
