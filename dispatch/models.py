"""Units, their runs on calls, and what really happened (service) beside what should (eligibility)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dispatch.states import OPEN_RUN, BackupStatus, HandoffStatus, RunStatus, UnitStatus
from intake.models import Beat, Call
from triage.models import ReasonCode, Route


class Unit(models.Model):
    """A HEART unit: an unarmed team of three (CRT), a co-response pair (COR) or the clinician desk (CCD)."""

    class Kind(models.TextChoices):
        CRT = "CRT", "community response team"
        COR = "COR", "co-response"
        CCD = "CCD", "crisis call diversion desk"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=3, choices=Kind.choices)
    status = models.CharField(max_length=15, default=UnitStatus.AVAILABLE)
    status_since = models.DateTimeField(db_default=Now())
    beats = models.ManyToManyField(Beat, blank=True, help_text="none means everywhere")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["kind", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in UnitStatus]), name="unit_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class UnitHours(models.Model):
    """When a unit works: one row per weekday and span in the agency's local time; may pass midnight."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField(help_text="at or before opening means the next day")

    class Meta:
        verbose_name_plural = "unit hours"
        ordering: ClassVar = ["weekday", "opens"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class CrewMember(models.Model):
    """Who is on a unit, and as what."""

    class Duty(models.TextChoices):
        CLINICIAN = "clinician", "clinician"
        PEER = "peer", "peer support specialist"
        EMT = "emt", "EMT"
        OFFICER = "officer", "CIT officer"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="crew")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="crew_of")
    duty = models.CharField(max_length=10, choices=Duty.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "user"], name="crew_member_once_per_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_duty_display()})"


class Run(models.Model):
    """One unit on one call, from dispatch to clear."""

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", "resolved on scene"
        TRANSPORTED = "transported", "transported, voluntarily"
        INVOLUNTARY = "involuntary", "involuntary hold"
        LEFT_WITH_FAMILY = "left_with_family", "left with family or friends"
        REFERRED = "referred", "referred to a service"
        DECLINED = "declined", "help declined"
        NOT_LOCATED = "not_located", "not located"
        HANDED_TO_EMS = "handed_to_ems", "handed to EMS"
        HANDED_TO_POLICE = "handed_to_police", "handed to police"

    class FeltSafe(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"
        NOT_ANSWERED = "not_answered", "not answered"

    call = models.ForeignKey(Call, models.PROTECT, related_name="runs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="runs")
    status = models.CharField(max_length=15, default=RunStatus.DISPATCHED)
    status_since = models.DateTimeField()
    dispatched_at = models.DateTimeField()
    dispatched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    transporting_at = models.DateTimeField(null=True)
    clearing_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    felt_safe = models.CharField(max_length=12, choices=FeltSafe.choices, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in RunStatus]), name="run_status_is_known"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(status__in=[s.value for s in OPEN_RUN]),
                name="unit_on_one_open_run",
            ),
            models.CheckConstraint(
                condition=~Q(status="cleared") | (~Q(outcome="") & ~Q(felt_safe="")),
                name="run_cleared_has_outcome_and_felt_safe",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="run_cancelled_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_RUN


class Service(models.Model):
    """What really served the call, and if not HEART, why; written apart from eligibility."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="service")
    ideal_route = models.CharField(max_length=10, choices=Route.choices)
    planned_route = models.CharField(max_length=10, choices=Route.choices)
    fallback_reason = models.ForeignKey(
        ReasonCode, models.PROTECT, null=True, to_field="code", related_name="+"
    )
    served_by = models.CharField(max_length=3, choices=Unit.Kind.choices, blank=True)
    served_at = models.DateTimeField(null=True)
    not_served_reason = models.ForeignKey(
        ReasonCode, models.PROTECT, null=True, to_field="code", related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(served_by="", served_at__isnull=True)
                | (~Q(served_by="") & Q(served_at__isnull=False)),
                name="service_served_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(not_served_reason__isnull=True) | Q(served_at__isnull=True),
                name="service_is_served_or_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"service of {self.call_id}"


class Handoff(models.Model):
    """The call was given to another agency; somebody has to find out whether they reached the person."""

    class Agency(models.TextChoices):
        POLICE = "POLICE", "police"
        EMS = "EMS", "EMS"
        FIRE = "FIRE", "fire"
        LINE_988 = "988", "988 line"
        PSAP = "PSAP", "another 911 centre"

    call = models.ForeignKey(Call, models.PROTECT, related_name="handoffs")
    agency = models.CharField(max_length=10, choices=Agency.choices)
    agency_name = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=10, default=HandoffStatus.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    confirm_due_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", confirmed_at__isnull=True)
                | Q(status="confirmed", confirmed_at__isnull=False),
                name="handoff_confirmed_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"handoff {self.pk}"


class Backup(models.Model):
    """A crew on scene asked for police or EMS; unplanned, so it counts in the backup rate."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="backups")
    agency = models.CharField(max_length=10, choices=[("POLICE", "police"), ("EMS", "EMS")])
    status = models.CharField(max_length=10, default=BackupStatus.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "agency"],
                condition=Q(status="requested"),
                name="backup_asked_once_per_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"backup {self.pk}"
