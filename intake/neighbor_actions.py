"""Who a call is about, and what that person agreed that others should know."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from heart.journal.actor import Actor
from heart.journal.record import record
from intake.facts import CarePlanWritten, NeighborAdded, NeighborNamed, NeighborUnnamed
from intake.models import Call, CarePlan, Neighbor
from intake.steps import INVISIBLE, LANGUAGE_CODE, Refused, text_fault, written

REVIEW_AFTER = timedelta(days=180)
LATEST_REVIEW = timedelta(days=366)
OLDEST_YEAR = 1900


def say_who(
    *, call_id: int, neighbor_id: int | None, by: Actor, command_id: UUID | None = None
) -> Call:
    """Say which neighbor the call is about, or take it back."""
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
        if call.neighbor_id == neighbor_id:
            return call
        if neighbor_id is not None and not Neighbor.objects.filter(pk=neighbor_id).exists():
            raise Refused(neighbor="there is no such card")
        before = call.neighbor_id
        _link(call, neighbor_id)
        fact = (
            NeighborNamed(call_id=call_id, neighbor_id=neighbor_id)
            if neighbor_id is not None
            else NeighborUnnamed(call_id=call_id, neighbor_id=before or 0)
        )
        record(fact, by=by, command_id=command_id)
    return call


def add_neighbor(
    *,
    call_id: int,
    name: str,
    phone: str = "",
    born_on: date | None = None,
    language: str = "en",
    by: Actor,
    command_id: UUID | None = None,
) -> Neighbor:
    """Make a card for the person a call is about, and say so in the same breath."""
    name = INVISIBLE.sub("", written("name", name, 120))
    problems = {}
    if fault := text_fault(phone, 40):
        problems["phone"] = fault
    if text_fault(language, 12) or not LANGUAGE_CODE.fullmatch(language):
        problems["language"] = "a language code like en or es"
    today = timezone.localdate()
    if born_on is not None and not date(OLDEST_YEAR, 1, 1) <= born_on <= today:
        problems["born_on"] = "a day in the past"
    if problems:
        raise Refused(**problems)
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
        made = Neighbor.objects.create(
            name=name, phone=INVISIBLE.sub("", phone).strip(), born_on=born_on, language=language
        )
        _link(call, made.pk)
        record(NeighborAdded(call_id=call_id, neighbor_id=made.pk), by=by, command_id=command_id)
    return made


def _link(call: Call, neighbor_id: int | None) -> None:
    call.neighbor_id = neighbor_id
    call.version += 1
    call.save(update_fields=["neighbor", "version"])


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the neighbor agreed that others should know."""

    helps: str
    harms: str
    whom_to_call: str
    review_on: date | None = None


def write_care_plan(
    *,
    call_id: int,
    agreed: Agreed,
    seen: datetime | None = None,
    by: Actor,
    command_id: UUID | None = None,
) -> CarePlan:
    """Write or renew the care plan of the person a call is about.

    ``seen`` is when the plan on the writer's screen was agreed: a plan that somebody renewed
    meanwhile is not written over.
    """
    _check(agreed)
    now = timezone.now()
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
        if call.neighbor_id is None:
            raise Refused(helps="say first who the call is about")
        Neighbor.objects.select_for_update().get(pk=call.neighbor_id)  # one writer at a time
        before = CarePlan.objects.filter(neighbor=call.neighbor_id).first()
        if before is not None and before.agreed_at != seen:
            raise Refused(
                helps=f"{before.written_by or 'somebody'} wrote this plan at"
                f" {timezone.localtime(before.agreed_at):%d %b %H:%M:%S}: look at it first"
            )
        plan, _ = CarePlan.objects.update_or_create(
            neighbor_id=call.neighbor_id,
            defaults={
                "helps": agreed.helps.strip(),
                "harms": agreed.harms.strip(),
                "whom_to_call": agreed.whom_to_call.strip(),
                "agreed_at": now,
                "review_on": agreed.review_on or timezone.localdate() + REVIEW_AFTER,
                "written_by_id": by.id,
            },
        )
        record(
            CarePlanWritten(call_id=call_id, care_plan_id=plan.pk, neighbor_id=call.neighbor_id),
            by=by,
            command_id=command_id,
        )
    return plan


def _check(agreed: Agreed) -> None:
    longest = {"helps": 2000, "harms": 2000, "whom_to_call": 500}
    problems = {
        name: fault
        for name, most in longest.items()
        if (fault := text_fault(getattr(agreed, name), most))
    }
    if not problems and not any(getattr(agreed, name).strip() for name in longest):
        problems["helps"] = "write at least one of the three"
    today = timezone.localdate()
    if agreed.review_on and not today < agreed.review_on <= today + LATEST_REVIEW:
        problems["review_on"] = "a day within the next year"
    if problems:
        raise Refused(**problems)
