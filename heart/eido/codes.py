"""Codes of an EIDO: the registries that the agency loads, and what a priority means here."""

import csv
from functools import lru_cache
from pathlib import Path

REGISTRY_FILES = {
    "incidentTypeCommonRegistryText": "EIDO-IncidentType-Common.csv",
    "incidentStatusCommonRegistryText": "EIDO-IncidentStatus-Common.csv",
    "dispositionCommonRegistryCode": "EIDO-CommonDispositionCode.csv",
    "primaryUnitStatusRegistryText": "EIDO-PrimaryUnitStatus-Common.csv",
    "secondaryUnitStatusRegistryText": "EIDO-SecondaryUnitStatus-Common.csv",
    "emergencyResourceTypeCommonRegistryText": "EIDO-EmergencyResourceType-Common.csv",
    "resourceAttributeRegistryText": "EIDO-ResourceAttribute.csv",
    "personIncidentRoleRegistryText": "EIDO-PersonRole.csv",
    "agencyRoleDescriptionRegistryText": "EIDO-AgencyRole.csv",
    "locationTypeDescriptionRegistryText": "EIDO-LocationType.csv",
}
"""EIDO field -> file with its allowed values; a field whose registry is not loaded is not checked."""

LEVEL_OF_PRIORITY = {10: 4, 9: 4, 8: 3, 7: 3}
"""incidentCommonPriorityNumber (10 is highest) -> the level it raises a call to at least; a synthetic
default, and a table because the two scales are no multiples of each other."""


class NotConfigured(Exception):
    """The agency has not supplied what is needed, in words for the agency."""


@lru_cache(maxsize=4)
def registries(folder: str) -> dict[str, frozenset[str]]:
    """EIDO field -> allowed values, from the CSV files (column ``value``) that the folder has."""
    if not folder:
        return {}
    if not Path(folder).is_dir():
        raise NotConfigured("HEART_EIDO_REGISTRIES names a folder that is not there.")
    found = {field: Path(folder) / name for field, name in REGISTRY_FILES.items()}
    return {field: _values(path) for field, path in found.items() if path.is_file()}


def _values(path: Path) -> frozenset[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return frozenset(row["value"] for row in csv.DictReader(lines) if row["value"])
    except (KeyError, UnicodeDecodeError, csv.Error, OSError):
        raise NotConfigured(
            f"The registry {path.name} cannot be read: a CSV file in UTF-8 with a column value."
        ) from None
