"""Beats from the agency's own outlines: the true shape, and the box that is looked at first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from shapely.geometry import shape

from heart.accounts.actions import note_reference_change
from heart.journal.actor import Actor
from heart.maps.faults import MapFault
from intake.models import Beat, BeatOutline

CODE_LENGTH = 12
BOX = ("west", "south", "east", "north")


@dataclass(frozen=True, slots=True)
class Made:
    """The codes of the beats that are new, of those with a new outline, and of all others."""

    new: list[str]
    changed: list[str]
    untouched: list[str]

    def __str__(self) -> str:
        said = [f"{len(self.new)} new beats", f"{len(self.changed)} beats with a new outline"]
        if self.untouched:
            said.append(f"{len(self.untouched)} others stand as they are")
        return ", ".join(said) + "."


def make_beats(*, collection: dict[str, Any], by: Actor) -> Made:
    """Give each outline to the beat whose code is its name; no beat is taken away."""
    outlines = {each["properties"]["name"]: each["geometry"] for each in collection["features"]}
    _refuse_what_is_no_beat(outlines.items())
    with transaction.atomic():
        known = Beat.objects.select_for_update().in_bulk(field_name="code")
        for code, geometry in outlines.items():
            box = dict(zip(BOX, shape(geometry).bounds, strict=True))
            beat, _ = Beat.objects.update_or_create(
                code=code, defaults=box, create_defaults={"name": code, **box}
            )
            BeatOutline.objects.update_or_create(beat=beat, defaults={"geometry": geometry})
            columns = [*BOX, "outline"] if code in known else ["code", "name", *BOX, "outline"]
            note_reference_change(by=by, model="intake.beat", pk=beat.pk, columns=columns)
    return Made(
        new=[code for code in outlines if code not in known],
        changed=[code for code in outlines if code in known],
        untouched=[code for code in known if code not in outlines],
    )


def _refuse_what_is_no_beat(outlines: Iterable[tuple[str, dict[str, Any]]]) -> None:
    faults = []
    for name, geometry in outlines:
        if not 0 < len(name) <= CODE_LENGTH:
            faults.append(
                f"{name or 'a feature without a name'}: a code has 1 to {CODE_LENGTH} signs"
            )
        elif geometry["type"] not in ("Polygon", "MultiPolygon"):
            faults.append(f"{name} is a {geometry['type']}, not an area")
    if faults:
        raise MapFault(*faults)
