"""Which call an incident of another system became, and how far its updates have come."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from intake.models import Call


class Incident(models.Model):
    """An incident as its sender names it.

    ``seen`` holds digests of what was taken over, never the content: an update changes only what is
    new in the document, so that a call-taker's correction is not undone by it.
    """

    reference = models.CharField(max_length=120, unique=True)
    call = models.OneToOneField(Call, models.PROTECT, related_name="eido_incident")
    sender = models.CharField(max_length=200)
    updated_at = models.DateTimeField(help_text="the sender's own time of the newest document")
    received_at = models.DateTimeField(db_default=Now())
    seen = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.reference
