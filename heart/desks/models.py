"""The workstations of the room, each with the layout of its screens."""

from typing import ClassVar

from django.db import models

from heart.desks.layout import Layout, preset


def normal() -> Layout:
    """The layout of a position where nobody has changed anything."""
    return preset("normal")


class Position(models.Model):
    """A workstation: who sits there changes with the shift, how its screens are set up does not."""

    code = models.CharField(max_length=8, unique=True, help_text="short, as it is said: P1")
    name = models.CharField(max_length=60, help_text="what is done there, or where it stands")
    layout = models.JSONField(default=normal, editable=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code
