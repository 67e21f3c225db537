"""EIDO documents written for these tests; the places and numbers in them are invented."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TINY_SCHEMA = Path(__file__).with_name("tiny.schema.json")
INCIDENT = "urn:emergency:uid:incidentid:77aa:psap.example"
BEGIN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def presence(*blocks: str, extra: str = "") -> str:
    """A PIDF-LO document around these location-info blocks."""
    inside = "".join(f"<gp:location-info>{block}</gp:location-info>" for block in blocks)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@example.com"'
        ' xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"'
        ' xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"'
        ' xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr">'
        f'<tuple id="t"><status><gp:geopriv>{inside}{extra}</gp:geopriv></status></tuple></presence>'
    )


def point(pos: str) -> str:
    return f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{pos}</gml:pos></gml:Point>'


def circle(pos: str, radius: str) -> str:
    return (
        f'<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{pos}</gml:pos>'
        f'<gs:radius uom="urn:ogc:def:uom:EPSG::9001">{radius}</gs:radius></gs:Circle>'
    )


def civic(**parts: str) -> str:
    inside = "".join(f"<ca:{name}>{text}</ca:{name}>" for name, text in parts.items())
    return f"<ca:civicAddress>{inside}</ca:civicAddress>"


def location(kind: str, xml: str = "", ref: str = "loc-1", **more: str) -> dict[str, Any]:
    by_value = {"locationByValue": xml} if xml else {}
    return {"$id": ref, "locationTypeDescriptionRegistryText": kind, **by_value, **more}


def document(minutes: int = 0, **changes: Any) -> dict[str, Any]:
    """A welfare check from another centre, last changed ``minutes`` after it began."""
    made: dict[str, Any] = {
        "$id": INCIDENT,
        "lastUpdateTimeStamp": (BEGIN + timedelta(minutes=minutes)).isoformat(),
        "updatedByAgencyReference": {"$ref": "psap.example"},
        "eidoVersion": "1.0",
        "issuingElementIdentification": "cad.psap.example",
        "agencyComponent": [{"$id": "psap.example"}],
        "incidentComponent": {
            "$id": INCIDENT,
            "incidentTypeCommonRegistryText": "WELFARE",
            "incidentTypeInternalText": "check the neighbour",
            "incidentStatusCommonRegistryText": ["Active"],
            "locationReference": [{"$ref": "loc-1"}],
        },
        "callComponent": [
            {"$id": "call-1", "callBackReference": {"$ref": "cb-1"}},
        ],
        "callbackComponent": [
            {
                "$id": "cb-1",
                "callBackInformationUri": ["sip:9195550100@example.com", "tel:+1-919-555-0142"],
            }
        ],
        "locationComponent": [
            location("Caller", presence(circle("35.99 -78.9", "40"), civic(HNO="12", RD="Elm"))),
        ],
        "notesComponent": [
            {
                "$id": "note-1",
                "lastUpdateTimeStamp": BEGIN.isoformat(),
                "notesActionComments": "<p>no answer at the door &amp; dog barks</p>",
            }
        ],
    }
    return {key: value for key, value in {**made, **changes}.items() if value is not None}
