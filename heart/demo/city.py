"""The demo city: invented streets, places, teams and people, in a sea where there is no street."""

import json
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("data") / "city.json"


@dataclass(frozen=True, slots=True)
class Place:
    """An invented address with the point and the beat it lies in."""

    text: str
    latitude: float
    longitude: float
    beat: str


@lru_cache(maxsize=1)
def city() -> dict[str, Any]:
    """The whole city as it stands in its file."""
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


def somewhere(chance: random.Random, beat_code: str = "") -> Place:
    """An address of the city, or of one beat; the same one for the same state of ``chance``."""
    streets = [row for row in city()["streets"] if beat_code in ("", row["beat"])]
    street = chance.choice(streets)
    beat = next(row for row in city()["beats"] if row["code"] == street["beat"])
    detail = chance.choice(city()["places"])
    text = f"{chance.randrange(1, 180)} {street['name']}"
    return Place(
        text=f"{text}, {detail}" if detail else text,
        latitude=round(chance.uniform(beat["south"] + 0.001, beat["north"] - 0.001), 5),
        longitude=round(chance.uniform(beat["west"] + 0.001, beat["east"] - 0.001), 5),
        beat=beat["code"],
    )


def some_phone(chance: random.Random) -> str:
    """A number from the block that is kept free for fiction: nobody is called by it."""
    return f"555-01{chance.randrange(100):02d}"
