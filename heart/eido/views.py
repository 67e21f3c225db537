"""Another system hands over an incident."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from heart.accounts.models import User
from heart.api.idempotency import once
from heart.api.parsers import StrictJSONParser
from heart.eido.actions import Outcome, Taken
from heart.eido.inbox import take_document
from heart.roles import Permission
from triage.queries import decision_body


class EidoParser(StrictJSONParser):
    """The media type that the standard registers for EIDO; plain JSON is taken as well."""

    media_type = "application/EmergencyCallData.eido+json"


class EidoAnswer(serializers.Serializer[None]):
    """The call an incident became, what was done, and what a person should look at."""

    number = serializers.CharField()
    status = serializers.CharField()
    outcome = serializers.ChoiceField(choices=[(o.value, o.value) for o in Outcome])
    decision = serializers.DictField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())


class EidoView(APIView):
    """Incidents of other systems as NENA EIDO documents."""

    permissions = {"POST": Permission.SEND_EIDO}
    parser_classes = [StrictJSONParser, EidoParser]

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="the same key with the same document gets the same answer",
            )
        ],
        responses={
            201: OpenApiResponse(EidoAnswer, "the incident is a new call"),
            200: OpenApiResponse(EidoAnswer, "its call was brought up to date, or stays as it is"),
            422: OpenApiResponse(OpenApiTypes.OBJECT, "refused, with a JSON pointer per fault"),
            503: OpenApiResponse(OpenApiTypes.OBJECT, "the agency has supplied no schema"),
        },
        tags=["eido"],
    )
    def post(self, request: Request) -> Response:
        """Check a document against schema, registries and itself, then take it as a call."""
        user: User = request.user  # type: ignore[assignment]  # the permission demands one

        def command() -> tuple[int, Any]:
            taken = take_document(request.data, by=user.actor("api"))
            return 201 if taken.outcome == Outcome.CREATED else 200, _answer(taken)

        status, body = once(request, command)
        return Response(body, status)


def _answer(taken: Taken) -> dict[str, Any]:
    return {
        "number": taken.call.number,
        "status": taken.call.status,
        "outcome": taken.outcome,
        "decision": decision_body(taken.decision),
        "warnings": taken.warnings,
    }
