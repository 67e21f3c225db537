"""Units and their runs; a team member moves only the own team, dispatch moves any."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch import actions, safety_actions
from dispatch.models import Backup, Unit, Watch
from dispatch.states import OPEN_RUN
from dispatch.steps import open_run_of
from heart.pages.api_actions import bodies, shapes
from heart.pages.api_actions.answers import KEY, REFUSED, answer, person, said
from heart.pages.api_actions.calls import call_numbered
from heart.pages.queries.alerts import alerts
from heart.pages.queries.board_teams import board_units
from heart.pages.queries.team import runs_for, units_for
from heart.roles import Permission
from intake.steps import Refused


class UnitsView(APIView):
    """All teams."""

    permissions = {"GET": Permission.VIEW_BOARD}

    @extend_schema(responses={200: shapes.UnitAnswer(many=True)}, tags=["dispatch"])
    def get(self, request: Request) -> Response:
        """Every team with what it does now."""
        return Response(
            [bodies.unit(row.unit, row.run, row.status, row.since) for row in board_units()]
        )


class StatusView(APIView):
    """What a unit does."""

    permissions = {"POST": Permission.MOVE_UNIT}

    @extend_schema(
        request=shapes.UnitStatusWish,
        responses={200: shapes.UnitAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, code: str) -> Response:
        """Say what a unit does now; one that is on a call is never reset silently."""
        unit = get_object_or_404(units_for(person(request)), code=code)
        body = said(request, shapes.UnitStatusWish)

        def do(by: Any) -> bodies.Body:
            _change(unit, body, by)
            (row,) = board_units([unit.pk])
            return bodies.unit(row.unit, row.run, row.status, row.since)

        return answer(request, do)


RUN_MOVES: dict[str, Callable[..., Any]] = {
    "acknowledged": safety_actions.acknowledge,
    "en_route": actions.start,
    "on_scene": actions.arrive,
    "transporting": actions.transport,
    "clearing": actions.begin_clearing,
}


def _change(unit: Unit, body: dict[str, Any], by: Any) -> None:
    """The action behind a status: on the unit's open run, or on its duty when it has none."""
    status, run = body["status"], open_run_of(unit)
    if status == "out_of_service":
        actions.out_of_service(unit_id=unit.pk, by=by)
    elif status == "available" and run is None:
        actions.into_service(unit_id=unit.pk, by=by)
    elif run is None:
        raise Refused(status=f"{unit} is on no call")
    elif status != "available":
        RUN_MOVES[status](run_id=run.pk, by=by)
    elif "outcome" not in body:
        raise Refused(outcome=f"{unit} is on {run.call}: say what came of it")
    else:
        actions.clear(run_id=run.pk, outcome=body["outcome"], felt_safe=body["felt_safe"], by=by)


class CallBackupView(APIView):
    """Backup for the crew on a call."""

    permissions = {"POST": Permission.DISPATCH}

    @extend_schema(
        request=shapes.CallBackup,
        responses={201: shapes.BackupAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask for police or EMS for the unit on this call; the call goes to level 4."""
        call, body = call_numbered(number), said(request, shapes.CallBackup)
        runs = list(call.runs.filter(status__in=OPEN_RUN).select_related("unit"))
        wanted = [run for run in runs if body.get("unit", run.unit.code) == run.unit.code]

        def do(by: Any) -> bodies.Body:
            if len(wanted) != 1:
                on_it = ", ".join(run.unit.code for run in runs) or "none"
                raise Refused(unit=f"name the unit that needs it; on this call: {on_it}")
            return bodies.backup(
                safety_actions.request_backup(run_id=wanted[0].pk, agency=body["agency"], by=by)
            )

        return answer(request, do, status=201)


class AlertsView(APIView):
    """What nobody has done in time."""

    permissions = {"GET": Permission.DISPATCH}

    @extend_schema(responses={200: shapes.AlertAnswer(many=True)}, tags=["dispatch"])
    def get(self, request: Request) -> Response:
        """The open alerts, loudest and oldest first."""
        return Response([bodies.alert(row) for row in alerts()])


class AlertAcknowledgementView(APIView):
    """The one owner of an alert."""

    permissions = {"POST": Permission.DISPATCH}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.AlertAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Have the alert: it is silent for everybody, and goes on if nothing comes of it."""
        watch = get_object_or_404(Watch, pk=pk)
        said(request, shapes.Nothing)

        def do(by: Any) -> bodies.Body:
            safety_actions.acknowledge_watch(watch_id=watch.pk, by=by)
            return bodies.alert(alerts([watch.pk])[0])

        return answer(request, do)


class RunMoveView(APIView):
    """A move that needs nothing but its name."""

    permissions = {"POST": Permission.MOVE_UNIT}
    action: Callable[..., Any]

    def move(self, request: Request, pk: int) -> Response:
        """Carry out this view's action on the run."""
        run = get_object_or_404(runs_for(person(request)), pk=pk)
        said(request, shapes.Nothing)
        act = type(self).action
        return answer(request, lambda by: bodies.run(act(run_id=run.pk, by=by)))


def run_move(name: str, action: Callable[..., Any]) -> type[APIView]:
    """A view for one of the moves of a run."""

    @extend_schema(
        operation_id=f"runs_{name}",
        request=shapes.Nothing,
        responses={200: shapes.RunAnswer, **REFUSED},
        parameters=[KEY],
        description=action.__doc__,
        tags=["dispatch"],
    )
    def post(self: RunMoveView, request: Request, pk: int) -> Response:
        return self.move(request, pk)

    members = {"post": post, "action": staticmethod(action), "__doc__": action.__doc__}
    return type(f"Run{name.capitalize()}View", (RunMoveView,), members)


StartView = run_move("start", actions.start)
ArrivalView = run_move("arrival", actions.arrive)
TransportView = run_move("transport", actions.transport)
ClearingView = run_move("clearing", actions.begin_clearing)


class ClearView(APIView):
    """The end of a run."""

    permissions = {"POST": Permission.MOVE_UNIT}

    @extend_schema(
        request=shapes.Clearing,
        responses={200: shapes.RunAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The crew is free again; outcome and felt-safe are asked every time."""
        run = get_object_or_404(runs_for(person(request)), pk=pk)
        body = said(request, shapes.Clearing)
        return answer(request, lambda by: bodies.run(actions.clear(run_id=run.pk, **body, by=by)))


class CancelView(APIView):
    """A run that is called off."""

    permissions = {"POST": Permission.DISPATCH}

    @extend_schema(
        request=shapes.CancelReason,
        responses={200: shapes.RunAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Call a unit back before it arrives."""
        run = get_object_or_404(runs_for(person(request)), pk=pk)
        body = said(request, shapes.CancelReason)
        return answer(request, lambda by: bodies.run(actions.cancel(run_id=run.pk, **body, by=by)))


class RunBackupView(APIView):
    """Backup for a crew."""

    permissions = {"POST": Permission.MOVE_UNIT}

    @extend_schema(
        request=shapes.BackupWish,
        responses={201: shapes.BackupAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ask for police or EMS; the call goes to level 4. Asking twice is one request."""
        run = get_object_or_404(runs_for(person(request)), pk=pk)
        body = said(request, shapes.BackupWish)
        return answer(
            request,
            lambda by: bodies.backup(
                safety_actions.request_backup(run_id=run.pk, agency=body["agency"], by=by)
            ),
            status=201,
        )


class BackupArrivalView(APIView):
    """Backup that is there."""

    permissions = {"POST": Permission.MOVE_UNIT}

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.BackupAnswer, **REFUSED},
        parameters=[KEY],
        tags=["dispatch"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The backup is with the crew."""
        backup = get_object_or_404(Backup, pk=pk, run__in=runs_for(person(request)))
        said(request, shapes.Nothing)
        return answer(
            request,
            lambda by: bodies.backup(safety_actions.backup_arrived(backup_id=backup.pk, by=by)),
        )
