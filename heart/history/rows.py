"""One record of an export as a call to be imported, with everything that had to be changed."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from heart.history.natures import Mapping, Meaning
from heart.history.profiles import Profile
from heart.history.reader import Record
from heart.history.times import NoTime, reader
from intake.queries import UNKNOWN_NATURE
from intake.steps import INVISIBLE, LONGEST

LONGEST_NUMBER = 70
SLACK = timedelta(days=1)
DECIMAL = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{1,20})?")
LOCAL_LIMITS = {"local_nature": 200, "local_priority": 40, "disposition": 200}


class RowRefused(Exception):
    """The record cannot become a call, in words for whoever corrects the file."""


@dataclass(slots=True, kw_only=True)
class Row:
    """A record in our terms.

    ``columns`` go to the call, ``local`` are the city's codes, ``changes`` name what could not be
    taken as it was; the value as it stood is then in ``details``.
    """

    line: int
    number: str
    reference: str
    digest: str
    received_at: datetime
    nature: str = UNKNOWN_NATURE
    closed_at: datetime | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    local: dict[str, Any] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)

    def change(self, what: str, column: str = "", cell: str = "") -> None:
        """Note that something was changed or left out, and keep the cell."""
        self.changes.append(what)
        if cell:
            self.details[column] = cell


class Builder:
    """Turns records into rows by a profile and a mapping."""

    def __init__(self, profile: Profile, mapping: Mapping) -> None:
        self.profile = profile
        self.mapping = mapping
        self.read_time = reader(profile)
        self.latest = timezone.now() + SLACK

    def build(self, record: Record) -> Row:
        """The row of a record; raises RowRefused when it has no number or no time."""
        if record.fault:
            raise RowRefused(record.fault)
        cells = record.cells
        number = self._number(cells)
        received_at, doubt = self._received(cells)
        row = Row(
            line=record.line,
            number=number,
            reference=f"{self.profile.name}:{number}",
            digest=hashlib.sha256(repr(sorted(cells.items())).encode()).hexdigest()[:32],
            received_at=received_at,
            details={name: cells[name] for name in self.profile.keep if cells[name]},
        )
        if doubt:
            column = self.profile.columns["received"]
            row.change(f"received: {doubt}", column, cells[column])
        self._take_nature(row, cells)
        self._take_times(row, cells)
        self._take_place(row, cells)
        self._take_codes(row, cells)
        row.local["local_hour"] = received_at.astimezone(self.profile.zone).hour
        if self.profile.police_response:
            row.local["shows_police"] = self.profile.police_response.shown(cells, row.times)
        return row

    def _number(self, cells: dict[str, str]) -> str:
        column = self.profile.columns["number"]
        number = cells[column]
        if not number:
            raise RowRefused(f"{column} is blank: a second run could not recognise the row")
        if len(number) > LONGEST_NUMBER:
            raise RowRefused(f"{column} is longer than {LONGEST_NUMBER} characters")
        return number

    def _received(self, cells: dict[str, str]) -> tuple[datetime, str]:
        column = self.profile.columns["received"]
        cell = cells[column]
        if not cell:
            raise RowRefused(f"{column} is blank: a call without a time cannot be placed")
        try:
            received_at, doubt = self.read_time(cell)
        except NoTime:
            formats = ", ".join(self.profile.time_formats)
            raise RowRefused(f"{column} {cell[:40]!r} is no time like {formats}") from None
        if received_at > self.latest:
            raise RowRefused(f"{column} {cell[:40]!r} is in the future")
        return received_at, doubt

    def _take_nature(self, row: Row, cells: dict[str, str]) -> None:
        local = cells[self.profile.columns["nature"]]
        meaning = self._meaning(local, cells)
        row.local["local_nature"] = local
        row.local["is_officer_initiated"] = (
            cells.get(self.profile.officer_column, "") in self.profile.officer_values
        )
        if meaning is not None:
            row.nature, row.local["apco_code"], row.local["tier"] = meaning
        elif self.mapping or not local:
            row.change("nature: not in the mapping, OTHER" if local else "nature: blank, OTHER")

    def _meaning(self, local: str, cells: dict[str, str]) -> Meaning | None:
        dataset = self.profile.mapping_dataset
        for column in self.profile.dataset_columns():
            dataset = dataset.replace(f"{{{column}}}", cells[column])
        return self.mapping.get((dataset, local)) or self.mapping.get(("", local))

    def _take_times(self, row: Row, cells: dict[str, str]) -> None:
        for name, column in self.profile.times.items():
            if not (cell := cells[column]):
                continue
            try:
                row.times[name], doubt = self.read_time(cell)
            except NoTime:
                row.change(f"{name}: not a time, left out", column, cell)
            else:
                if doubt:
                    row.change(f"{name}: {doubt}", column, cell)
        ends = [row.times[name] for name in self.profile.closed if name in row.times]
        if ends and ends[0] >= row.received_at:
            row.closed_at = ends[0]
        elif ends:
            row.change("closed: before the call was received, not used")
        elif self.profile.closed:
            row.change("closed: no time, taken as closed when received")
        for earlier, later in self.profile.in_order:
            known = {earlier, later} <= row.times.keys()
            if known and row.times[later] < row.times[earlier]:
                row.change(f"{later}: before {earlier}, kept as it is")

    def _take_place(self, row: Row, cells: dict[str, str]) -> None:
        columns = self.profile.columns
        if column := columns.get("location"):
            text = INVISIBLE.sub("", cells[column])
            row.columns["location_text"] = self._fitting(
                row, column, text, LONGEST["location_text"]
            )
        if "latitude" not in columns:
            return
        names = columns["latitude"], columns["longitude"]
        latitude, longitude = (cells[name] for name in names)
        if fault := self._point_fault(latitude, longitude):
            row.change(f"coordinates: {fault}, left out", names[0], latitude)
            if longitude:
                row.details[names[1]] = longitude
            return
        row.columns |= {"latitude": float(latitude), "longitude": float(longitude)}

    def _point_fault(self, latitude: str, longitude: str) -> str:
        if not latitude and not longitude:
            return "blank"
        if not DECIMAL.fullmatch(latitude) or not DECIMAL.fullmatch(longitude):
            return "not two numbers"
        point = float(latitude), float(longitude)
        if abs(point[0]) > 90 or abs(point[1]) > 180:
            return "outside latitude 90 and longitude 180"
        if point == (0, 0):
            return "0, 0 is a placeholder"
        if self.profile.bounds and not self.profile.bounds.hold(*point):
            return "far outside the city"
        return ""

    def _take_codes(self, row: Row, cells: dict[str, str]) -> None:
        columns = self.profile.columns
        for name, key in (("local_priority", "priority"), ("disposition", "disposition")):
            row.local[name] = cells[columns[key]] if key in columns else ""
        for name, longest in LOCAL_LIMITS.items():
            row.local[name] = self._fitting(row, name, row.local[name], longest)
        told = (
            row.local["local_nature"],
            f"priority {row.local['local_priority']}" if row.local["local_priority"] else "",
            row.local["disposition"],
        )
        row.columns["narrative"] = "; ".join(filter(None, told))

    @staticmethod
    def _fitting(row: Row, column: str, text: str, longest: int) -> str:
        if len(text) > longest:
            row.change(f"{column}: longer than {longest} characters, cut", column, text)
        return text[:longest]
