"""Changes of rule set rows that several actions share; they record nothing themselves."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils import timezone

from heart.moves import Effect, MoveRefused, make_move
from intake.models import Nature
from triage.models import (
    FallbackStep,
    Invariant,
    Question,
    ReasonCode,
    Rule,
    RuleSet,
    Scenario,
    Target,
)
from triage.protocol_files import ProtocolFiles, Row
from triage.states import RULE_SET, RuleSetStatus

PARTS: dict[str, type[Model]] = {
    "questions": Question,
    "rules": Rule,
    "targets": Target,
    "fallback": FallbackStep,
}
"""What a version consists of, with the model of its rows."""


def locked(rule_set_id: int) -> RuleSet:
    """All versions, locked until the action ends, and this one of them.

    Moves of versions are rare and wait for each other. The lock leaves foreign keys alone, so that
    no call has to wait while a version comes into force.
    """
    rows = RuleSet.objects.select_for_update(no_key=True).order_by("pk")
    return {row.pk: row for row in rows}[rule_set_id]


def enter_rows(made: RuleSet, files: ProtocolFiles) -> None:
    """Insert what a version consists of."""
    for part, model in PARTS.items():
        rows: list[Row] = getattr(files, part)
        model._default_manager.bulk_create([model(rule_set=made, **row) for row in rows])


def replace_rows(draft: RuleSet, files: ProtocolFiles, before: ProtocolFiles) -> None:
    """Write the parts of a draft that changed."""
    for part, model in PARTS.items():
        rows: list[Row] = getattr(files, part)
        if rows != getattr(before, part):
            model._default_manager.filter(rule_set=draft).delete()
            model._default_manager.bulk_create([model(rule_set=draft, **row) for row in rows])


def enter_shared(files: ProtocolFiles) -> None:
    """Enter what all versions share: new natures, reason codes and scenarios, and the statements.

    What an agency may have edited stays as it is; statements are the administrator's and are renewed.
    """
    Invariant.objects.bulk_create(
        [Invariant(**row) for row in _invariants(files.invariants)],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["order", "en", "es", "body"],
    )
    shared: dict[type[Model], list[Row]] = {
        Nature: files.natures,
        ReasonCode: files.reason_codes,
        Scenario: [{**row, "is_shipped": True} for row in files.scenarios],
    }
    for model, rows in shared.items():
        model._default_manager.bulk_create([model(**row) for row in rows], ignore_conflicts=True)


def put_in_force(row: RuleSet, move: str) -> tuple[RuleSet | None, list[Effect]]:
    """Let a version count from now on, in place of the one that does; gives that one too."""
    if row.status not in RULE_SET.moves[move].sources:  # before anything else makes room for it
        raise MoveRefused(RULE_SET.noun, move, row.status)
    now = timezone.now()
    effects = []
    before = RuleSet.objects.filter(status=RuleSetStatus.ACTIVE).first()
    if before is not None:
        effects.append(make_move(RULE_SET, "replace", before, retired_at=now))
    effects.append(make_move(RULE_SET, move, row, activated_at=now, retired_at=None))
    return before, effects


def _invariants(rows: Iterable[Row]) -> list[Row]:
    return [
        {
            "code": row["id"],
            "order": order,
            "en": row["en"],
            "es": row["es"],
            "body": {name: row[name] for name in ("when", "unless", "then") if name in row},
        }
        for order, row in enumerate(rows)
    ]
