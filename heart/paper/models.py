"""What paper needs of the database: numbers that no two packs share, the phone tree, the last print."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from heart.paper.numbers import PaperNumber


class NumberSeries(models.Model):
    """The running numbers of one position; ``upcoming`` is the first that was never printed."""

    prefix = models.CharField(max_length=8, unique=True)
    upcoming = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "number series"
        ordering: ClassVar = ["prefix"]

    def __str__(self) -> str:
        return self.prefix


class PaperPack(models.Model):
    """Cards that were printed together: their numbers belong to this print alone, for ever."""

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="packs")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    printed_at = models.DateTimeField(db_default=Now())
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first")), name="paper_pack_has_numbers"
            ),
            models.UniqueConstraint(fields=["series", "first"], name="paper_pack_once_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.numbers[0]} to {self.numbers[-1]}"

    @property
    def numbers(self) -> list[PaperNumber]:
        """The number of every card, in order."""
        return [PaperNumber(self.series.prefix, n) for n in range(self.first, self.last + 1)]


class PhoneTreeLine(models.Model):
    """Whom to call when nothing works: a line of the agency's own phone tree, printed with every pack."""

    name = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "line of the phone tree"
        verbose_name_plural = "phone tree"
        ordering: ClassVar = ["order", "name"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class RollingPrint(models.Model):
    """The one row about the board that is written to a folder: when it is due, and how it went.

    ``fault`` is what the last try failed of, empty when it did not.
    """

    due_at = models.DateTimeField(db_default=Now())
    written_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="rolling_print_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"board of {self.written_at}"
