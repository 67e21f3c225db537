"""Calls as they come in: who called from where about what, in the caller's own words."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from intake.places import Plain
from intake.states import CallStatus


class Nature(models.Model):
    """A coded type of incident; ``routes`` are its routes in order."""

    class Category(models.TextChoices):
        BEHAVIOURAL = "BH", "behavioural"
        QUALITY_OF_LIFE = "QOL", "quality of life"
        MEDICAL = "MED", "medical"
        SAFETY = "SAF", "safety and crime"
        ADMINISTRATIVE = "ADM", "administrative"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    name_es = models.CharField(max_length=80)
    category = models.CharField(max_length=3, choices=Category.choices)
    routes = models.JSONField(default=list)
    upgrades = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Beat(models.Model):
    """A patrol area: the unit of geography for hours and coverage; a box, and an outline if known."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    south = models.FloatField(null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BeatOutline(models.Model):
    """The true shape of a beat as GeoJSON; in a table of its own, so that lists of calls stay light."""

    beat = models.OneToOneField(Beat, models.CASCADE, related_name="outline")
    geometry = models.JSONField()

    def __str__(self) -> str:
        return f"outline of {self.beat_id}"


class Neighbor(models.Model):
    """A person whom HEART knows by name; calls about them point here."""

    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, default="en")

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class CarePlan(models.Model):
    """What a familiar neighbor agreed that others should know: what helps, what harms, whom to call."""

    neighbor = models.OneToOneField(Neighbor, models.CASCADE, related_name="care_plan")
    helps = models.TextField(max_length=2000, blank=True)
    harms = models.TextField(max_length=2000, blank=True)
    whom_to_call = models.TextField(max_length=500, blank=True)
    agreed_at = models.DateTimeField()
    review_on = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"care plan of {self.neighbor}"


class PremiseNote(models.Model):
    """What is known of a place, with its source and until when it counts: observed, no diagnosis."""

    class Kind(models.TextChoices):
        HAZARD = "hazard", "hazard"
        PREMISE = "premise", "premise"
        ACCESS = "access", "access"

    class Source(models.TextChoices):
        CREW = "crew", "a crew"
        CALLER = "caller", "a caller"
        OFFICER = "officer", "an officer"
        AGENCY = "agency", "an agency"
        NEIGHBOR = "neighbor", "the neighbor, of their own will"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=8, choices=Source.choices)
    location_text = models.CharField(max_length=300)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    radius_m = models.PositiveSmallIntegerField(default=30)
    observed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("observed_at")), name="premise_note_expires_later"
            ),
        ]
        indexes: ClassVar = [
            # notes of a place, looked up with every opening of a call
            models.Index(fields=["latitude", "longitude"], name="premise_note_by_point"),
            models.Index(Plain("location_text"), name="premise_note_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.location_text}"


class Call(models.Model):
    """One 911 call and the incident it opens; what later stages add hangs on it by their own rows."""

    class Relation(models.TextChoices):
        SELF = "self", "about themselves"
        WITH_PERSON = "with_person", "with the person"
        THIRD_ABSENT = "third_absent", "about someone elsewhere"
        AGENCY = "agency", "an agency"
        UNKNOWN = "unknown", "not known"

    class Source(models.TextChoices):
        PHONE = "phone", "911 call"
        API = "api", "another system"
        EIDO = "eido", "EIDO document"
        OFFICER = "officer", "officer or field request"
        INBOUND_988 = "988", "988 line"
        FIELD = "field", "begun by a team in the field"
        PAPER = "paper", "taken on paper"
        IMPORT = "import", "imported history"
        DEMO = "demo", "demonstration traffic"

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", "resolved on scene"
        BY_PHONE = "by_phone", "resolved by phone"
        TRANSPORTED = "transported", "transported, voluntarily"
        INVOLUNTARY = "involuntary", "involuntary hold"
        LEFT_WITH_FAMILY = "left_with_family", "left with family or friends"
        REFERRED = "referred", "referred to a service"
        DECLINED = "declined", "help declined"
        NOT_LOCATED = "not_located", "not located"
        HANDED_OFF = "handed_off", "handed off to another agency"
        NOT_NEEDED = "not_needed", "no help was needed"

    number = models.CharField(max_length=12, unique=True)
    status = models.CharField(max_length=10, default=CallStatus.TAKING)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PHONE)
    is_synthetic = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    caller_phone = models.CharField(max_length=40, blank=True)
    location_text = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    beat = models.ForeignKey(Beat, models.PROTECT, null=True)
    caller_relation = models.CharField(max_length=15, choices=Relation.choices, blank=True)
    language = models.CharField(max_length=12, default="en")
    nature = models.ForeignKey(Nature, models.PROTECT, null=True, related_name="calls")
    initial_nature = models.ForeignKey(Nature, models.PROTECT, null=True, related_name="+")
    narrative = models.TextField(blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    neighbor = models.ForeignKey(Neighbor, models.PROTECT, null=True, related_name="calls")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    external_ref = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in CallStatus]), name="call_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="call_has_both_coordinates_or_none",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="call_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status="closed"),
                name="call_merged_is_closed",
            ),
            # an EIDO or an imported row becomes one call, however often it is sent
            models.UniqueConstraint(
                fields=["source", "external_ref"],
                condition=~Q(external_ref=""),
                name="call_once_per_external_ref",
            ),
        ]
        indexes: ClassVar = [
            # the board: every call that is not closed
            models.Index(fields=["status"], name="call_not_closed", condition=~Q(status="closed")),
            # history of a number and of a place
            models.Index(
                fields=["caller_phone"], name="call_by_phone", condition=~Q(caller_phone="")
            ),
            # reports by span
            models.Index(fields=["received_at"], name="call_by_time"),
            # earlier calls of a place: by its point, and by its words as they are compared
            models.Index(
                fields=["latitude", "longitude"],
                name="call_by_point",
                condition=Q(latitude__isnull=False),
            ),
            models.Index(
                Plain("location_text"), name="call_by_place", condition=~Q(location_text="")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Note(models.Model):
    """A line of the narrative, append-only: who wrote it and when."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"note {self.pk}"
