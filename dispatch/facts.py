from heart.journal.facts import Fact, fact


@fact("run.assigned", "sent {unit} to the call")
class UnitAssigned(Fact):
    run_id: int
    unit_id: int
    unit: str
    reason_code: str | None


@fact("run.started", "{unit} is on the way")
class RunStarted(Fact):
    run_id: int
    unit_id: int
    unit: str


@fact("run.arrived", "{unit} is on scene")
class RunArrived(Fact):
    run_id: int
    unit_id: int
    unit: str


@fact("run.transporting", "{unit} is transporting")
class RunTransporting(Fact):
    run_id: int
    unit_id: int
    unit: str


@fact("run.clearing", "{unit} is clearing")
class RunClearing(Fact):
    run_id: int
    unit_id: int
    unit: str


@fact("run.cleared", "{unit} cleared: {outcome}")
class RunCleared(Fact):
    """The encounter is over; ``felt_safe`` is the crew's answer: yes, no or not_answered."""

    run_id: int
    unit_id: int
    unit: str
    outcome: str
    felt_safe: str


@fact("run.cancelled", "{unit} was cancelled: {reason}")
class RunCancelled(Fact):
    run_id: int
    unit_id: int
    unit: str
    reason: str


@fact("unit.out_of_service", "{unit} went out of service")
class UnitOutOfService(Fact):
    unit_id: int
    unit: str


@fact("unit.in_service", "{unit} came into service")
class UnitInService(Fact):
    unit_id: int
    unit: str


@fact("handoff.made", "handed off to {agency}")
class HandoffMade(Fact):
    handoff_id: int
    agency: str


@fact("handoff.confirmed", "{agency} confirmed: {outcome}")
class HandoffConfirmed(Fact):
    """Loop closure: somebody said whether the agency reached the person."""

    handoff_id: int
    agency: str
    outcome: str


@fact("backup.requested", "{unit} asks for {agency} now")
class BackupRequested(Fact):
    backup_id: int
    run_id: int
    unit_id: int
    unit: str
    agency: str


@fact("backup.arrived", "{agency} reached {unit}")
class BackupArrived(Fact):
    backup_id: int
    run_id: int
    unit_id: int
    unit: str
    agency: str


@fact("service.planned", "planned {route} instead of {ideal}: {reason_code}")
class ServicePlanned(Fact):
    """The preferred unit cannot serve now; the fallback chain chose what can."""

    service_id: int
    ideal: str
    route: str
    reason_code: str


@fact("run.acknowledged", "{unit} acknowledged")
class RunAcknowledged(Fact):
    run_id: int
    unit_id: int
    unit: str


@fact("run.checked", "{unit} is well")
class RunChecked(Fact):
    """The welfare check (PAR) was answered; the next one counts from now."""

    run_id: int
    unit_id: int
    unit: str


@fact("run.begun", "{unit} began a contact of its own")
class RunBegun(Fact):
    """Self-initiated contact: the call and the run, on scene, were made together."""

    run_id: int
    unit_id: int
    unit: str


@fact("run.swapped", "sent {unit} in place of {old_unit}")
class RunSwapped(Fact):
    run_id: int
    unit_id: int
    unit: str
    old_run_id: int
    old_unit_id: int
    old_unit: str


@fact("backup.coming", "{agency} is coming to {unit}")
class BackupComing(Fact):
    backup_id: int
    run_id: int
    unit_id: int
    unit: str
    agency: str


@fact("backup.stood_down", "{agency} backup to {unit} was stood down")
class BackupStoodDown(Fact):
    backup_id: int
    run_id: int
    unit_id: int
    unit: str
    agency: str


@fact("unit.panic", "{unit} pressed panic")
class UnitPanic(Fact):
    unit_id: int
    unit: str
    watch_id: int
    run_id: int | None


@fact("crew.signed_on", "signed on to {unit} as {duty}")
class CrewSignedOn(Fact):
    crew_id: int
    unit_id: int
    unit: str
    duty: str


@fact("crew.signed_off", "signed off from {unit}")
class CrewSignedOff(Fact):
    crew_id: int
    unit_id: int
    unit: str


@fact("watch.begun", "watches: {kinds}")
class WatchBegun(Fact):
    """What a waiting call is watched for from now on; ``watch_id`` is the first of them."""

    watch_id: int
    kinds: list[str]


@fact("watch.raised", "{kind}: {rung}")
class WatchRaised(Fact):
    """Nobody acted in time; ``rung`` of the ladder is reached: warn, due, supervisor or page."""

    watch_id: int
    kind: str
    rung: str
    unit_id: int | None


@fact("watch.acknowledged", "has the alert: {kind}")
class WatchAcknowledged(Fact):
    watch_id: int
    kind: str
    unit_id: int | None


@fact("watch.ended", "over: {kinds}")
class WatchEnded(Fact):
    """``reason`` is a code; ``watch_id`` is the first of those that ended together."""

    watch_id: int
    kinds: list[str]
    reason: str
    unit_id: int | None


@fact("hold.begun", "holds the call for {minutes} min: {reason}")
class HoldBegun(Fact):
    hold_id: int
    reason: str
    minutes: int


@fact("hold.ended", "ended the hold")
class HoldEnded(Fact):
    hold_id: int


@fact("call.recontacted", "contacted the caller again")
class CallRecontacted(Fact):
    pass


@fact("call.owned", "gave the call an owner")
class CallOwned(Fact):
    owner_id: int


@fact("call.merged", "merged {merged} into this call")
class CallMerged(Fact):
    """Written on the call that stays; ``merged_id`` is closed as a part of it.

    Teams, hand-offs and the consult named here went over; ``columns`` came from the merged call.
    """

    merged_id: int
    merged: str
    run_ids: list[int]
    unit_ids: list[int]
    handoff_ids: list[int]
    consult_id: int | None
    decision_id: int | None
    level: int | None
    columns: list[str]
