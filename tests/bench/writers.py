"""Writers of the journal: each transaction changes a row, then records, as every action does.

python -m tests.bench.writers WRITERS SECONDS
prints "ready", then the number of entries written.
"""

import sys
import threading
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - apps must be loaded first

from heart.accounts.actions import log_read  # noqa: E402
from heart.accounts.models import User  # noqa: E402
from heart.journal.actor import Actor  # noqa: E402

BY = Actor(None, "bench", "api")


def write(user_id: int, until: float, written: list[int]) -> None:
    count = 0
    while time.monotonic() < until:
        with transaction.atomic():
            User.objects.filter(pk=user_id).update(languages="en")
            log_read(by=BY, call_id=user_id, what="bench", screen="bench")
        count += 1
    connection.close()
    written.append(count)


def main(writers: int, seconds: float) -> None:
    users = list(User.objects.values_list("pk", flat=True))
    written: list[int] = []
    print("ready", flush=True)
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=write, args=(users[n % len(users)], until, written))
        for n in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(written))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
