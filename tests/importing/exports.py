"""A small export written for these tests, and a profile and a mapping for it; nothing in it is real."""

import json
from pathlib import Path
from typing import Any

PROFILE: dict[str, Any] = {
    "title": "A made-up city",
    "time_zone": "America/New_York",
    "time_formats": ["iso", "%m/%d/%Y %I:%M %p"],
    "delimiter": ";",
    "columns": {
        "number": "Nr",
        "received": "Came in",
        "nature": "Kind",
        "location": "Place",
        "latitude": "Lat",
        "longitude": "Lon",
        "priority": "Prio",
        "disposition": "End",
    },
    "times": {"arrived": "Arrived", "cleared": "Cleared"},
    "closed": ["cleared"],
    "in_order": [["arrived", "cleared"]],
    "keep": ["District"],
    "officer_initiated": {"column": "How", "values": ["SELF"]},
    "mapping_dataset": "city:{District}",
    "bounds": {"south": 35, "north": 37, "west": -80, "east": -78},
}
COLUMNS = [
    "Nr", "Came in", "Kind", "Place", "Lat", "Lon", "Prio", "End", "Arrived", "Cleared",
    "District", "How", "Weather",
]  # fmt: skip
GOOD = {
    "Nr": "A1",
    "Came in": "2024-05-01 10:00:00",
    "Kind": "UNWANTED",
    "Place": "100 BLOCK ELM",
    "Lat": "35.99",
    "Lon": "-78.9",
    "Prio": "3",
    "End": "gone on arrival",
    "Arrived": "2024-05-01 10:12:00",
    "Cleared": "2024-05-01 10:40:00",
    "District": "D1",
    "How": "PHONE",
    "Weather": "fair",
}
MAPPING = """dataset,local_code,apco_code,nature
city:D1,UNWANTED,TRESPASS,
,CHECK,WELFARE,WELFNON
"""


def row(**cells: str) -> dict[str, str]:
    """A good row, with some cells otherwise; a blank in a name is written as ``_``."""
    return {**GOOD, **{name.replace("_", " "): cell for name, cell in cells.items()}}


def text(*rows: dict[str, str] | str) -> str:
    """The export with these rows; a text stands for a line as it is."""
    lines = (r if isinstance(r, str) else ";".join(r[name] for name in COLUMNS) for r in rows)
    return "\n".join([";".join(COLUMNS), *lines]) + "\n"


def write_profile(folder: Path, **changes: Any) -> Path:
    path = folder / "town.json"
    path.write_text(json.dumps({**PROFILE, **changes}), encoding="utf-8")
    return path


def write_mapping(folder: Path, content: str = MAPPING) -> Path:
    path = folder / "mapping.csv"
    path.write_text(content, encoding="utf-8")
    return path
