"""Replays of the rules over history, with their results, and the calls that two versions part."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from heart.replay.states import UNFINISHED, ReplayStatus
from intake.models import Call
from triage.models import RuleSet


class Replay(models.Model):
    """One or two versions over a span of calls: a job while it runs, a report when it is done.

    ``tables`` are the versions as they stood when it was asked for, the one that is held against
    first; ``staffing`` is how many units were planned then, so that the result stays what it was.
    ``tallies`` hold what was counted up to the
    call ``resume_after``; both change in one transaction, so that nothing is counted twice.
    """

    class Source(models.TextChoices):
        ALL = "all", "every call"
        HERE = "here", "calls taken here"
        IMPORTED = "imported", "imported calls"

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name="version", related_name="+")
    against = models.ForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ALL)
    profile = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, default=ReplayStatus.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    tables = models.JSONField()
    staffing = models.JSONField(default=dict)
    up_to = models.BigIntegerField(default=0)
    resume_after = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    data_from = models.DateTimeField(null=True)
    data_to = models.DateTimeField(null=True)
    tallies = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ReplayStatus]),
                name="replay_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in UNFINISHED], finished_at__isnull=True)
                | Q(
                    status__in=[s.value for s in ReplayStatus if s not in UNFINISHED],
                    finished_at__isnull=False,
                ),
                name="replay_ended_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            # sweep: replays that are to go on
            models.Index(
                fields=["id"],
                name="replay_to_run",
                condition=Q(status__in=[s.value for s in UNFINISHED]),
            ),
        ]

    def __str__(self) -> str:
        against = f" against {self.against.version}" if self.against else ""
        return f"version {self.rule_set.version}{against}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def percent(self) -> int:
        """How far it has come; an empty span is done at once."""
        return 100 if not self.total else 100 * self.done // self.total


class Flip(models.Model):
    """A call that gets another route, or another level, by the version than by the one it is held against."""

    replay = models.ForeignKey(Replay, models.CASCADE, related_name="flips")
    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    nature = models.CharField(max_length=20, blank=True)
    route = models.CharField(max_length=10)
    other_route = models.CharField(max_length=10)
    rules = models.JSONField()
    other_rules = models.JSONField()
    levels = models.JSONField()
    other_levels = models.JSONField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["replay", "call"], name="flip_once_per_call"),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id}: {self.route} -> {self.other_route}"
