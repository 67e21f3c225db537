"""The clinician queue."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from heart.api.problems import Problem
from heart.moves import MoveRefused
from heart.pages.api_actions import bodies, shapes
from heart.pages.api_actions.answers import KEY, REFUSED, answer, said
from heart.pages.queries.desk import desk_rows, who_has
from heart.roles import Permission
from triage import actions
from triage.models import Consult


class ConsultsView(APIView):
    """The queue."""

    permissions = {"GET": Permission.WORK_DESK}

    @extend_schema(responses={200: shapes.QueuedConsult(many=True)}, tags=["desk"])
    def get(self, request: Request) -> Response:
        """Calls that wait for a clinician or are with one: highest level first, then oldest."""
        return Response([bodies.queued(row) for row in desk_rows()])


class AcceptanceView(APIView):
    """A clinician who takes a call."""

    permissions = {"POST": Permission.WORK_DESK}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.ConsultAnswer, **REFUSED},
        parameters=[KEY],
        tags=["desk"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Accept; of several exactly one wins, the others get 409 naming who."""
        consult = get_object_or_404(Consult, pk=pk)
        said(request, shapes.Nothing)
        try:
            return answer(
                request,
                lambda by: bodies.consult(actions.accept_consult(consult_id=consult.pk, by=by)),
            )
        except MoveRefused:
            raise Problem(409, "consult-taken", who_has(consult.pk)) from None


class EndView(APIView):
    """The end of a contact."""

    permissions = {"POST": Permission.WORK_DESK}

    @extend_schema(
        request=shapes.EndOutcome,
        responses={200: shapes.ConsultAnswer, **REFUSED},
        parameters=[KEY],
        tags=["desk"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """End: resolved by phone, something is sent, a call-back, or the line was lost."""
        consult, body = get_object_or_404(Consult, pk=pk), said(request, shapes.EndOutcome)
        return answer(
            request,
            lambda by: bodies.consult(
                actions.end_consult(consult_id=consult.pk, outcome=body["outcome"], by=by)
            ),
        )
