"""Rules, targets and queues as questions."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from intake.models import Nature
from triage import rules
from triage.models import Consult, Decision, RuleSet
from triage.protocol_files import COLUMNS, ProtocolFiles
from triage.states import OPEN_CONSULT

RELOAD_SECONDS = 10
"""A nature or target edited in the panel counts in every process after at most this long."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A rule set version, compiled once, with its targets by key and level in seconds."""

    rule_set: rules.RuleSet
    questions: tuple[rules.Question, ...]
    targets: Mapping[tuple[str, int | None], int]


def protocol(rule_set_id: int) -> Protocol:
    """The compiled rule set of this id."""
    return _protocol(rule_set_id, int(time.monotonic() // RELOAD_SECONDS))


@lru_cache(maxsize=8)
def _protocol(rule_set_id: int, _: int) -> Protocol:
    row = RuleSet.objects.prefetch_related("rules", "questions", "targets").get(pk=rule_set_id)
    questions = rules.load_questions(
        {"key": q.key, "kind": q.kind, "answers": q.answers} for q in row.questions.all()
    )
    loaded = rules.load(
        rules=(
            {"id": r.code, **r.body, "reason_en": r.reason_en, "reason_es": r.reason_es}
            for r in row.rules.all()
        ),
        questions=questions,
        natures=Nature.objects.values("code", "category", "routes"),
        switches=row.switches,
    )
    return Protocol(loaded, questions, {(t.key, t.level): t.seconds for t in row.targets.all()})


def active_rule_set_id() -> int:
    """The version in force; raises RuleSet.DoesNotExist when none was ever activated."""
    return RuleSet.objects.values_list("pk", flat=True).get(status=RuleSet.Status.ACTIVE)


def protocol_rows(version: int) -> ProtocolFiles:
    """A version as its files would be; raises RuleSet.DoesNotExist.

    Reason codes belong to no version and are left out.
    """
    row = RuleSet.objects.get(version=version)

    def rows(of: QuerySet[Any], name: str) -> list[dict[str, Any]]:
        return list(of.values(*sorted(COLUMNS[name])))

    return ProtocolFiles(
        rule_set={name: getattr(row, name) for name in sorted(COLUMNS["rule_set"])},
        natures=rows(Nature.objects.order_by("code"), "natures"),
        questions=rows(row.questions.order_by("order"), "questions"),
        rules=rows(row.rules.order_by("order"), "rules"),
        targets=rows(row.targets.order_by("key", "level"), "targets"),
        fallback=rows(row.fallback.order_by("order"), "fallback"),
        reason_codes=[],
    )


def target_seconds(rule_set_id: int, key: str, level: int | None) -> int:
    """How long this may take at this level, in seconds; the row without a level serves the others."""
    targets = protocol(rule_set_id).targets
    found = targets.get((key, level))
    return targets[key, None] if found is None else found


def waiting_consults() -> QuerySet[Consult]:
    """The clinician queue: highest level first, then the longest waiting."""
    return Consult.objects.filter(status__in=OPEN_CONSULT).select_related(
        "call__nature", "call__beat", "call__assessment__decision", "accepted_by"
    )


def decision_body(decision: Decision | None) -> dict[str, Any] | None:
    """A decision as other systems see it."""
    if decision is None:
        return None
    return {
        "route": decision.route,
        "added": decision.added,
        "level": decision.level,
        "rule": decision.rule,
        "rule_set": decision.rule_set_id,
        "reasons": [reason[-1] for reason in decision.reasons],
        "held": decision.is_held,
    }
