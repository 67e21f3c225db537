"""What call-takers, dispatchers and clinicians do to a call."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import actions as dispatch
from dispatch.models import Handoff, Unit
from followup import actions as followup
from heart.accounts.actions import log_read
from heart.pages.api_actions import bodies, shapes
from heart.pages.api_actions.answers import KEY, REFUSED, answer, person, said
from heart.pages.shapes import DecisionAnswer
from heart.roles import Permission
from intake import actions as intake
from intake.models import Call
from triage import actions as triage
from triage.models import ClinicalNote, Lowering
from triage.queries import decision_body


def call_numbered(number: str) -> Call:
    return get_object_or_404(Call, number=number)


class NotesView(APIView):
    """The narrative of a call."""

    permissions = {"POST": Permission.TAKE_CALL}

    @extend_schema(
        request=shapes.Text,
        responses={201: shapes.NoteAnswer, **REFUSED},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Add a note; notes are never changed."""
        call, body = call_numbered(number), said(request, shapes.Text)
        return answer(
            request,
            lambda by: bodies.note(intake.add_note(call_id=call.pk, text=body["text"], by=by)),
            status=201,
        )


class ReleaseView(APIView):
    """The end of taking a call."""

    permissions = {"POST": Permission.TAKE_CALL}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.CallStatusAnswer, **REFUSED},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request, number: str) -> Response:
        """The call-taker leaves the line; the call goes on."""
        call = call_numbered(number)
        said(request, shapes.Nothing)
        return answer(request, lambda by: bodies.call(intake.release(call_id=call.pk, by=by)))


class LevelView(APIView):
    """The level of a call."""

    permissions = {"POST": Permission.RAISE_LEVEL}

    @extend_schema(
        request=shapes.Level,
        responses={200: DecisionAnswer, **REFUSED},
        parameters=[KEY],
        tags=["triage"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Raise the level; it stays at least there until two people lower it."""
        call, body = call_numbered(number), said(request, shapes.Level)
        return answer(
            request,
            lambda by: decision_body(
                triage.raise_level(call_id=call.pk, level=body["level"], by=by)
            ),
        )


class RouteView(APIView):
    """The route of a call."""

    permissions = {"POST": Permission.CHOOSE_ROUTE}

    @extend_schema(
        request=shapes.RouteChoice,
        responses={200: DecisionAnswer, **REFUSED},
        parameters=[KEY],
        tags=["triage"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Choose another route than the rules; less protection at level 3 or 4 takes two people."""
        call, body = call_numbered(number), said(request, shapes.RouteChoice)
        return answer(
            request,
            lambda by: decision_body(triage.choose_route(call_id=call.pk, **body, by=by)),
        )


class LoweringsView(APIView):
    """Requests to lower a call."""

    permissions = {"POST": Permission.LOWER_LEVEL}

    @extend_schema(
        request=shapes.LoweringWish,
        responses={201: shapes.LoweringAnswer, **REFUSED},
        parameters=[KEY],
        tags=["triage"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask to lower a call; a clinician other than the asker has to agree."""
        call, body = call_numbered(number), said(request, shapes.LoweringWish)
        return answer(
            request,
            lambda by: bodies.lowering(triage.ask_lowering(call_id=call.pk, **body, by=by)),
            status=201,
        )


class LoweringAgreementView(APIView):
    """A clinician's agreement."""

    permissions = {"POST": Permission.AGREE_LOWERING}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: DecisionAnswer, **REFUSED},
        parameters=[KEY],
        tags=["triage"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Agree: the lower route and level come into force."""
        asked = get_object_or_404(Lowering, pk=pk)
        said(request, shapes.Nothing)
        return answer(
            request,
            lambda by: decision_body(triage.agree_lowering(lowering_id=asked.pk, by=by)),
        )


class LoweringRefusalView(APIView):
    """A clinician's refusal."""

    permissions = {"POST": Permission.AGREE_LOWERING}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.LoweringAnswer, **REFUSED},
        parameters=[KEY],
        tags=["triage"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Refuse: everything stays as it is."""
        asked = get_object_or_404(Lowering, pk=pk)
        said(request, shapes.Nothing)
        return answer(
            request,
            lambda by: bodies.lowering(triage.refuse_lowering(lowering_id=asked.pk, by=by)),
        )


class LineLostView(APIView):
    """A line that broke."""

    permissions = {"POST": Permission.TAKE_CALL}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: DecisionAnswer, **REFUSED},
        parameters=[KEY],
        tags=["triage"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Call back at once; what the last answers demand is sent without waiting."""
        call = call_numbered(number)
        said(request, shapes.Nothing)
        return answer(request, lambda by: decision_body(triage.lose_line(call_id=call.pk, by=by)))


class ClinicalNotesView(APIView):
    """Clinical notes, apart from dispatch notes."""

    permissions = {"GET": Permission.READ_CLINICAL, "POST": Permission.WRITE_CLINICAL}

    @extend_schema(responses={200: shapes.NoteAnswer(many=True), **REFUSED}, tags=["calls"])
    def get(self, request: Request, number: str) -> Response:
        """Read the clinical notes of a call; the read is written down."""
        call = call_numbered(number)
        log_read(
            by=person(request).actor("api"),
            call_id=call.pk,
            what="clinical notes",
            screen="api",
        )
        notes = ClinicalNote.objects.filter(call=call).select_related("author")
        return Response([bodies.note(row) for row in notes])

    @extend_schema(
        request=shapes.Text,
        responses={201: shapes.NoteAnswer, **REFUSED},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Write a clinical note; notes are never changed."""
        call, body = call_numbered(number), said(request, shapes.Text)
        return answer(
            request,
            lambda by: bodies.note(
                triage.write_clinical_note(call_id=call.pk, text=body["text"], by=by)
            ),
            status=201,
        )


class AssignmentsView(APIView):
    """Units on a call."""

    permissions = {"POST": Permission.DISPATCH}

    @extend_schema(
        request=shapes.UnitCode,
        responses={201: shapes.RunAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Send a unit; of several who try at once one wins, the others get 409 naming who."""
        call, body = call_numbered(number), said(request, shapes.UnitCode)
        unit = get_object_or_404(Unit, code=body["unit"])
        return answer(
            request,
            lambda by: bodies.run(dispatch.assign(call_id=call.pk, unit_id=unit.pk, by=by)),
            status=201,
        )


class CallHandoffsView(APIView):
    """Hand-offs of a call to other agencies."""

    permissions = {"POST": Permission.TAKE_CALL}

    @extend_schema(
        request=shapes.NewHandoff,
        responses={201: shapes.HandoffAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Write down that another agency has the call; its loop is to be closed later."""
        call, body = call_numbered(number), said(request, shapes.NewHandoff)
        return answer(
            request,
            lambda by: bodies.handoff(dispatch.hand_off(call_id=call.pk, **body, by=by)),
            status=201,
        )


class HandoffConfirmationView(APIView):
    """The end of a hand-off."""

    permissions = {"POST": Permission.TAKE_CALL}

    @extend_schema(
        request=shapes.LoopOutcome,
        responses={200: shapes.HandoffAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write down whether the agency reached the person."""
        made, body = get_object_or_404(Handoff, pk=pk), said(request, shapes.LoopOutcome)
        return answer(
            request,
            lambda by: bodies.handoff(
                dispatch.confirm_handoff(handoff_id=made.pk, outcome=body["outcome"], by=by)
            ),
        )


class ClosureView(APIView):
    """The end of a call."""

    permissions = {"POST": Permission.CLOSE_CALL}

    @extend_schema(
        request=shapes.Closure,
        responses={200: shapes.CallStatusAnswer, **REFUSED},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Close a call; with consent the follow-up is promised in the same transaction."""
        call, body = call_numbered(number), said(request, shapes.Closure)
        reason, outcome = body.pop("not_served_reason"), body.pop("outcome")
        asked = body.pop("consent", None)
        consent = followup.Consented(answer=asked, **body) if asked else None

        def do(by: Any) -> bodies.Body:
            return bodies.call(
                followup.close_call(
                    call_id=call.pk,
                    consent=consent,
                    not_served_reason=reason,
                    outcome=outcome,
                    by=by,
                )
            )

        return answer(request, do)


class ReopeningView(APIView):
    """A call that was closed too early."""

    permissions = {"POST": Permission.CLOSE_CALL}

    @extend_schema(
        request=shapes.Reopening,
        responses={200: shapes.CallStatusAnswer, **REFUSED},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Open a closed call again."""
        call, body = call_numbered(number), said(request, shapes.Reopening)
        return answer(
            request,
            lambda by: bodies.call(followup.reopen(call_id=call.pk, reason=body["reason"], by=by)),
        )
