"""Documents that the code writes are as the code says; every fact has its sentence and its sample."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from heart.journal.facts import FACTS, sentence
from heart.pages.generated import documents

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "journal_samples"


@pytest.mark.parametrize("name", ["states.md", "journal.md", "permissions.md", "openapi.yaml"])
def test_document_is_what_the_code_says(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert written == documents()[name], "stale: run manage.py write_docs"


@pytest.mark.parametrize("verb", sorted(FACTS))
def test_stored_sample_of_every_verb_can_still_be_read(verb: str) -> None:
    sample = json.loads((SAMPLES / f"{verb}.json").read_text(encoding="utf-8"))

    known = FACTS[verb]
    fact = known(**sample["fields"])

    assert {"call_id": fact.call_id, **fact.payload()} == sample["fields"]
    assert sentence(verb, fact.payload()) == sample["sentence"]


@pytest.mark.parametrize("verb", sorted(FACTS))
def test_sentence_names_only_fields_of_the_fact(verb: str) -> None:
    named = set(re.findall(r"{(\w+)}", FACTS[verb].words))

    assert named <= {f.name for f in fields(FACTS[verb])}
