"""What the room is alerted to: the raised watches, in words, loudest and oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.ladders import HIGH, LOW, MEDIUM
from dispatch.models import Watch, WatchKind
from dispatch.safety_actions import END_REASONS
from dispatch.states import WatchStatus
from dispatch.watching import loudness, rung

RANK = {HIGH: 0, MEDIUM: 1, LOW: 2}
SUPERVISORS_TOO = ("supervisor", "page")

SENTENCES = {
    WatchKind.ACKNOWLEDGEMENT: "has not acknowledged",
    WatchKind.CHECK: "welfare check",
    WatchKind.PANIC: "PANIC",
    WatchKind.BACKUP: "asks for backup",
    WatchKind.NEW_CALL: "new call, still needs somebody",
    WatchKind.WAITING: "waits beyond its target",
    WatchKind.RECONTACT: "contact the caller again",
}
ENDS_BY_HAND = (WatchKind.PANIC, WatchKind.NEW_CALL, WatchKind.WAITING)


@dataclass(frozen=True, slots=True)
class Alert:
    """One raised watch as the strip shows it."""

    watch: Watch
    level: str
    words: str
    told: str

    @property
    def order(self) -> tuple[bool, int, datetime, int]:
        """Those that nobody has first, then the loudest, then the oldest."""
        raised_at = self.watch.raised_at or self.watch.since
        return (self.watch.owner_id is not None, RANK[self.level], raised_at, self.watch.pk)

    @property
    def is_for_supervisors(self) -> bool:
        return rung(self.watch) in SUPERVISORS_TOO

    @property
    def endings(self) -> list[tuple[str, str]]:
        """What may be said to end it; the others end with what they wait for."""
        return list(END_REASONS.items()) if self.watch.kind in ENDS_BY_HAND else []

    @property
    def can_check_in(self) -> bool:
        return self.watch.kind == WatchKind.CHECK

    @property
    def can_recontact(self) -> bool:
        return self.watch.kind == WatchKind.RECONTACT


SHOWN = 20


@dataclass(frozen=True, slots=True)
class Strip:
    """The alerts that are shown, and how many more there are: nobody acts on hundreds at once."""

    shown: list[Alert]
    more: int


def strip() -> Strip:
    """The strip as it is now."""
    found = alerts()
    return Strip(found[:SHOWN], len(found) - len(found[:SHOWN]))


def alerts(ids: Iterable[int] | None = None) -> list[Alert]:
    """The raised watches, all or those of ``ids``, in two queries."""
    found = (
        Watch.objects.filter(status=WatchStatus.RAISED)
        .select_related("call", "unit", "owner", "backup")
        .prefetch_related("pages")
    )
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return sorted(map(_alert, found), key=lambda alert: alert.order)


def _alert(watch: Watch) -> Alert:
    words = SENTENCES[WatchKind(watch.kind)]
    reached = rung(watch)
    if watch.kind == WatchKind.CHECK:
        words = f"{words} {'soon' if reached == 'warn' else 'overdue'}"
    if watch.backup is not None:
        words = f"asks for {watch.backup.get_agency_display()}"
    return Alert(watch, loudness(watch), words, _told(watch, reached))


def _told(watch: Watch, reached: str) -> str:
    """Who was told besides the dispatchers."""
    if reached != "page":
        return "supervisors told" if reached == "supervisor" else ""
    page = max(watch.pages.all(), key=lambda each: each.pk, default=None)
    if page is None:
        return "supervisors told, no paging hook is set"
    return "paged" if page.sent_at else "paging: not taken yet"
