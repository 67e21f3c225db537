"""What a city's export said about an imported call, beside the call itself."""

from typing import ClassVar

from django.db import models

from intake.models import Call


class ImportedCall(models.Model):
    """The city's own codes and times of one row; ``changes`` says what could not be taken as it was.

    ``times`` are the further times of the row in UTC by the profile's names, ``details`` its other
    columns and every value that was changed, ``digest`` the fingerprint of the whole row. ``tier``
    is the mapping's, ``local_hour`` the hour of receipt in the city; ``shows_police`` says whether
    the row shows that police were sent, and is null where the profile cannot tell.
    """

    call = models.OneToOneField(Call, models.CASCADE, primary_key=True, related_name="imported")
    profile = models.CharField(max_length=40)
    local_nature = models.CharField(max_length=200, blank=True)
    apco_code = models.CharField(max_length=20, blank=True)
    local_priority = models.CharField(max_length=40, blank=True)
    disposition = models.CharField(max_length=200, blank=True)
    tier = models.CharField(max_length=12, blank=True)
    is_officer_initiated = models.BooleanField(default=False)
    shows_police = models.BooleanField(null=True)
    local_hour = models.PositiveSmallIntegerField(null=True)
    times = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    digest = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["-call_id"]

    def __str__(self) -> str:
        return f"{self.profile} row of {self.call_id}"
