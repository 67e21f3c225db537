"""Changes of call rows that several actions share; they record nothing themselves."""

import math
import re
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from heart.journal.actor import Actor
from intake.models import Beat, Call
from intake.queries import beat_at, nature_by_code, next_number


class Refused(Exception):
    """A person's wish that cannot be carried out, in words for that person, by field."""

    def __init__(self, /, **problems: str) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


CallFields = Mapping[str, Any]
"""What was typed into a call, by field name; an absent field leaves its column as it is."""

FIELD_NAMES = frozenset(
    {
        "caller_phone",
        "location_text",
        "latitude",
        "longitude",
        "beat",
        "caller_relation",
        "language",
        "nature",
        "narrative",
    }
)
LONGEST = {"caller_phone": 40, "location_text": 300, "language": 12, "narrative": 8000}
LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]")


def cleaned(fields: CallFields) -> dict[str, Any]:
    """Columns and values of a call from what was typed; raises Refused naming every bad field."""
    columns: dict[str, Any] = {}
    problems = dict.fromkeys(fields.keys() - FIELD_NAMES, "unknown field")
    for name in fields.keys() & LONGEST.keys():
        value = fields[name]
        if fault := text_fault(value, LONGEST[name]):
            problems[name] = fault
        else:
            columns[name] = INVISIBLE.sub("", value) if name != "narrative" else value
    if (code := columns.get("language")) and not LANGUAGE_CODE.fullmatch(code):
        problems["language"] = "a language code like en or es"
    if (relation := fields.get("caller_relation")) is not None:
        if relation in ("", *Call.Relation.values):
            columns["caller_relation"] = relation
        else:
            problems["caller_relation"] = f"one of {', '.join(Call.Relation.values)}"
    _take_place(fields, columns, problems)
    _take_nature(fields, columns, problems)
    if problems:
        raise Refused(**problems)
    return columns


def written(name: str, text: object, longest: int) -> str:
    """What somebody wrote, trimmed; raises Refused when it is empty or cannot be stored."""
    if fault := text_fault(text, longest):
        raise Refused(**{name: fault})
    trimmed = str(text).strip()
    if not trimmed:
        raise Refused(**{name: f"write between 1 and {longest:,} characters"})
    return trimmed


def text_fault(value: object, longest: int) -> str | None:
    """Why this cannot be stored as a text of at most so many characters, in words."""
    if not isinstance(value, str):
        return "must be text"
    if len(value) > longest:
        return f"is longer than {longest} characters"
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        return "has a character that cannot be stored"
    return None


def _take_place(fields: CallFields, columns: dict[str, Any], problems: dict[str, str]) -> None:
    point = fields.get("latitude"), fields.get("longitude")
    for name, value, limit in zip(("latitude", "longitude"), point, (90, 180), strict=True):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems[name] = "must be a number"
        elif abs(value) > limit or not math.isfinite(value):
            problems[name] = f"must be between -{limit} and {limit}"
    if (point[0] is None) != (point[1] is None):
        problems["longitude" if point[1] is None else "latitude"] = "both coordinates or none"
    if "latitude" in fields and not problems.keys() & {"latitude", "longitude"}:
        columns["latitude"], columns["longitude"] = point
        if point[0] is not None and point[1] is not None:
            columns["beat"] = beat_at(point[0], point[1])
    if code := fields.get("beat"):
        beat = None if text_fault(code, 12) else Beat.objects.filter(code=code).first()
        if beat is None:
            problems["beat"] = "no such beat"
        columns["beat"] = beat
    elif code == "":
        columns["beat"] = None


def _take_nature(fields: CallFields, columns: dict[str, Any], problems: dict[str, str]) -> None:
    code = fields.get("nature")
    if code is None:
        return
    nature = None if text_fault(code, 12) else nature_by_code(code)
    if nature is None and code != "":
        problems["nature"] = "no such nature code"
    columns["nature"] = nature


def new_call(columns: dict[str, Any], *, by: Actor, **birth: Any) -> Call:
    """Insert a call row."""
    now = timezone.now()
    return Call.objects.create(
        number=next_number(),
        initial_nature=columns.get("nature"),
        taken_by_id=by.id,
        **{"received_at": now, "answered_at": now, **columns, **birth},
    )


def fill(call: Call, columns: dict[str, Any]) -> list[str]:
    """Store the columns that differ and count the version; gives the names of those that changed."""
    changed = {name: value for name, value in columns.items() if getattr(call, name) != value}
    if not changed:
        return []
    for name, value in changed.items():
        setattr(call, name, value)
    first_nature = changed.get("nature")
    extra = {}
    if first_nature is not None and call.initial_nature_id is None:
        call.initial_nature = extra["initial_nature"] = first_nature
    Call.objects.filter(pk=call.pk).update(**changed, **extra, version=F("version") + 1)
    call.version += 1
    return sorted(changed)
