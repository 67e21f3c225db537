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
