"""How parts become sentences in English and Spanish: lists, capitals, spans of hours, durations."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")
Joint = Literal["and", "or"]

_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")
_ENDS = (".", "?", "!", ".”", ".»", "?”", "?»")
_INNER = {"en": (" or ", " and ", ", "), "es": (" o ", " u ", " y ", " e ", ", ")}
_UNITS: dict[Language, tuple[tuple[int, str, str], ...]] = {
    "en": ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes")),
    "es": ((86_400, "día", "días"), (3_600, "hora", "horas"), (60, "minuto", "minutos")),
}


def say(language: Language, en: str, es: str) -> str:
    return es if language == "es" else en


def quoted(text: str, language: Language) -> str:
    return say(language, f"“{text}”", f"«{text}»")


def sentence(clause: str) -> str:
    """A clause with a capital and a full stop."""
    return clause[:1].upper() + clause[1:] + ("" if clause.endswith(_ENDS) else ".")


def listed(
    items: Sequence[str], joint: Joint, language: Language, *, correlative: bool = False
) -> str:
    """A list as it is spoken: "a, b or c".

    With a comma before the last when an item has an "or" or a comma of its own; ``correlative``
    then also marks where the list begins: "either a, or b".
    """
    if len(items) < 2:
        return "".join(items)
    is_nested = any(mark in _QUOTED.sub("", item) for item in items for mark in _INNER[language])
    if is_nested and correlative and joint == "or":
        if language == "es":
            return ", ".join(f"o bien {item}" for item in items)
        return f"either {', '.join(items[:-1])}, or {items[-1]}"
    *most, last = items
    comma = "," if is_nested else ""
    return f"{', '.join(most)}{comma} {joint_before(last, joint, language)} {last}"


def joint_before(following: str, joint: Joint, language: Language) -> str:
    """In Spanish "o" is "u" before an o, and "y" is "e" before an i."""
    if language == "en":
        return joint
    start = following.lstrip("«“").lower()
    if joint == "or":
        return "u" if start.startswith(("o", "ó", "ho", "hó")) else "o"
    return "e" if start.startswith(("i", "í", "hi", "hí")) and start[:3] != "hie" else "y"


def hour_spans(hours: Iterable[str]) -> list[tuple[int, int]]:
    """Hours of the day as spans around the clock, each from its first hour to the end of its last."""
    known = {int(hour) for hour in hours if hour.isdecimal()}
    if len(known) == 24:
        return [(0, 24)]
    spans = []
    for start in sorted(hour for hour in known if (hour - 1) % 24 not in known):
        end = start
        while end % 24 in known:
            end += 1
        spans.append((start, end % 24 or 24))
    return spans


def duration(seconds: int, language: Language) -> str:
    """Seconds in the largest units that fit: "2 hours", "1 minute 30 seconds"."""
    parts, rest = [], seconds
    for size, one, many in _UNITS[language]:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {one if count == 1 else many}")
    if rest or not parts:
        second = say(language, "second", "segundo")
        parts.append(f"{rest} {second}{'' if rest == 1 else 's'}")
    return " ".join(parts)
