"""An EIDO document as untrusted JSON: finding components and following its references.

``{"$ref": id}`` in an EIDO is data that points at the component with this ``$id``; it has nothing to
do with references of JSON Schema.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

YEARS = range(2000, 2200)


Fault = dict[str, str]
"""What is wrong at one place of the document: its ``pointer`` and the ``detail``."""
Component = dict[str, Any]


def fault(pointer: str, detail: str) -> Fault:
    """One fault."""
    return {"pointer": pointer, "detail": detail}


def pointer_to(path: list[Any]) -> str:
    """RFC 6901: the JSON pointer of a path of keys and indexes."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def walk(value: Any, pointer: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every (pointer, key, value) of every object, without the JSON-LD context."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "@context":
                here = pointer + pointer_to([key])
                yield here, key, item
                yield from walk(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, f"{pointer}/{index}")


def text(component: Any, key: str) -> str:
    """A text of a component without outer blanks; empty when it is missing or no text."""
    value = component.get(key) if isinstance(component, dict) else None
    return value.strip() if isinstance(value, str) else ""


def texts(component: Any, key: str) -> list[str]:
    """A list of texts, or a single one as a list of one."""
    value = component.get(key) if isinstance(component, dict) else None
    found = value if isinstance(value, list) else [value]
    return [item.strip() for item in found if isinstance(item, str) and item.strip()]


def components(document: Component, name: str) -> list[Component]:
    """The components of one kind, in the sender's order."""
    value = document.get(name)
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, dict)]


def referred(component: Component, key: str) -> list[str]:
    """The ids a component points at under ``key``, one or many."""
    return [text(item, "$ref") for item in components(component, key)]


def moment(value: str) -> datetime | None:
    """A time with its offset in the years we can live in; None for anything else."""
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    if time.tzinfo is None or time.year not in YEARS:
        return None
    return time.astimezone(timezone.get_default_timezone())
