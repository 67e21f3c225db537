"""Pages for the agency's own paging hook: a webhook that wakes whoever must know when nobody acts.

Signed as Standard Webhooks say; sent at least once, each with its key, so that the receiver can drop
what it has seen. Codes and numbers only: no name, no place, no word about anybody.
"""

import json
import logging
from datetime import timedelta
from typing import Any

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from dispatch.models import Page
from dispatch.states import OPEN_WATCH
from dispatch.watching import rung
from heart.journal.actor import Actor

log = logging.getLogger(__name__)

SECONDS = 5
BACKOFF = (5, 15, 60, 300)
MOST_TRIES = 50


def send_pages(*, limit: int, by: Actor) -> int:
    """Sweep: send the pages that are due, one at a time; the first that fails ends it, so that a hook
    that hangs holds up the deadlines by one time limit only."""
    sent = 0
    while sent < limit and (page := _claim()) is not None:
        if not _send(page):
            break
        sent += 1
    return sent


def _claim() -> Page | None:
    """The next page that is due, out of reach of others until its next try."""
    now = timezone.now()
    with transaction.atomic():
        page = (
            Page.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("watch__unit", "watch__call")
            .filter(sent_at__isnull=True, send_due_at__lte=now, tries__lt=MOST_TRIES)
            .order_by("send_due_at")
            .first()
        )
        if page is not None:
            wait = BACKOFF[min(page.tries, len(BACKOFF) - 1)]
            page.tries += 1
            page.send_due_at = now + timedelta(seconds=wait)
            page.save(update_fields=["tries", "send_due_at"])
    return page


def _send(page: Page) -> bool:
    fault = _post(page)
    columns: dict[str, Any] = {"fault": fault[:200]}
    if not fault:
        columns["sent_at"] = timezone.now()
    else:
        log.warning("page %d was not taken: %s", page.pk, fault)
    Page.objects.filter(pk=page.pk).update(**columns)
    return not fault


def _post(page: Page) -> str:
    """Post it; empty when it was taken, else why not."""
    now = timezone.now()
    body = json.dumps(message(page))
    headers = {
        "content-type": "application/json",
        "webhook-id": str(page.key),
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if settings.HEART_PAGING_SECRET:
        signer = Webhook(settings.HEART_PAGING_SECRET)
        headers["webhook-signature"] = signer.sign(str(page.key), now, body)
    try:
        answer = requests.post(
            settings.HEART_PAGING_URL,
            data=body,
            headers=headers,
            timeout=SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return type(error).__name__
    return "" if answer.ok and answer.status_code < 300 else f"status {answer.status_code}"


def message(page: Page) -> dict[str, Any]:
    """What the hook is told."""
    watch = page.watch
    return {
        "type": "watch.raised",
        "timestamp": watch.since.isoformat(),
        "data": {
            "watch": watch.pk,
            "kind": watch.kind,
            "rung": rung(watch),
            "unit": watch.unit.code if watch.unit else None,
            "call": watch.call.number if watch.call else None,
            "is_open": watch.status in OPEN_WATCH,
        },
    }
