"""What moves on the map: open calls and teams, as points; the same keys in the page and in the push."""

from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from dispatch.models import Run, UnitPosition
from dispatch.states import OPEN_RUN
from heart.pages.queries.board import BoardCall
from heart.pages.queries.board_teams import BoardUnit, board_units
from intake.models import Call
from intake.states import CallStatus

Point = dict[str, Any]


def call_points() -> list[Point]:
    """Every call that is not closed, with or without a place, in one query."""
    has_team = Exists(Run.objects.filter(call=OuterRef("pk"), status__in=OPEN_RUN))
    level, nature = F("assessment__decision__level"), F("nature__name")
    calls = (
        Call.objects.exclude(status=CallStatus.CLOSED)
        .annotate(has_team=has_team, level=level, nature_name=nature)
        .only("number", "latitude", "longitude", "location_text")
    )
    return [
        {
            "id": f"call-{call.pk}",
            **_point(call, call.level, call.nature_name or "", has_team=call.has_team),
        }
        for call in calls
    ]


def call_point(row: BoardCall) -> Point:
    """The point of one line of the board."""
    has_team = any(run.is_open for run in row.call.runs.all())
    nature = row.call.nature.name if row.call.nature else ""
    return _point(row.call, row.level, nature, has_team=has_team)


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


def _point(call: Call, level: int | None, nature: str, *, has_team: bool) -> Point:
    return {
        "number": call.number,
        "place": None if call.latitude is None else [call.latitude, call.longitude],
        "level": level,
        "words": ", ".join(filter(None, (nature or "no nature yet", call.location_text))),
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
