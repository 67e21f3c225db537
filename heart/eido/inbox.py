"""The way in: a document is checked, read, and taken; nothing is stored when anything is wrong."""

from typing import Any

from heart.api.problems import Problem
from heart.eido.actions import Taken, take_incident
from heart.eido.checks import faults
from heart.eido.codes import NotConfigured
from heart.eido.reading import read
from heart.journal.actor import Actor


def take_document(document: Any, *, by: Actor) -> Taken:
    """Take a document; raises Problem 422 with a pointer for every fault, 503 without a schema."""
    try:
        found = faults(document)
    except NotConfigured as missing:
        raise Problem(503, "eido-not-configured", str(missing)) from None
    if found:
        raise Problem(422, "invalid-eido", "The document cannot be taken.", found)
    return take_incident(reading=read(document), by=by)
