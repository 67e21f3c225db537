from heart.journal.facts import Fact, fact


@fact("call.closed", "closed the call: {served}")
class CallClosed(Fact):
    """The call is over. ``consent`` is yes, no or not_asked; with yes a follow-up is promised."""

    served: str
    reason_code: str | None
    consent: str
    followup_id: int | None


@fact("call.reopened", "reopened the call: {reason}")
class CallReopened(Fact):
    """A follow-up found the person in crisis."""

    reason: str


@fact("followup.taken", "took the follow-up")
class FollowUpTaken(Fact):
    followup_id: int
    owner_id: int


@fact("followup.attempted", "attempt {number}: {outcome}")
class FollowUpAttempted(Fact):
    followup_id: int
    attempt_id: int
    number: int
    channel: str
    outcome: str


@fact("followup.due", "the first attempt is due")
class FollowUpDue(Fact):
    followup_id: int


@fact("followup.overdue", "the contact is overdue")
class FollowUpOverdue(Fact):
    followup_id: int


@fact("followup.closed", "closed the follow-up: {reason}")
class FollowUpClosed(Fact):
    followup_id: int
    reason: str


@fact("notice.seen", "has seen the notice")
class NoticeSeen(Fact):
    notice_id: int
