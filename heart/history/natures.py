"""The agency's table from local call types to our natures."""

import csv
from pathlib import Path
from typing import NamedTuple

from intake.queries import UNKNOWN_NATURE, natures_of_apco

LONGEST_TIER = 12
OUTSIDE = "excl"
"""The tier of office work and of what officers begin themselves: outside every share."""
DISORDER = "DISORD"
"""The APCO code of a bare disturbance: whether it counts as divertible moves the share by half."""


class MappingFault(Exception):
    """The mapping cannot be used, with the line of each fault."""


class Meaning(NamedTuple):
    """What a local code stands for."""

    nature: str
    apco_code: str
    tier: str = ""


Mapping = dict[tuple[str, str], Meaning]
"""(dataset, local code) -> meaning; the dataset is empty when the table has no such column."""


def load(path: Path, known: set[str]) -> Mapping:
    """Read the CSV: ``local_code``, and ``nature`` (a code of ours) or ``apco_code``, per ``dataset``.

    A nature given directly wins over the one that follows from the APCO code. A ``tier``, where the
    table has one, is kept beside the call.
    """
    mapping: Mapping = {}
    faults: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            columns = set(rows.fieldnames or [])
            if "local_code" not in columns or not columns & {"nature", "apco_code"}:
                raise MappingFault("line 1: needs the columns local_code, and nature or apco_code")
            for row in rows:
                key, meaning, fault = _meaning(row, known)
                if not fault and mapping.setdefault(key, meaning) != meaning:
                    fault = f"{key[1]!r} stood further up with another meaning"
                if fault:
                    faults.append(f"line {rows.line_num}: {fault}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MappingFault(f"cannot be read as CSV in UTF-8: {error}") from None
    if faults:
        raise MappingFault("\n".join(faults))
    return mapping


def _meaning(row: dict[str, str | None], known: set[str]) -> tuple[tuple[str, str], Meaning, str]:
    local, apco = (row.get("local_code") or "").strip(), (row.get("apco_code") or "").strip()
    nature = (row.get("nature") or "").strip().upper()
    key = (row.get("dataset") or "").strip(), local
    found = nature or natures_of_apco().get(apco, UNKNOWN_NATURE)
    fault = "" if local else "no local_code"
    if found not in known:
        fault = f"{found!r} is no nature code"
    tier = (row.get("tier") or "").strip()
    if len(tier) > LONGEST_TIER:
        fault = f"the tier {tier[:20]!r} is longer than {LONGEST_TIER} characters"
    return key, Meaning(found, apco[:20], tier), fault
