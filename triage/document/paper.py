"""The document of a version on paper."""

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from heart.typesetting import as_data, typeset
from triage.document.content import Document

TEMPLATE = Path(__file__).with_name("rules.typ")


def pdf(document: Document) -> bytes:
    """The document as PDF; the same document gives the same bytes, made once."""
    return _pdf(as_data(asdict(document)))


@lru_cache(maxsize=16)
def _pdf(data: str) -> bytes:
    return typeset(TEMPLATE, data)
