"""JSON as it may be stored: no NUL, no lone surrogates, no NaN, no giant integers, not too deep."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from heart.api.problems import Problem

LARGEST = 2**31 - 1
DEEPEST = 40


class StrictJSONParser(BaseParser):
    """Refuses with the JSON pointer of what cannot be stored."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(largest + 1)
        if len(body) > largest:
            raise Problem(413, "too-large", f"The body is larger than {largest:,} bytes.")
        try:
            data = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Problem(400, "not-json", f"The body is not JSON: {error}") from None
        if faults := list(_faults(data, "", 0)):
            raise Problem(
                400, "not-storable", "The body has values that cannot be stored.", faults
            )
        return data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _faults(value: Any, pointer: str, depth: int) -> Any:
    if depth > DEEPEST:
        yield {"pointer": pointer, "detail": f"nested deeper than {DEEPEST}"}
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _faults(key, pointer, depth + 1)
            yield from _faults(item, f"{pointer}/{_escaped(key)}", depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            yield {"pointer": pointer, "detail": "has a character that cannot be stored"}
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        yield {"pointer": pointer, "detail": f"is beyond {LARGEST}"}
    elif isinstance(value, float) and not math.isfinite(value):
        yield {"pointer": pointer, "detail": "is beyond what a number can hold"}


def _escaped(key: str) -> str:
    return key.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")
