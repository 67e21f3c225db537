"""Rules as data, and what they decided about each call."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from intake.models import Call
from triage.states import OPEN_CONSULT, ConsultStatus, LoweringStatus, RuleSetStatus


class Route(models.TextChoices):
    CCD = "CCD", "clinician by phone"
    CRT = "CRT", "community response team"
    COR = "COR", "co-response"
    POLICE = "POLICE", "police"
    EMS = "EMS", "EMS"
    FIRE = "FIRE", "fire"
    LINE_988 = "988", "988 line"
    PSAP = "PSAP", "another 911 centre"
    DISPATCHER = "DISPATCHER", "dispatcher chooses"


HEART_ROUTES = (Route.CCD, Route.CRT, Route.COR)
PROTECTION = {
    Route.DISPATCHER: 0,
    Route.CCD: 1,
    Route.LINE_988: 1,
    Route.CRT: 2,
    Route.COR: 3,
    Route.PSAP: 4,
    Route.POLICE: 4,
    Route.EMS: 4,
    Route.FIRE: 4,
}
"""How much protection a route brings; going down this scale at level 3 or 4 takes two people."""


class RuleSet(models.Model):
    """One version of questions, rules, targets and fallback chain; calls keep the one they began with.

    Frozen by the database once it is no draft any more: what decided about a call stays readable, so
    that every stored decision can be made again. ``natures`` are those of the day it was frozen,
    ``evidence`` is what was proven of it then. ``is_installed`` marks a version that the
    administrator loaded from files, without the two people that every other one takes.
    """

    version = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    status = models.CharField(max_length=10, default=RuleSetStatus.DRAFT)
    is_synthetic = models.BooleanField(default=True)
    is_installed = models.BooleanField(default=False)
    switches = models.JSONField(default=dict)
    natures = models.JSONField(default=list)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    evidence = models.JSONField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    active_from = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in RuleSetStatus]),
                name="rule_set_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="active"), name="rule_set_one_is_active"
            ),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="shadow"), name="rule_set_one_is_in_shadow"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="rule_set_takes_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["shadow", "active"])
                | Q(is_installed=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, author__isnull=False),
                name="rule_set_counts_only_when_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(activated_at__isnull=False),
                name="rule_set_active_since",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def is_frozen(self) -> bool:
        """Whether its content can never change again."""
        return self.status != RuleSetStatus.DRAFT

    @property
    def was_active(self) -> bool:
        """Whether it has decided about calls, so that the console may return to it at once."""
        return self.activated_at is not None


class Question(models.Model):
    """One triage question in plain words, with its answers in order."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="questions")
    key = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    ask_en = models.CharField(max_length=300)
    ask_es = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    answers = models.JSONField(default=list)
    only_after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule_set", "key"], name="question_once_per_set"),
        ]

    def __str__(self) -> str:
        return self.key


class Rule(models.Model):
    """One row of the decision table; the shapes are described in triage/rules/__init__.py.

    ``is_hard`` marks a disqualifier: these stand on top, and nothing below can outvote them.
    """

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="rules")
    code = models.CharField(max_length=8)
    order = models.PositiveSmallIntegerField()
    is_hard = models.BooleanField(default=False)
    body = models.JSONField()
    reason_en = models.CharField(max_length=300)
    reason_es = models.CharField(max_length=300)
    citation = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule_set", "code"], name="rule_once_per_set"),
            models.UniqueConstraint(fields=["rule_set", "order"], name="rule_order_is_strict"),
        ]

    def __str__(self) -> str:
        return self.code


class Target(models.Model):
    """How long something may take; seconds, with where the figure comes from."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="targets")
    key = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField(null=True)
    seconds = models.PositiveIntegerField()
    label_en = models.CharField(max_length=120)
    label_es = models.CharField(max_length=120)
    basis = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["key", "level"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule_set", "key", "level"],
                name="target_once_per_key_and_level",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.level or ''}".strip()


class FallbackStep(models.Model):
    """What happens, in order, when the preferred unit is closed, busy or out of its area."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="fallback")
    order = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=20)
    highest_level = models.PositiveSmallIntegerField()
    label_en = models.CharField(max_length=160)
    label_es = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.label_en


class Invariant(models.Model):
    """A safety statement that every version has to keep, of every call; ``body`` is its formal part."""

    code = models.CharField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField()
    en = models.CharField(max_length=300)
    es = models.CharField(max_length=300)
    body = models.JSONField()

    class Meta:
        ordering: ClassVar = ["order", "code"]

    def __str__(self) -> str:
        return self.en


class Scenario(models.Model):
    """A call that was thought through, with the decision that every version has to give it."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    nature = models.CharField(max_length=20, blank=True)
    answers = models.JSONField(default=dict)
    route = models.CharField(max_length=10, choices=Route.choices)
    added = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField()
    is_shipped = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title


class ReasonCode(models.Model):
    """Why an eligible call was not served as decided."""

    code = models.CharField(max_length=30, unique=True)
    label_en = models.CharField(max_length=120)
    label_es = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["label_en"]

    def __str__(self) -> str:
        return self.label_en


class Decision(models.Model):
    """One answer of the rules, or of a person over them, with everything it rested on; never changed.

    ``said`` is what the table alone says to ``inputs``, before a level that a person raised or a
    riskier decision in force is kept: the same version gives the same again, for ever.
    """

    class Source(models.TextChoices):
        RULES = "rules", "by the rules"
        PERSON = "person", "by a person"

    call = models.ForeignKey(Call, models.PROTECT, related_name="decisions")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.RULES)
    inputs = models.JSONField()
    route = models.CharField(max_length=10, choices=Route.choices)
    added = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    matched = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    is_held = models.BooleanField(default=False)
    override_reason = models.CharField(max_length=300, blank=True)
    said = models.JSONField(default=dict)
    decided_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="decision_level_1_to_4"),
            models.CheckConstraint(
                condition=Q(source="rules") | ~Q(override_reason=""),
                name="decision_of_a_person_has_a_reason",
            ),
        ]
        indexes: ClassVar = [
            # rules in use: the decisions of a span
            models.Index(fields=["decided_at"], name="decision_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.route} level {self.level}"

    @property
    def units(self) -> list[str]:
        """The primary route and what was added to it."""
        return [self.route, *self.added]


class ShadowDecision(models.Model):
    """What the version in shadow says to the same call; seen in reports only, nothing acts on it."""

    decision = models.OneToOneField(
        Decision, models.PROTECT, primary_key=True, related_name="shadow"
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="shadow_decisions")
    inputs = models.JSONField()
    route = models.CharField(max_length=10, choices=Route.choices)
    added = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    differs = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["-decision_id"]
        indexes: ClassVar = [
            # the list of disagreements of a version, newest first
            models.Index(
                fields=["rule_set", "-decision"],
                name="shadow_disagreements",
                condition=Q(differs=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.route} level {self.level} in shadow"


class Assessment(models.Model):
    """The triage of one call as it stands: the answers so far and the decision in force."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="assessment")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT)
    answers = models.JSONField(default=dict)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    level_floor = models.PositiveSmallIntegerField(default=1)
    clarify_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            # sweep: clarifying passes that are over
            models.Index(
                fields=["clarify_due_at"],
                name="assessment_to_clarify",
                condition=Q(clarify_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.call_id}"


class Eligibility(models.Model):
    """What should respond, ignoring hours, area and staffing; apart from what did (dispatch.Service)."""

    class State(models.TextChoices):
        ELIGIBLE = "eligible", "eligible for HEART"
        INELIGIBLE = "ineligible", "not eligible, by rule"
        UNKNOWN = "unknown", "the rules could not tell"
        NOT_TRIAGED = "not_triaged", "not triaged"

    call = models.OneToOneField(Call, models.PROTECT, related_name="eligibility")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_TRIAGED)
    is_supported = models.BooleanField(default=False)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "eligibility"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="not_triaged", decision__isnull=True)
                | (~Q(state="not_triaged") & Q(decision__isnull=False)),
                name="eligibility_rests_on_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class Consult(models.Model):
    """A call in the clinician queue: waiting, accepted by exactly one clinician, ended."""

    class Kind(models.TextChoices):
        TRANSFER = "transfer", "caller on the line"
        CALL_BACK = "call_back", "call back"

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", "resolved by phone"
        SEND_CRT = "send_crt", "send a community response team"
        SEND_COR = "send_cor", "send co-response"
        SEND_EMS = "send_ems", "send EMS"
        SEND_POLICE = "send_police", "send police"
        TO_988 = "to_988", "988 takes over"
        CALL_BACK = "call_back", "call back later"
        LINE_LOST = "line_lost", "line lost"

    call = models.ForeignKey(Call, models.PROTECT, related_name="consults")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TRANSFER)
    status = models.CharField(max_length=10, default=ConsultStatus.WAITING)
    level = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField()
    accept_due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="consults"
    )
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-level", "offered_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in ConsultStatus]),
                name="consult_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(status__in=[s.value for s in OPEN_CONSULT]),
                name="consult_one_open_per_call",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="consult_accepted_by_and_at_together",
            ),
        ]
        indexes: ClassVar = [
            # the desk: highest level, then oldest
            models.Index(
                fields=["-level", "offered_at"],
                name="consult_open_in_order",
                condition=Q(status__in=["waiting", "accepted"]),
            ),
        ]

    def __str__(self) -> str:
        return f"consult {self.pk}"


class Lowering(models.Model):
    """A request to lower a level 3 or 4 call, and the clinician's answer."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="lowerings")
    status = models.CharField(max_length=10, default=LoweringStatus.ASKED)
    to_route = models.CharField(max_length=10, choices=Route.choices)
    to_level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="lowering_takes_two_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="lowering_has_a_reason"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(status="asked"), name="lowering_one_asked_per_call"
            ),
        ]

    def __str__(self) -> str:
        return f"lowering {self.pk}"

    @property
    def wish(self) -> str:
        """Route and level that are asked for, like "CRT 2"."""
        return f"{self.to_route} {self.to_level}"


class ClinicalNote(models.Model):
    """A clinical note, apart from dispatch remarks: read by clinical roles only, every read logged."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="clinical_notes")
    consult = models.ForeignKey(Consult, models.PROTECT, null=True)
    text = models.TextField(max_length=8000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"clinical note {self.pk}"
