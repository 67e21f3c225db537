"""When calls of which nature came in, by a real export; nothing else of the file is ever used."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from heart.history.natures import Mapping
from heart.history.profiles import Profile
from heart.history.reader import records
from heart.history.rows import Builder, RowRefused
from intake.queries import UNKNOWN_NATURE

WORDS = Path(__file__).with_name("data") / "local_words.json"


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """A call comes in: when by the file, and about what."""

    at: datetime
    nature: str


def arrivals(path: Path, profile: Profile, mapping: Mapping) -> list[Arrival]:
    """The calls of the public in the order of their times; what officers began themselves is left out."""
    return sorted(_arrivals(path, profile, mapping))


def _arrivals(path: Path, profile: Profile, mapping: Mapping) -> Iterator[Arrival]:
    builder = Builder(profile, mapping)
    for record in records(path, profile):
        try:
            row = builder.build(record)
        except RowRefused:
            continue
        if row.local["is_officer_initiated"]:
            continue
        nature = row.nature if row.nature != UNKNOWN_NATURE else _guess(row.local["local_nature"])
        yield Arrival(row.received_at, nature)


@lru_cache(maxsize=4096)
def _guess(local: str) -> str:
    for pattern, nature in _words():
        if pattern.search(local.upper()):
            return nature
    return UNKNOWN_NATURE


@lru_cache(maxsize=1)
def _words() -> list[tuple[re.Pattern[str], str]]:
    rows = json.loads(WORDS.read_text())["words"]
    return [(re.compile(row["pattern"]), row["nature"]) for row in rows]
