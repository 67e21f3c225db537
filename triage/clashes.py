"""Two people write into one field: the second is told both values, who and when, and chooses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from heart.journal.actor import Actor
from heart.journal.models import Entry
from intake.models import Call
from intake.steps import Refused
from triage.models import Assessment

WRITING = ("call.edited", "decision.made", "call.merged")
"""Verbs whose ``columns`` name the fields and answers that changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the writer's screen showed in the fields and answers that are written now."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """The value that somebody else wrote meanwhile."""

    value: Any
    by: str
    at: datetime

    @property
    def words(self) -> str:
        return f"{self.by} wrote this at {timezone.localtime(self.at):%H:%M:%S}"


class Clash(Refused):
    """Somebody else wrote into the same fields; nothing of this save was kept."""

    def __init__(self, fields: dict[str, Held], answers: dict[str, Held]) -> None:
        super().__init__(**{name: held.words for name, held in {**answers, **fields}.items()})
        self.fields, self.answers = fields, answers


def refuse_clashes(
    call: Call,
    assessment: Assessment | None,
    *,
    fields: Mapping[str, Any],
    answers: Mapping[str, Any],
    seen: Seen,
    by: Actor,
) -> None:
    """Raise Clash for what is neither as the writer saw it nor what the writer wants.

    What the same person wrote last, maybe with an answer that was lost on the way, is no clash.
    """
    now = known(call, assessment)
    of_fields = dict(_changed(now.fields, fields, seen.fields))
    of_answers = dict(_changed(now.answers, answers, seen.answers))
    if not of_fields and not of_answers:
        return
    held = _held(call, {*of_fields, *of_answers}, by)
    clash = Clash(
        {name: held[name].of(value) for name, value in of_fields.items() if name in held},
        {name: held[name].of(value) for name, value in of_answers.items() if name in held},
    )
    if clash.problems:
        raise clash


def known(call: Call, assessment: Assessment | None) -> Seen:
    """The fields and answers of a call as they stand, in the shape in which they are typed."""
    return Seen(
        fields={
            "caller_phone": call.caller_phone,
            "location_text": call.location_text,
            "latitude": call.latitude,
            "longitude": call.longitude,
            "beat": call.beat.code if call.beat else "",
            "caller_relation": call.caller_relation,
            "language": call.language,
            "nature": call.nature.code if call.nature else "",
            "narrative": call.narrative,
        },
        answers=dict(assessment.answers) if assessment else {},
    )


def _changed(
    now: Mapping[str, Any], wanted: Mapping[str, Any], seen: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    for name in wanted.keys() & seen.keys():
        stands = _plain(now.get(name))
        if stands not in (_plain(seen[name]), _plain(wanted[name])):
            yield name, stands


def _plain(value: Any) -> Any:
    """Nothing is nothing, however it was sent."""
    return None if value in ("", None) else value


@dataclass(frozen=True, slots=True)
class _Writer:
    """Who wrote a field last, and when."""

    id: int | None
    name: str
    at: datetime

    def of(self, value: Any) -> Held:
        return Held(value, self.name, self.at)


def _held(call: Call, names: set[str], by: Actor) -> dict[str, _Writer]:
    """Those of the fields that somebody else wrote last."""
    found: dict[str, _Writer] = {}
    entries = Entry.objects.filter(call_id=call.pk, verb__in=WRITING)
    for entry in entries.order_by("-id"):
        writer = _Writer(entry.actor_id, entry.actor_name, entry.happened_at)
        for name in names & set(entry.payload.get("columns", [])):
            found.setdefault(name, writer)
        if len(found) == len(names):
            break
    born = _Writer(call.taken_by_id, str(call.taken_by or "another system"), call.received_at)
    last = {name: found.get(name, born) for name in names}
    return {name: writer for name, writer in last.items() if writer.id != by.id}
