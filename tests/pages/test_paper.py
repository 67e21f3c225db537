"""Paper on screens: who may print, what is written down, and that nothing typed is lost."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heart.accounts.models import User
from heart.journal.models import Entry
from heart.paper.models import NumberSeries, PaperPack, RollingPrint
from intake.models import Call
from tests.builders import Given
from tests.pages.screen import Screen
from tests.paper.cards import SERVED, yesterday
from tests.people import People
from tests.rules.pdf_text import text_of

At = Callable[[User], Screen]
CATCH_UP = "/paper/catch-up/"


def served(**other: str) -> dict[str, str]:
    return {**SERVED, "day": yesterday(), "command_id": str(uuid4()), **other}


def reads(user: User) -> list[Any]:
    read = Entry.objects.filter(verb="record.read", actor_id=user.pk, payload__screen="print")
    return sorted(read.values_list("call_id", flat=True))


def test_printing_the_board_is_a_read_of_every_call_on_it(
    at: At, given: Given, people: People
) -> None:
    calls = [given.call(), given.waiting_consult().call]

    answer = at(people.dev).get("/paper/board.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    assert calls[0].number in text_of(answer.content)
    assert reads(people.dev) == [call.pk for call in calls]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/paper/", "rosa dev noor sam"),
        ("/paper/board.pdf", "rosa dev noor ana sam"),
        (CATCH_UP, "rosa dev noor sam"),
    ],
)
def test_who_may_use_paper(path: str, allowed: str, at: At, people: People) -> None:
    everybody = ("rosa", "dev", "noor", "imani", "ana", "sam", "kai")

    may = [name for name in everybody if at(getattr(people, name)).get(path).status_code == 200]

    assert " ".join(may) == allowed


def test_each_press_prints_new_numbers(at: At, people: People) -> None:
    screen = at(people.rosa)

    first = screen.post("/paper/cards.pdf", {"position": "p1", "count": "2"})
    second = screen.post("/paper/cards.pdf", {"position": "P1", "count": "1"})

    assert first["Content-Disposition"] == 'attachment; filename="paper-P1-0001.pdf"'
    assert "P1-0002" in text_of(first.content)
    assert "http://testserver/paper/catch-up/" in text_of(first.content)
    assert "P1-0003" in text_of(second.content)
    assert screen.get("/paper/cards.pdf").status_code == 405


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"position": "1", "count": "2"}, "a letter, then up to seven letters or digits"),
        ({"position": "P1", "count": "9" * 5000}, "between 1 and 200"),
        ({"position": "P1", "count": "two"}, "between 1 and 200"),
        ({}, "between 1 and 200"),
    ],
)
def test_what_cannot_be_printed_comes_back_with_the_fault(
    typed: dict[str, str], fault: str, at: At, people: People
) -> None:
    answer = at(people.rosa).post("/paper/cards.pdf", typed)

    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert not PaperPack.objects.exists()


def test_the_page_says_when_the_board_was_written_and_what_failed(at: At, people: People) -> None:
    RollingPrint.objects.create(pk=1, fault="No space left on device")

    page = at(people.sam).get("/paper/").content.decode()

    assert "not written yet" in page
    assert "No space left on device" in page


def test_a_card_is_entered_and_the_next_number_stands_ready(at: At, people: People) -> None:
    screen = at(people.rosa)

    answer = screen.post(CATCH_UP, served(), follow=True)

    page = answer.content.decode()
    call = Call.objects.get()
    assert answer.redirect_chain[0][1] == 302
    assert f'href="/calls/{call.number}/"' in page
    assert 'value="P1-0002"' in page
    assert f'value="{yesterday()}"' in page


def test_what_is_refused_stays_as_it_was_typed(at: At, people: People) -> None:
    typed = served(arrived="0900", outcome="", notes="He <b>left</b>.", nature="trespass")

    answer = at(people.rosa).post(CATCH_UP, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "before the time that stands at dispatched" in page
    assert "what came of it" in page
    for value in ("P1-0001", "0912", "0915", "0900", "1004", "12 Thimble Street", "trespass"):
        assert f'value="{value}"' in page
    assert "He &lt;b&gt;left&lt;/b&gt;." in page
    assert re.search(r'name="felt_safe" value="yes" checked', page)
    assert re.search(r'name="answer-weapon" value="none" checked', page)
    assert re.search(r'name="by_call" value="1" checked', page)
    assert typed["command_id"] in page
    assert not Call.objects.exists()


def test_a_card_sent_twice_is_entered_once(at: At, people: People) -> None:
    typed = served()
    screen = at(people.rosa)

    answers = [screen.post(CATCH_UP, typed).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert Call.objects.count() == 1


def test_the_screen_takes_as_many_queries_for_many_cards_as_for_two(
    at: At, people: People
) -> None:
    screen = at(people.rosa)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert screen.get(CATCH_UP).status_code == 200
        return len(captured)

    screen.post("/paper/cards.pdf", {"position": "P1", "count": "9"})
    for n in (1, 2):
        screen.post(CATCH_UP, served(paper_number=f"P1-{n}"))
    few = queries()
    screen.post("/paper/cards.pdf", {"position": "P2", "count": "9"})
    for n in (3, 5):
        screen.post(CATCH_UP, served(paper_number=f"P1-{n}"))

    assert queries() == few
    assert "P1-0004" in screen.get(CATCH_UP).content.decode()


def test_the_phone_tree_is_the_agencys_own(at: At, people: People) -> None:
    screen = at(people.sam)

    answer = screen.post(
        "/admin/paper/phonetreeline/add/",
        {"name": "Night supervisor", "number": "555-0199", "order": "1", "is_active": "on"},
    )

    assert answer.status_code == 302
    assert Entry.objects.get(verb="reference.changed").payload["model"] == "paper.phonetreeline"


@pytest.mark.parametrize("number", ["P1-0001", "x", "P1-" + "9" * 400, "\u0000"])
def test_a_strange_address_is_no_fault_of_the_screen(number: str, at: At, people: People) -> None:
    assert at(people.rosa).get(CATCH_UP, {"entered": number, "day": "x"}).status_code in (200, 404)
    assert not NumberSeries.objects.exists()
