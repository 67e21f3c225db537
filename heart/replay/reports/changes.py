"""What a second version changes: flips by route, nature, hour and beat, and changes of the level."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from heart.replay import charts
from heart.replay.reports.counts import Counts, hour_words
from heart.replay.tables import Column, Kind, Table, share
from heart.replay.tally import FLIP, MOVED, OPEN, SAME, UNDECIDED, levels_in, routes_in


def tables(counts: Counts) -> Iterator[Table]:
    """Everything about the change, when there is a second version."""
    if len(counts.versions) == 2:
        yield _all(counts)
        yield _routes(counts)
        yield _levels(counts)
        yield _by(counts, "nature", "nature")
        yield _by(counts, "beat", "beat")
        yield _by(counts, "hour", "hour of the day")


def _all(counts: Counts) -> Table:
    kinds: Counter[str] = Counter()
    for (_, kind), n in counts.table("change by nature").items():
        kinds[kind] += n
    may = kinds[MOVED] + kinds[UNDECIDED]
    lines = {
        "the same": kinds[SAME],
        "flips": kinds[FLIP],
        "may flip": may,
        "may flip, and the routes possible are others": kinds[MOVED],
        "may flip among the same routes": kinds[UNDECIDED],
    }
    return Table(
        "changes",
        f"What {counts.versions[1]} changes against {counts.versions[0]}",
        "Community calls. The same, and flips: the route is certain by both versions. May flip: by"
        " one of them, at least, the record leaves several routes possible.",
        (
            Column("route", "route", Kind.TEXT),
            Column("calls", "calls"),
            Column("share", "%", Kind.SHARE),
        ),
        [(words, n, share(n, kinds.total())) for words, n in lines.items()],
        chart=charts.bars(
            [("community calls", {SAME: kinds[SAME], FLIP: kinds[FLIP], OPEN: may})],
            {SAME: "the same", FLIP: "flips", OPEN: "may flip"},
        ),
    )


def _routes(counts: Counts) -> Table:
    pairs: Counter[tuple[str, str]] = Counter()
    for (one, other), n in counts.table("pairs").items():
        before, after = routes_in(one), routes_in(other)
        if len(before) == len(after) == 1 and before != after:
            pairs[before[0], after[0]] += n
    return Table(
        "flips",
        "Flips by route",
        "Community calls whose route is certain by both versions, and not the same.",
        (
            Column("before", counts.versions[0], Kind.TEXT),
            Column("after", counts.versions[1], Kind.TEXT),
            Column("calls", "calls"),
        ),
        [(*pair, n) for pair, n in pairs.most_common()],
        "No call whose route is certain by both versions gets another one.",
    )


def _levels(counts: Counts) -> Table:
    pairs: Counter[tuple[int, int]] = Counter()
    for (one, other), n in counts.table("levels").items():
        before, after = levels_in(one), levels_in(other)
        if len(before) == len(after) == 1 and before != after:
            pairs[before[0], after[0]] += n
    return Table(
        "levels",
        "Changes of the level",
        "Community calls whose level is certain by both versions, and not the same.",
        (
            Column("before", counts.versions[0], Kind.TEXT),
            Column("after", counts.versions[1], Kind.TEXT),
            Column("direction", "direction", Kind.TEXT),
            Column("calls", "calls"),
        ),
        [
            (before, after, "up" if after > before else "down", n)
            for (before, after), n in pairs.most_common()
        ],
        "No call whose level is certain by both versions gets another one.",
    )


def _by(counts: Counts, name: str, title: str) -> Table:
    found: dict[Any, Counter[str]] = {}
    for (value, kind), n in counts.table(f"change by {name}").items():
        found.setdefault(value, Counter())[kind] += n
    moving = [value for value, kinds in found.items() if kinds[FLIP] or kinds[MOVED]]
    if name == "hour":
        order = sorted(moving, key=lambda hour: (hour is None, hour or 0))
    else:
        order = sorted(
            moving, key=lambda value: (-found[value][FLIP], -found[value][MOVED], value)
        )
    words = hour_words if name == "hour" else lambda value: value or "not known"
    return Table(
        f"flips-by-{name}",
        f"Flips by {title}",
        "Community calls. May flip: calls for which other routes become possible."
        f" Where neither happens, the {title} is left out.",
        (
            Column(name, title, Kind.TEXT),
            Column("calls", "calls"),
            Column("flips", "flips"),
            Column("may_flip", "may flip"),
        ),
        [(words(v), found[v].total(), found[v][FLIP], found[v][MOVED]) for v in order],
        "No call flips, and for none do other routes become possible.",
        chart=_by_hour(found) if name == "hour" else None,
    )


def _by_hour(found: Mapping[Any, Counter[str]]) -> charts.Chart | None:
    names = {FLIP: "flips", OPEN: "may flip"}
    drawn = [
        {FLIP: found[hour][FLIP], OPEN: found[hour][MOVED]} if hour in found else {}
        for hour in range(24)
    ]
    return charts.columns(drawn, names, "calls that flip or may flip")
