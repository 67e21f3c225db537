"""What a replay counts, batch by batch: small tables of counts that can be added and stored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from triage.models import HEART_ROUTES, Route
from triage.rules.fields import ROUTES

Key = tuple[Any, ...]
Tallies = dict[str, Counter[Key]]
Stored = dict[str, list[list[Any]]]

SURE, NOT, OPEN = "sure", "not", "open"
SHARES = (SURE, NOT, OPEN)
SAME, FLIP, MOVED, UNDECIDED = "same", "flip", "moved", "undecided"
"""What a second version does: the same route; another; may flip, and other routes are possible;
may flip, among the same routes."""
WITH_OTHERS, WITH_OFFICER, UNARMED = "with others", "with an officer", "unarmed"
"""Who may come: police, EMS or fire may; else co-response may, whose crew has an officer; else neither."""
BIT = {route: 1 << place for place, route in enumerate(ROUTES)}
HEART = sum(BIT[route] for route in HEART_ROUTES)
OTHERS = BIT[Route.POLICE] | BIT[Route.EMS] | BIT[Route.FIRE]


def routes_in(bits: int) -> tuple[str, ...]:
    """The routes or units of a bit set, in the order of the table."""
    return tuple(route for route in ROUTES if bits & BIT[route])


def levels_in(bits: int) -> tuple[int, ...]:
    """The levels of a bit set."""
    return tuple(level for level in range(1, 5) if bits >> (level - 1) & 1)


def count(frame: pl.DataFrame, sides: int) -> Tallies:
    """The tables of these calls; the columns are those of ``outcomes.frame``."""
    community = frame.filter(pl.col("community"))
    found: Tallies = {"days": _counted(community, "day")}
    for side in range(sides):
        share, company = _share(side), _company(side)
        found[f"calls {side}"] = _counted(
            frame,
            "community",
            "here",
            "police",
            "tier",
            "disorder",
            "nature",
            share,
            company,
            _goes_along(side),
        )
        for by in ("hour", "beat"):
            found[f"{by} {side}"] = _counted(community, by, share)
        found[f"routes {side}"] = _counted(community, f"routes {side}")
        found[f"units {side}"] = _counted(community, "hour", f"units {side}", f"sure units {side}")
    if sides == 2:
        change = _change()
        found["pairs"] = _counted(community, "routes 0", "routes 1")
        found["levels"] = _counted(community, "levels 0", "levels 1")
        for by in ("nature", "hour", "beat"):
            found[f"change by {by}"] = _counted(community, by, change)
    return found


def flipped(frame: pl.DataFrame) -> pl.DataFrame:
    """The community calls that certainly get another route or another level by the second version."""
    level = _is_one("levels 0") & _is_one("levels 1") & (pl.col("levels 0") != pl.col("levels 1"))
    same_route = _is_one("routes 0") & (pl.col("routes 0") == pl.col("routes 1"))
    return frame.filter(pl.col("community") & ((_change() == FLIP) | (same_route & level)))


def added(one: Tallies, other: Tallies) -> Tallies:
    """Both together."""
    names = dict.fromkeys([*one, *other])
    return {name: one.get(name, Counter()) + other.get(name, Counter()) for name in names}


def stored(tallies: Tallies) -> Stored:
    """As JSON: each row of a table is its key and its count."""
    return {name: [[*key, n] for key, n in table.items()] for name, table in tallies.items()}


def loaded(tables: Mapping[str, Iterable[list[Any]]]) -> Tallies:
    """From JSON."""
    return {name: Counter({tuple(key): n for *key, n in rows}) for name, rows in tables.items()}


def _counted(frame: pl.DataFrame, *by: str | pl.Expr) -> Counter[Key]:
    return Counter({tuple(key): n for *key, n in frame.group_by(*by).len().iter_rows()})


def _share(side: int) -> pl.Expr:
    routes = pl.col(f"routes {side}")
    return (
        pl.when(routes & HEART == 0)
        .then(pl.lit(NOT))
        .when(routes & ~HEART == 0)
        .then(pl.lit(SURE))
        .otherwise(pl.lit(OPEN))
        .alias("share")
    )


def _company(side: int) -> pl.Expr:
    units = pl.col(f"units {side}")
    return (
        pl.when(units & OTHERS != 0)
        .then(pl.lit(WITH_OTHERS))
        .when(units & BIT[Route.COR] != 0)
        .then(pl.lit(WITH_OFFICER))
        .otherwise(pl.lit(UNARMED))
        .alias("company")
    )


def _goes_along(side: int) -> pl.Expr:
    """Whether a HEART unit surely goes, in whatever place."""
    return (pl.col(f"sure units {side}") & HEART != 0).alias("goes along")


def _is_one(column: str) -> pl.Expr:
    """Whether exactly one bit is set."""
    return pl.col(column) & (pl.col(column) - 1) == 0


def _change() -> pl.Expr:
    same = pl.col("routes 0") == pl.col("routes 1")
    both = _is_one("routes 0") & _is_one("routes 1")
    return (
        pl.when(both & same)
        .then(pl.lit(SAME))
        .when(both)
        .then(pl.lit(FLIP))
        .when(same)
        .then(pl.lit(UNDECIDED))
        .otherwise(pl.lit(MOVED))
        .alias("change")
    )
