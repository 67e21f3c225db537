"""Small map files, made up: squares in the sea beside the demo city."""

import json
from typing import Any

Ring = list[list[float]]


def square(west: float = -70.5, south: float = 31.2, size: float = 0.1) -> Ring:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(name: str, ring: Ring, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def file_of(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()
