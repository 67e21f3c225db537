"""How the panels of the room stand: columns of panels, and how dense the rows are.

A layout is plain data, checked here whenever it comes from outside:
``{"density": "dense", "columns": [{"width": 13, "panels": ["waiting", "active"]}, ...]}``.
A panel that stands in no column is hidden.
"""

from typing import Any, TypedDict

PANELS = {
    "waiting": "Waiting",
    "active": "Active",
    "teams": "Teams",
    "map": "Map",
    "call": "Call",
    "timeline": "Recent events",
}
DENSITIES = {"comfortable": "comfortable", "compact": "compact", "dense": "dense"}
NARROWEST, WIDEST, MOST_COLUMNS = 3, 20, 4


class Column(TypedDict):
    """Panels from top to bottom; widths are shares of the whole."""

    width: int
    panels: list[str]


class Layout(TypedDict):
    """Where every panel of the room stands."""

    density: str
    columns: list[Column]


class LayoutFault(Exception):
    """A layout that cannot be shown: ``field`` says where, the text says why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


PRESETS: dict[str, tuple[str, Layout]] = {
    "normal": (
        "Normal",
        {
            "density": "compact",
            "columns": [
                {"width": 14, "panels": ["waiting", "active"]},
                {"width": 6, "panels": ["teams", "map", "timeline"]},
                {"width": 7, "panels": ["call"]},
            ],
        },
    ),
    "major": (
        "Major event",
        {
            "density": "dense",
            "columns": [
                {"width": 12, "panels": ["waiting", "active"]},
                {"width": 9, "panels": ["map", "teams"]},
                {"width": 7, "panels": ["call"]},
            ],
        },
    ),
}


def preset(name: str) -> Layout:
    """A named layout; it is shared, so it is not to be changed."""
    if name not in PRESETS:
        raise LayoutFault("preset", f"one of {', '.join(PRESETS)}")
    return PRESETS[name][1]


def checked(given: Any) -> Layout:
    """A layout from outside, with nothing in it but what a layout has."""
    if not isinstance(given, dict) or not isinstance(given.get("columns"), list):
        raise LayoutFault("columns", "a list of columns, each with width and panels")
    if given.get("density") not in list(DENSITIES):
        raise LayoutFault("density", f"one of {', '.join(DENSITIES)}")
    columns = [_column(number, each) for number, each in enumerate(given["columns"])]
    if not 1 <= len(columns) <= MOST_COLUMNS:
        raise LayoutFault("columns", f"from 1 to {MOST_COLUMNS} columns")
    placed = [panel for column in columns for panel in column["panels"]]
    if len(placed) != len(set(placed)):
        raise LayoutFault("columns", "each panel stands in one place")
    return {"density": given["density"], "columns": columns}


def _column(number: int, given: Any) -> Column:
    where = f"columns.{number}"
    width = given.get("width") if isinstance(given, dict) else None
    if not isinstance(width, int) or not NARROWEST <= width <= WIDEST:
        raise LayoutFault(f"{where}.width", f"a whole number from {NARROWEST} to {WIDEST}")
    panels = given.get("panels")
    if not isinstance(panels, list) or not panels:
        raise LayoutFault(f"{where}.panels", "a list of at least one panel")
    if unknown := [panel for panel in panels if panel not in list(PANELS)]:
        raise LayoutFault(f"{where}.panels", f"no such panel: {str(unknown[0])[:40]}")
    return {"width": width, "panels": panels}
