"""The words that commands take from lists: of the program, of the agency's tables, of the bar."""

from dispatch.actions import CANCEL_REASONS
from dispatch.models import Backup, Handoff, Hold, Run
from followup.models import Consent
from heart.accounts.models import User
from heart.pages.commandline.table import Slot
from heart.templatetags.heart import PLACES, Place
from intake.models import Nature
from triage.models import ReasonCode

REOPEN_REASONS = {
    "new_information": "there is new information",
    "closed_by_mistake": "it was closed by mistake",
}
Choices = dict[Slot, dict[str, str]]
"""For each slot its codes, each with what it says to a person."""


def choices(user: User) -> Choices:
    """What this person can choose from."""
    return {
        Slot.AGENCY: {code.lower(): str(label) for code, label in Backup.Agency.choices},
        Slot.TO_AGENCY: {code.lower(): str(name) for code, name in Handoff.Agency.choices},
        Slot.REOPEN_REASON: REOPEN_REASONS,
        Slot.OUTCOME: _labels(Run.Outcome.choices),
        Slot.CANCEL_REASON: CANCEL_REASONS,
        Slot.FELT_SAFE: _labels(Run.FeltSafe.choices),
        Slot.HOLD_REASON: _labels(Hold.Reason.choices),
        Slot.CONSENT: _labels(Consent.Answer.choices),
        Slot.NOT_SERVED: dict(
            ReasonCode.objects.filter(is_active=True).values_list("code", "label_en")
        ),
        Slot.NATURE: dict(
            Nature.objects.filter(is_active=True).order_by("code").values_list("code", "name")
        ),
        Slot.PLACE: {word: place.name for word, place in places(user).items()},
    }


def places(user: User) -> dict[str, Place]:
    """The places of the bar that this person may go to, by the word of their address."""
    return {place.path.strip("/"): place for place in PLACES if user.may(place.permission)}


def _labels(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {code: str(label) for code, label in pairs}
