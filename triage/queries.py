"""Rules, targets and queues as questions."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from intake.models import Nature
from triage import rules
from triage.models import Consult, RuleSet, Target
from triage.states import OPEN_CONSULT


@dataclass(frozen=True, slots=True)
class Protocol:
    """A frozen rule set version, compiled once."""

    rule_set: rules.RuleSet
    questions: tuple[rules.Question, ...]
    switches: dict[str, Any]


@lru_cache(maxsize=16)
def protocol(rule_set_id: int) -> Protocol:
    """The compiled rule set of this id; a version never changes once it is active."""
    row = RuleSet.objects.prefetch_related("rules", "questions").get(pk=rule_set_id)
    natures = Nature.objects.values("code", "category", "routes")
    loaded = rules.load(
        rules=[
            {
                "id": rule.code,
                **rule.body,
                "reason_en": rule.reason_en,
                "reason_es": rule.reason_es,
            }
            for rule in row.rules.all()
        ],
        natures=list(natures),
        switches=row.switches,
    )
    questions = rules.load_questions(
        [{"key": q.key, "kind": q.kind, "answers": q.answers} for q in row.questions.all()]
    )
    return Protocol(loaded, questions, dict(row.switches))


def active_rule_set_id() -> int:
    """The version in force; raises RuleSet.DoesNotExist when none was ever activated."""
    return RuleSet.objects.values_list("pk", flat=True).get(status=RuleSet.Status.ACTIVE)


@lru_cache(maxsize=16)
def _targets(rule_set_id: int) -> dict[tuple[str, int | None], int]:
    rows = Target.objects.filter(rule_set_id=rule_set_id)
    return {(t.key, t.level): t.seconds for t in rows}


def target_seconds(rule_set_id: int, key: str, level: int | None) -> int:
    """How long this may take at this level, in seconds; the row without a level serves all others."""
    targets = _targets(rule_set_id)
    found = targets.get((key, level))
    return targets[key, None] if found is None else found


def waiting_consults() -> QuerySet[Consult]:
    """The clinician queue: highest level first, then the longest waiting."""
    return Consult.objects.filter(status__in=OPEN_CONSULT).select_related(
        "call__nature", "call__beat", "call__assessment__decision", "accepted_by"
    )
