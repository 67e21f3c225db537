"""REST for calls, triage and the board; each change is the same action as in the browser."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from heart.accounts.actions import log_read
from heart.accounts.models import User
from heart.api.idempotency import once
from heart.api.problems import Problem
from heart.live.audiences import BOARD
from heart.live.tail import changes
from heart.pages import shapes
from heart.pages.queries import board_snapshot, call_record
from heart.pages.queries.rules import readable
from heart.roles import Permission
from intake.models import Call
from intake.steps import FIELD_NAMES
from triage import rules
from triage.actions import receive_call, save
from triage.models import RuleSet
from triage.queries import Protocol, active_rule_set_id, decision_body, protocol

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="the same key with the same body gets the same answer and is done once",
)


def call_parts(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a request into call fields and answers; unknown keys are refused by name."""
    data = request.data
    if not isinstance(data, dict):
        raise Problem(422, "invalid", "The body must be an object.", [_at("", "not an object")])
    answers = data.get("answers", {})
    faults = [_at(f"/{key}", "unknown field") for key in data.keys() - FIELD_NAMES - {"answers"}]
    if not isinstance(answers, dict):
        faults.append(_at("/answers", "must be an object of question id and answer"))
    if faults:
        raise Problem(422, "invalid", "Some fields cannot be accepted.", faults)
    return {key: value for key, value in data.items() if key != "answers"}, answers


def _at(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail}


class CallsView(APIView):
    """Take a whole call."""

    permissions = {"POST": Permission.TAKE_CALL}

    @extend_schema(
        request=shapes.NewCall,
        responses={201: shapes.CallAnswer},
        parameters=[KEY],
        tags=["calls"],
    )
    def post(self, request: Request) -> Response:
        """Store, triage and journal a call; it is on every board within a second."""
        fields, answers = call_parts(request)
        user: User = request.user  # type: ignore[assignment]  # the permission demands one

        def command() -> tuple[int, Any]:
            saved = receive_call(
                fields=fields, answers=answers, by=user.actor("api"), source=Call.Source.API
            )
            return 201, {
                "number": saved.call.number,
                "status": saved.call.status,
                "decision": decision_body(saved.decision),
            }

        status, body = once(request, command)
        return Response(body, status)


class CallView(APIView):
    """One call with everything that is known about it."""

    permissions = {"GET": Permission.VIEW_CALL, "PATCH": Permission.TAKE_CALL}

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, tags=["calls"])
    def get(self, request: Request, number: str) -> Response:
        """Read a call; the read is written down."""
        call = get_object_or_404(Call, number=number)
        user: User = request.user  # type: ignore[assignment]  # the permission demands one
        log_read(by=user.actor("api"), call_id=call.pk, what="call", screen="api")
        return Response(call_record(call.pk))

    @extend_schema(
        request=shapes.NewCall,
        responses={200: shapes.CallAnswer},
        parameters=[KEY],
        tags=["calls"],
    )
    def patch(self, request: Request, number: str) -> Response:
        """Change fields or answers; what bears on the route is triaged again."""
        fields, answers = call_parts(request)
        call = get_object_or_404(Call, number=number)
        user: User = request.user  # type: ignore[assignment]  # the permission demands one

        def command() -> tuple[int, Any]:
            saved = save(call_id=call.pk, fields=fields, answers=answers, by=user.actor("api"))
            return 200, {
                "number": call.number,
                "status": saved.call.status,
                "decision": decision_body(saved.decision),
                "changes": saved.changes,
            }

        status, body = once(request, command)
        return Response(body, status)


class EvaluateView(APIView):
    """Ask the rules without storing anything."""

    permissions = {"POST": Permission.TEST_TRIAGE}

    @extend_schema(
        request=shapes.Evaluation, responses={200: shapes.DecisionAnswer}, tags=["triage"]
    )
    def post(self, request: Request) -> Response:
        """The decision for these answers under the version in force, or ``rule_set``; nothing is stored."""
        data = request.data
        if not isinstance(data, dict):
            raise Problem(
                422, "invalid", "The body must be an object.", [_at("", "not an object")]
            )
        nature, answers = data.get("nature"), data.get("answers", {})
        user: User = request.user  # type: ignore[assignment]  # the permission demands one
        loaded = _asked_version(data.get("rule_set"), user)
        known_keys = {"nature", "answers", "rule_set"}
        faults = [_at(f"/{key}", "unknown field") for key in data.keys() - known_keys]
        if nature is not None and nature not in list(loaded.rule_set.natures):
            faults.append(_at("/nature", "no such nature code"))
        if not isinstance(answers, dict):
            faults.append(_at("/answers", "must be an object of question id and answer"))
        else:
            known = rules.check_answers(loaded.questions, answers)
            faults += [_at(f"/answers{p.pointer}", p.message) for p in known]
        if faults:
            raise Problem(422, "invalid", "Some answers cannot be accepted.", faults)
        outcome = rules.evaluate(loaded.rule_set, answers, nature)
        return Response(
            {
                "route": outcome.route,
                "added": list(outcome.added),
                "level": outcome.level,
                "rule": outcome.rule,
                "rule_set": loaded.version,
                "reasons": [reason[-1] for reason in outcome.reasons],
            }
        )


def _asked_version(version: object, user: User) -> Protocol:
    """The version in force, or the one of this number, if this person may read it."""
    if version is None:
        return protocol(active_rule_set_id())
    wrong = "must be the number of a version"
    if isinstance(version, int) and not isinstance(version, bool):
        try:
            return protocol(readable(version, user).pk)
        except RuleSet.DoesNotExist:
            wrong = "there is no such version"
        except (ValueError, TypeError, KeyError) as fault:  # a draft may be half written
            wrong = f"cannot be used: {fault}"
    raise Problem(422, "invalid", "This version cannot be asked.", [_at("/rule_set", wrong)])


class BoardView(APIView):
    """The board as data, at a cursor."""

    permissions = {"GET": Permission.VIEW_BOARD}

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, tags=["board"])
    def get(self, request: Request) -> Response:
        """Every open call and every team, with the cursor from which changes follow."""
        return Response(board_snapshot())


class BoardChangesView(APIView):
    """What happened on the board after a cursor."""

    permissions = {"GET": Permission.VIEW_BOARD}

    @extend_schema(
        responses={200: OpenApiTypes.OBJECT},
        parameters=[OpenApiParameter("after", str, required=True)],
        tags=["board"],
    )
    def get(self, request: Request) -> Response:
        """The items that changed after the cursor; 410 when the cursor is of another epoch."""
        message = changes(BOARD, request.query_params.get("after", ""))
        if message["type"] == "reset":
            raise Problem(410, "cursor-gone", "Take a new snapshot and go on from its cursor.")
        return Response(message)
