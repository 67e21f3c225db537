"""The order of the journal: what goes wrong with simpler cursors, and that ours misses nothing."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from heart.accounts.models import User
from heart.journal import queries
from heart.journal.models import Entry
from heart.journal.queries import WATERMARK
from tests.live.process import probe
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
Read = Callable[[], list[int]]


class BareId:
    """Everything with a higher id than the last one seen."""

    condition = ""

    def __init__(self) -> None:
        self.last = Entry.objects.latest("id").pk if Entry.objects.exists() else 0

    def __call__(self) -> list[int]:
        with connection.cursor() as sql:
            sql.execute(
                f"SELECT id, call_id FROM journal_entry WHERE id > %s{self.condition} ORDER BY id",
                [self.last],
            )
            rows = sql.fetchall()
        if rows:
            self.last = rows[-1][0]
        return [row[1] for row in rows]


class IdUnderWatermark(BareId):
    """The same, but only what no older transaction can still change."""

    condition = f" AND {WATERMARK}"


class OurCursor:
    """The pair (xid, id) under the watermark."""

    def __init__(self) -> None:
        self.cursor = queries.head()

    def __call__(self) -> list[int]:
        entries = queries.after(self.cursor)
        if entries:
            self.cursor = queries.place_of(entries[-1], self.cursor.epoch)
        return [entry.call_id or 0 for entry in entries]


class Writer(threading.Thread):
    """A transaction in steps: touch a row, record, commit, each when told."""

    def __init__(self, number: int, user: User) -> None:
        super().__init__()
        self.number, self.user = number, user
        self.steps = {step: threading.Event() for step in ("touch", "record", "commit")}
        self.done = {step: threading.Event() for step in self.steps}
        self.start()

    def run(self) -> None:
        with transaction.atomic():
            self._wait("touch")
            User.objects.filter(pk=self.user.pk).update(languages="en")
            self.done["touch"].set()
            self._wait("record")
            probe(self.number)
            self.done["record"].set()
            self._wait("commit")
        self.done["commit"].set()
        connection.close()

    def _wait(self, step: str) -> None:
        assert self.steps[step].wait(10)

    def do(self, *steps: str) -> None:
        for step in steps:
            self.steps[step].set()
            assert self.done[step].wait(10)


def overtaken(read: Read, people: People) -> list[int]:
    """A records before B but commits after it; the reader looks in between."""
    a, b = Writer(1, people.rosa), Writer(2, people.dev)
    a.do("touch", "record")
    b.do("touch", "record", "commit")
    seen = read()
    a.do("commit")
    return sorted(seen + read())


def crossed(read: Read, people: People) -> list[int]:
    """A begins before B and records after it; B is still open when the reader looks."""
    a, b = Writer(1, people.rosa), Writer(2, people.dev)
    a.do("touch")
    b.do("touch", "record")
    a.do("record", "commit")
    seen = read()
    b.do("commit")
    return sorted(seen + read())


def test_bare_id_misses_the_entry_that_commits_late(people: People) -> None:
    assert overtaken(BareId(), people) == [2]


def test_id_under_the_watermark_misses_the_entry_of_a_later_transaction(people: People) -> None:
    assert overtaken(IdUnderWatermark(), people) == [1, 2]
    assert crossed(IdUnderWatermark(), people) == [1]


def test_our_cursor_misses_neither(people: People) -> None:
    assert overtaken(OurCursor(), people) == [1, 2]
    assert crossed(OurCursor(), people) == [1, 2]


def test_eight_writers_and_one_reader_miss_nothing(people: People) -> None:
    writers, each = 8, 60
    users = list(User.objects.all())

    def write(number: int) -> None:
        chance = random.Random(number)
        try:
            for turn in range(each):
                with transaction.atomic():  # rows first, the entry last, and time in between
                    user = users[(number + turn) % len(users)]
                    User.objects.filter(pk=user.pk).update(languages="en")
                    time.sleep(chance.choice((0, 0, 0.001, 0.004)))
                    probe(number * each + turn)
        finally:
            connection.close()

    read = OurCursor()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads):
        seen += read()
    seen += read()

    assert len(seen) == writers * each
    assert sorted(seen) == list(range(writers * each))
