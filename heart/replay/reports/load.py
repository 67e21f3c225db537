"""How many calls an hour would need each HEART unit, against the units that are planned."""

from collections.abc import Iterator
from typing import NamedTuple

from heart.replay import charts
from heart.replay.reports.counts import Counts
from heart.replay.tables import Column, Kind, Table, Value
from heart.replay.tally import routes_in
from triage.models import HEART_ROUTES, Route


class Need(NamedTuple):
    """Mean calls of one hour of the day that surely, and that possibly, need a unit."""

    surely: float
    possibly: float


def tables(counts: Counts) -> Iterator[Table]:
    """One table for each HEART unit."""
    for unit in HEART_ROUTES:
        yield _of_unit(counts, unit)


def _of_unit(counts: Counts, unit: Route) -> Table:
    planned = counts.staffing.get(unit) or [0.0] * 24
    needs = [_needs(counts, side, unit) for side in counts.sides]
    rows: list[tuple[Value, ...]] = []
    for hour in range(24):
        row: list[Value] = [charts.HOURS[hour], planned[hour]]
        for by_hour in needs:
            surely, possibly = by_hour[hour]
            per_unit = round(surely / planned[hour], 3) if planned[hour] else None
            row += [surely, possibly, per_unit]
        rows.append(tuple(row))
    columns = (
        column
        for side, heading in enumerate(counts.headings)
        for end in [f"_{side + 1}" if side else ""]
        for column in (
            Column(f"surely{end}", "surely need it", Kind.RATE, heading),
            Column(f"possibly{end}", "possibly", Kind.RATE, heading),
            Column(f"per_unit{end}", "surely, per unit", Kind.RATE, heading),
        )
    )
    return Table(
        f"load-{unit.value.lower()}",
        f"Load of {unit.value}, {unit.label}",
        "Community calls in an hour, as a mean over the days that have any, that surely and that"
        " possibly need the unit, as primary route or added. Planned: units of this kind by their"
        " hours, as a mean over the week. Imported history is held against the units of this console.",
        (
            Column("hour", "hour", Kind.TEXT),
            Column("planned", "units planned", Kind.RATE),
            *columns,
        ),
        rows,
        chart=charts.load(needs, planned, counts.versions),
    )


def _needs(counts: Counts, side: int, unit: str) -> list[Need]:
    surely, possibly = [0] * 24, [0] * 24
    for (hour, may, must), n in counts.table(f"units {side}").items():
        if hour is not None:
            surely[hour] += n * (unit in routes_in(must))
            possibly[hour] += n * (unit in routes_in(may))
    days = max(counts.days, 1)
    return [
        Need(round(sure / days, 3), round(may / days, 3))
        for sure, may in zip(surely, possibly, strict=True)
    ]
