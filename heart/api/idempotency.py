"""The same command sent twice is done once: its key, its request and its answer in one transaction."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from rest_framework.request import Request

from heart.api.models import IdempotencyKey
from heart.api.problems import Problem

Answer = tuple[int, Any]


def once(request: Request, command: Callable[[], Answer]) -> Answer:
    """Run ``command`` under the Idempotency-Key and keep its answer; a twin gets the same one.

    A concurrent twin waits on the unique index until the first one has committed. The same key with
    another request is refused with 422. Without a key the command simply runs in one transaction.
    """
    key, user_id = request.headers.get("Idempotency-Key"), request.user.pk
    if key is None or user_id is None:
        with transaction.atomic():
            return command()
    if not 1 <= len(key) <= 120 or not key.isprintable():
        raise Problem(400, "bad-key", "Idempotency-Key must have 1 to 120 printable characters.")
    told = [request.method, request.path, request.data]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        if not _claim(user_id, key, digest):
            return _answered(user_id, key, digest)
        status, body = command()
        IdempotencyKey.objects.filter(user_id=user_id, key=key).update(
            status=status, body=json.dumps(body, default=str)
        )
    return status, body


def _claim(user_id: int, key: str, digest: str) -> bool:
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO heart_api_idempotencykey (user_id, key, request_hash, status, body)"
            " VALUES (%s, %s, %s, 0, '') ON CONFLICT DO NOTHING",
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
    return row.status, json.loads(row.body)
