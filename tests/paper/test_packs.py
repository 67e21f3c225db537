"""Blank cards: their numbers are theirs alone, and they ask what the console asks."""

from functools import partial
from typing import Any

import pytest

from heart.journal.models import Entry
from heart.paper.actions import catch_up, print_pack
from heart.paper.models import PaperPack, PhoneTreeLine
from heart.paper.pack import blank_pack, pack_pdf
from heart.paper.queries import pack_reports
from intake.steps import Refused
from tests.paper.cards import MORNING, SERVED, card
from tests.people import People
from tests.races.threads import at_once, winners
from tests.rules.pdf_text import text_of
from triage.models import RuleSet

ADDRESS = "https://heart.example.org/paper/catch-up/"
CODES = {"available": "AV", "on_scene": "OS"}


def squeezed(text: str) -> str:
    return "".join(text.split())


def printed(people: People, position: str = "P1", count: int = 2) -> PaperPack:
    return print_pack(position=position, count=count, by=people.rosa.actor("console"))


def made(pack: PaperPack) -> bytes:
    return pack_pdf(blank_pack(pack, printed_by="Rosa Plover", address=ADDRESS, codes=CODES))


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type/Page/")


def test_each_print_begins_after_the_one_before(people: People) -> None:
    packs = [printed(people), printed(people, "P2"), printed(people, "p1", 3)]

    assert [(str(p.numbers[0]), str(p.numbers[-1])) for p in packs] == [
        ("P1-0001", "P1-0002"),
        ("P2-0001", "P2-0002"),
        ("P1-0003", "P1-0005"),
    ]


@pytest.mark.django_db(transaction=True)
def test_no_two_prints_share_a_number_however_many_press_at_once(people: People) -> None:
    results: list[Any] = at_once(*(partial(printed, people, "P1", 3) for _ in range(6)))

    packs = winners(results)
    numbers = [str(number) for pack in packs for number in pack.numbers]
    assert len(packs) == 6
    assert len(set(numbers)) == len(numbers) == 18
    assert Entry.objects.filter(verb="paper_pack.printed").count() == 6


@pytest.mark.parametrize(
    ("position", "count", "field"),
    [("", 2, "position"), ("1A", 2, "position"), ("P1", 0, "count"), ("P1", 201, "count")],
)
def test_what_cannot_be_printed_is_refused_by_field(
    position: str, count: int, field: str, people: People
) -> None:
    with pytest.raises(Refused) as refused:
        printed(people, position, count)

    assert refused.value.problems.keys() == {field}
    assert PaperPack.objects.count() == 0


def test_a_card_is_one_sheet_with_spanish_on_its_back(people: People) -> None:
    pdf = made(printed(people, count=3))

    assert pages(pdf) == 2 + 2 * 3
    assert b"/StructTreeRoot" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_every_question_in_force_is_on_the_card_in_its_order_in_both_languages(
    people: People,
) -> None:
    told = text_of(made(printed(people, count=1)))

    questions = RuleSet.objects.get(status="active").questions.order_by("order")
    asked = [q for q in questions if q.kind != "automatic"]
    for language in ("en", "es"):
        place = 0
        for question in asked:
            if question.key in ("loc", "caller", "lang", "interpreter"):
                continue  # these stand among the fields
            words = squeezed(getattr(question, f"ask_{language}"))
            place = told.index(words, place)
            for answer in question.answers:
                assert squeezed(answer[f"label_{language}"]) in told


def test_a_pack_has_its_numbers_codes_phone_tree_and_the_way_back(people: People) -> None:
    PhoneTreeLine.objects.create(name="Night supervisor", number="555-0199", order=1)
    PhoneTreeLine.objects.create(name="Left long ago", number="555-0111", is_active=False)

    pack = printed(people)
    told = text_of(made(pack))

    for words in ("P1-0001", "P1-0002", "Night supervisor", "555-0199", "on scene", ADDRESS):
        assert squeezed(words) in told
    assert "555-0111" not in told
    content = blank_pack(pack, printed_by="Rosa", address=ADDRESS, codes=CODES)
    assert content.qr.startswith("<svg")
    assert "CRT1" in told


@pytest.mark.parametrize(
    "text", ['#import "x": *', "<script>", "$ sum $ *bold* @ref", "שלום", "a" * 80]
)
def test_hostile_text_is_printed_as_text(text: str, people: People) -> None:
    PhoneTreeLine.objects.create(name=text, number="1")

    assert made(printed(people)).startswith(b"%PDF-")


def test_the_report_names_gaps_and_what_was_not_used(people: People) -> None:
    import time_machine

    printed(people, count=8)
    with time_machine.travel(MORNING, tick=False):
        for number in ("P1-0002", "P1-0005"):
            catch_up(
                card=card(SERVED, paper_number=number, unit="CRT1"),
                by=people.rosa.actor("console"),
            )

    (report,) = pack_reports()

    assert (report.entered, report.gaps, report.unused) == (
        2,
        ["P1-0001", "P1-0003 to P1-0004"],
        ["P1-0006 to P1-0008"],
    )
