"""Figures as plain rectangles: worked out here, drawn by ``replay/_chart.html``, never without a table.

Every strip is stretched to the width it gets, so that words stand beside it as text and stay legible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT, GAP = 1000.0, 100.0, 2.0
HOURS = tuple(f"{hour:02}" for hour in range(24))
COLUMN = WIDTH / len(HOURS)


class Rect(NamedTuple):
    """One rectangle; ``kind`` chooses its colour, ``title`` tells its value."""

    kind: str
    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One drawing of a figure; ``told`` is what it shows, for whoever cannot see it."""

    label: str
    size: str
    rects: tuple[Rect, ...]
    told: str
    top: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Strips over a common axis, with the meaning of their colours."""

    legend: tuple[tuple[str, str], ...]
    strips: tuple[Strip, ...]
    axis: tuple[str, ...] = ()


def bars(rows: Sequence[tuple[str, Mapping[str, int]]], names: Mapping[str, str]) -> Chart | None:
    """One bar for each row, divided into its parts; None when there is nothing to divide."""
    strips = tuple(_bar(label, parts, names) for label, parts in rows if sum(parts.values()))
    return Chart(tuple(names.items()), strips) if strips else None


def columns(
    by_hour: Sequence[Mapping[str, int]], names: Mapping[str, str], what: str
) -> Chart | None:
    """A column for each hour, stacked of its parts; None when all are empty."""
    sums = [sum(parts.values()) for parts in by_hour]
    most = max(sums, default=0)
    if not most:
        return None
    rects = []
    for hour, parts in enumerate(by_hour):
        foot = 0.0
        for kind, words in names.items():
            height = parts.get(kind, 0) / most
            title = f"{HOURS[hour]} h, {words}: {parts.get(kind, 0):,}"
            rects += _standing(kind, hour, foot, height, title)
            foot += height
    told = f"{what} by hour; most at {HOURS[sums.index(most)]} h, {most:,}"
    strip = Strip("", "column", tuple(rects), told, f"{most:,}")
    return Chart(tuple(names.items()), (strip,), HOURS)


def load(
    needs: Sequence[Sequence[tuple[float, float]]],
    planned: Sequence[float],
    versions: Sequence[str],
) -> Chart | None:
    """For each version the calls an hour that surely and possibly need a unit; below, who is planned."""
    most = max((possible for need in needs for _, possible in need), default=0.0)
    if not most:
        return None
    strips = [_need(need, planned, most, name) for need, name in zip(needs, versions, strict=True)]
    legend = [("need", "surely need it"), ("may", "possibly")]
    if not all(planned):
        legend.append(("closed", "no unit planned"))
    if any(planned):
        strips.append(_planned(planned))
        legend.append(("planned", "units planned"))
    return Chart(tuple(legend), tuple(strips), HOURS)


def _bar(label: str, parts: Mapping[str, int], names: Mapping[str, str]) -> Strip:
    whole, x, rects = sum(parts.values()), 0.0, []
    for kind, words in names.items():
        part = parts.get(kind, 0) / whole
        if part:
            title = f"{words}: {parts[kind]:,} ({part:.1%})"
            rects.append(_rect(kind, x, 0, max(WIDTH * part - GAP, 1), HEIGHT, title))
        x += WIDTH * part
    told = "; ".join(f"{words} {parts.get(k, 0) / whole:.1%}" for k, words in names.items())
    return Strip(label, "bar", tuple(rects), told)


def _need(
    need: Sequence[tuple[float, float]], planned: Sequence[float], most: float, version: str
) -> Strip:
    rects = []
    for hour, (sure, possible) in enumerate(need):
        title = f"{HOURS[hour]} h: {sure:.2f} surely, {possible:.2f} possibly"
        if not planned[hour]:
            rects.append(_rect("closed", hour * COLUMN, 0, COLUMN, HEIGHT, title))
        rects += _standing("may", hour, sure / most, (possible - sure) / most, title)
        rects += _standing("need", hour, 0, sure / most, title)
    told = f"at most {max(possible for _, possible in need):.2f} calls in an hour possibly need it"
    return Strip(version, "column", tuple(rects), told, f"{most:.2f}")


def _planned(planned: Sequence[float]) -> Strip:
    most = max(planned)
    rects: list[Rect] = []
    for hour, units in enumerate(planned):
        rects += _standing("planned", hour, 0, units / most, f"{HOURS[hour]} h: {units:.2f}")
    return Strip("units planned", "low", tuple(rects), f"at most {most:.2f}", f"{most:.2f}")


def _standing(kind: str, hour: int, foot: float, part: float, title: str) -> list[Rect]:
    """A piece of the column of an hour, from a part of the height up; nothing if it has none."""
    if part <= 0:
        return []
    y, height = HEIGHT * (1 - foot - part), HEIGHT * part
    return [_rect(kind, hour * COLUMN + GAP, y, COLUMN - 2 * GAP, height, title)]


def _rect(kind: str, x: float, y: float, width: float, height: float, title: str) -> Rect:
    return Rect(kind, f"{x:.2f}", f"{y:.2f}", f"{width:.2f}", f"{height:.2f}", title)
