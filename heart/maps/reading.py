"""From the bytes of a file to a layer that a browser can carry."""

from typing import Any

from heart.maps.geojson import Remarks, read
from heart.maps.models import Layer
from heart.maps.outlines import BEATS_BYTES, light, repaired, united
from heart.maps.queries import working_place


def read_layer(content: bytes, *, kind: str, named_by: str) -> tuple[dict[str, Any], Remarks]:
    """The checked layer, and what was done to it; MapFault says what is wrong."""
    features, remarks = read(content, named_by=named_by, near=working_place())
    features = repaired(features, remarks)
    if kind == Layer.Kind.BEATS:
        return light(united(features, remarks), remarks, BEATS_BYTES), remarks
    return light(features, remarks), remarks
