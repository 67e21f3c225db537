"""How long each watch waits, rung by rung.

A ladder is a list of (rung, seconds after the watch began): ``warn`` shows, ``due`` alerts the room,
``supervisor`` alerts the supervisors too, ``page`` calls the agency's paging hook. The figures are
synthetic defaults of ours; an agency's own stand in ``WatchRule``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.models import WatchKind, WatchRule
from dispatch.states import RunStatus

Ladder = list[list[str | int]]
RUNGS = ("warn", "due", "supervisor", "page")
HIGH, MEDIUM, LOW = "high", "medium", "low"

LEVELS: Mapping[str, str] = {
    WatchKind.ACKNOWLEDGEMENT: HIGH,
    WatchKind.CHECK: HIGH,
    WatchKind.PANIC: HIGH,
    WatchKind.BACKUP: HIGH,
    WatchKind.NEW_CALL: HIGH,
    WatchKind.WAITING: MEDIUM,
    WatchKind.RECONTACT: MEDIUM,
}
"""How loud a watch is once it is due; before that, and whatever its kind, it is only shown."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of the four rungs; None leaves a rung out."""

    warn: int | None = None
    due: int | None = None
    supervisor: int | None = None
    page: int | None = None

    def ladder(self) -> Ladder:
        seconds = zip(RUNGS, (self.warn, self.due, self.supervisor, self.page), strict=True)
        return [[rung, after] for rung, after in seconds if after is not None]


DEFAULTS: "Known" = {
    (WatchKind.ACKNOWLEDGEMENT, "", 1): Times(due=60, supervisor=120, page=240),
    (WatchKind.CHECK, RunStatus.DISPATCHED, 1): Times(600, 900, 1020, 1200),
    (WatchKind.CHECK, RunStatus.EN_ROUTE, 1): Times(1500, 1800, 1920, 2100),
    (WatchKind.CHECK, RunStatus.ON_SCENE, 1): Times(900, 1200, 1320, 1500),
    (WatchKind.CHECK, RunStatus.ON_SCENE, 3): Times(450, 600, 720, 900),
    (WatchKind.CHECK, RunStatus.TRANSPORTING, 1): Times(1500, 1800, 1920, 2100),
    (WatchKind.CHECK, RunStatus.CLEARING, 1): Times(1500, 1800, 1920, 2100),
    (WatchKind.PANIC, "", 1): Times(due=0, supervisor=15, page=60),
    (WatchKind.BACKUP, "", 1): Times(due=0, supervisor=120, page=300),
    (WatchKind.NEW_CALL, "", 3): Times(due=0, supervisor=120),
    (WatchKind.WAITING, "", 1): Times(due=0, supervisor=300),
    (WatchKind.RECONTACT, "", 1): Times(900, 1200, 1500),
}
"""By kind, situation and lowest level. For a waiting call the seconds count from its target."""


Known = Mapping[tuple[str, str, int], Times]
"""Times by kind, situation and lowest level."""


def own_times() -> Known:
    """The agency's own rows; a caller that asks for many watches reads them once."""
    return {
        (rule.kind, rule.situation, rule.lowest_level): Times(
            rule.warn_seconds, rule.due_seconds, rule.supervisor_seconds, rule.page_seconds
        )
        for rule in WatchRule.objects.all()
    }


def times_for(
    kind: str, situation: str = "", level: int = 1, own: Known | None = None
) -> Times | None:
    """The times in force; None when nothing is watched here.

    Any row of the agency that fits stands before every default. Among rows that fit, the exact
    situation stands before any, then the highest level that still counts.
    """
    for rows in (own_times() if own is None else own, DEFAULTS):
        fitting = [
            key for key in rows if key[0] == kind and key[1] in (situation, "") and key[2] <= level
        ]
        if fitting:
            return rows[max(fitting, key=lambda key: (key[1] == situation, key[2]))]
    return None
