"""The same incident sent by many at once is one call."""

import threading
from collections import Counter

import pytest
from django.db import connection

from heart.eido.inbox import take_document
from intake.models import Call
from tests.eido.documents import document
from tests.people import People


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tiny_schema")
def test_eight_at_once_make_one_call(people: People) -> None:
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def send(minutes: int) -> None:
        try:
            gate.wait()
            taken = take_document(document(minutes), by=people.dev.actor("api"))
            outcomes.append(taken.outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[minutes]) for minutes in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(outcomes)["created"] == 1
    assert len(outcomes) == 8
    assert Call.objects.filter(source=Call.Source.EIDO).count() == 1
