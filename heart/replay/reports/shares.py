"""Surely to a HEART response, surely not, decided by the questions: of all, by tier, nature, hour, beat."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from heart.history.natures import OUTSIDE
from heart.replay import charts
from heart.replay.reports.counts import (
    SHARE_NAMES,
    Cell,
    Counts,
    by_share,
    hour_words,
    share_columns,
    shares,
    total,
)
from heart.replay.tables import Column, Kind, Table, Value, share
from heart.replay.tally import NOT, SHARES, SURE, UNARMED, WITH_OTHERS, routes_in
from triage.models import Route
from triage.rules.fields import ROUTES

TIERS = ("core", "coresp", "broad", "screen", "no", OUTSIDE)
"""The order of the tiers that docs/replay.md explains; an agency's own come after them."""

THREE = (
    "A HEART response is CCD, CRT or COR as the primary route, hours, area and staffing left aside"
    " (metric 5). Surely: every route that is still possible is one. Surely not: none is. Questions"
    " decide: some are and some are not, because the record lacks answers; nothing is filled in."
    " Supported: surely not, but a HEART unit surely goes along."
    " Community calls leave out what officers and the office began themselves: as the import"
    " profile marks it, and the mapping's tier excl. Imported calls by their initial nature, calls"
    " taken here by the nature of the last decision of the rules."
)
TWO_FIGURES = (
    "Two figures, never one. Surely divertible: community calls that surely get a HEART response"
    " as above. Would truly have replaced a police response: of the community calls whose record"
    " shows that police were really sent (the import profile says how; here: handed to police, or"
    " police asked for by a crew), those that surely get a HEART response while police, EMS or fire"
    " are possible neither as route nor as added unit. Co-response has an officer in its crew: the"
    " last line leaves it out too. At most: calls that the missing answers could still bring there,"
    " which is a limit and no estimate."
)
DIVERTIBLE = "surely divertible"
SENT = "the record shows that police were sent"
REPLACED = "would truly have replaced a police response"
NO_OFFICER = "the same without any officer"


def three(counts: Counts) -> Table:
    """The three shares, of the community calls and of every call."""
    rows: list[tuple[Value, ...]] = []
    drawn = []
    for side in counts.sides:
        every = list(counts.calls(side))
        of = {"community calls": counts.community(side), "every call of the span": every}
        for name, calls in of.items():
            by = by_share(calls)
            parts = (x for s in SHARE_NAMES for x in (by[s], share(by[s], by.total())))
            supported = total(calls, lambda cell: cell.share == NOT and cell.goes_along)
            rows.append((counts.versions[side], name, by.total(), *parts, supported))
            drawn.append((f"{counts.versions[side]}, {name}", by))
    columns = (
        column
        for name, words in SHARE_NAMES.items()
        for column in (Column(name, words), Column(f"{name}_share", "%", Kind.SHARE))
    )
    return Table(
        "shares",
        "To a HEART response",
        THREE,
        (
            Column("version", "version", Kind.TEXT),
            Column("of", "of", Kind.TEXT),
            Column("calls", "calls"),
            *columns,
            Column("supported", "of these supported"),
        ),
        rows,
        chart=charts.bars(drawn, SHARE_NAMES),
    )


def replaced(counts: Counts) -> Table:
    """Divertible, and what would really have spared police: kept apart."""
    rows: list[tuple[Value, ...]] = []
    for side in counts.sides:
        community = counts.community(side)
        told = [(cell, n) for cell, n in community if cell.police is not None]
        sent = [(cell, n) for cell, n in told if cell.police]
        for figure, calls, surely, at_most in (
            (DIVERTIBLE, community, _is_sure, _may_be),
            (SENT, told, _was_sent, None),
            (REPLACED, sent, _is_alone, _may_be),
            (NO_OFFICER, sent, _is_unarmed, None),
        ):
            whole, sure = total(calls), total(calls, surely)
            most = total(calls, at_most) if at_most else None
            most_share = None if most is None else share(most, whole)
            version = counts.versions[side]
            rows.append((version, figure, whole, sure, share(sure, whole), most, most_share))
    return Table(
        "replaced",
        "Divertible, and would truly have replaced a police response",
        TWO_FIGURES,
        (
            Column("version", "version", Kind.TEXT),
            Column("figure", "figure", Kind.TEXT),
            Column("of", "of calls"),
            Column("surely", "surely"),
            Column("surely_share", "%", Kind.SHARE),
            Column("at_most", "at most"),
            Column("at_most_share", "%", Kind.SHARE),
        ),
        rows,
    )


def tiers(counts: Counts) -> Iterator[Table]:
    """By the mapping's tiers, when it has any."""
    names = {cell.tier for cell, _ in counts.calls()}
    if names <= {""}:
        return
    known = [tier for tier in TIERS if tier in names]
    community = total(counts.community())
    rows: list[tuple[Value, ...]] = []
    for tier in (*known, *sorted(names - set(TIERS) - {""}), *({""} & names)):
        every = total(counts.calls(), lambda cell, tier=tier: cell.tier == tier)  # type: ignore[misc]
        of_tier = [
            [(cell, n) for cell, n in counts.community(side) if cell.tier == tier]
            for side in counts.sides
        ]
        inside = total(of_tier[0])
        parts = (part for calls in of_tier for part in shares(by_share(calls)))
        rows.append((tier or "no tier", every, inside, share(inside, community), *parts))
    yield Table(
        "tiers",
        "By tier of the mapping",
        "The tier is the mapping's own judgement of the city's code. Of community: the part of the"
        " community calls that has this tier. The three shares are of the community calls of the"
        " tier. A code only proposes questions, so that most of a divertible tier is decided by them.",
        (
            Column("tier", "tier", Kind.TEXT),
            Column("calls", "every call"),
            Column("community", "community"),
            Column("of_community", "of community", Kind.SHARE),
            *share_columns(counts),
        ),
        rows,
    )


def by_code(counts: Counts) -> Iterator[Table]:
    """What the city's code alone would call divertible, when the mapping has the shipped tiers."""
    if not {cell.tier for cell, _ in counts.calls()} & {CORE, CORESP, BROAD}:
        return
    every, community = total(counts.calls()), total(counts.community())
    rows: list[tuple[Value, ...]] = []
    for words, test in SUMS.items():
        of_sum = [
            [(cell, n) for cell, n in counts.community(side) if test(cell)]
            for side in counts.sides
        ]
        n = total(of_sum[0])
        parts = (part for calls in of_sum for part in shares(by_share(calls)))
        rows.append((words, n, share(n, community), share(n, every), *parts))
    yield Table(
        "by-code",
        "Divertible by the city's code alone",
        "Community calls of the tiers added up, as the published shares of other cities are: over the"
        " community calls and over every call. One decision, whether a bare disturbance (APCO"
        " DISORD) belongs there, can halve the figure. Beside it, what the rules say to the same"
        " calls: a code proposes questions and never sends an unarmed team by itself.",
        (
            Column("tiers", "tiers", Kind.TEXT),
            Column("calls", "community"),
            Column("of_community", "of community", Kind.SHARE),
            Column("of_every", "of every call", Kind.SHARE),
            *share_columns(counts),
        ),
        rows,
    )


CORE, CORESP, BROAD, SCREEN = "core", "coresp", "broad", "screen"
SUMS: Mapping[str, Callable[[Cell], bool]] = {
    "core + coresp": lambda cell: cell.tier in (CORE, CORESP),
    "core + coresp + broad": lambda cell: cell.tier in (CORE, CORESP, BROAD),
    "the same, without bare disturbance": lambda cell: (
        cell.tier in (CORE, CORESP, BROAD) and not (cell.disorder and cell.tier == BROAD)
    ),
    "screen": lambda cell: cell.tier == SCREEN,
}


def routes(counts: Counts) -> Table:
    """Which routes are certain and which are still possible."""
    rows: list[tuple[Value, ...]] = []
    for route in ROUTES:
        row: list[Value] = [route, Route(route).label]
        for side in counts.sides:
            sets = counts.table(f"routes {side}")
            only = sum(n for (bits,), n in sets.items() if routes_in(bits) == (route,))
            possible = sum(n for (bits,), n in sets.items() if route in routes_in(bits))
            row += [only, share(only, sets.total()), possible, share(possible, sets.total())]
        rows.append(tuple(row))
    columns = (
        column
        for side, heading in enumerate(counts.headings)
        for end in [f"_{side + 1}" if side else ""]
        for column in (
            Column(f"only{end}", "certain", group=heading),
            Column(f"only_share{end}", "%", Kind.SHARE, heading),
            Column(f"possible{end}", "possible", group=heading),
            Column(f"possible_share{end}", "%", Kind.SHARE, heading),
        )
    )
    return Table(
        "routes",
        "Routes still possible",
        "Community calls. Certain: the only route left. Possible: among those left, so that a call"
        " counts in several lines.",
        (Column("route", "route", Kind.TEXT), Column("name", "means", Kind.TEXT), *columns),
        rows,
    )


def natures(counts: Counts) -> Table:
    """By nature, the most frequent first."""
    by_side = [_grouped(counts, side, lambda cell: cell.nature) for side in counts.sides]
    return _by(
        "natures",
        "nature",
        "Community calls. Not known: no line of the mapping has the city's code, so that any nature"
        " is possible.",
        counts,
        by_side,
        sorted(by_side[0], key=lambda name: (-by_side[0][name].total(), name)),
        lambda name: name or "not known",
    )


def hours(counts: Counts) -> Table:
    """By the local hour of receipt."""
    by_side = [_rows_of(counts, f"hour {side}") for side in counts.sides]
    drawn = [{s: counts.table("hour 0")[hour, s] for s in SHARES} for hour in range(24)]
    return _by(
        "hours",
        "hour of the day",
        "Community calls by the local hour of receipt; of an imported call, in its own city.",
        counts,
        by_side,
        sorted(by_side[0], key=lambda hour: (hour is None, hour or 0)),
        hour_words,
        chart=charts.columns(drawn, SHARE_NAMES, f"community calls by {counts.versions[0]}"),
    )


def beats(counts: Counts) -> Iterator[Table]:
    """By beat, when any call has one."""
    by_side = [_rows_of(counts, f"beat {side}") for side in counts.sides]
    if set(by_side[0]) > {""}:
        order = sorted(by_side[0], key=lambda beat: (beat == "", beat))
        note = "Community calls by the beat of the place."
        yield _by("beats", "beat", note, counts, by_side, order, lambda beat: beat or "not known")


def _by(
    name: str,
    title: str,
    note: str,
    counts: Counts,
    by_side: list[dict[Any, Counter[str]]],
    order: list[Any],
    words: Callable[[Any], str],
    chart: charts.Chart | None = None,
) -> Table:
    rows = [
        (
            words(value),
            by_side[0][value].total(),
            *(p for by in by_side for p in shares(by[value])),
        )
        for value in order
    ]
    columns = (
        Column(name.removesuffix("s"), title, Kind.TEXT),
        Column("calls", "community calls"),
    )
    return Table(name, f"By {title}", note, (*columns, *share_columns(counts)), rows, chart=chart)


def _grouped(counts: Counts, side: int, of: Callable[[Cell], Hashable]) -> dict[Any, Counter[str]]:
    found: dict[Any, Counter[str]] = {}
    for cell, n in counts.community(side):
        found.setdefault(of(cell), Counter())[cell.share] += n
    return found


def _rows_of(counts: Counts, table: str) -> dict[Any, Counter[str]]:
    found: dict[Any, Counter[str]] = {}
    for (value, name), n in counts.table(table).items():
        found.setdefault(value, Counter())[name] += n
    return found


def _is_sure(cell: Cell) -> bool:
    return cell.share == SURE


def _may_be(cell: Cell) -> bool:
    return cell.share != NOT


def _was_sent(cell: Cell) -> bool:
    return cell.police is True


def _is_alone(cell: Cell) -> bool:
    return cell.share == SURE and cell.company != WITH_OTHERS


def _is_unarmed(cell: Cell) -> bool:
    return cell.share == SURE and cell.company == UNARMED
