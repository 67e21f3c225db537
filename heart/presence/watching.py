"""Say that somebody is here, and hear who else is."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from heart.presence.models import Seen

LASTS = timedelta(seconds=25)
SCREENS = ("board", "call", "intake")
FIELD = re.compile(r"[a-z_]{1,40}")
SWEPT_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at the same call; ``field`` is empty while they only look."""

    name: str
    field: str


def be_here(
    *, call_id: int, user_id: int, screen: str, field: str, at: datetime | None = None
) -> list[Other]:
    """Write down that this person is here now, take away what is over, and give the others."""
    now = at or timezone.now()
    row = Seen(
        call_id=call_id,
        user_id=user_id,
        screen=screen if screen in SCREENS else SCREENS[0],
        field=field if FIELD.fullmatch(field) else "",
        seen_at=now,
    )
    with transaction.atomic():
        Seen.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["call", "user", "screen"],
            update_fields=["field", "seen_at"],
        )
    _sweep(now)
    return others(call_id=call_id, user_id=user_id, now=now)


def leave(*, call_id: int, user_id: int, screen: str) -> None:
    """The page is closed."""
    Seen.objects.filter(call_id=call_id, user_id=user_id, screen=screen).delete()


def others(*, call_id: int, user_id: int, now: datetime) -> list[Other]:
    """Who else is here, each once: by the field they edit if they edit one on any screen."""
    rows = (
        Seen.objects.filter(call_id=call_id, seen_at__gt=now - LASTS)
        .exclude(user_id=user_id)
        .select_related("user")
        .order_by("user_id", "-seen_at")
    )
    found: dict[int, Other] = {}
    for row in rows:
        known = found.get(row.user_id)
        if known is None or (row.field and not known.field):
            found[row.user_id] = Other(str(row.user), row.field)
    return sorted(found.values(), key=lambda other: (not other.field, other.name))


def _sweep(now: datetime) -> None:
    """Take away what nobody renewed; rows that another writer holds are left to that one."""
    with transaction.atomic():
        over = Seen.objects.select_for_update(skip_locked=True).filter(seen_at__lte=now - LASTS)
        ids = list(over.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
        if ids:
            Seen.objects.filter(pk__in=ids).delete()
