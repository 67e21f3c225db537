"""What is known of the place of a call, and how near rows lie to each other."""

from datetime import datetime
from typing import Any, Protocol

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.utils import timezone

from intake.models import Call, PremiseNote
from intake.places import Plain, box, distance_m, meters_squared, plain

LARGEST_RADIUS_M = 500
"""How far around its point a note of a place may count."""

HAZARDS_FIRST = [PremiseNote.Kind.HAZARD, PremiseNote.Kind.ACCESS, PremiseNote.Kind.PREMISE]


class Placed(Protocol):
    """A row that may have a point."""

    latitude: Any
    longitude: Any


def meters_between(one: Placed, other: Placed) -> float | None:
    """How far two rows are apart, None when one of them has no point."""
    if one.latitude is None or other.latitude is None:
        return None
    return distance_m(one.latitude, one.longitude, other.latitude, other.longitude)


def around(call: Call, meters: float) -> Q:
    """Rows whose point lies in the box around the call's; none when it has no point."""
    if call.latitude is None or call.longitude is None:
        return Q(pk__in=[])
    near = box(call.latitude, call.longitude, meters)
    return Q(latitude__range=(near.south, near.north), longitude__range=(near.west, near.east))


def calls_near(call: Call, meters: float) -> QuerySet[Call]:
    """Calls with ``plain_text`` and ``is_near``: whether their point is within so many meters."""
    named = Call.objects.annotate(plain_text=Plain("location_text"))
    if call.latitude is None or call.longitude is None:
        return named.annotate(is_near=Value(False))  # noqa: FBT003 - SQL's own word
    squared = meters_squared(call.latitude, call.longitude)
    near = around(call, meters) & Q(squared_m__lte=meters**2)
    return named.annotate(squared_m=squared, is_near=ExpressionWrapper(near, BooleanField()))


def same_text(call: Call) -> Q:
    """Rows annotated with ``plain_text`` that name the same place; none when nothing is typed."""
    words = plain(call.location_text)
    return Q(plain_text=words) if words else Q(pk__in=[])


def premise_notes(call: Call, at: datetime | None = None) -> list[PremiseNote]:
    """What counts now of the place of a call: hazards first, then the newest; in one query."""
    current = notes_of_the_place(call).filter(
        withdrawn_at=None, expires_at__gt=at or timezone.now()
    )
    return in_order(call, current)


def notes_of_the_place(call: Call) -> QuerySet[PremiseNote]:
    """Every note that may be about the place, also withdrawn and expired ones."""
    named = PremiseNote.objects.annotate(plain_text=Plain("location_text"))
    return named.filter(same_text(call) | around(call, LARGEST_RADIUS_M)).select_related(
        "written_by", "withdrawn_by"
    )


def in_order(call: Call, notes: QuerySet[PremiseNote]) -> list[PremiseNote]:
    """Those that are about the place indeed: hazards first, then the newest."""
    return sorted(
        (note for note in notes if is_about(note, call)),
        key=lambda note: (
            HAZARDS_FIRST.index(PremiseNote.Kind(note.kind)),
            -note.observed_at.timestamp(),
        ),
    )


def is_about(note: PremiseNote, call: Call) -> bool:
    """Whether the note is about the place of the call: the same words, or within its radius."""
    words = plain(call.location_text)
    if words and plain(note.location_text) == words:
        return True
    meters = meters_between(note, call)
    return meters is not None and meters <= note.radius_m
