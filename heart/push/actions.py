"""Phones subscribe and leave; the sweep tells them of an assignment that nobody has acknowledged.

A push is an extra: the acknowledgement and its escalation do not wait for it. The message is the same
two words for everybody, so that a lock screen and a push service learn nothing.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from dispatch.models import CrewMember, Run
from dispatch.states import RunStatus
from heart.journal.actor import Actor
from heart.push import door
from heart.push.models import Push, Subscription
from heart.push.sealing import CURVE, authorization, decode, seal
from intake.steps import Refused

MESSAGE = b"New assignment"
MOST_PHONES = 4
"""Of one person at once; the oldest one makes room."""
NEW_FOR = timedelta(minutes=10)
"""An assignment is news for so long; the push service drops it then too."""
LEASE = timedelta(seconds=60)
BATCH = 40
SENDERS = 8
PAUSES = (timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=45))
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def subscribe(
    *, user_id: int, unit_id: int, endpoint: str, public_key: str, auth: str
) -> Subscription:
    """This browser wants to be told when its person's team is sent."""
    _check(endpoint, public_key, auth)
    with transaction.atomic():
        row, _ = Subscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "user_id": user_id,
                "unit_id": unit_id,
                "public_key": public_key,
                "auth": auth,
                "gone_at": None,
            },
        )
        phones = Subscription.objects.filter(user_id=user_id, gone_at__isnull=True).exclude(
            pk=row.pk
        )
        oldest = list(phones.order_by("-id").values_list("pk", flat=True)[MOST_PHONES - 1 :])
        Subscription.objects.filter(pk__in=oldest).update(gone_at=timezone.now())
    return row


def unsubscribe(*, user_id: int, endpoint: str) -> None:
    """This browser no longer wants to be told."""
    Subscription.objects.filter(user_id=user_id, endpoint=endpoint, gone_at__isnull=True).update(
        gone_at=timezone.now()
    )


def send_pushes(*, limit: int, by: Actor) -> int:
    """Sweep: tell the phones of crews on duty; gives how many were told."""
    if not settings.HEART_PUSH_PRIVATE_KEY:
        return 0
    now = timezone.now()
    _enter_news(now)
    _drop_old_news()
    claimed = _claim(now, min(limit, BATCH))
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(_send, [push.subscription for push in claimed]))
    for push, answer in zip(claimed, answers, strict=True):
        _settle(push, answer)
    return sum(answer == "" for answer in answers)


def _enter_news(now: datetime) -> None:
    """A row per phone of a person on duty and assignment that is waiting to be acknowledged."""
    runs = Run.objects.filter(
        status=RunStatus.DISPATCHED, acknowledged_at__isnull=True, dispatched_at__gt=now - NEW_FOR
    )
    for run in runs:
        on_duty = CrewMember.objects.filter(
            unit_id=run.unit_id, user=OuterRef("user"), on_since__isnull=False
        )
        phones = Subscription.objects.filter(
            Exists(on_duty), gone_at__isnull=True, user__is_active=True
        ).exclude(pushes__run=run)
        Push.objects.bulk_create(
            [Push(subscription=phone, run=run, due_at=now) for phone in phones],
            ignore_conflicts=True,  # another sweeper was quicker
        )


def _drop_old_news() -> None:
    waiting = Push.objects.filter(due_at__isnull=False)
    waiting.exclude(run__status=RunStatus.DISPATCHED).update(due_at=None, fault="no longer new")
    waiting.filter(subscription__gone_at__isnull=False).update(due_at=None, fault="phone is gone")


def _claim(now: datetime, limit: int) -> Sequence[Push]:
    """Ours for as long as the lease; whoever dies meanwhile is followed by the next sweep."""
    with transaction.atomic():
        due = Push.objects.select_for_update(skip_locked=True, of=("self",))
        rows = list(
            due.filter(due_at__lte=now).select_related("subscription").order_by("due_at")[:limit]
        )
        Push.objects.filter(pk__in=[row.pk for row in rows]).update(
            due_at=now + LEASE, tries=F("tries") + 1
        )
    return rows


def _send(phone: Subscription) -> str:
    """Empty when the push service has taken it, ``gone``, or what went wrong; touches no database."""
    try:
        body = seal(MESSAGE, decode(phone.public_key), decode(phone.auth))
        status = door.post(phone.endpoint, body, _headers(phone.endpoint))
    except door.NotAllowed:
        return "gone"
    except (OSError, HTTPException, ValueError) as error:
        return type(error).__name__
    if status in GONE:
        return "gone"
    return "" if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES else f"status {status}"


def _headers(endpoint: str) -> dict[str, str]:
    return {
        "Authorization": authorization(door.origin(endpoint)),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(NEW_FOR.total_seconds())),
        "Urgency": "high",
        "Topic": "assignment",
    }


def _settle(push: Push, answer: str) -> None:
    now, mine = timezone.now(), Push.objects.filter(pk=push.pk)
    if answer == "":
        mine.update(sent_at=now, due_at=None, fault="")
    elif answer == "gone":
        Subscription.objects.filter(pk=push.subscription_id).update(gone_at=now)
        mine.update(due_at=None, fault="phone is gone")
    else:
        again = now + PAUSES[push.tries] if push.tries < len(PAUSES) else None
        mine.update(due_at=again, fault=answer[:60])


def _check(endpoint: str, public_key: str, auth: str) -> None:
    problems = {}
    try:
        door.checked(endpoint)
    except door.NotAllowed as error:
        problems["endpoint"] = str(error)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(public_key[:100]))
    except ValueError:
        problems["public_key"] = "a point of the curve P-256"
    try:
        is_secret = len(decode(auth[:40])) == 16
    except ValueError:
        is_secret = False
    if not is_secret:
        problems["auth"] = "16 bytes"
    if problems:
        raise Refused(**problems)
