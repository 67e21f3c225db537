"""Signs of life of the sweeps and of the auditor."""

from django.db import models


class Heartbeat(models.Model):
    """When something that must run regularly last ran to its end."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
    by = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name
