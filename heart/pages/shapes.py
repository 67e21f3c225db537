"""The shapes of requests and answers, for the OpenAPI document; checking is done by the actions."""

from rest_framework import serializers

from triage.models import Route


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


class DecisionAnswer(serializers.Serializer[None]):
    """What the rules say, and why."""

    route = serializers.ChoiceField(choices=Route.choices)
    added = serializers.ListField(child=serializers.ChoiceField(choices=Route.choices))
    level = serializers.IntegerField(min_value=1, max_value=4)
    rule = serializers.CharField()
    rule_set = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    held = serializers.BooleanField(required=False)


class CallAnswer(serializers.Serializer[None]):
    """A stored call: its number, its status and the decision in force."""

    number = serializers.CharField()
    status = serializers.CharField()
    decision = DecisionAnswer(allow_null=True)
    changes = serializers.ListField(child=serializers.CharField(), required=False)
