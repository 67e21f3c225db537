"""Two calls about one incident made one."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.merging import Merged, merge
from heart.pages.api_actions.answers import KEY, REFUSED, answer, said
from heart.pages.api_actions.bodies import Body
from heart.pages.api_actions.calls import call_numbered
from heart.pages.shapes import DecisionAnswer
from heart.roles import Permission
from intake.models import Call
from intake.steps import Refused
from triage.queries import decision_body


class Into(serializers.Serializer[None]):
    """The call that goes on."""

    into = serializers.CharField(max_length=12)


class CountedAnswer(serializers.Serializer[None]):
    """A question that the calls answered differently: the answers, and the riskier one that counts."""

    question = serializers.CharField()
    of_the_call_that_stays = serializers.CharField()
    of_the_merged_call = serializers.CharField()
    counts = serializers.CharField()


class MergeAnswer(serializers.Serializer[None]):
    """The call that goes on, what went over to it, and its decision."""

    number = serializers.CharField()
    merged = serializers.CharField()
    units = serializers.ListField(child=serializers.CharField())
    handoffs = serializers.ListField(child=serializers.IntegerField())
    answers = CountedAnswer(many=True)
    decision = DecisionAnswer(allow_null=True)


class MergeView(APIView):
    """A call that tells of the same incident as another."""

    permissions = {"POST": Permission.DISPATCH}

    @extend_schema(
        request=Into,
        responses={200: MergeAnswer, **REFUSED},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Close this call as a part of another; teams go over, the riskier answers count."""
        call, body = call_numbered(number), said(request, Into)
        into = Call.objects.filter(number=body["into"]).first()
        if into is None:
            raise Refused(into="there is no call of this number")
        return answer(request, lambda by: _body(merge(call_id=call.pk, into_id=into.pk, by=by)))


def _body(done: Merged) -> Body:
    plan = done.plan
    return {
        "number": done.call.number,
        "merged": plan.call.number,
        "units": [run.unit.code for run in plan.runs],
        "handoffs": [handoff.pk for handoff in plan.handoffs],
        "answers": [
            {
                "question": each.key,
                "of_the_call_that_stays": each.ours,
                "of_the_merged_call": each.theirs,
                "counts": each.counts,
            }
            for each in plan.weighed
        ],
        "decision": decision_body(done.decision),
    }
