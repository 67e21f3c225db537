"""Who has a call on the screen just now: gone by itself, never history."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from intake.models import Call


class Seen(models.Model):
    """One person, one call, one screen; ``field`` is what they edit, empty while they only look."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    screen = models.CharField(max_length=10)
    field = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "user", "screen"], name="seen_once_per_screen")
        ]
        indexes: ClassVar = [
            # what is over, taken away with the next write
            models.Index(fields=["seen_at"], name="seen_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.call_id}"
