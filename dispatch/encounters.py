"""What a crew writes up when it clears, checked before it is stored."""

from dataclasses import dataclass

from dispatch.models import Encounter, Run
from intake.steps import Refused, text_fault

REFERRALS = {
    "crisis_center": "crisis centre",
    "clinic": "clinic or doctor",
    "substance_use": "substance-use treatment",
    "shelter": "shelter or housing",
    "food": "food",
    "benefits": "benefits and documents",
    "family": "family or friends",
    "veterans": "veterans' services",
    "other": "another service",
}
SUPPLIES = {
    "water": "water",
    "food": "food",
    "clothing": "clothing or blanket",
    "hygiene": "hygiene kit",
    "naloxone": "naloxone",
    "wound_care": "wound care",
    "transit_pass": "bus pass",
    "phone_call": "a phone call",
}
"""Codes of our own with their words; synthetic defaults."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the crew wrote: codes of referrals and supplies, and what the neighbor answered about a
    follow-up (yes, no or not_asked) with the ways that they agreed to."""

    transported_to: str = ""
    referrals: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    injuries: str = Encounter.Injuries.NONE
    consent: str = Encounter.Consent.NOT_ASKED
    consent_language: str = ""
    consent_phone: str = ""
    by_call: bool = False
    by_voicemail: bool = False
    by_text: bool = False
    preferred_time: str = ""


def checked(written: Written) -> Written:
    """The same, or Refused naming every field that cannot be stored."""
    problems: dict[str, str] = {}
    for name, longest in (
        ("transported_to", 120),
        ("consent_language", 12),
        ("consent_phone", 40),
        ("preferred_time", 80),
    ):
        if fault := text_fault(getattr(written, name), longest):
            problems[name] = fault
    for name, known in (("referrals", REFERRALS), ("supplies", SUPPLIES)):
        if unknown := [code for code in getattr(written, name) if code not in known]:
            problems[name] = f"{unknown[0]!r:.40} is not one of {', '.join(known)}"
    if written.injuries not in Encounter.Injuries.values:
        problems["injuries"] = f"one of {', '.join(Encounter.Injuries.values)}"
    if written.consent not in Encounter.Consent.values:
        problems["consent"] = f"one of {', '.join(Encounter.Consent.values)}"
    is_yes = written.consent == Encounter.Consent.YES
    if is_yes and not (written.by_call or written.by_text):
        problems["by_call"] = "choose at least one way to reach them: call or text"
    if problems:
        raise Refused(**problems)
    return written


def store(run: Run, written: Written) -> Encounter:
    """Keep what was written; ways of contact only where the neighbor agreed."""
    is_yes = written.consent == Encounter.Consent.YES
    return Encounter.objects.create(
        run=run,
        transported_to=written.transported_to.strip(),
        referrals=list(dict.fromkeys(written.referrals)),
        supplies=list(dict.fromkeys(written.supplies)),
        injuries=written.injuries,
        consent=written.consent,
        consent_language=written.consent_language,
        consent_phone=written.consent_phone.strip() if is_yes else "",
        by_call=is_yes and written.by_call,
        by_voicemail=is_yes and written.by_voicemail,
        by_text=is_yes and written.by_text,
        preferred_time=written.preferred_time if is_yes else "",
    )
