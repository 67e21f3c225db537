"""People who sign in. The role is the duty; permissions follow from it (heart.roles)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from heart.journal.actor import Actor
from heart.roles import Permission, Role, allowed


class User(AbstractUser):
    """A person with one duty role and the languages they speak with callers."""

    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role])
    languages = models.CharField(max_length=60, default="en", help_text="codes, like en es")

    REQUIRED_FIELDS: ClassVar = ["role"]  # createsuperuser, which makes the first account, asks it

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="user_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def may(self, permission: Permission) -> bool:
        """Whether this person's role carries the permission."""
        return allowed(self, permission)

    def actor(self, source: str) -> Actor:
        """This person as the author of a journal entry."""
        return Actor(self.pk, str(self), source)


class Preference(models.Model):
    """How somebody uses the keyboard: keys by the name of what they do, letters as shortcuts or not."""

    user = models.OneToOneField(User, models.CASCADE, related_name="preference")
    keys = models.JSONField(default=dict)
    letters = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"preferences of {self.user}"
