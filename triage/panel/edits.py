"""An edit as a page sends it, read into a function of ``triage.editing`` with a name for the journal.

{"put": "rules", "name": "R08", "row": {...}}              in the place of R08
{"put": "rules", "name": null, "row": {...}, "place": 3}   a new one
{"move": "rules", "name": "R08", "place": 3}
{"remove": "rules", "name": "R08"}                         ... and so for "questions"
{"put": "targets", "rows": [...]}                          the whole part, so too "fallback"
{"put": "rule_set", "changes": {"switches": {...}}}
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from triage import editing
from triage.editing import Edit
from triage.protocol_files import ProtocolFault

SHAPES = {
    "put": frozenset({"put", "name", "row", "place"}),
    "move": frozenset({"move", "name", "place"}),
    "remove": frozenset({"remove", "name"}),
}
WORDS = {"rule_set": "title and switches", "targets": "targets", "fallback": "fallback chain"}


@dataclass(frozen=True, slots=True)
class Named:
    """An edit, the part it touches, the row as it is called afterwards, and a few words for it."""

    part: str
    row: str
    what: str
    apply: Edit


def read_edit(body: object) -> Named:
    """Read one edit; ProtocolFault says what it lacks."""
    if not isinstance(body, dict):
        raise ProtocolFault("edit", "", "must be an object")
    if body.keys() == {"put", "rows"}:
        return _whole(body["put"], body["rows"])
    if body.keys() == {"put", "changes"}:
        return _settings(body["put"], body["changes"])
    for does, shape in SHAPES.items():
        if does in body and body.keys() <= shape:
            return _of_row(does, body)
    raise ProtocolFault("edit", "", "must put, move or remove something")


def _of_row(does: str, body: dict[str, Any]) -> Named:
    part, name, place = body[does], body.get("name"), body.get("place")
    if not isinstance(part, str) or part not in editing.KEY:
        raise ProtocolFault("edit", f"/{does}", f"must be one of {', '.join(editing.KEY)}")
    if not isinstance(name, str) and not (name is None and does == "put"):
        raise ProtocolFault("edit", "/name", "must be the name of a row")
    if place is not None and type(place) is not int:
        raise ProtocolFault("edit", "/place", "must be a whole number")
    if does == "move":
        if name is None or place is None:
            raise ProtocolFault("edit", "/place", "must be a whole number")
        what = f"{name} moved to place {place + 1}"
        return Named(
            part, name, what, partial(editing.move_row, part=part, name=name, place=place)
        )
    if does == "remove" and name is not None:
        edit = partial(editing.remove_row, part=part, name=name)
        return Named(part, name, f"{name} removed", edit)
    row = body.get("row")
    if not isinstance(row, dict):
        raise ProtocolFault("edit", "/row", "must be an object")
    called = str(row.get(editing.KEY[part]))[:20]
    what = (
        called if name == called else f"{called} added" if name is None else f"{name} as {called}"
    )
    edit = partial(editing.put_row, part=part, name=name, row=row, place=place)
    return Named(part, called, what, edit)


def _whole(part: object, rows: object) -> Named:
    if part not in ("targets", "fallback"):
        raise ProtocolFault("edit", "/put", "must be targets or fallback")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProtocolFault("edit", "/rows", "must be a list of objects")
    return Named(part, "", WORDS[part], partial(editing.put_rows, part=part, rows=rows))


def _settings(part: object, changes: object) -> Named:
    if part != "rule_set" or not isinstance(changes, dict):
        raise ProtocolFault("edit", "/changes", "must be an object of the version itself")
    edit = partial(editing.put_settings, changes=changes)
    return Named("rule_set", "", WORDS["rule_set"], edit)
