"""The gates: what the schema lets through, the others find, with a pointer each."""

from typing import Any

import pytest

from heart.eido.checks import MOST_FAULTS, faults
from heart.eido.codes import NotConfigured
from tests.eido.documents import document, location

pytestmark = pytest.mark.usefixtures("tiny_schema")


def pointers(made: Any) -> list[str]:
    return [fault["pointer"] for fault in faults(made)]


def test_sound_document_has_no_fault(tiny_registries: None) -> None:
    assert faults(document()) == []


def test_schema_faults_come_with_pointers_and_without_values() -> None:
    made = document(lastUpdateTimeStamp="yesterday", notesComponent=[{"x": "secret words"}])

    found = faults(made)

    assert [fault["pointer"] for fault in found] == ["/lastUpdateTimeStamp", "/notesComponent/0"]
    assert "secret words" not in str(found)


def test_incident_type_outside_its_registry_is_found(tiny_registries: None) -> None:
    made = document()
    made["incidentComponent"]["incidentTypeCommonRegistryText"] = "NONSENSE"

    assert faults(made) == [
        {
            "pointer": "/incidentComponent/incidentTypeCommonRegistryText",
            "detail": "'NONSENSE' is not in the registry",
        }
    ]


def test_each_value_of_a_list_is_checked(tiny_registries: None) -> None:
    made = document()
    made["incidentComponent"]["incidentStatusCommonRegistryText"] = [
        "Active",
        "Received",
        "Closed",
    ]

    assert pointers(made) == ["/incidentComponent/incidentStatusCommonRegistryText/1"]


def test_registry_that_is_not_loaded_is_not_checked() -> None:
    made = document()
    made["incidentComponent"]["incidentTypeCommonRegistryText"] = "NONSENSE"

    assert faults(made) == []


def test_every_reference_must_point_into_the_document() -> None:
    made = document(updatedByAgencyReference={"$ref": "elsewhere"})
    made["callComponent"][0]["personReference"] = [{"$ref": "nobody/~"}]

    assert pointers(made) == [
        "/updatedByAgencyReference/$ref",
        "/callComponent/0/personReference/0/$ref",
    ]


@pytest.mark.parametrize("priority", [-1, 11, True])
def test_priority_outside_0_to_10_is_found(priority: Any) -> None:
    made = document()
    made["incidentComponent"]["incidentCommonPriorityNumber"] = priority

    assert "/incidentComponent/incidentCommonPriorityNumber" in pointers(made)


def test_location_that_is_no_xml_is_found() -> None:
    made = document(locationComponent=[location("Caller", "<!DOCTYPE a><a/>")])

    assert pointers(made) == ["/locationComponent/0/locationByValue"]


def test_document_from_the_future_is_found_because_it_would_outdate_every_update() -> None:
    assert pointers(document(lastUpdateTimeStamp="2199-01-01T00:00:00Z")) == [
        "/lastUpdateTimeStamp"
    ]


def test_long_list_of_faults_ends_with_a_word() -> None:
    found = faults(document(notesComponent=[{}] * 1000))

    assert len(found) == MOST_FAULTS + 1
    assert found[-1]["detail"] == "and more faults, which are not listed"


@pytest.mark.parametrize("path", ["", "/no/such/file.json", __file__])
def test_missing_schema_is_said_in_words(path: str, settings: Any) -> None:
    settings.HEART_EIDO_SCHEMA = path

    with pytest.raises(NotConfigured, match="HEART_EIDO_SCHEMA"):
        faults(document())


def test_registry_folder_that_is_not_there_is_said_in_words(settings: Any) -> None:
    settings.HEART_EIDO_REGISTRIES = "/no/such/folder"

    with pytest.raises(NotConfigured, match="HEART_EIDO_REGISTRIES"):
        faults(document())
