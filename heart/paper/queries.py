"""What was printed and what came back of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from heart.journal.models import Entry
from heart.paper.actions import CAUGHT_UP
from heart.paper.models import PaperPack
from heart.paper.numbers import PaperNumber, spans
from intake.models import Call

SITTING = timedelta(hours=14)
"""As long as a sign-in lasts."""
PACKS_SHOWN = 12
LINES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A card that this person has entered."""

    call: Call
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class PackReport:
    """Which numbers of a print came back: ``gaps`` lie below one that did, ``unused`` above."""

    pack: PaperPack
    entered: int
    gaps: list[str]
    unused: list[str]


def entered_in_this_sitting(user_id: int) -> list[CaughtUp]:
    """The cards this person has entered, the last first."""
    calls = (
        Call.objects.filter(source=Call.Source.PAPER, taken_by=user_id)
        .select_related("nature")
        .order_by("-id")[:LINES_SHOWN]
    )
    entries = Entry.objects.filter(
        call_id__in=[call.pk for call in calls],
        verb=CAUGHT_UP,
        recorded_at__gt=timezone.now() - SITTING,
    )
    recorded = {entry.call_id: entry.recorded_at for entry in entries}
    return [CaughtUp(call, recorded[call.pk]) for call in calls if call.pk in recorded]


def pack_reports() -> list[PackReport]:
    """The last prints with the numbers that are still missing, in two queries."""
    packs = PaperPack.objects.select_related("series", "printed_by")[:PACKS_SHOWN]
    used = set(
        Call.objects.filter(source=Call.Source.PAPER).values_list("external_ref", flat=True)
    )
    return [_report(pack, used) for pack in packs]


def _report(pack: PaperPack, used: set[str]) -> PackReport:
    came = [number.running for number in pack.numbers if str(number) in used]
    highest = came[-1] if came else pack.first - 1
    missing = [n for n in range(pack.first, pack.last + 1) if n not in set(came)]
    prefix = pack.series.prefix
    return PackReport(
        pack=pack,
        entered=len(came),
        gaps=_told(prefix, [n for n in missing if n < highest]),
        unused=_told(prefix, [n for n in missing if n > highest]),
    )


def _told(prefix: str, runnings: list[int]) -> list[str]:
    """Spans of numbers as people say them."""
    return [
        str(PaperNumber(prefix, first))
        if first == last
        else f"{PaperNumber(prefix, first)} to {PaperNumber(prefix, last)}"
        for first, last in spans(runnings)
    ]
