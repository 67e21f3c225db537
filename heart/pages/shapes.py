"""The shapes of requests and answers, for the OpenAPI document; checking is done by the actions."""

from rest_framework import serializers

from triage.models import Route
from triage.states import RuleSetStatus


class NewCall(serializers.Serializer[None]):
    """What another system may say about a call; every field is optional."""

    caller_phone = serializers.CharField(max_length=40, required=False)
    location_text = serializers.CharField(max_length=300, required=False)
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False)
    beat = serializers.CharField(max_length=12, required=False)
    caller_relation = serializers.CharField(max_length=15, required=False)
    language = serializers.CharField(max_length=12, required=False)
    nature = serializers.CharField(max_length=12, required=False)
    narrative = serializers.CharField(max_length=8000, required=False)
    answers = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="question id and answer"
    )


class Evaluation(serializers.Serializer[None]):
    """Answers to try; an absent key means not asked."""

    nature = serializers.CharField(max_length=12, required=False, allow_null=True)
    answers = serializers.DictField(child=serializers.CharField(), required=False)
    rule_set = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="number of the version to ask, of any status; without it the one in force",
    )


class DecisionAnswer(serializers.Serializer[None]):
    """What the rules say, and why."""

    route = serializers.ChoiceField(choices=Route.choices)
    added = serializers.ListField(child=serializers.ChoiceField(choices=Route.choices))
    level = serializers.IntegerField(min_value=1, max_value=4)
    rule = serializers.CharField()
    rule_set = serializers.IntegerField(help_text="number of the version that decided")
    reasons = serializers.ListField(child=serializers.CharField())
    held = serializers.BooleanField(required=False)


class CallAnswer(serializers.Serializer[None]):
    """A stored call: its number, its status and the decision in force."""

    number = serializers.CharField()
    status = serializers.CharField()
    decision = DecisionAnswer(allow_null=True)
    changes = serializers.ListField(child=serializers.CharField(), required=False)


class RuleSetCounts(serializers.Serializer[None]):
    """How much a version holds."""

    questions = serializers.IntegerField()
    rules = serializers.IntegerField()
    hard_rules = serializers.IntegerField()
    targets = serializers.IntegerField()


class RuleSetLine(serializers.Serializer[None]):
    """A version of the triage rules: what it is called, where it stands, since when."""

    version = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=[status.value for status in RuleSetStatus])
    is_synthetic = serializers.BooleanField(
        help_text="made up for this software: needs local clinical and legal sign-off"
    )
    based_on = serializers.IntegerField(allow_null=True, help_text="the version it came from")
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    active_from = serializers.DateTimeField(allow_null=True)
    activated_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)
    counts = RuleSetCounts()


class RuleSetList(serializers.Serializer[None]):
    """Every version that the reader may see, newest first."""

    rule_sets = RuleSetLine(many=True)


class RuleSetWhole(RuleSetLine):
    """A version with all that ``manage.py rules export`` writes: triage/rules/__init__.py has the shapes."""

    format = serializers.CharField()
    rule_set = serializers.DictField()
    natures = serializers.ListField(child=serializers.DictField())
    questions = serializers.ListField(child=serializers.DictField())
    rules = serializers.ListField(child=serializers.DictField())
    targets = serializers.ListField(child=serializers.DictField())
    fallback = serializers.ListField(child=serializers.DictField())
