"""Profiles: the layout of a city's export as data, checked before the first row is read."""

import codecs
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jsonschema_rs

SHIPPED = Path(__file__).with_name("profiles")
SCHEMA = Path(__file__).with_name("profile.schema.json")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class ProfileFault(Exception):
    """A profile that cannot be used, with the pointer of each fault."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box of coordinates around the city."""

    south: float
    north: float
    west: float
    east: float

    def hold(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies inside."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class PoliceResponse:
    """How a row shows that police were sent: all of ``where`` hold, and one of ``times`` is filled."""

    where: tuple[tuple[str, frozenset[str]], ...]
    times: tuple[str, ...]

    def shown(self, cells: dict[str, str], times: Collection[str]) -> bool:
        """Whether the record of these cells and filled times shows it."""
        return all(cells[column] in values for column, values in self.where) and (
            not self.times or any(name in times for name in self.times)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One layout; the meaning of each part stands in profile.schema.json."""

    name: str
    title: str
    zone: ZoneInfo
    time_formats: tuple[str, ...]
    columns: dict[str, str]
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    times: dict[str, str] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()
    keep: tuple[str, ...] = ()
    officer_column: str = ""
    officer_values: frozenset[str] = frozenset()
    police_response: PoliceResponse | None = None
    mapping_dataset: str = ""
    bounds: Bounds | None = None

    def named_columns(self) -> set[str]:
        """Every column that the file must have."""
        named = {*self.columns.values(), *self.times.values(), *self.keep, *self.dataset_columns()}
        if self.police_response:
            named |= {column for column, _ in self.police_response.where}
        return named | ({self.officer_column} if self.officer_column else set())

    def dataset_columns(self) -> list[str]:
        """The columns whose values choose the part of the mapping."""
        return re.findall(r"\{([^{}]+)\}", self.mapping_dataset)


def shipped() -> list[str]:
    """The names of the profiles that come with the console."""
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def load(name: str) -> Profile:
    """A shipped profile by its name, or the agency's own by the path of its JSON file."""
    path = Path(name) if name.endswith(".json") else SHIPPED / f"{name}.json"
    if not path.is_file():
        raise ProfileFault(
            f"there is no profile {name!r}: name one of {', '.join(shipped())}, or a JSON file"
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ProfileFault(f"{path.name} is not JSON: {error}") from None
    faults = [
        f"/{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in jsonschema_rs.validator_for(json.loads(SCHEMA.read_text())).iter_errors(data)
    ]
    if not faults:
        faults = list(_meaning_faults(path.stem, data))
    if faults:
        raise ProfileFault("\n".join([f"{path.name} cannot be used:", *faults]))
    return _profile(path.stem, data)


def _meaning_faults(name: str, data: dict[str, Any]) -> list[str]:
    """What the schema cannot see."""
    faults = []
    if not NAME.fullmatch(name):
        faults.append("its name: small letters, digits, - and _, because it marks every call")
    try:
        ZoneInfo(data["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"/time_zone: {data['time_zone']!r} is no time zone")
    try:
        codecs.lookup(data.get("encoding", "utf-8-sig"))
    except LookupError:
        faults.append(f"/encoding: {data['encoding']!r} is no encoding")
    known = data.get("times", {}).keys()
    used = {*data.get("closed", []), *(name for pair in data.get("in_order", []) for name in pair)}
    used |= set(data.get("police_response", {}).get("times", []))
    faults += [f"/times: has no {name!r}, which is used" for name in sorted(used - known)]
    return faults


def _profile(name: str, data: dict[str, Any]) -> Profile:
    officer = data.get("officer_initiated", {})
    return Profile(
        name=name,
        title=data["title"],
        zone=ZoneInfo(data["time_zone"]),
        time_formats=tuple(data["time_formats"]),
        columns=data["columns"],
        encoding=data.get("encoding", "utf-8-sig"),
        delimiter=data.get("delimiter", ","),
        times=data.get("times", {}),
        closed=tuple(data.get("closed", [])),
        in_order=tuple((earlier, later) for earlier, later in data.get("in_order", [])),
        keep=tuple(data.get("keep", [])),
        officer_column=officer.get("column", ""),
        officer_values=frozenset(officer.get("values", [])),
        police_response=_police_response(data.get("police_response")),
        mapping_dataset=data.get("mapping_dataset", ""),
        bounds=Bounds(**data["bounds"]) if "bounds" in data else None,
    )


def _police_response(data: dict[str, Any] | None) -> PoliceResponse | None:
    if data is None:
        return None
    where = ((test["column"], frozenset(test["values"])) for test in data.get("where", []))
    return PoliceResponse(tuple(where), tuple(data.get("times", [])))
