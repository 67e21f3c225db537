"""The whole ranking of teams for a call, with its reasons, for other systems."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.models import Run
from dispatch.ranking import Ranked, Reason
from dispatch.recommending import Recommendation, recommend
from heart.accounts.actions import log_read
from heart.pages.api_actions import shapes
from heart.pages.api_actions.answers import REFUSED, person
from heart.pages.api_actions.bodies import Body, at
from heart.roles import Permission
from intake.models import Call
from triage.models import Route

ORIGINS = [
    ("phone", "the phone, less than 2 minutes ago"),
    ("phone_stale", "the station: the phone's position is old"),
    ("station", "the station"),
]


class ReasonAnswer(serializers.Serializer[None]):
    """Something for or against a team, as a code and in words."""

    code = serializers.CharField()
    words = serializers.CharField()
    minutes = serializers.IntegerField(
        help_text="what it is worth in the order, in minutes of road; below zero speaks for it"
    )
    stops = serializers.BooleanField(help_text="keeps the team from going")
    until = serializers.DateTimeField(allow_null=True)


class RankedUnitAnswer(serializers.Serializer[None]):
    """A team in its place of the ranking."""

    rank = serializers.IntegerField()
    unit = serializers.CharField()
    kind = serializers.ChoiceField(choices=shapes.UNIT_KINDS)
    can_go = serializers.BooleanField()
    is_free = serializers.BooleanField(help_text="could be sent all the same: on no call")
    reasons = ReasonAnswer(many=True)
    against = ReasonAnswer(many=True)
    minutes = serializers.IntegerField(allow_null=True, help_text="how long the way takes")
    meters = serializers.IntegerField(allow_null=True)
    way_source = serializers.CharField(allow_null=True, help_text="who says how far it is")
    position_source = serializers.ChoiceField(choices=ORIGINS, allow_null=True)
    position_at = serializers.DateTimeField(allow_null=True)
    available_at = serializers.DateTimeField(
        allow_null=True, help_text="when it can probably go, where time alone helps"
    )


class PlanAnswer(serializers.Serializer[None]):
    """What serves the call now, and why it is not what was decided."""

    ideal = serializers.ChoiceField(choices=Route.choices)
    route = serializers.ChoiceField(choices=Route.choices)
    reason_code = serializers.CharField(allow_null=True)
    words = serializers.CharField(allow_blank=True)


class RecommendationAnswer(serializers.Serializer[None]):
    """Every team that is not on the call, the one that should go first."""

    call = serializers.CharField()
    recommended = serializers.CharField(allow_null=True, help_text="code of the team to send")
    because = serializers.CharField(allow_blank=True)
    available_at = serializers.DateTimeField(
        allow_null=True, help_text="when a team can probably go, while none can"
    )
    plan = PlanAnswer(allow_null=True)
    ranking = RankedUnitAnswer(many=True)


class RecommendationsView(APIView):
    """Which team should go to a call."""

    permissions = {"GET": Permission.VIEW_CALL}

    @extend_schema(responses={200: RecommendationAnswer, **REFUSED}, tags=["dispatch"])
    def get(self, request: Request, number: str) -> Response:
        """Rank the teams, each with its reasons; the read is written down. A closed call has none."""
        call = get_object_or_404(_calls(), number=number)
        log_read(by=person(request).actor("api"), call_id=call.pk, what="call", screen="api")
        if call.closed_at is not None:
            return Response(_body(call.number, None))
        assessment = getattr(call, "assessment", None)
        decision = assessment.decision if assessment else None
        return Response(_body(call.number, recommend(call, decision)))


def _calls() -> QuerySet[Call]:
    return Call.objects.select_related(
        "nature", "beat", "assessment__decision", "service"
    ).prefetch_related(Prefetch("runs", Run.objects.select_related("unit")))


def _body(number: str, advice: Recommendation | None) -> Body:
    if advice is None:
        advice = Recommendation(ranked=[], first=None, because="", soonest=None, plan=None)
    plan = advice.plan
    return {
        "call": number,
        "recommended": advice.first.unit.code if advice.first else None,
        "because": advice.because,
        "available_at": at(advice.soonest.unit.available_at) if advice.soonest else None,
        "plan": plan
        and {
            "ideal": plan.ideal,
            "route": plan.route,
            "reason_code": plan.reason_code or None,
            "words": plan.words,
        },
        "ranking": [_unit(nth, each) for nth, each in enumerate(advice.ranked, 1)],
    }


def _unit(nth: int, each: Ranked) -> Body:
    unit, trip = each.unit, each.unit.trip
    return {
        "rank": nth,
        "unit": unit.code,
        "kind": unit.kind,
        "can_go": each.can_go,
        "is_free": unit.is_free,
        "reasons": list(map(_reason, each.reasons)),
        "against": list(map(_reason, each.against)),
        "minutes": each.minutes,
        "meters": trip.meters if trip else None,
        "way_source": trip.source if trip else None,
        "position_source": unit.origin or None,
        "position_at": at(unit.position_at),
        "available_at": at(unit.available_at),
    }


def _reason(reason: Reason) -> Body:
    return {
        "code": reason.code,
        "words": reason.words,
        "minutes": reason.minutes,
        "stops": reason.stops,
        "until": at(reason.until),
    }
