"""Two people write into one field: the second is told both values, who and when, and chooses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from heart.journal.models import Entry
from intake.models import Call
from intake.steps import Refused
from triage.models import Assessment


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
) -> None:
    """Raise Clash for what is neither as the writer saw it nor what the writer wants."""
    now = known(call, assessment)
    fields_lost = dict(_changed(now.fields, fields, seen.fields))
    answers_lost = dict(_changed(now.answers, answers, seen.answers))
    if fields_lost or answers_lost:
        names = _writers(call, {*fields_lost, *answers_lost})
        raise Clash(
            {name: _held(call, value, names.get(name)) for name, value in fields_lost.items()},
            {name: _held(call, value, names.get(name)) for name, value in answers_lost.items()},
        )


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


def _writers(call: Call, names: set[str]) -> dict[str, Entry]:
    """The newest entry that changed each of these."""
    found: dict[str, Entry] = {}
    entries = Entry.objects.filter(call_id=call.pk, verb__in=["call.edited", "decision.made"])
    for entry in entries.order_by("-id"):
        for name in names & set(entry.payload.get("columns", [])):
            found.setdefault(name, entry)
        if len(found) == len(names):
            break
    return found


def _held(call: Call, value: Any, entry: Entry | None) -> Held:
    """Without an entry of its own the field has its value from the birth of the call."""
    if entry is None:
        return Held(value, str(call.taken_by or "another system"), call.received_at)
    return Held(value, entry.actor_name, entry.happened_at)
