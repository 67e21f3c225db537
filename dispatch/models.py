"""Units, their runs on calls, and what really happened (service) beside what should (eligibility)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dispatch.states import (
    OPEN_BACKUP,
    OPEN_RUN,
    OPEN_WATCH,
    BackupStatus,
    HandoffStatus,
    RunStatus,
    UnitStatus,
    WatchStatus,
)
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
    skills = models.CharField(
        max_length=200, blank=True, help_text="codes separated by blanks, like youth naloxone"
    )
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


class UnitPosition(models.Model):
    """Where a unit's phone last was; kept only while the crew is on duty, never as a trail."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="position")
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy_m = models.PositiveIntegerField(null=True)
    fixed_at = models.DateTimeField(help_text="by the phone's own clock")
    received_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True
    )

    def __str__(self) -> str:
        return f"position of {self.unit_id}"


class CrewMember(models.Model):
    """Who belongs to a unit, as what, and since when they are signed on (empty: they are not)."""

    class Duty(models.TextChoices):
        CLINICIAN = "clinician", "clinician"
        PEER = "peer", "peer support specialist"
        EMT = "emt", "EMT"
        OFFICER = "officer", "CIT officer"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="crew")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="crew_of")
    duty = models.CharField(max_length=10, choices=Duty.choices)
    on_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "user"], name="crew_member_once_per_unit"),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(on_since__isnull=False),
                name="signed_on_to_one_unit",
            ),
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
    acknowledged_at = models.DateTimeField(null=True)
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

    class Agency(models.TextChoices):
        POLICE = "POLICE", "police"
        EMS = "EMS", "EMS"

    run = models.ForeignKey(Run, models.PROTECT, related_name="backups")
    agency = models.CharField(max_length=10, choices=Agency.choices)
    status = models.CharField(max_length=10, default=BackupStatus.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    coming_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    stood_down_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "agency"],
                condition=Q(status__in=[s.value for s in OPEN_BACKUP]),
                name="backup_asked_once_per_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"backup {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_BACKUP


class Encounter(models.Model):
    """What the crew writes up when it clears: where to, what was given, whether anybody was hurt."""

    class Injuries(models.TextChoices):
        NONE = "none", "nobody"
        NEIGHBOR = "neighbor", "the neighbor"
        CREW = "crew", "one of the crew"
        BOTH = "both", "the neighbor and one of the crew"

    class Consent(models.TextChoices):
        YES = "yes", "yes"
        NO = "no", "no"
        NOT_ASKED = "not_asked", "could not be asked"

    run = models.OneToOneField(Run, models.PROTECT, related_name="encounter")
    transported_to = models.CharField(max_length=120, blank=True)
    referrals = models.JSONField(default=list)
    supplies = models.JSONField(default=list)
    injuries = models.CharField(max_length=8, choices=Injuries.choices, default=Injuries.NONE)
    consent = models.CharField(max_length=9, choices=Consent.choices, default=Consent.NOT_ASKED)
    consent_language = models.CharField(max_length=12, blank=True)
    consent_phone = models.CharField(max_length=40, blank=True)
    by_call = models.BooleanField(default=False)
    by_voicemail = models.BooleanField(default=False)
    by_text = models.BooleanField(default=False)
    preferred_time = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"encounter of run {self.run_id}"


class Hold(models.Model):
    """A waiting call that waits on purpose, with the reason and the time until which it may."""

    class Reason(models.TextChoices):
        NO_UNIT = "no_unit", "no unit can go yet"
        CALLER_ASKED = "caller_asked", "the caller asked for a later time"
        PATIENT_CARE = "patient_care", "the person is with somebody safe"
        SCENE_NOT_SAFE = "scene_not_safe", "waiting until the scene is safe"
        WEATHER = "weather", "weather or road"

    call = models.ForeignKey(Call, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=14, choices=Reason.choices)
    until = models.DateTimeField()
    held_at = models.DateTimeField()
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call"], condition=Q(ended_at__isnull=True), name="call_on_one_hold"
            ),
        ]

    def __str__(self) -> str:
        return f"hold of {self.call_id}"


class CallOwner(models.Model):
    """Who answers for an open call: whoever takes it over at the end of a shift."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="ownership")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_calls")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.owner} has {self.call_id}"


class WatchKind(models.TextChoices):
    """What is watched: each is something that a person has to do by a time."""

    ACKNOWLEDGEMENT = "acknowledgement", "dispatch not acknowledged"
    CHECK = "check", "welfare check (PAR)"
    PANIC = "panic", "panic"
    BACKUP = "backup", "backup asked for"
    NEW_CALL = "new_call", "new call of level 3 or 4"
    WAITING = "waiting", "call waits beyond its target"
    RECONTACT = "recontact", "caller to be contacted again"


class WatchRule(models.Model):
    """When the agency wants which rung of a watch; without a row the synthetic defaults count.

    Seconds count from when the watch began; an empty rung is left out.
    """

    kind = models.CharField(max_length=15, choices=WatchKind.choices)
    situation = models.CharField(
        max_length=15, blank=True, help_text="status of the run, like on_scene; empty means any"
    )
    lowest_level = models.PositiveSmallIntegerField(
        default=1, help_text="counts for calls of this level and above"
    )
    warn_seconds = models.PositiveIntegerField(null=True, blank=True)
    due_seconds = models.PositiveIntegerField(null=True, blank=True)
    supervisor_seconds = models.PositiveIntegerField(null=True, blank=True)
    page_seconds = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "situation", "lowest_level"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "situation", "lowest_level"], name="watch_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.situation} from level {self.lowest_level}".strip()


class Watch(models.Model):
    """A promise about safety or waiting: what must happen by when, and who is told when it does not.

    ``ladder`` is copied when it begins or begins again, so that a change of the rules never moves a
    running one: pairs of rung (warn, due, supervisor, page) and seconds after ``since``. ``level`` is
    that of the call for which it was chosen. ``step`` counts the
    rungs that were reached; ``next_step_at`` is empty when none is left.
    """

    kind = models.CharField(max_length=15, choices=WatchKind.choices)
    status = models.CharField(max_length=8, default=WatchStatus.WAITING)
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="watches")
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="watches")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="watches")
    backup = models.ForeignKey(Backup, models.PROTECT, null=True, related_name="watches")
    situation = models.CharField(max_length=15, blank=True)
    level = models.PositiveSmallIntegerField(default=1)
    since = models.DateTimeField()
    ladder = models.JSONField()
    step = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="watches"
    )
    owned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=15, blank=True)

    class Meta:
        verbose_name_plural = "watches"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in WatchStatus]),
                name="watch_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_at__isnull=False)
                | (~Q(status="ended") & Q(ended_at__isnull=True)),
                name="watch_ended_has_a_time",
            ),
            *(
                models.UniqueConstraint(
                    fields=["kind", subject],
                    condition=Q(status__in=[s.value for s in OPEN_WATCH], **missing),
                    name=f"watch_once_per_{subject}",
                )
                for subject, missing in (
                    ("backup", {}),
                    ("run", {"backup__isnull": True}),
                    ("unit", {"run__isnull": True}),
                    ("call", {"run__isnull": True, "unit__isnull": True}),
                )
            ),
        ]
        indexes: ClassVar = [
            # the sweep: what is due next
            models.Index(
                fields=["next_step_at"],
                name="watch_next_step",
                condition=Q(next_step_at__isnull=False) & ~Q(status="ended"),
            ),
            # the room: what is raised now
            models.Index(fields=["status"], name="watch_raised", condition=Q(status="raised")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Page(models.Model):
    """A message to the agency's paging hook: codes and numbers, no person's data; sent at least once."""

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="pages")
    key = models.UUIDField(unique=True, help_text="the receiver drops a page it has seen")
    send_due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["send_due_at"], name="page_to_send", condition=Q(sent_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"page {self.pk}"
