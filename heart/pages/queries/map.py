"""What moves on the map: open calls and teams, as points; the same keys in the page and in the push."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from dispatch.models import Run, UnitPosition
from dispatch.states import OPEN_RUN
from heart.pages.queries.board import BoardCall, BoardUnit, board_units
from intake.models import Call
from intake.states import CallStatus

Point = dict[str, Any]


def call_points() -> list[Point]:
    """Every call that is not closed, with or without a place, in one query."""
    has_team = Exists(Run.objects.filter(call=OuterRef("pk"), status__in=OPEN_RUN))
    rows = (
        Call.objects.exclude(status=CallStatus.CLOSED)
        .annotate(has_team=has_team)
        .values_list(
            "pk",
            "number",
            "latitude",
            "longitude",
            "assessment__decision__level",
            "nature__name",
            "location_text",
            "has_team",
        )
    )
    return [{"id": f"call-{pk}", **_call(*columns)} for pk, *columns in rows]


def call_point(row: BoardCall) -> Point:
    """The point of one line of the board."""
    call = row.call
    return _call(
        call.number,
        call.latitude,
        call.longitude,
        row.level,
        call.nature.name if call.nature else None,
        call.location_text,
        any(run.is_open for run in call.runs.all()),
    )


def unit_points() -> list[Point]:
    """Every team, where its phone last was, and its home; in a constant number of queries."""
    positions = {each.unit_id: each for each in UnitPosition.objects.all()}
    return [
        {
            "id": f"unit-{row.unit.pk}",
            **unit_point(row),
            "position": _position(positions.get(row.unit.pk)),
        }
        for row in board_units()
    ]


def unit_point(row: BoardUnit) -> Point:
    """The point of one team of the board; its position comes by itself, every few seconds."""
    unit = row.unit
    return {
        "code": unit.code,
        "kind": unit.kind,
        "status": row.status,
        "letters": row.code,
        "number": row.run.call.number if row.run else "",
        "home": None if unit.latitude is None else [unit.latitude, unit.longitude],
    }


def _call(
    number: str,
    latitude: float | None,
    longitude: float | None,
    level: int | None,
    nature: str | None,
    location: str,
    has_team: bool,
) -> Point:
    return {
        "number": number,
        "place": None if latitude is None else [latitude, longitude],
        "level": level,
        "words": ", ".join(filter(None, (nature or "no nature yet", location))),
        "has_team": has_team,
    }


def _position(position: UnitPosition | None) -> Point | None:
    """A phone whose clock runs ahead is no younger for it."""
    if position is None:
        return None
    seen_at = min(position.fixed_at, position.received_at, timezone.now())
    return {
        "place": [position.latitude, position.longitude],
        "accuracy_m": position.accuracy_m,
        "seen_at": seen_at.isoformat(timespec="seconds"),
    }
