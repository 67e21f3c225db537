"""Writers of the journal: each adds notes to a call, a row first and then its entry.

python -m tests.bench.writers WRITERS SECONDS
prints "ready", then the number of entries written.
"""

import sys
import threading
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - apps must be loaded first

from heart.accounts.models import User  # noqa: E402
from heart.journal.actor import Actor  # noqa: E402
from intake.actions import add_note, take_call  # noqa: E402


def write(call_id: int, by: Actor, until: float, written: list[int]) -> None:
    count = 0
    while time.monotonic() < until:
        add_note(call_id=call_id, text="still on the line", by=by)
        count += 1
    connection.close()
    written.append(count)


def main(writers: int, seconds: float) -> None:
    by = User.objects.get(username="calltaker").actor("console")
    calls = [take_call(fields={"location_text": "Mill Lane"}, by=by) for _ in range(writers)]
    written: list[int] = []
    print("ready", flush=True)
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=write, args=(call.pk, by, until, written)) for call in calls
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(written))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
