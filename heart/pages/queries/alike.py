"""Open calls that may be the same incident: near in place and time, same number, same place in words."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import CharField, Func, Q

from intake.models import Call
from intake.nearby import around, meters_between
from intake.places import Plain, plain
from intake.states import CallStatus

NEAR_M = 150
WITHIN = timedelta(minutes=60)
SHOWN = 5


class Digits(Func):
    """A telephone number as its digits."""

    function = "regexp_replace"
    template = "%(function)s(%(expressions)s, '[^0-9]+', '', 'g')"
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class Alike:
    """A call that may be the same incident, and why."""

    call: Call
    meters: int | None
    why: list[str]
    level: int | None

    @property
    def words(self) -> str:
        return ", ".join(self.why)


def alike(call: Call) -> list[Alike]:
    """The likeliest first; one query, whatever there is on the board."""
    if call.status == CallStatus.CLOSED:
        return []
    phone, place = _digits(call.caller_phone), plain(call.location_text)
    near_by = around(call, NEAR_M) & Q(
        received_at__range=(call.received_at - WITHIN, call.received_at + WITHIN)
    )
    same = near_by
    same |= Q(digits=phone) if phone else Q(pk__in=[])
    same |= Q(plain_text=place) if place else Q(pk__in=[])
    others = (
        Call.objects.exclude(status=CallStatus.CLOSED)
        .exclude(pk=call.pk)
        .annotate(digits=Digits("caller_phone"), plain_text=Plain("location_text"))
        .filter(same)
        .select_related("nature", "assessment__decision")
        .order_by("-id")[:50]
    )
    found = [_alike(call, other) for other in others]
    return sorted((one for one in found if one.why), key=_likeliest)[:SHOWN]


def _alike(call: Call, other: Call) -> Alike:
    meters = meters_between(call, other)
    why = []
    if _digits(call.caller_phone) and _digits(call.caller_phone) == _digits(other.caller_phone):
        why.append("same number")
    if plain(call.location_text) and plain(call.location_text) == plain(other.location_text):
        why.append("same place in words")
    is_soon = abs(call.received_at - other.received_at) <= WITHIN
    if meters is not None and meters <= NEAR_M and is_soon:
        why.append(f"{round(meters)} m away")
    assessment = getattr(other, "assessment", None)
    decision = assessment.decision if assessment else None
    return Alike(
        other,
        round(meters) if meters is not None else None,
        why,
        decision.level if decision else None,
    )


def _likeliest(one: Alike) -> tuple[int, int, int]:
    return -len(one.why), one.meters if one.meters is not None else NEAR_M, -one.call.pk


def _digits(phone: str) -> str:
    return re.sub(r"[^0-9]+", "", phone)
