"""Phones that want to be told of a new assignment, and what was told to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dispatch.models import Run, Unit


class Subscription(models.Model):
    """One browser of one person, reached through the push service that the browser chose."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions"
    )
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=500, unique=True)
    public_key = models.CharField(max_length=100)
    auth = models.CharField(max_length=40, help_text="secret shared with this browser")
    created_at = models.DateTimeField(db_default=Now())
    gone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Push(models.Model):
    """One message on its way to one phone; ``due_at`` is empty once it is sent or given up."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="pushes")
    run = models.ForeignKey(Run, models.PROTECT, related_name="pushes")
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "pushes"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "run"], name="push_once_per_run"),
        ]
        indexes: ClassVar = [
            # the sweep: what is to be sent now
            models.Index(
                fields=["due_at"], name="push_to_send", condition=Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"push {self.pk}"
