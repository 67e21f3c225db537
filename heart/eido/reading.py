"""What a checked document means to the console: call fields, notes, a level, and what is doubtful.

Pure: it reads no table and fetches no address that the sender names.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from django.utils import timezone

from heart.eido import additional, location
from heart.eido.codes import LEVEL_OF_PRIORITY
from heart.eido.document import Component, components, moment, referred, text, texts
from heart.eido.location import Place
from intake.queries import UNKNOWN_NATURE, natures_of_apco
from intake.steps import LONGEST

INCIDENT_ID = "urn:emergency:uid:incidentid:"
LONGEST_REFERENCE = 120
TAG = re.compile(r"<[/!]?[A-Za-z-][^<>]*>")
PHONE = re.compile(r"\+?[0-9][0-9 ().-]{1,30}[0-9]")
NEAREST_FIRST = ["CurrentIncident", "InitialIncident", "Caller", "Other", "Investigation"]
ELSEWHERE = {"RoutingLocation": "routing location", "TowerLocation": "cell tower"}
NOT_THE_INCIDENT = {"Staging", "UnitLocation"}
OVER_THERE = {"Closed", "Cancelled"}


@dataclass(slots=True)
class Reading:
    """A document in the console's words; ``references`` are the ids the incident may be known by."""

    references: list[str]
    sender: str
    updated_at: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    least_level: int = 0
    warnings: list[str] = field(default_factory=list)


def read(document: Component) -> Reading:
    """Read a document that has passed every check."""
    incident = next(iter(components(document, "incidentComponent")), {})
    reading = Reading(
        references=_references(document, incident),
        sender=text(document, "issuingElementIdentification")[:200] or "unnamed sender",
        updated_at=moment(text(document, "lastUpdateTimeStamp")) or timezone.now(),
    )
    reading.notes.append(_summary(document, incident))
    _read_incident(incident, reading)
    _read_places(document, incident, reading)
    _read_callback(document, reading)
    reading.notes += filter(None, _notes(document))
    reading.warnings += [
        f"the sender has merged or split it with {text(merge, 'incidentTrackingIdentifier')[:120]}"
        for merge in components(document, "mergeComponent")
    ]
    return reading


def digest(value: Any) -> str:
    """A short fingerprint, by which the same content is recognised without being kept."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def _references(document: Component, incident: Component) -> list[str]:
    """The ids the incident may be known by; long ones end in a digest."""
    ids = [text(incident, "$id"), text(document, "$id")]
    global_ids = [ref for ref in ids if ref.startswith(INCIDENT_ID)]
    return list(dict.fromkeys(_shortened(ref) for ref in global_ids or ids if ref))


def _shortened(reference: str) -> str:
    if len(reference) <= LONGEST_REFERENCE:
        return reference
    whole = hashlib.sha256(reference.encode()).hexdigest()
    return f"{reference[: LONGEST_REFERENCE - 65]}~{whole}"


def _summary(document: Component, incident: Component) -> str:
    """The sender's own words and codes, kept because ours are only a reading of them."""
    words = [
        ("Type", text(incident, "incidentTypeCommonRegistryText")),
        ("Local type", text(incident, "incidentTypeInternalCode")),
        ("Local type text", text(incident, "incidentTypeInternalText")),
        ("Status", ", ".join(texts(incident, "incidentStatusCommonRegistryText"))),
        ("Local status", ", ".join(texts(incident, "incidentStatusInternalText"))),
        ("Local priority", text(incident, "incidentPriorityInternalText")),
        ("Local number", text(incident, "internalIncidentId")),
        ("Beat", text(incident, "beatOrDispatchGroupText")),
    ]
    if (priority := incident.get("incidentCommonPriorityNumber")) is not None:
        words.append(("Priority", f"{priority} of 10"))
    words += [
        ("Call began there", text(call, "callStartTimestamp"))
        for call in components(document, "callComponent")
    ]
    told = "; ".join(f"{name} {value}" for name, value in words if value)
    return f"EIDO. {told}" if told else "EIDO without an incident component."


def _read_incident(incident: Component, reading: Reading) -> None:
    code = text(incident, "incidentTypeCommonRegistryText")
    if not code:
        reading.warnings.append("no incident type: the call waits for a call-taker to ask")
    else:
        nature = natures_of_apco().get(code, UNKNOWN_NATURE)
        reading.fields["nature"] = nature
        if nature == UNKNOWN_NATURE:
            reading.warnings.append(f"the incident type {code[:40]} has no nature of ours: OTHER")
    priority = incident.get("incidentCommonPriorityNumber")
    if isinstance(priority, int):
        reading.least_level = LEVEL_OF_PRIORITY.get(priority, 0)
    if OVER_THERE & set(texts(incident, "incidentStatusCommonRegistryText")):
        reading.warnings.append("the sender has ended the incident; here it is closed by a person")


def _read_places(document: Component, incident: Component, reading: Reading) -> None:
    """Keep every place as a note; the nearest to the incident becomes the call's location."""
    named = referred(incident, "locationReference") + [
        ref
        for call in components(document, "callComponent")
        for ref in referred(call, "locationReference")
    ]
    found = components(document, "locationComponent")
    found = [place for place in found if text(place, "$id") in named] or found
    best: tuple[int, str, str, Place | None] | None = None
    for component in found:
        kind = text(component, "locationTypeDescriptionRegistryText")
        place, words = _one_place(component, kind, reading)
        if kind not in NOT_THE_INCIDENT and (place or text(component, "locationDescriptionText")):
            candidate = _rank(kind), kind, words, place
            best = candidate if best is None or candidate[0] < best[0] else best
    if best is None:
        reading.warnings.append("no usable location")
        return
    _, kind, words, place = best
    if kind in ELSEWHERE:
        words = f"{words} ({ELSEWHERE[kind]})"
        reading.warnings.append(
            f"only the {ELSEWHERE[kind]} is known: the caller may be elsewhere"
        )
    elif place and place.latitude is not None and place.longitude is not None:
        reading.fields["latitude"] = place.latitude
        reading.fields["longitude"] = place.longitude
    reading.fields["location_text"] = words[: LONGEST["location_text"]]


def _one_place(component: Component, kind: str, reading: Reading) -> tuple[Place | None, str]:
    """The first usable place of a component, and how it reads; all of them go into a note."""
    described = text(component, "locationDescriptionText")
    lines = [described]
    first = None
    if xml := text(component, "locationByValue"):
        presence = location.parse(xml)
        first = next(iter(presence.places), None)
        lines += [place.words() for place in presence.places]
        reading.warnings += [f"{kind[:40]} {problem}" for problem in presence.faults]
        if not presence.may_be_passed_on:
            lines.append("not to be passed on")
        if presence.keep_until:
            lines.append(f"to be kept until {presence.keep_until:%Y-%m-%d}")
    if url := text(component, "locationByReferenceUrl"):
        lines.append(f"by reference: {url[:300]}")
        reading.warnings.append(f"the {kind[:40]} location is given by reference, not fetched")
    reading.notes.append(f"Location ({kind}): " + "; ".join(filter(None, lines)))
    return first, ", ".join(filter(None, [first.words() if first else "", described]))


def _rank(kind: str) -> int:
    if kind in ELSEWHERE:
        return len(NEAREST_FIRST) + 1 + list(ELSEWHERE).index(kind)
    return NEAREST_FIRST.index(kind) if kind in NEAREST_FIRST else len(NEAREST_FIRST)


def _read_callback(document: Component, reading: Reading) -> None:
    """The number of the call's own callback, a newer one first, a tel: before a sip: address."""
    named = [
        ref
        for call in components(document, "callComponent")
        for ref in referred(call, "callBackReference")
    ]
    found = components(document, "callbackComponent")
    found = [callback for callback in found if text(callback, "$id") in named] or found
    for callback in found:
        newer = [
            text(item, "updatedCbnIdentifierUri") for item in components(callback, "updatedCbn")
        ]
        uris = texts(callback, "callBackInformationUri")
        uris.sort(key=lambda uri: not uri.lower().startswith("tel:"))
        for uri in [*newer, *uris]:
            number = re.split("[;?@]", uri.partition(":")[2])[0]
            if PHONE.fullmatch(number):
                reading.fields["caller_phone"] = number
                return
    reading.warnings.append("no callback number")


def _notes(document: Component) -> Iterator[str]:
    for note in components(document, "notesComponent"):
        if words := plain(text(note, "notesActionComments")):
            written_at = text(note, "lastUpdateTimeStamp")[:16].replace("T", " ")
            yield f"Note of {written_at}: {words}"
    for caution in components(document, "cautionComponent"):
        words = text(caution, "cautionTypeInternalText")
        code = text(caution, "cautionTypeCommonRegistryText")
        yield f"Caution ({text(caution, 'cautionSeverity')}): {code} {words}"
    for data in components(document, "additionalDataComponent"):
        yield additional.words(text(data, "additionalDataByValue"))
        if url := text(data, "additionalDataByReferenceUrl"):
            yield f"Additional data by reference: {url[:300]}"


def plain(html: str) -> str:
    """An HTML note as plain text; a pattern and no parser, whose time grows with odd input squared."""
    return " ".join(unescape(TAG.sub(" ", html)).split()).replace("\x00", "")
