"""Versions of the rules as everybody may read them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from heart.accounts.models import User
from heart.roles import Permission
from triage import evidence, rules
from triage.document.content import About, Document, document
from triage.models import RuleSet
from triage.queries import invariant_rows, protocol, rows_of
from triage.states import RuleSetStatus
from triage.wording.grammar import Language

COUNTED = ("questions", "rules", "hard_rules", "targets")
OPEN = (RuleSetStatus.ACTIVE, RuleSetStatus.SHADOW, RuleSetStatus.RETIRED)


def readable(version: int | None, user: User) -> RuleSet:
    """The version of this number, without one the version in force; raises RuleSet.DoesNotExist.

    What nobody has approved yet is read only by those who work on it.
    """
    if version is None:
        return RuleSet.objects.get(status=RuleSetStatus.ACTIVE)
    return _readable(user).get(version=version)


def rule_set_lines(user: User) -> list[dict[str, Any]]:
    """Every version that this person may read, newest first, in a line each."""
    return [rule_set_line(row) for row in _readable(user)]


def rule_set_line(row: RuleSet) -> dict[str, Any]:
    """What a version is called, where it stands and since when; ``row`` comes from here."""
    dates = ("created_at", "submitted_at", "approved_at", "active_from")
    return {
        "version": row.version,
        "title": row.title,
        "status": row.status,
        "is_synthetic": row.is_synthetic,
        "based_on": row.based_on.version if row.based_on else None,
        **{name: getattr(row, name) for name in (*dates, "activated_at", "retired_at")},
        "counts": {name: getattr(row, f"{name}_held") for name in COUNTED},
    }


def _readable(user: User) -> QuerySet[RuleSet]:
    found = RuleSet.objects.select_related("based_on").annotate(
        questions_held=Count("questions", distinct=True),
        rules_held=Count("rules", distinct=True),
        hard_rules_held=Count("rules", filter=Q(rules__is_hard=True), distinct=True),
        targets_held=Count("targets", distinct=True),
    )
    found = found.order_by("-version")
    may_edit = user.may(Permission.EDIT_RULES) or user.may(Permission.ADMINISTER)
    return found if may_edit else found.filter(status__in=OPEN)


def rules_document(rule_set: RuleSet, language: Language) -> Document:
    """A version as a document, with what is known of its safety."""
    return document(rows_of(rule_set), _about(rule_set), language)


def _about(rule_set: RuleSet) -> About:
    known = _evidence(rule_set)
    rows = invariant_rows()
    return About(
        status=rule_set.status,
        is_installed=rule_set.is_installed,
        approved_on=_day(rule_set.approved_at),
        in_force_since=_day(rule_set.activated_at),
        in_force_until=_day(rule_set.retired_at) if rule_set.was_active else None,
        invariants=_proven(rows, known) if known else _askable(rows, rule_set),
        calls=known["proof"]["calls"] if known else None,
        broken=frozenset(broken["invariant"] for broken in known["proof"]["violations"])
        if known
        else frozenset(),
    )


def _askable(rows: list[dict[str, Any]], rule_set: RuleSet) -> list[dict[str, Any]]:
    """The statements, if they speak only of what this version asks; none when one does not."""
    try:
        rules.load_invariants(rows, protocol(rule_set.pk).rule_set)
    except ValueError:
        return []
    return rows


def _proven(rows: list[dict[str, Any]], known: dict[str, Any]) -> list[dict[str, Any]]:
    """Of the statements those that the proof was about; later ones are not claimed for it."""
    told = [(row["id"], row["en"], row["es"]) for row in known["invariants"]]
    return [row for row in rows if (row["id"], row["en"], row["es"]) in told]


def _evidence(rule_set: RuleSet) -> dict[str, Any] | None:
    """The proof kept with a version; one that the administrator installed is proven here."""
    if rule_set.evidence is not None:
        found: dict[str, Any] = rule_set.evidence
        return found
    if not rule_set.is_installed:
        return None
    try:
        return evidence.gather(rows_of(rule_set)).body()
    except ValueError:  # cannot be proven, or not just now: nothing is claimed
        return None


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None
