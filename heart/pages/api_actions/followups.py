"""The promise: whose it is, what was tried, and how it ended."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from followup import actions
from followup.models import FollowUp
from followup.queries import worklist
from heart.accounts.actions import log_read
from heart.pages.api_actions import bodies, shapes
from heart.pages.api_actions.answers import KEY, REFUSED, answer, person, said
from heart.pages.queries.worklist import notices_for
from heart.roles import Permission


class FollowUpsView(APIView):
    """The worklist."""

    permissions = {"GET": Permission.WORK_FOLLOWUP}

    @extend_schema(responses={200: shapes.FollowUpAnswer(many=True)}, tags=["follow-up"])
    def get(self, request: Request) -> Response:
        """Every open follow-up, the least time left first."""
        return Response([bodies.followup(row) for row in worklist()])


class FollowUpView(APIView):
    """One promise."""

    permissions = {"GET": Permission.WORK_FOLLOWUP}

    @extend_schema(responses={200: shapes.FollowUpRecord, **REFUSED}, tags=["follow-up"])
    def get(self, request: Request, pk: int) -> Response:
        """Open a person's follow-up; the read is written down."""
        row = get_object_or_404(FollowUp.objects.select_related("call__consent", "owner"), pk=pk)
        by = person(request).actor("api")
        log_read(by=by, call_id=row.call_id, what="follow-up", screen="api")
        return Response(bodies.followup_record(row))


class OwnerView(APIView):
    """Who keeps the promise."""

    permissions = {"POST": Permission.WORK_FOLLOWUP}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.FollowUpAnswer, **REFUSED},
        parameters=[KEY],
        tags=["follow-up"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make it one's own."""
        row = get_object_or_404(FollowUp, pk=pk)
        said(request, shapes.Nothing)
        return answer(request, lambda by: bodies.followup(actions.take(followup_id=row.pk, by=by)))


class AttemptsView(APIView):
    """Tries to reach the person."""

    permissions = {"POST": Permission.WORK_FOLLOWUP}

    @extend_schema(
        request=shapes.NewAttempt,
        responses={201: shapes.AttemptAnswer, **REFUSED},
        parameters=[KEY],
        tags=["follow-up"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write down one try; a person reached in crisis goes back to the clinicians at once."""
        row, body = get_object_or_404(FollowUp, pk=pk), said(request, shapes.NewAttempt)
        return answer(
            request,
            lambda by: bodies.attempt(actions.log_attempt(followup_id=row.pk, **body, by=by)),
            status=201,
        )


class FollowUpClosureView(APIView):
    """The end of a promise."""

    permissions = {"POST": Permission.WORK_FOLLOWUP}

    @extend_schema(
        request=shapes.FollowUpEnd,
        responses={200: shapes.FollowUpAnswer, **REFUSED},
        parameters=[KEY],
        tags=["follow-up"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """End it with its reason; unreachable only after five attempts."""
        row, body = get_object_or_404(FollowUp, pk=pk), said(request, shapes.FollowUpEnd)
        return answer(
            request,
            lambda by: bodies.followup(
                actions.close_followup(followup_id=row.pk, reason=body["reason"], by=by)
            ),
        )


class NoticesView(APIView):
    """What one's role has to look at."""

    permissions = {"GET": Permission.WORK_FOLLOWUP}

    @extend_schema(responses={200: shapes.NoticeAnswer(many=True)}, tags=["follow-up"])
    def get(self, request: Request) -> Response:
        """Notices of one's role that nobody has seen yet."""
        return Response([bodies.notice(row) for row in notices_for(person(request))])


class NoticeSeenView(APIView):
    """A notice that somebody has seen."""

    permissions = {"POST": Permission.WORK_FOLLOWUP}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.NoticeAnswer, **REFUSED},
        parameters=[KEY],
        tags=["follow-up"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say that it was seen; once for all of the role."""
        row = get_object_or_404(notices_for(person(request), seen=True), pk=pk)
        said(request, shapes.Nothing)
        return answer(
            request, lambda by: bodies.notice(actions.see_notice(notice_id=row.pk, by=by))
        )
