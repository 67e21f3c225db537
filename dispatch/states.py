"""What a unit and its run on a call can be, and how they move."""

from enum import StrEnum

from heart.moves import table


class UnitStatus(StrEnum):
    """A unit's duty; while it has an open run, the run's status is what the board shows."""

    AVAILABLE = "available"
    OUT_OF_SERVICE = "out_of_service"


UNIT = table(
    "unit",
    "dispatch.Unit",
    UnitStatus,
    initial=[],
    unborn=UnitStatus.AVAILABLE,  # units are entered in the admin panel
    moves=[
        ("go_out_of_service", [UnitStatus.AVAILABLE], UnitStatus.OUT_OF_SERVICE),
        ("come_into_service", [UnitStatus.OUT_OF_SERVICE], UnitStatus.AVAILABLE),
    ],
)


class RunStatus(StrEnum):
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    CLEARING = "clearing"
    CLEARED = "cleared"
    CANCELLED = "cancelled"


_R = RunStatus
OPEN_RUN = (_R.DISPATCHED, _R.EN_ROUTE, _R.ON_SCENE, _R.TRANSPORTING, _R.CLEARING)

RUN = table(
    "run",
    "dispatch.Run",
    RunStatus,
    initial=[_R.DISPATCHED, _R.ON_SCENE],  # on scene: begun by the crew itself
    moves=[
        ("start", [_R.DISPATCHED], _R.EN_ROUTE),
        ("arrive", [_R.DISPATCHED, _R.EN_ROUTE], _R.ON_SCENE),
        ("transport", [_R.ON_SCENE], _R.TRANSPORTING),
        ("begin_clearing", [_R.ON_SCENE, _R.TRANSPORTING], _R.CLEARING),
        ("clear", [_R.ON_SCENE, _R.TRANSPORTING, _R.CLEARING], _R.CLEARED),
        ("cancel", [_R.DISPATCHED, _R.EN_ROUTE], _R.CANCELLED),
    ],
)


class HandoffStatus(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"


HANDOFF = table(
    "handoff",
    "dispatch.Handoff",
    HandoffStatus,
    initial=[HandoffStatus.OPEN],
    moves=[("confirm", [HandoffStatus.OPEN], HandoffStatus.CONFIRMED)],
)


class BackupStatus(StrEnum):
    REQUESTED = "requested"
    COMING = "coming"
    ARRIVED = "arrived"
    STOOD_DOWN = "stood_down"


OPEN_BACKUP = (BackupStatus.REQUESTED, BackupStatus.COMING)


BACKUP = table(
    "backup",
    "dispatch.Backup",
    BackupStatus,
    initial=[BackupStatus.REQUESTED],
    moves=[
        ("come", [BackupStatus.REQUESTED], BackupStatus.COMING),
        ("arrive", OPEN_BACKUP, BackupStatus.ARRIVED),
        ("stand_down", OPEN_BACKUP, BackupStatus.STOOD_DOWN),
    ],
)


class WatchStatus(StrEnum):
    """Waiting for somebody to act; raised when they did not; ended when it is done."""

    WAITING = "waiting"
    RAISED = "raised"
    ENDED = "ended"


OPEN_WATCH = (WatchStatus.WAITING, WatchStatus.RAISED)

WATCH = table(
    "watch",
    "dispatch.Watch",
    WatchStatus,
    initial=OPEN_WATCH,
    moves=[
        ("raise", OPEN_WATCH, WatchStatus.RAISED),
        ("restart", OPEN_WATCH, WatchStatus.WAITING),
        ("end", OPEN_WATCH, WatchStatus.ENDED),
    ],
)
