"""What of the service itself is in trouble, in words for the people who work with it."""

from dataclasses import dataclass

from django.utils import timezone

from dispatch.models import Page
from heart.clock.health import SILENT, parts_now

LATE, SOON = "late", "soon"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not work as it should; ``for_all`` when dispatchers have to act on it."""

    tone: str
    words: str
    for_all: bool = False


def troubles() -> list[Trouble]:
    """What is wrong now, the worst first."""
    parts = parts_now()
    found = []
    if parts["clock"] != "ok":
        words = "Nobody watches the deadlines: keep welfare checks and follow-ups by hand."
        found.append(Trouble(LATE, words, for_all=True))
    elif parts["auditor"] != "ok":
        found.append(Trouble(LATE, "A promise was not kept and nobody noticed: see Supervisor."))
    if parts["broker"] != "ok" or parts["beat"] != "ok":
        found.append(Trouble(SOON, "Alerts may be slow."))
    waits_since = timezone.now() - SILENT
    if Page.objects.filter(sent_at__isnull=True, watch__raised_at__lt=waits_since).exists():
        found.append(
            Trouble(LATE, "The paging hook does not answer: page by phone.", for_all=True)
        )
    return found
