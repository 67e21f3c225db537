"""The 48-hour promise: consent, the follow-up with its due times, each attempt, and notices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from followup.states import UNREACHED, FollowUpStatus
from heart.roles import Role
from intake.models import Call


class Consent(models.Model):
    """Whether we may follow up, and how; asked once at closing, with who recorded it and when."""

    class Answer(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"
        NOT_ASKED = "not_asked", "could not be asked"

    call = models.OneToOneField(Call, models.PROTECT, related_name="consent")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    by_call = models.BooleanField(default=False)
    by_voicemail = models.BooleanField(default=False)
    by_text = models.BooleanField(default=False)
    phone = models.CharField(max_length=40, blank=True)
    preferred_time = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.get_answer_display()


class FollowUp(models.Model):
    """A promise to one person: first attempt and contact by a time in UTC, owner, next action."""

    class Priority(models.TextChoices):
        A = "A", "A, high risk"
        B = "B", "B"
        C = "C", "C"

    class CloseReason(models.TextChoices):
        LINKED = "linked", "goals met or linked to care"
        DECLINED = "declined", "declined"
        WITHDREW = "withdrew", "withdrew consent"
        UNREACHABLE = "unreachable", "unreachable after five attempts"
        MOVED = "moved", "moved away"
        TRANSFERRED = "transferred", "transferred to a provider"
        HIGHER_CARE = "higher_care", "in higher care"
        DUPLICATE = "duplicate", "duplicate"
        DECEASED = "deceased", "deceased"

    call = models.OneToOneField(Call, models.PROTECT, related_name="followup")
    status = models.CharField(max_length=10, default=FollowUpStatus.PROMISED)
    priority = models.CharField(max_length=1, choices=Priority.choices)
    promised_at = models.DateTimeField()
    attempt_due_at = models.DateTimeField(help_text="when the next attempt is due")
    due_at = models.DateTimeField(help_text="when two-way contact is due")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="followups"
    )
    reached_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=12, choices=CloseReason.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in FollowUpStatus]),
                name="followup_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(close_reason="")
                | (~Q(status="closed") & Q(closed_at__isnull=True, close_reason="")),
                name="followup_closed_has_time_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(attempt_due_at__lte=models.F("due_at")) | ~Q(status="promised"),
                name="followup_first_attempt_before_contact",
            ),
        ]
        indexes: ClassVar = [
            # sweep: first attempts that fall due
            models.Index(
                fields=["attempt_due_at"],
                name="followup_to_fall_due",
                condition=Q(status="promised"),
            ),
            # sweep and worklist: contact that is due
            models.Index(
                fields=["due_at"],
                name="followup_to_run_over",
                condition=Q(status__in=[s.value for s in UNREACHED]),
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class Attempt(models.Model):
    """One try to reach the person, with what came of it."""

    class Channel(models.TextChoices):
        CALL = "call", "phone call"
        TEXT = "text", "text message"
        VISIT = "visit", "visit"

    class Outcome(models.TextChoices):
        STABLE = "reached_stable", "reached, stable"
        NEEDS_HELP = "reached_needs_help", "reached, needs help"
        CRISIS = "reached_crisis", "reached, in crisis"
        MESSAGE = "left_message", "left a message"
        NO_ANSWER = "no_answer", "no answer"
        WRONG_NUMBER = "wrong_number", "wrong number"
        THIRD_PARTY = "third_party", "somebody else answered"
        SEEN = "visit_seen", "visit, seen"
        NOT_SEEN = "visit_not_seen", "visit, not seen"
        REFUSED = "refused", "refused"
        IN_HOSPITAL = "in_hospital", "in hospital"
        IN_JAIL = "in_jail", "in jail"
        DECEASED = "deceased", "deceased"

    REACHED: ClassVar = (Outcome.STABLE, Outcome.NEEDS_HELP, Outcome.CRISIS, Outcome.SEEN)

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=5, choices=Channel.choices)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = models.TextField(max_length=2000, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["followup", "number"], name="attempt_number_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}"


class Notice(models.Model):
    """Something a role has to look at; raised once per follow-up and code."""

    class Code(models.TextChoices):
        DUE = "due", "First follow-up attempt is due"
        OVERDUE = "overdue", "Follow-up contact is overdue"

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="notices")
    code = models.CharField(max_length=10, choices=Code.choices)
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role])
    raised_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["followup", "code"], name="notice_once_per_code"),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="notice_seen_by_and_at_together",
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
