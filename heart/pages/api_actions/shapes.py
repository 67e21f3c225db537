"""What a step takes and what it answers; the OpenAPI document and the checking are the same."""

from rest_framework import serializers

from dispatch.actions import CANCEL_REASONS, HANDOFF_OUTCOMES
from dispatch.models import Backup, Handoff, Run, Unit
from dispatch.states import BackupStatus, HandoffStatus, RunStatus
from followup.models import Attempt, Consent, FollowUp, Notice
from followup.states import FollowUpStatus
from intake.models import Call
from intake.states import CallStatus
from triage.models import Consult, Route
from triage.states import ConsultStatus, LoweringStatus

CALL_STATUSES = [(s.value, s.value) for s in CallStatus]
CONSULT_KINDS = Consult.Kind.choices
CONSULT_OUTCOMES = Consult.Outcome.choices
CONSULT_STATUSES = [(s.value, s.value) for s in ConsultStatus]
LOWERING_STATUSES = [(s.value, s.value) for s in LoweringStatus]
UNIT_KINDS = Unit.Kind.choices
RUN_OUTCOMES = Run.Outcome.choices
RUN_STATUSES = [(s.value, s.value.replace("_", " ")) for s in RunStatus]
HANDOFF_AGENCIES = Handoff.Agency.choices
HANDOFF_STATUSES = [(s.value, s.value) for s in HandoffStatus]
BACKUP_STATUSES = [(s.value, s.value) for s in BackupStatus]
BACKUP_AGENCIES = [("POLICE", "police"), ("EMS", "EMS")]
ATTEMPT_OUTCOMES = Attempt.Outcome.choices
FOLLOWUP_ENDS = FollowUp.CloseReason.choices
FOLLOWUP_STATUSES = [(s.value, s.value) for s in FollowUpStatus]
CANCELLING = list(CANCEL_REASONS.items())
LOOP_OUTCOMES = list(HANDOFF_OUTCOMES.items())
REOPENING = [("new_information", "new information"), ("closed_by_mistake", "closed by mistake")]
SERVICE = [("in", "in service"), ("out", "out of service")]


class Nothing(serializers.Serializer[None]):
    """No field: the address says it all."""


class Text(serializers.Serializer[None]):
    """Words that are added and never changed."""

    text = serializers.CharField(max_length=8000)


class Level(serializers.Serializer[None]):
    """The level to raise to."""

    level = serializers.IntegerField(min_value=1, max_value=4)


class RouteChoice(serializers.Serializer[None]):
    """Another route than the rules chose, and why."""

    route = serializers.ChoiceField(choices=Route.choices)
    reason = serializers.CharField(max_length=300)


class LoweringWish(RouteChoice):
    """A lower route and level that a clinician has to agree to."""

    level = serializers.IntegerField(min_value=1, max_value=4)


class EndOutcome(serializers.Serializer[None]):
    """How the contact at the desk ended."""

    outcome = serializers.ChoiceField(choices=CONSULT_OUTCOMES)


class UnitCode(serializers.Serializer[None]):
    """The unit to send."""

    unit = serializers.CharField(max_length=12)


class Clearing(serializers.Serializer[None]):
    """What became of the encounter, and whether the crew felt safe."""

    outcome = serializers.ChoiceField(choices=RUN_OUTCOMES)
    felt_safe = serializers.ChoiceField(choices=Run.FeltSafe.choices)


class CancelReason(serializers.Serializer[None]):
    """Why a unit is called back."""

    reason = serializers.ChoiceField(choices=CANCELLING)


class BackupWish(serializers.Serializer[None]):
    """Who should come to the crew."""

    agency = serializers.ChoiceField(choices=BACKUP_AGENCIES)


class NewHandoff(serializers.Serializer[None]):
    """The agency that takes the call, its own name and reference where known."""

    agency = serializers.ChoiceField(choices=HANDOFF_AGENCIES)
    agency_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=60, required=False, allow_blank=True)


class LoopOutcome(serializers.Serializer[None]):
    """What the agency says became of it."""

    outcome = serializers.ChoiceField(choices=LOOP_OUTCOMES)


class Closure(serializers.Serializer[None]):
    """The answer about follow-up, the ways to reach the person, and why HEART did not serve."""

    outcome = serializers.ChoiceField(
        choices=Call.Outcome.choices,
        default="",
        allow_blank=True,
        help_text="without it, what came of the last meeting",
    )
    consent = serializers.ChoiceField(
        choices=Consent.Answer.choices,
        required=False,
        help_text="without it, what the crew wrote down",
    )
    by_call = serializers.BooleanField(default=False)
    by_voicemail = serializers.BooleanField(default=False)
    by_text = serializers.BooleanField(default=False)
    phone = serializers.CharField(max_length=40, default="", allow_blank=True)
    preferred_time = serializers.CharField(max_length=80, default="", allow_blank=True)
    not_served_reason = serializers.CharField(max_length=30, default="", allow_blank=True)


class UnitStatusWish(serializers.Serializer[None]):
    """What a unit does now; clearing a call (available) takes its outcome and whether it felt safe."""

    status = serializers.ChoiceField(
        choices=[
            "acknowledged",
            "en_route",
            "on_scene",
            "transporting",
            "clearing",
            "available",
            "out_of_service",
        ]
    )
    outcome = serializers.ChoiceField(choices=Run.Outcome.choices, required=False)
    felt_safe = serializers.ChoiceField(choices=Run.FeltSafe.choices, default="not_answered")


class CallBackup(serializers.Serializer[None]):
    """Whom a crew needs; the unit where more than one is on the call."""

    agency = serializers.ChoiceField(choices=Backup.Agency.choices)
    unit = serializers.CharField(max_length=12, required=False)


class AlertAnswer(serializers.Serializer[None]):
    """Something that nobody did in time."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    level = serializers.ChoiceField(choices=["high", "medium", "low"])
    rung = serializers.CharField(help_text="warn, due, supervisor or page")
    call = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    raised_at = serializers.DateTimeField()
    owner = serializers.CharField(allow_null=True)


class Reopening(serializers.Serializer[None]):
    """Why a closed call is opened again."""

    reason = serializers.ChoiceField(choices=REOPENING)


class NewAttempt(serializers.Serializer[None]):
    """One try to reach the person."""

    channel = serializers.ChoiceField(choices=Attempt.Channel.choices)
    outcome = serializers.ChoiceField(choices=ATTEMPT_OUTCOMES)
    note = serializers.CharField(max_length=2000, default="", allow_blank=True)


class FollowUpEnd(serializers.Serializer[None]):
    """Why a follow-up is over."""

    reason = serializers.ChoiceField(choices=FOLLOWUP_ENDS)


class NoteAnswer(serializers.Serializer[None]):
    """A line that was written."""

    id = serializers.IntegerField()
    written_at = serializers.DateTimeField()
    author = serializers.CharField()
    text = serializers.CharField()


class CallStatusAnswer(serializers.Serializer[None]):
    """A call and where it stands."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=CALL_STATUSES)
    closed_at = serializers.DateTimeField(allow_null=True)
    followup_id = serializers.IntegerField(allow_null=True)
    followup_due_at = serializers.DateTimeField(allow_null=True)


class LoweringAnswer(serializers.Serializer[None]):
    """A request to lower a call."""

    id = serializers.IntegerField()
    call = serializers.CharField()
    status = serializers.ChoiceField(choices=LOWERING_STATUSES)
    route = serializers.ChoiceField(choices=Route.choices)
    level = serializers.IntegerField(min_value=1, max_value=4)
    reason = serializers.CharField()


class ConsultAnswer(serializers.Serializer[None]):
    """A call at the clinician's desk."""

    id = serializers.IntegerField()
    call = serializers.CharField()
    kind = serializers.ChoiceField(choices=CONSULT_KINDS)
    status = serializers.ChoiceField(choices=CONSULT_STATUSES)
    level = serializers.IntegerField(min_value=1, max_value=4)
    offered_at = serializers.DateTimeField()
    accept_due_at = serializers.DateTimeField()
    accepted_by = serializers.CharField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=CONSULT_OUTCOMES, allow_null=True)


class QueuedConsult(ConsultAnswer):
    """A waiting call with what a clinician chooses by."""

    nature = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    beat = serializers.CharField(allow_null=True)
    route = serializers.ChoiceField(choices=Route.choices, allow_null=True)
    why = serializers.CharField(allow_blank=True)


class UnitAnswer(serializers.Serializer[None]):
    """A unit; ``status`` is its run's while it has one."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=UNIT_KINDS)
    status = serializers.CharField()
    since = serializers.DateTimeField()
    run = serializers.IntegerField(allow_null=True)
    call = serializers.CharField(allow_null=True)


class RunAnswer(serializers.Serializer[None]):
    """One unit on one call."""

    id = serializers.IntegerField()
    call = serializers.CharField()
    unit = serializers.CharField()
    status = serializers.ChoiceField(choices=RUN_STATUSES)
    dispatched_at = serializers.DateTimeField()
    en_route_at = serializers.DateTimeField(allow_null=True)
    on_scene_at = serializers.DateTimeField(allow_null=True)
    transporting_at = serializers.DateTimeField(allow_null=True)
    clearing_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=RUN_OUTCOMES, allow_null=True)
    felt_safe = serializers.ChoiceField(choices=Run.FeltSafe.choices, allow_null=True)


class BackupAnswer(serializers.Serializer[None]):
    """A request for backup."""

    id = serializers.IntegerField()
    run = serializers.IntegerField()
    agency = serializers.ChoiceField(choices=BACKUP_AGENCIES)
    status = serializers.ChoiceField(choices=BACKUP_STATUSES)
    requested_at = serializers.DateTimeField()
    arrived_at = serializers.DateTimeField(allow_null=True)


class HandoffAnswer(serializers.Serializer[None]):
    """A call in the hands of another agency."""

    id = serializers.IntegerField()
    call = serializers.CharField()
    agency = serializers.ChoiceField(choices=HANDOFF_AGENCIES)
    agency_name = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=HANDOFF_STATUSES)
    made_at = serializers.DateTimeField()
    confirm_due_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=LOOP_OUTCOMES, allow_null=True)


class AttemptAnswer(serializers.Serializer[None]):
    """One try to reach the person."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    channel = serializers.ChoiceField(choices=Attempt.Channel.choices)
    outcome = serializers.ChoiceField(choices=ATTEMPT_OUTCOMES)
    made_at = serializers.DateTimeField()


class FollowUpAnswer(serializers.Serializer[None]):
    """A promise: by when, whose, and how far it is."""

    id = serializers.IntegerField()
    call = serializers.CharField()
    status = serializers.ChoiceField(choices=FOLLOWUP_STATUSES)
    priority = serializers.ChoiceField(choices=FollowUp.Priority.choices)
    due_at = serializers.DateTimeField()
    attempt_due_at = serializers.DateTimeField()
    owner = serializers.CharField(allow_null=True)
    attempts = serializers.IntegerField()
    reached_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.ChoiceField(choices=FOLLOWUP_ENDS, allow_null=True)


class FollowUpRecord(FollowUpAnswer):
    """A promise with what is needed to keep it."""

    language = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    by_call = serializers.BooleanField()
    by_voicemail = serializers.BooleanField()
    by_text = serializers.BooleanField()
    preferred_time = serializers.CharField(allow_blank=True)
    history = AttemptAnswer(many=True)


class NoticeAnswer(serializers.Serializer[None]):
    """Something a role has to look at."""

    id = serializers.IntegerField()
    followup = serializers.IntegerField()
    code = serializers.ChoiceField(choices=Notice.Code.choices)
    raised_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
