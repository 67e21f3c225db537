"""PIDF-LO (RFC 4119, 5139, 5491): the places in a presence document, with their uncertainty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from heart.eido.xml import local_name, root_of

PLANAR = {"", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4979", "EPSG:4326"}
METRES = {"", "urn:ogc:def:uom:EPSG::9001", "m"}
NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,30})?", re.ASCII)
RADII = ("radius", "semiMajorAxis", "outerRadius")
STREET_PARTS = ("HNO", "HNS", "PRD", "RD", "STS", "POD")
AREA_PARTS = ("A3", "A4", "A1", "PC")
PLACE_PARTS = ("NAM", "LMK", "BLD", "FLR", "UNIT", "ROOM", "LOC")


@dataclass(frozen=True, slots=True)
class Place:
    """One location-info block: a point or circle, a civic address, or both."""

    latitude: float | None = None
    longitude: float | None = None
    radius_metres: float | None = None
    confidence: str = ""
    address: str = ""

    def words(self) -> str:
        """The place as people read it; a circle always says how wide it is."""
        parts = [self.address]
        if self.latitude is not None and self.longitude is not None:
            parts.append(f"{round(self.latitude, 6)}, {round(self.longitude, 6)}")
        if self.radius_metres is not None:
            sure = f" ({self.confidence} % sure)" if self.confidence else ""
            parts.append(f"within {self.radius_metres:g} m{sure}")
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Presence:
    """What a document says: its usable places, the first with priority, and the sender's conditions.

    ``faults`` names blocks that could not be used; nothing is guessed from them.
    """

    places: tuple[Place, ...]
    faults: tuple[str, ...]
    may_be_passed_on: bool
    keep_until: datetime | None


def parse(text: str) -> Presence:
    """Read a document; raises NotReadable when it is too long, not XML, or has entities."""
    root = root_of(text)
    places: list[Place] = []
    faults: list[str] = []
    for number, block in enumerate(_all(root, "location-info"), start=1):
        place, fault = _place(block)
        if fault:
            faults.append(f"location {number}: {fault}")
        if place is not None:
            places.append(place)
    return Presence(
        tuple(places),
        tuple(faults),
        may_be_passed_on=_text(root, "retransmission-allowed").lower() in ("yes", "true", "1"),
        keep_until=_time(_text(root, "retention-expiry")),
    )


def _place(block: Element) -> tuple[Place | None, str]:
    """The place of one block and what could not be used in it."""
    address = _address(block)
    only_address = Place(address=address) if address else None
    positions = list(_all(block, "pos"))
    if not positions and address:
        return only_address, ""
    if len(positions) != 1:
        return only_address, "has no point or circle" + ("" if address else " and no address")
    point, fault = _point(block, positions[0])
    if point is None:
        return only_address, fault
    radius, radius_fault = _radius(block)
    place = Place(*point, radius, _text(block, "confidence")[:5], address)
    return place, radius_fault


def _point(block: Element, pos: Element) -> tuple[tuple[float, float] | None, str]:
    """Latitude and longitude, in this order; a third number is an altitude and must be one."""
    systems = {element.get("srsName", "") for element in block.iter()}
    if unknown := systems - PLANAR:
        return None, f"the coordinate system {min(unknown)[:60]} is not WGS 84"
    numbers = [_number(word) for word in (pos.text or "").split()]
    if len(numbers) not in (2, 3) or None in numbers:
        return None, "the position is not two or three numbers"
    latitude, longitude = numbers[:2]
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None, "the position is outside latitude 90 and longitude 180"
    return (latitude, longitude), ""


def _radius(block: Element) -> tuple[float | None, str]:
    """The widest radius in metres, because a circle drawn too small misleads."""
    found = [element for name in RADII for element in _all(block, name)]
    if not found:
        return None, ""
    if any(element.get("uom", "") not in METRES for element in found):
        return None, "the radius is not in metres and is left out"
    sizes = [size for element in found if (size := _number(element.text or "")) is not None]
    if not sizes or max(sizes) < 0:
        return None, "the radius is not a number and is left out"
    return max(sizes), ""


def _address(block: Element) -> str:
    civic = next(_all(block, "civicAddress"), None)
    if civic is None:
        return ""
    parts = {local_name(child): " ".join((child.text or "").split()) for child in civic}
    lines = (
        " ".join(filter(None, (parts.get(key, "") for key in STREET_PARTS))),
        ", ".join(filter(None, (parts.get(key, "") for key in PLACE_PARTS))),
        " ".join(filter(None, (parts.get(key, "") for key in AREA_PARTS))),
    )
    return ", ".join(filter(None, lines))


def _all(element: Element, name: str) -> Iterator[Element]:
    """Descendants by local name: the samples put right elements into wrong namespaces."""
    return (child for child in element.iter() if local_name(child) == name)


def _text(element: Element, name: str) -> str:
    found = next(_all(element, name), None)
    return (found.text or "").strip() if found is not None else ""


def _number(word: str) -> float | None:
    return float(word) if NUMBER.fullmatch(word.strip()) else None


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None
