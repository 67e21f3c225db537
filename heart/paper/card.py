"""A call card as it was filled in by hand: read from what was typed, and what cannot be true of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.actions import CANCEL_REASONS
from dispatch.models import Run
from followup.actions import Consented
from heart.paper.numbers import PaperNumber, number_of
from heart.paper.times import NotATime, first_time, next_time
from intake.steps import FIELD_NAMES, CallFields, Refused

OLDEST = timedelta(days=60)
"""Whoever enters an older card has mistyped its day."""

POINT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*[,; ]\s*(-?[0-9]+(?:\.[0-9]+)?)")
OVER, GOING_ON = "over", "going_on"
ANSWER = "answer-"
"""What the name of a question's field begins with."""

LATER = ("dispatched", "arrived", "cleared")
WORDS = {"received": "received", "dispatched": "dispatched", "arrived": "on scene"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. ``cleared_at`` is when the team was free again, or the call over if none was sent."""

    number: PaperNumber
    received_at: datetime
    fields: CallFields
    answers: Mapping[str, str]
    is_over: bool
    notes: str = ""
    clinician: str = ""
    talked_at: datetime | None = None
    unit: str = ""
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    cleared_at: datetime | None = None
    outcome: str = ""
    felt_safe: str = ""
    cancel_reason: str = ""
    not_served_reason: str = ""
    consent: Consented | None = None

    @property
    def has_ended_run(self) -> bool:
        """Whether a team was sent and is free again."""
        return bool(self.unit) and self.cleared_at is not None


def read_card(typed: Mapping[str, str], *, now: datetime, zone: ZoneInfo) -> Card:
    """The card from the fields of the form; raises Refused naming every one that cannot be read."""
    problems: dict[str, str] = {}
    number = number_of(typed.get("paper_number", ""))
    if number is None:
        problems["paper_number"] = "the number on the card, like P1-0001"
    if typed.get("state") not in (OVER, GOING_ON):
        problems["state"] = "say whether the call is over or still going on"
    times = _times(typed, problems, now=now, zone=zone)
    point = _point(typed.get("point", ""), problems)
    received_at = times.get("received")
    if problems or number is None or received_at is None:
        raise Refused(**problems)
    return Card(
        number=number,
        received_at=received_at,
        fields=_fields(typed) | point,
        answers={
            name.removeprefix(ANSWER): value.strip()
            for name, value in typed.items()
            if name.startswith(ANSWER) and value.strip()
        },
        is_over=typed["state"] == OVER,
        notes=typed.get("notes", "").strip(),
        clinician=typed.get("clinician", "").strip(),
        talked_at=times.get("talked"),
        unit=typed.get("unit", "").strip().upper(),
        dispatched_at=times.get("dispatched"),
        arrived_at=times.get("arrived"),
        cleared_at=times.get("cleared"),
        outcome=typed.get("outcome", ""),
        felt_safe=typed.get("felt_safe", ""),
        cancel_reason=typed.get("cancel_reason", ""),
        not_served_reason=typed.get("not_served_reason", ""),
        consent=_consent(typed),
    )


def _fields(typed: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the call that were filled in; an empty one is not known."""
    return {name: typed[name].strip() for name in FIELD_NAMES if typed.get(name, "").strip()}


def _point(text: str, problems: dict[str, str]) -> dict[str, Any]:
    if not text.strip():
        return {}
    found = POINT.fullmatch(text.strip())
    if found is None:
        problems["point"] = "two numbers, like 35.9940, -78.8986"
        return {}
    return {"latitude": float(found[1]), "longitude": float(found[2])}


def _times(
    typed: Mapping[str, str], problems: dict[str, str], *, now: datetime, zone: ZoneInfo
) -> dict[str, datetime]:
    """The times that can be read; each later one is looked for after the one before it."""
    try:
        day = date.fromisoformat(typed["day"]) if typed.get("day") else None
    except ValueError:
        problems["day"] = "a day like 2026-11-25, or nothing for today"
        return {}
    found: dict[str, datetime] = {}
    try:
        found["received"] = before = first_time(typed.get("received", ""), day, now=now, zone=zone)
    except NotATime as fault:
        problems["received"] = str(fault)
        return found
    _read_talk(typed, found, problems, zone=zone)
    for name in LATER:
        if not typed.get(name, "").strip():
            continue
        try:
            found[name] = before = next_time(typed[name], before, zone=zone)
        except NotATime as fault:
            problems[name] = str(fault)
    return found


def _read_talk(
    typed: Mapping[str, str],
    found: dict[str, datetime],
    problems: dict[str, str],
    *,
    zone: ZoneInfo,
) -> None:
    """A clinician talks before, beside or without a team: only the receipt comes before it."""
    if typed.get("talked", "").strip():
        try:
            found["talked"] = next_time(typed["talked"], found["received"], zone=zone)
        except NotATime as fault:
            problems["talked"] = str(fault)


def _consent(typed: Mapping[str, str]) -> Consented | None:
    """What was answered; None where nothing is ticked."""
    if not typed.get("consent"):
        return None
    return Consented(
        answer=typed["consent"],
        by_call=bool(typed.get("by_call")),
        by_voicemail=bool(typed.get("by_voicemail")),
        by_text=bool(typed.get("by_text")),
        phone=typed.get("consent_phone", ""),
        preferred_time=typed.get("preferred_time", ""),
    )


def faults(card: Card, now: datetime) -> dict[str, str]:
    """Everything that cannot be true of this card, by the field that says it."""
    return (
        _faults_of_times(card, now)
        | _faults_of_talk(card, now)
        | _faults_of_team(card)
        | _faults_of_end(card)
    )


def _faults_of_times(card: Card, now: datetime) -> dict[str, str]:
    times = {
        "received": card.received_at,
        "dispatched": card.dispatched_at,
        "arrived": card.arrived_at,
        "cleared": card.cleared_at,
    }
    problems: dict[str, str] = {}
    if card.received_at < now - OLDEST:
        problems["received"] = f"more than {OLDEST.days} days ago: look at the day"
    before, after = "received", card.received_at
    for name, at in times.items():
        if at is None:
            continue
        if at > now:
            problems[name] = "still to come: look at the time and the day"
            break  # whatever comes after it is still to come as well
        if at < after:
            problems[name] = f"before the time that stands at {WORDS[before]}"
        before, after = name, at
    return problems


def _faults_of_talk(card: Card, now: datetime) -> dict[str, str]:
    if bool(card.clinician) != bool(card.talked_at):
        return (
            {"talked": "since when they talked"} if card.clinician else {"clinician": "who talked"}
        )
    if card.talked_at is None or card.received_at <= card.talked_at <= (card.cleared_at or now):
        return {}
    return {"talked": "not between the receipt and the end: look at the time and the day"}


def _faults_of_team(card: Card) -> dict[str, str]:
    problems: dict[str, str] = {}
    if card.unit and card.dispatched_at is None:
        problems["dispatched"] = f"when {card.unit} was sent"
    if not card.unit and (card.dispatched_at or card.arrived_at):
        problems["unit"] = "which team was sent"
    if card.has_ended_run and card.arrived_at is None:
        if card.cancel_reason not in CANCEL_REASONS:
            problems["cancel_reason"] = f"why {card.unit} did not get there, or when it arrived"
    elif card.has_ended_run:
        if card.outcome not in Run.Outcome.values:
            problems["outcome"] = "what came of it"
        if card.felt_safe not in Run.FeltSafe.values:
            problems["felt_safe"] = "whether the team felt safe"
    return problems


def _faults_of_end(card: Card) -> dict[str, str]:
    if not card.is_over:
        return {}
    problems: dict[str, str] = {}
    if card.cleared_at is None:
        problems["cleared"] = (
            f"when {card.unit} was free again" if card.unit else "when the call was over"
        )
    if card.consent is None:
        problems["consent"] = "whether we may follow up, or that it could not be asked"
    return problems
