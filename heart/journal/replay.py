"""The replay check: fold the journal through the move tables and compare with the status columns."""

from collections.abc import Iterator

from django.apps import apps

from heart.journal.models import Entry
from heart.moves import MACHINES, Machine


def differences() -> Iterator[str]:
    """Each row whose status is not what its journal says, and each move no table allows."""
    told: dict[str, str] = {}
    for payload in Entry.objects.order_by("id").values_list("payload", flat=True).iterator():
        for subject, move, status in payload["effects"]:
            machine = MACHINES[subject.partition(":")[0]]
            if fault := _fault(machine, told.get(subject, machine.unborn), move, status):
                yield f"{subject}: {fault}"
            told[subject] = status
    for noun, machine in MACHINES.items():
        rows = apps.get_model(machine.model)._default_manager.values_list("pk", "status")
        now = {f"{noun}:{pk}": status for pk, status in rows}
        then = {
            subject: status for subject, status in told.items() if subject.startswith(f"{noun}:")
        }
        for subject in sorted(now.keys() | then.keys()):
            is_now, was_told = now.get(subject), then.get(subject, machine.unborn)
            if is_now != was_told:
                yield f"{subject} is {is_now}, its journal says {was_told}"


def _fault(machine: Machine, before: str | None, move: str, status: str) -> str | None:
    if move == "born":
        ok = before is None and status in machine.initial
    else:
        row = machine.moves.get(move)
        ok = row is not None and row.target == status and before in row.sources
    return None if ok else f"{before} -> {move} -> {status} is in no move table"
