"""What lies under the calls and teams on the map: the agency's own layers."""

from typing import Any, ClassVar

from django.db import models


class Layer(models.Model):
    """One layer of the map, checked and made light when its file was read."""

    class Kind(models.TextChoices):
        BEATS = "beats", "beats"
        AREAS = "areas", "areas"
        STATIONS = "stations", "stations"
        OTHER = "other", "other"

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    geojson = models.JSONField(editable=False)
    order = models.PositiveSmallIntegerField(default=1, help_text="the lowest lies at the bottom")
    is_shown = models.BooleanField(
        "shown from the start", default=True, help_text="everybody can switch it on and off"
    )
    source = models.CharField(
        max_length=120, help_text="who publishes it; stands at the edge of the map"
    )
    year = models.PositiveSmallIntegerField(help_text="of which year its content is")

    class Meta:
        ordering: ClassVar = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def features(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.geojson["features"]
        return found
