"""Near and the same: how far two points are apart, and whether two texts name one place."""

import math
import re
from typing import NamedTuple

from django.db.models import CharField, F, FloatField, Func, Value
from django.db.models.expressions import CombinedExpression, ExpressionWrapper

EARTH_M = 6_371_000
METERS_PER_DEGREE = 111_195


class Box(NamedTuple):
    """The degrees around a point, a little wider than the circle: what an index can look up."""

    south: float
    north: float
    west: float
    east: float


def distance_m(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> float:
    """Meters between two points along the surface (haversine)."""
    here, there = math.radians(latitude), math.radians(to_latitude)
    half_north = math.sin((there - here) / 2) ** 2
    half_east = math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    share = half_north + math.cos(here) * math.cos(there) * half_east
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, share)))


def box(latitude: float, longitude: float, meters: float) -> Box:
    """The box that holds every point within so many meters."""
    up = meters / METERS_PER_DEGREE * 1.001
    aside = min(180.0, up / max(math.cos(math.radians(latitude)), 1e-6))
    return Box(latitude - up, latitude + up, longitude - aside, longitude + aside)


def plain(text: str) -> str:
    """A place's text as it is compared: letters and digits, lower case, single blanks."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


class Plain(Func):
    """The same in the database; it says the same as ``plain`` of every ASCII text."""

    function = "regexp_replace"
    template = "btrim(regexp_replace(lower(%(expressions)s), '[^a-z0-9]+', ' ', 'g'))"
    output_field = CharField()


def meters_squared(latitude: float, longitude: float) -> "ExpressionWrapper[CombinedExpression]":
    """In the database: the square of the distance to a point, exact enough up to a kilometer."""
    up = (F("latitude") - Value(latitude)) * METERS_PER_DEGREE
    aside = (F("longitude") - Value(longitude)) * (
        METERS_PER_DEGREE * math.cos(math.radians(latitude))
    )
    return ExpressionWrapper(up * up + aside * aside, output_field=FloatField())
