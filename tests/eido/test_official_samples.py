"""The agency's real schema, registries and samples, when they lie beside the repository."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from heart.eido.location import parse
from intake.models import Call
from tests.eido.conftest import Send
from tests.shared_data import FOLDER, needs_shared_data

pytestmark = needs_shared_data
EIDO = FOLDER / "eido"
OFFICIAL = EIDO / "sample_call_transfer_eido.json"
INVALID = EIDO / "sample_devklim_traffic_collision.json"


@pytest.fixture(autouse=True)
def agency_files(settings: Any, tiny_schema: None) -> None:
    settings.HEART_EIDO_SCHEMA = str(EIDO / "eido.bundle.schema.json")
    settings.HEART_EIDO_REGISTRIES = str(EIDO / "registries")


@pytest.mark.django_db
def test_official_sample_becomes_a_call(send: Send) -> None:
    answer = send(json.loads(OFFICIAL.read_text()))

    call = Call.objects.get(number=answer.json()["number"])
    assert answer.status_code == 201
    assert call.caller_phone == "8195551212"
    assert call.location_text == "42 W Cellular Street, Wilmington DE (routing location)"
    assert call.latitude is None
    assert "Comment: This is an example text." in call.notes.get().text
    assert answer.json()["decision"] is None


@pytest.mark.django_db
def test_invalid_sample_is_refused_with_a_pointer_for_each_of_its_19_faults(send: Send) -> None:
    answer = send(json.loads(INVALID.read_text()))

    errors = answer.json()["errors"]
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(errors) == 19
    assert {
        "pointer": "/incidentComponent",
        "detail": 'the value is not of type "object"',
    } in errors
    assert {"/lastUpdateTimeStamp", "/notesComponent/0", "/personComponent/0"} <= {
        error["pointer"] for error in errors
    }


def test_command_says_the_same_about_files() -> None:
    out = StringIO()

    call_command("check_eido", OFFICIAL, stdout=out)
    with pytest.raises(CommandError, match="19 faults"):
        call_command("check_eido", INVALID)

    assert "The document can be taken." in out.getvalue()


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("invalid-pidf-lo_invalid-full-1", []),
        ("invalid-pidf-lo_invalid-part-1", []),
        ("multiple-locations_valid", ["12.345, 67.89", "48.123, 14.456, within 24 m"]),
        ("rfc5491_point-example", ["-34.407, 150.883"]),
        ("simple-circle-with-altitude_valid-circle", ["48.123, 14.456, within 24 m"]),
        ("simple-circle_invalid-tuple", ["48.123, 14.456, within 24 m"]),
        ("simple-circle_valid-circle", ["48.123, 14.456, within 24 m"]),
        ("simple-civic_valid-civic-address", ["Hospital, 5, Schärding Upper Austria 4780"]),
        ("simple-point_valid-point", ["12.345, 67.89"]),
        ("wifi-location_location", ["48.197457, 14.482596, within 270 m (85 % sure)"]),
    ],
)
def test_pidf_lo_samples(name: str, places: list[str]) -> None:
    found = parse((FOLDER / "pidflo" / f"{name}.xml").read_text(encoding="utf-8"))

    assert [place.words() for place in found.places] == places
