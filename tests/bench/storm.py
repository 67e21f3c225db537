"""A storm of changes by the real actions: notes on open calls, and new calls now and then.

python -m tests.bench.storm RATE SECONDS
prints "ready", waits for a line, then prints how many changes it made.
Half of the notes go to the calls that stand at the top of the board, where they are seen.
"""

import random
import sys
import threading
import time
from queue import Empty, Queue

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection

from dispatch.needs import standings
from heart.accounts.models import User
from heart.journal.actor import Actor
from intake.actions import add_note
from tests.bench.open_calls import receive_one

WORKERS = 4
SEEN = 30
NEW_EVERY = 25


def main(rate: int, seconds: float) -> None:
    by = User.objects.get(username="dispatcher").actor("console")
    ids = [each.pk for each in standings()]
    connection.close()
    print("ready", flush=True)
    sys.stdin.readline()
    turns: Queue[int] = Queue()
    done: list[int] = []
    until = time.monotonic() + seconds
    workers = [
        threading.Thread(target=_work, args=(turns, ids, by, until, done)) for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for number in range(round(rate * seconds)):
        turns.put(number)
        time.sleep(max(0.0, until - seconds + number / rate - time.monotonic()))
    for worker in workers:
        worker.join()
    print(sum(done), flush=True)


def _work(turns: "Queue[int]", ids: list[int], by: Actor, until: float, done: list[int]) -> None:
    count = 0
    while time.monotonic() < until:
        try:
            number = turns.get(timeout=0.1)
        except Empty:
            continue
        chance = random.Random(number)
        if number % NEW_EVERY == 0:
            receive_one(number, by, chance)
        else:
            seen = ids[:SEEN] if number % 2 else ids
            add_note(call_id=chance.choice(seen), text="still on the line", by=by)
        count += 1
    connection.close()
    done.append(count)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
