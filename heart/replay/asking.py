"""What somebody wrote into the form or on the command line, as versions and a span of calls."""

from datetime import date
from typing import TypedDict

from heart.history.models import ImportedCall
from heart.replay.models import Replay
from heart.replay.reading import Span
from intake.steps import Refused

EARLIEST, LATEST = date(1950, 1, 1), date(2200, 1, 1)
SOURCES = {source.value: source for source in Replay.Source}


def profiles() -> list[str]:
    """The import profiles of which there are calls."""
    names = ImportedCall.objects.order_by("profile").values_list("profile", flat=True)
    return list(names.distinct())


class Wish(TypedDict):
    """What ``request_replay`` takes."""

    version: int
    against: int | None
    span: Span


def wish(*, version: str, against: str, source: str, since: str, until: str) -> Wish:
    """A replay as it was asked for; raises Refused naming every field that cannot be read."""
    problems: dict[str, str] = {}
    asked = _version("version", version, problems) if version else None
    if asked is None and not problems:
        problems["version"] = "choose a version"
    other = _version("against", against, problems) if against else None
    try:
        calls = span(source=source, since=since, until=until)
    except Refused as refused:
        raise Refused(**problems, **refused.problems) from None
    if problems or asked is None:
        raise Refused(**problems)
    return {"version": asked, "against": other, "span": calls}


def span(*, source: str, since: str, until: str) -> Span:
    """The span of these texts; raises Refused naming every field that cannot be read."""
    problems: dict[str, str] = {}
    first, last = _day("since", since, problems), _day("until", until, problems)
    names = profiles()
    if source and source not in SOURCES and source not in names:
        problems["source"] = f"{source[:40]!r} is none of {', '.join([*SOURCES, *names])}"
    if first and last and first > last:
        problems["until"] = "ends before it begins"
    if problems:
        raise Refused(**problems)
    is_profile = bool(source) and source not in SOURCES
    return Span(
        source=Replay.Source.IMPORTED if is_profile else SOURCES[source or Replay.Source.ALL],
        profile=source if is_profile else "",
        since=first,
        until=last,
    )


def _version(field: str, text: str, problems: dict[str, str]) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text)
    problems[field] = f"{text[:40]!r} is no version"
    return None


def _day(field: str, text: str, problems: dict[str, str]) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = date.min
    if EARLIEST <= found <= LATEST:
        return found
    problems[field] = f"{text.strip()[:40]!r} is no day like 2026-05-31"
    return None
