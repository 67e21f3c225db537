"""The same command sent twice is done once: its key, its request and its answer in one transaction."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from heart.api.models import IdempotencyKey
from heart.api.problems import Problem

Answer = tuple[int, Any]


def once(
    user_id: int, key: str | None, request_data: Any, command: Callable[[], Answer]
) -> Answer:
    """Run ``command`` under the key and keep its (status, body); a twin gets the same answer.

    A concurrent twin waits on the unique index until the first one has committed. The same key with
    another request is refused with 422. Without a key the command simply runs in one transaction.
    """
    if key is None:
        with transaction.atomic():
            return command()
    if not 1 <= len(key) <= 120 or not key.isprintable():
        raise Problem(400, "bad-key", "Idempotency-Key must have 1 to 120 printable characters.")
    digest = hashlib.sha256(
        json.dumps(request_data, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    with transaction.atomic():
        if not _claim(user_id, key, digest):
            return _answered(user_id, key, digest)
        status, body = command()
        IdempotencyKey.objects.filter(user_id=user_id, key=key).update(status=status, body=body)
    return status, body


def _claim(user_id: int, key: str, digest: str) -> bool:
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO heart_api_idempotencykey (user_id, key, request_hash, status, body)"
            " VALUES (%s, %s, %s, 0, 'null') ON CONFLICT DO NOTHING",
            [user_id, key, digest],
        )
        return bool(sql.rowcount == 1)


def _answered(user_id: int, key: str, digest: str) -> Answer:
    row = IdempotencyKey.objects.get(user_id=user_id, key=key)
    if row.request_hash != digest:
        raise Problem(
            422,
            "key-reused",
            "This Idempotency-Key was used for another request.",
            [{"pointer": "", "detail": "use a new key for a new command"}],
        )
    return row.status, row.body
