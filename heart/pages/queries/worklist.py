"""The care navigator's worklist: who is to be reached, by when, by whom, and how."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from followup.models import Attempt, Consent, FollowUp, Notice
from followup.queries import worklist
from followup.states import UNREACHED
from heart.accounts.models import User
from heart.roles import Permission


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the worklist."""

    followup: FollowUp
    consent: Consent | None
    attempts: list[Attempt]

    @property
    def place(self) -> str:
        return "unreached" if self.followup.status in UNREACHED else "reached"

    @property
    def order(self) -> str:
        """The least time left first."""
        return f"{self.followup.due_at:%Y%m%d%H%M%S}.{self.followup.pk:09d}"

    @property
    def channels(self) -> list[str]:
        """The ways to reach them that they agreed to."""
        if self.consent is None:
            return []
        ways = {"call": self.consent.by_call, "voicemail": self.consent.by_voicemail}
        ways["text"] = self.consent.by_text
        return [way for way, is_agreed in ways.items() if is_agreed]

    @property
    def latest(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None


def work_rows(ids: Iterable[int] | None = None) -> list[WorkRow]:
    """The open follow-ups, all or those of ``ids``, in two queries."""
    rows = worklist()
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return sorted(map(_row, rows), key=lambda row: row.order)


def work_row(followup_id: int) -> WorkRow | None:
    """One follow-up, also when it is closed."""
    rows = FollowUp.objects.filter(pk=followup_id).select_related(
        "call__nature", "call__beat", "call__consent", "call__assessment__decision", "owner"
    )
    found = rows.prefetch_related("attempts__made_by").first()
    return _row(found) if found else None


def _row(row: FollowUp) -> WorkRow:
    return WorkRow(row, getattr(row.call, "consent", None), list(row.attempts.all()))


def open_notices(ids: Iterable[int] | None = None) -> QuerySet[Notice]:
    """Notices that nobody has seen, the oldest first."""
    notices = Notice.objects.filter(seen_at=None).select_related("followup__call")
    return notices if ids is None else notices.filter(pk__in=list(ids))


def notices_for(user: User, *, seen: bool = False) -> QuerySet[Notice]:
    """The notices of a person's role; a supervisor answers for all. ``seen``: with the old ones."""
    notices = Notice.objects.select_related("followup__call")
    if not user.may(Permission.SUPERVISE):
        notices = notices.filter(role=user.role)
    return notices if seen else notices.filter(seen_at=None)
