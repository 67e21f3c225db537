"""Taking an incident of another system: a new call, or news about one that is here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from heart.eido.models import Incident
from heart.eido.reading import Reading, digest
from heart.journal.actor import Actor
from intake.actions import add_note
from intake.models import Call
from intake.states import CallStatus
from triage.actions import raise_level, receive_call, save
from triage.models import Assessment, Decision

LONGEST_NOTE = 4000
POINT = ("latitude", "longitude")


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a document."""

    outcome: Outcome
    call: Call
    decision: Decision | None
    warnings: list[str]


def take_incident(*, reading: Reading, by: Actor) -> Taken:
    """The incident becomes a call, or brings its call up to date; of two at once one creates it."""
    with transaction.atomic():
        known = _known(reading)
        if known is None:
            try:
                with transaction.atomic():
                    return _create(reading, by)
            except IntegrityError:
                # Its twin was quicker: what is new in this one is an update.
                known = _known(reading)
                if known is None:
                    raise
        return _update(known, reading, by)


def _known(reading: Reading) -> Incident | None:
    return (
        Incident.objects.select_for_update(of=("self",))
        .select_related("call__nature")
        .filter(reference__in=reading.references)
        .order_by("id")
        .first()
    )


def _create(reading: Reading, by: Actor) -> Taken:
    reference = reading.references[0]
    saved = receive_call(
        fields=reading.fields, answers={}, by=by, source=Call.Source.EIDO, external_ref=reference
    )
    _add_notes(saved.call, reading.notes, by)
    decision = _raise(saved.call, saved.decision, reading, by)
    Incident.objects.create(
        reference=reference,
        call=saved.call,
        sender=reading.sender,
        updated_at=reading.updated_at,
        seen=_digests(reading),
    )
    return Taken(Outcome.CREATED, saved.call, decision, reading.warnings)


def _update(incident: Incident, reading: Reading, by: Actor) -> Taken:
    call = incident.call
    decision = _decision_of(call)
    if reading.updated_at <= incident.updated_at:
        age = "as old as" if reading.updated_at == incident.updated_at else "older than"
        news = f"nothing was changed: by lastUpdateTimeStamp it is {age} the document before"
        return Taken(Outcome.UNCHANGED, call, decision, [news, *reading.warnings])
    seen = _digests(reading)
    if call.status == CallStatus.CLOSED:
        news = "the call is closed here: only notes were added, fields stay as they are"
        reading.warnings.insert(0, news)
        seen = {key: value for key, value in seen.items() if key.startswith("note ")}
    else:
        saved = save(call_id=call.pk, fields=_news(incident, reading), answers={}, by=by)
        call, decision = saved.call, saved.decision
        if incident.seen.get("level") != seen["level"]:
            decision = _raise(call, decision, reading, by)
    _add_notes(call, [note for note in reading.notes if _key(note) not in incident.seen], by)
    incident.updated_at = reading.updated_at
    incident.sender = reading.sender
    incident.seen |= seen
    incident.save(update_fields=["updated_at", "sender", "seen"])
    return Taken(Outcome.UPDATED, call, decision, reading.warnings)


def _decision_of(call: Call) -> Decision | None:
    found = Assessment.objects.filter(call=call).select_related("decision").first()
    return found.decision if found else None


def _digests(reading: Reading) -> dict[str, str]:
    """What the document says, as fingerprints; coordinates count as one thing."""
    fields = {**reading.fields}
    point = [fields.pop(name, None) for name in POINT]
    seen = {name: digest(value) for name, value in fields.items()}
    seen |= {"point": digest(point), "level": digest(reading.least_level)}
    return seen | {_key(note): "" for note in reading.notes}


def _key(note: str) -> str:
    return f"note {digest(note)}"


def _news(incident: Incident, reading: Reading) -> dict[str, Any]:
    """Only the fields in which the document differs from the one before it."""
    now = _digests(reading)
    keys = {name: "point" if name in POINT else name for name in reading.fields}
    return {
        name: value
        for name, value in reading.fields.items()
        if incident.seen.get(keys[name]) != now[keys[name]]
    }


def _add_notes(call: Call, notes: list[str], by: Actor) -> None:
    """One note per document, in as many parts as its length needs."""
    whole = "\n".join(notes)
    for start in range(0, len(whole), LONGEST_NOTE):
        if part := whole[start : start + LONGEST_NOTE].strip():
            add_note(call_id=call.pk, text=part, by=by)


def _raise(call: Call, decision: Decision | None, reading: Reading, by: Actor) -> Decision | None:
    """The sender's priority can raise a call, never lower it."""
    if decision is None or decision.level >= reading.least_level:
        return decision
    return raise_level(call_id=call.pk, level=reading.least_level, by=by)
