"""The gates a document passes, in order: schema, then registries, references, ranges, locations.

The schema lets much through that is wrong, so it is only the first of them.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from django.conf import settings
from django.utils import timezone

from heart.eido import location
from heart.eido.codes import NotConfigured, registries
from heart.eido.document import Component, Fault, components, fault, moment, pointer_to, text, walk
from heart.eido.xml import NotReadable

MOST_FAULTS = 200
CLOCK_SLACK = timedelta(days=1)
PRIORITIES = range(11)
PIDF_LO_KEYS = {"locationByValue", "crossStreetByValue", "intersectingStreetByValue"}


def faults(document: Any) -> list[Fault]:
    """Everything that is wrong with a document; empty when it can be taken."""
    return _listed(schema_faults(document)) or _listed(content_faults(document))


def schema_faults(document: Any) -> Iterator[Fault]:
    """Against the schema that the agency supplies; raises NotConfigured without one."""
    for error in _validator(settings.HEART_EIDO_SCHEMA).iter_errors(document):
        yield fault(pointer_to(list(error.instance_path)), error.message)
    if not isinstance(document, dict):
        yield fault("", "an EIDO is an object")


def content_faults(document: Component) -> Iterator[Fault]:
    """What the schema cannot see."""
    yield from _identity_faults(document)
    known = registries(settings.HEART_EIDO_REGISTRIES)
    ids = {item for _, key, item in walk(document) if key == "$id" and isinstance(item, str)}
    for pointer, key, value in walk(document):
        if key in known:
            yield from _registry_faults(pointer, value, known[key])
        elif key == "$ref" and (not isinstance(value, str) or value not in ids):
            yield fault(pointer, "points at no component of this document")
        elif key in PIDF_LO_KEYS:
            yield from _location_faults(pointer, value)
    for incident in components(document, "incidentComponent"):
        priority = incident.get("incidentCommonPriorityNumber", 0)
        if isinstance(priority, bool) or priority not in PRIORITIES:
            pointer = "/incidentComponent/incidentCommonPriorityNumber"
            yield fault(pointer, "is outside 0 to 10, where 10 is the highest")


def _identity_faults(document: Component) -> Iterator[Fault]:
    if not text(document, "$id"):
        yield fault("/$id", "is missing: without it an update cannot find its call")
    updated_at = moment(text(document, "lastUpdateTimeStamp"))
    if updated_at is None:
        yield fault("/lastUpdateTimeStamp", "is not a time with an offset from UTC")
    elif updated_at > timezone.now() + CLOCK_SLACK:
        yield fault("/lastUpdateTimeStamp", "is in the future: real updates would look older")


def _registry_faults(pointer: str, value: Any, allowed: frozenset[str]) -> Iterator[Fault]:
    many = isinstance(value, list)
    for index, code in enumerate(value if many else [value]):
        if not isinstance(code, str) or code not in allowed:
            shown = f"{code[:40]!r} " if isinstance(code, str) else ""
            yield fault(
                f"{pointer}/{index}" if many else pointer, f"{shown}is not in the registry"
            )


def _location_faults(pointer: str, value: Any) -> Iterator[Fault]:
    many = isinstance(value, list)
    for index, xml in enumerate(value if many else [value]):
        try:
            location.parse(xml if isinstance(xml, str) else "")
        except NotReadable as error:
            yield fault(f"{pointer}/{index}" if many else pointer, str(error))


def _listed(found: Iterator[Fault]) -> list[Fault]:
    """Each fault once, and no more than a person would read."""
    listed: dict[tuple[str, str], Fault] = {}
    for item in found:
        if len(listed) == MOST_FAULTS:
            return [*listed.values(), fault("", "and more faults, which are not listed")]
        listed[item["pointer"], item["detail"]] = item
    return list(listed.values())


@lru_cache(maxsize=2)
def _validator(path: str) -> Any:
    """The compiled schema, once per process; values never show up in its messages."""
    if not path:
        raise NotConfigured(
            "This console has no EIDO schema. The agency supplies the NENA schema file"
            " and names it in HEART_EIDO_SCHEMA."
        )
    try:
        schema = json.loads(Path(path).read_text(encoding="utf-8"))
        return jsonschema_rs.validator_for(
            schema, validate_formats=True, offline=True, mask="the value"
        )
    except (OSError, ValueError):
        raise NotConfigured(
            "The file named in HEART_EIDO_SCHEMA cannot be read as a JSON Schema."
        ) from None
