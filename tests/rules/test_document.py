"""The rules as a document: nothing is left out, in both languages, on the page and on paper."""

import re
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.rules.default_table import FILES
from tests.rules.pdf_text import text_of
from triage.document import paper
from triage.document.content import About, Document, document, grouped, spoken_date
from triage.protocol_files import ProtocolFiles
from triage.wording.grammar import LANGUAGES, Language

ABOUT = About(
    status="active",
    is_installed=False,
    approved_on=date(2026, 3, 2),
    in_force_since=date(2026, 3, 9),
    in_force_until=None,
    invariants=FILES.invariants,
    calls=5_353_056,
)
HOSTILE = (
    '#import "x": *',
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "$ sum $ *bold* _so_ @ref <label> \\u{41} [x]",
    "{{ doc.number }} {% now 'Y' %}",
    "Donaudampfschifffahrt" * 12,
    "שלום עולם",
    "مرحبا",
    "\u202ereversed",
)


def told(language: Language, files: ProtocolFiles = FILES, about: About = ABOUT) -> Document:
    return document(files, about, language)


def page_of(doc: Document) -> str:
    pieces = [
        render_to_string("rules/_rule.html", {"rule": rule, "say": doc.text})
        for rule in (*doc.hard, *doc.rules, doc.default)
    ]
    pieces += [
        render_to_string("rules/_question.html", {"one": one}) for one in (*doc.asked, *doc.known)
    ]
    return "".join(pieces)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_question_and_statement_is_on_paper(language: Language) -> None:
    doc = told(language)

    paper_text = text_of(paper.pdf(doc))

    wanted = [row[f"reason_{language}"] for row in FILES.rules]
    wanted += [row["code"] for row in FILES.rules]
    wanted += [row[f"ask_{language}"] for row in FILES.questions]
    wanted += [row[language] for row in FILES.invariants]
    wanted += [row[f"label_{language}"] for row in (*FILES.targets, *FILES.fallback)]
    wanted += [row["name_es" if language == "es" else "name"] for row in FILES.natures]
    wanted += [
        answer[f"label_{language}"]
        for row in FILES.questions
        for answer in row["answers"]
        if row["key"] != "hour"
    ]
    assert [text for text in wanted if squeezed(text) not in paper_text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_every_rule_is_on_paper(language: Language) -> None:
    doc = told(language)

    on_paper = text_of(paper.pdf(doc)).lower()

    rules = [rule.words for rule in (*doc.hard, *doc.rules, doc.default)]
    parts = [part for rule in rules for part in (rule.when, *rule.then, *rule.later)]
    wanted = [part.text for part in parts[:-3] if len(part.either) < 3]
    wanted += [words for part in parts if len(part.either) > 2 for words in part.either]
    wanted += [text for one in doc.safety for text in (one.words.when, *one.words.claims)]
    assert [text for text in wanted if squeezed(text).lower() not in on_paper] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_stand_in_their_order(language: Language) -> None:
    doc = told(language)
    on_paper = text_of(paper.pdf(doc))
    say = doc.text

    body = on_paper[on_paper.rindex(squeezed(say.heart)) :]
    titles = (say.heart, say.reading, say.questions, say.hard, say.rules, say.default, say.safety)
    place = 0
    for title in titles:
        place = body.index(squeezed(title), place)
    assert all(rule.words.is_hard for rule in doc.hard)
    assert [rule.words.code for rule in (*doc.hard, *doc.rules, doc.default)] == [
        row["code"] for row in FILES.rules
    ]


def test_spanish_has_no_english_left_over() -> None:
    doc = asdict(told("es"))
    doc.pop("name")
    for rule in (*doc["hard"], *doc["rules"], doc["default"]):
        rule["basis"].pop("detail")  # a source is quoted in its own language, and marked so
        rule["words"].pop("citation")
    for target in doc["targets"]:
        target["basis"].pop("detail")
    for one in doc["safety"]:
        one["words"].pop("code")
    for nature in doc["natures"]:
        nature.pop("code")

    english = (
        r"\b(the|and|of|is|with|not|or|to|goes|call|asked|when|level|weapon|years?|minutes?)\b"
    )
    assert [text for text in sentences(doc) if re.search(english, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_document_says_who_has_to_sign_it_off(language: Language) -> None:
    doc = told(language)
    own = told(language, replace(FILES, rule_set={**FILES.rule_set, "is_synthetic": False}))

    assert doc.notice == doc.text.sign_off
    assert doc.text.mark in doc.mark
    assert (own.notice, own.mark) == (doc.text.own, "")


def test_approval_names_a_date_and_no_person() -> None:
    facts = {fact.name: fact.text for fact in told("en").facts}

    assert facts == {
        "Version": "1",
        "Status": "In force",
        "In force since": "March 9, 2026",
        "Approval": "Approved by a second person on March 2, 2026",
    }


def test_draft_claims_no_proof() -> None:
    draft = replace(ABOUT, status="draft", calls=None, approved_on=None, in_force_since=None)
    doc = told("en", about=draft)

    assert doc.safety_intro == doc.text.safety_waits
    assert [fact.text for fact in doc.facts] == ["1", "Draft, not in force", "Not approved"]


def test_broken_statement_is_said_to_be_broken() -> None:
    broken = replace(ABOUT, broken=frozenset({FILES.invariants[0]["id"]}))
    doc = told("en", about=broken)

    assert [one.is_broken for one in doc.safety][:2] == [True, False]
    assert squeezed(doc.text.safety_broken) in text_of(paper.pdf(doc))


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_is_accessible(language: Language) -> None:
    made = paper.pdf(told(language))

    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert f"/Lang({language})".encode() in made
    assert b"/DisplayDocTitle true" in made


def test_same_document_gives_the_same_bytes() -> None:
    first = paper.pdf(told("en"))
    paper._pdf.cache_clear()

    assert paper.pdf(told("en")) == first


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    doc = told("en", hostile(text))

    on_paper = text_of(paper.pdf(doc))
    page = page_of(doc)

    shown = squeezed(text).replace("\u202e", "")
    assert shown in on_paper or shown[::-1] in on_paper or not shown.isascii()
    assert "<script>" not in page
    assert (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
        in page
    )


def test_what_the_font_lacks_is_told_by_its_name() -> None:
    on_paper = text_of(paper.pdf(told("en", hostile("Careful 😀 with 漢 \ufffe"))))

    assert "Careful[grinningface]with[cjkunifiedideograph-6f22]" in on_paper


def test_dates_and_numbers_are_written_out() -> None:
    assert spoken_date(date(2026, 11, 4), "en") == "November 4, 2026"
    assert spoken_date(date(2026, 11, 4), "es") == "4 de noviembre de 2026"
    assert grouped(1234567, "en") == "1,234,567"
    assert grouped(1234567, "es") == "1\u202f234\u202f567"


def hostile(text: str) -> ProtocolFiles:
    files = deepcopy(FILES)
    files.rule_set["title"] = text
    files.rules[3]["reason_en"] = text
    files.rules[3]["citation"] = text
    files.rules[3]["body"]["notes"] = [{"en": text, "es": text}]
    files.questions[5]["ask_en"] = text
    files.questions[5]["answers"][0]["label_en"] = text[:120]
    return files


def sentences(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value) > 1 else []
    if isinstance(value, dict):
        return [text for inner in value.values() for text in sentences(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in sentences(inner)]
    return []
