"""Rules, targets and queues as questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from heart.journal.models import Entry
from intake.incident import calls_of
from intake.models import Beat, Call, Nature
from triage import protocol_files, rules
from triage.models import ClinicalNote, Consult, Decision, Invariant, RuleSet, Scenario
from triage.protocol_files import COLUMNS, SCENARIO_COLUMNS, ProtocolFiles
from triage.states import OPEN_CONSULT, RuleSetStatus


@dataclass(frozen=True, slots=True)
class Protocol:
    """A rule set version, compiled once, with its targets by key and level in seconds."""

    rule_set: rules.RuleSet
    questions: tuple[rules.Question, ...]
    targets: Mapping[tuple[str, int | None], int]
    version: int


_frozen: dict[int, Protocol] = {}
"""Versions that can never change again, compiled once per process."""


def protocol(rule_set_id: int) -> Protocol:
    """The compiled rule set of this id; a draft, which may change, is compiled each time."""
    found = _frozen.get(rule_set_id)
    if found is None:
        row = RuleSet.objects.get(pk=rule_set_id)
        found = _compiled(rows_of(row))
        if row.is_frozen:
            _frozen[rule_set_id] = found
    return found


def _compiled(files: ProtocolFiles) -> Protocol:
    rule_set = protocol_files.compiled(files)
    targets = {(row["key"], row["level"]): row["seconds"] for row in files.targets}
    return Protocol(rule_set, rule_set.questions, targets, files.rule_set["version"])


def active_rule_set_id() -> int:
    """The version in force; raises RuleSet.DoesNotExist when none was ever activated."""
    return RuleSet.objects.values_list("pk", flat=True).get(status=RuleSetStatus.ACTIVE)


def shadow_rule_set_id() -> int | None:
    """The version that is evaluated beside the one in force, if there is one."""
    return RuleSet.objects.filter(status=RuleSetStatus.SHADOW).values_list("pk", flat=True).first()


def protocol_rows(version: int) -> ProtocolFiles:
    """A version as its files would be; raises RuleSet.DoesNotExist."""
    return rows_of(RuleSet.objects.get(version=version))


def rows_of(row: RuleSet) -> ProtocolFiles:
    """A version as its files would be: a frozen one with its own natures, a draft with today's.

    Reason codes, invariants and scenarios belong to no version and are left out.
    """

    def rows(of: QuerySet[Any], name: str) -> list[dict[str, Any]]:
        return list(of.values(*sorted(COLUMNS[name])))

    return ProtocolFiles(
        rule_set={name: getattr(row, name) for name in sorted(COLUMNS["rule_set"])},
        natures=row.natures or rows(Nature.objects.order_by("code"), "natures"),
        questions=rows(row.questions.order_by("order"), "questions"),
        rules=rows(row.rules.order_by("order"), "rules"),
        targets=rows(row.targets.order_by("key", "level"), "targets"),
        fallback=rows(row.fallback.order_by("order"), "fallback"),
    )


def invariant_rows() -> list[dict[str, Any]]:
    """The safety statements that every version has to keep, as ``rules.load_invariants`` takes them."""
    return [
        {"id": row.code, "en": row.en, "es": row.es, **row.body} for row in Invariant.objects.all()
    ]


def scenario_rows() -> list[dict[str, Any]]:
    """The calls that were thought through, with what every version has to say to them."""
    return list(Scenario.objects.filter(is_active=True).values(*sorted(SCENARIO_COLUMNS)))


def known_to_console(call: Call, questions: tuple[rules.Question, ...]) -> dict[str, str]:
    """Answers to automatic questions that follow from the call itself: its hour and its beat.

    ``hour`` is the local hour of receipt, so that asking the rules again later changes nothing.
    """
    known = {"hour": f"{timezone.localtime(call.received_at):%H}"}
    if call.beat is not None and any(question.key == "beat" for question in questions):
        known["beat"] = call.beat.code
    return {
        question.key: known[question.key]
        for question in questions
        if question.key in known and known[question.key] in question.values
    }


BEAT = {
    "key": "beat",
    "kind": "automatic",
    "ask_en": "In which beat is the place?",
    "ask_es": "¿En qué zona de patrulla está el lugar?",
    "only_after": {},
}


def with_beats(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions of a version with the automatic one after the beat, its answers those of today."""
    beats = Beat.objects.order_by("code").values_list("code", "name")
    answers = [{"value": code, "label_en": name, "label_es": name} for code, name in beats]
    if len(answers) < 2:
        return questions  # a question needs two answers: there is nothing to choose between
    if any(question["key"] == "beat" for question in questions):
        return [
            {**question, "answers": answers} if question["key"] == "beat" else question
            for question in questions
        ]
    order = max((question["order"] for question in questions), default=0) + 1
    return [*questions, {**BEAT, "order": order, "answers": answers}]


def had_a_hand_in(row: RuleSet, person_id: int) -> bool:
    """Whether this person drafted, imported, edited or submitted the version, or one it copies.

    Copies are followed back to one that was in force: what stands there, two people have agreed to.
    """
    subjects = [f"rule_set:{row.pk}"]
    before = row.based_on
    while before is not None and not before.was_active:
        subjects.append(f"rule_set:{before.pk}")
        before = before.based_on
    return Entry.objects.filter(
        subject__in=subjects,
        actor_id=person_id,
        verb__in=(
            "rule_set.drafted",
            "rule_set.imported",
            "rule_set.edited",
            "rule_set.submitted",
        ),
    ).exists()


def decided_again(decision: Decision) -> dict[str, Any]:
    """What the version of a stored decision says to its stored inputs today; equal to ``said``."""
    loaded = protocol(decision.rule_set_id)
    inputs = decision.inputs
    return said(rules.evaluate(loaded.rule_set, inputs["answers"], inputs["nature"]))


def said(outcome: rules.Outcome) -> dict[str, Any]:
    """A whole answer of the table as JSON."""
    return {
        "route": outcome.route,
        "added": list(outcome.added),
        "level": outcome.level,
        "rule": outcome.rule,
        "reasons": [list(reason) for reason in outcome.reasons],
        "matched": list(outcome.matched),
    }


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


def clinical_notes_of(call: Call) -> QuerySet[ClinicalNote]:
    """The clinical notes of a call and of those merged into it, in the order in which they were written."""
    notes = ClinicalNote.objects.filter(call__in=calls_of(call))
    return notes.select_related("author", "call")


def decision_body(decision: Decision | None) -> dict[str, Any] | None:
    """A decision as other systems see it."""
    if decision is None:
        return None
    return {
        "route": decision.route,
        "added": decision.added,
        "level": decision.level,
        "rule": decision.rule,
        "rule_set": protocol(decision.rule_set_id).version,
        "reasons": [reason[-1] for reason in decision.reasons],
        "held": decision.is_held,
    }
