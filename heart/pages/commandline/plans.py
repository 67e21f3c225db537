"""What each command is going to do: in words before Enter, and as steps that are done once each.

Every step calls the same action as the button that is its twin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from dispatch import actions as dispatch
from dispatch import merging
from dispatch import queue_actions as queue
from dispatch import safety_actions as safety
from dispatch.models import Handoff, Hold, Run, Unit
from followup import actions as followup
from followup.queries import crew_asked
from heart.journal.models import Entry
from heart.pages.commandline.choices import REOPEN_REASONS, places
from heart.pages.commandline.finding import Choice, found, recommended
from heart.pages.commandline.grammar import Order
from heart.pages.commandline.naming import (
    Desk,
    alert_named,
    call_named,
    person_named,
    run_of,
    units_named,
)
from heart.pages.commandline.table import Slot
from heart.pages.commands import Command as Press
from intake import actions as intake
from intake.models import Call, Nature
from intake.steps import Refused
from triage import actions as triage


@dataclass(frozen=True, slots=True)
class Step:
    """One action; ``key`` makes its command id, so that a repetition does only what is missing."""

    key: str
    said: str
    do: Callable[[Press], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """``opens`` gives the address to go to, from the command id; ``lists`` what can be chosen."""

    words: str
    steps: tuple[Step, ...] = ()
    opens: Callable[[UUID], str] | None = None
    lists: Callable[[], list[Choice]] | None = None


Planner = Callable[[Order, Desk], Plan]


def new(order: Order, desk: Desk) -> Plan:
    nature = order.codes.get(Slot.NATURE, "")
    if not order.text and not nature:
        return Plan("Begin a call", opens=lambda _: "/calls/new/")

    def take(press: Press) -> None:
        with transaction.atomic():
            call = intake.take_call(
                fields={"location_text": order.text}, by=press.by, command_id=press.command_id
            )
            if nature:
                triage.save(call_id=call.pk, fields={"nature": nature}, answers={}, by=press.by)

    def form(press_id: UUID) -> str:
        taken = Entry.objects.get(command_id=press_id)
        return f"/calls/{Call.objects.get(pk=taken.call_id or 0).number}/intake/"

    place = f" at {order.text}" if order.text else ""
    name = f": {Nature.objects.get(code=nature).name}" if nature else ""
    return Plan(f"Begin a call{place}{name}", (Step("", "Call begun", take),), opens=form)


def send(order: Order, desk: Desk) -> Plan:
    units, call = units_named(order.units, desk), call_named(order.call, desk)

    def step(unit: Unit) -> Step:
        return Step(
            unit.code,
            f"{unit.code} sent to {call.number}",
            lambda press: dispatch.assign(
                call_id=call.pk, unit_id=unit.pk, by=press.by, command_id=press.command_id
            ),
        )

    going = ", ".join(unit.code + _busy(unit) for unit in units)
    return Plan(f"Send {going} to {desk.says(call)}", tuple(map(step, units)))


def recommend(order: Order, desk: Desk) -> Plan:
    call = call_named(order.call, desk)
    return Plan(f"Teams for {desk.says(call)}", lists=lambda: recommended(call, desk.user))


def move(action: Callable[..., Any], words: str) -> Planner:
    """A move of a run that needs nothing but its unit."""

    def plan(order: Order, desk: Desk) -> Plan:
        return _on_runs(
            order,
            desk,
            words,
            lambda run, press: action(run_id=run.pk, by=press.by, command_id=press.command_id),
        )

    return plan


def clear(order: Order, desk: Desk) -> Plan:
    outcome = order.codes.get(Slot.OUTCOME)
    if outcome is None:
        return move(dispatch.begin_clearing, "clearing")(order, desk)
    felt_safe = order.codes[Slot.FELT_SAFE]
    return _on_runs(
        order,
        desk,
        f"clear ({_plain(outcome)}, felt safe: {_plain(felt_safe)})",
        lambda run, press: dispatch.clear(
            run_id=run.pk,
            outcome=outcome,
            felt_safe=felt_safe,
            by=press.by,
            command_id=press.command_id,
        ),
    )


def cancel(order: Order, desk: Desk) -> Plan:
    reason = order.codes[Slot.CANCEL_REASON]
    return _on_runs(
        order,
        desk,
        f"cancelled ({dispatch.CANCEL_REASONS[reason]})",
        lambda run, press: dispatch.cancel(
            run_id=run.pk, reason=reason, by=press.by, command_id=press.command_id
        ),
    )


def backup(order: Order, desk: Desk) -> Plan:
    agency = order.codes.get(Slot.AGENCY, "police").upper()
    name = "police" if agency == "POLICE" else agency
    return _on_runs(
        order,
        desk,
        f"{name} backup",
        lambda run, press: safety.request_backup(
            run_id=run.pk, agency=agency, by=press.by, command_id=press.command_id
        ),
    )


def duty(action: Callable[..., Any], words: str) -> Planner:
    """Into or out of service."""

    def plan(order: Order, desk: Desk) -> Plan:
        units = units_named(order.units, desk)

        def step(unit: Unit) -> Step:
            return Step(
                unit.code,
                f"{unit.code} {words}",
                lambda press: action(unit_id=unit.pk, by=press.by, command_id=press.command_id),
            )

        return Plan(f"{_codes(units)} {words}", tuple(map(step, units)))

    return plan


def take_alert(order: Order, desk: Desk) -> Plan:
    alert = alert_named(order.number)
    watch = alert.watch
    words = f"{watch.unit.code if watch.unit else watch.call}: {alert.words}"
    step = Step(
        "",
        f"You have {words}",
        lambda press: safety.acknowledge_watch(
            watch_id=watch.pk, by=press.by, command_id=press.command_id
        ),
    )
    return Plan(f"Take {words}", (step,))


def hold(order: Order, desk: Desk) -> Plan:
    call, reason = call_named(order.call, desk), order.codes[Slot.HOLD_REASON]
    words = f"for {order.number} min, {Hold.Reason(reason).label}"
    step = Step(
        "",
        f"{call.number} on hold {words}",
        lambda press: queue.hold(
            call_id=call.pk,
            reason=reason,
            minutes=order.number,
            by=press.by,
            command_id=press.command_id,
        ),
    )
    return Plan(f"Hold {desk.says(call)} {words}", (step,))


def on_call(action: Callable[..., Any], words: str, said: str) -> Planner:
    """An action that needs nothing but its call."""

    def plan(order: Order, desk: Desk) -> Plan:
        call = call_named(order.call, desk)
        step = Step(
            "",
            f"{call.number} {said}",
            lambda press: action(call_id=call.pk, by=press.by, command_id=press.command_id),
        )
        return Plan(f"{words} {desk.says(call)}", (step,))

    return plan


def raise_level(order: Order, desk: Desk) -> Plan:
    call = call_named(order.call, desk)
    step = Step(
        "",
        f"{call.number} raised to level {order.number}",
        lambda press: triage.raise_level(
            call_id=call.pk, level=order.number, by=press.by, command_id=press.command_id
        ),
    )
    return Plan(f"Raise {desk.says(call)} to level {order.number}", (step,))


def hand_off(order: Order, desk: Desk) -> Plan:
    call, agency = call_named(order.call, desk), order.codes[Slot.TO_AGENCY].upper()
    name = Handoff.Agency(agency).label
    step = Step(
        "",
        f"Written down: {name} has {call.number}",
        lambda press: dispatch.hand_off(
            call_id=call.pk,
            agency=agency,
            reference=order.text,
            by=press.by,
            command_id=press.command_id,
        ),
    )
    reference = f", their reference {order.text}" if order.text else ""
    return Plan(f"Hand {desk.says(call)} to {name}{reference}", (step,))


def reopen(order: Order, desk: Desk) -> Plan:
    call, reason = call_named(order.call, desk), order.codes[Slot.REOPEN_REASON]
    step = Step(
        "",
        f"{call.number} is open again",
        lambda press: followup.reopen(
            call_id=call.pk, reason=reason, by=press.by, command_id=press.command_id
        ),
    )
    return Plan(f"Reopen {desk.says(call)}: {REOPEN_REASONS[reason]}", (step,))


def own(order: Order, desk: Desk) -> Plan:
    call, person = call_named(order.call, desk), person_named(order.text, desk)
    step = Step(
        "",
        f"{person} answers for {call.number}",
        lambda press: queue.own(
            call_id=call.pk, owner_id=person.pk, by=press.by, command_id=press.command_id
        ),
    )
    return Plan(f"{person} answers for {desk.says(call)}", (step,))


def merge(order: Order, desk: Desk) -> Plan:
    call, into = call_named(order.call, desk), call_named(order.into, desk)
    step = Step(
        "",
        f"{call.number} is a part of {into.number} now",
        lambda press: merging.merge(
            call_id=call.pk, into_id=into.pk, by=press.by, command_id=press.command_id
        ),
    )
    return Plan(f"Merge {desk.says(call)} into {desk.says(into)}", (step,))


def note(order: Order, desk: Desk) -> Plan:
    call = call_named(order.call, desk)
    step = Step(
        "",
        f"Note added to {call.number}",
        lambda press: intake.add_note(
            call_id=call.pk, text=order.text, by=press.by, command_id=press.command_id
        ),
    )
    return Plan(f"Note on {desk.says(call)}: {order.text}", (step,))


def find(order: Order, desk: Desk) -> Plan:
    return Plan(f"Find “{order.text}”", lists=lambda: found(order.text, desk.user))


def open_call(order: Order, desk: Desk) -> Plan:
    call = call_named(order.call, desk)
    return Plan(f"Open {desk.says(call)}", opens=lambda _: f"/calls/{call.number}/")


def close(order: Order, desk: Desk) -> Plan:
    call = call_named(order.call, desk)
    answer = order.codes.get(Slot.CONSENT)
    if answer is None:
        words = f"Close {desk.says(call)}: asks for the consent"
        return Plan(words, opens=lambda _: f"/calls/{call.number}/#close")
    reason = order.codes.get(Slot.NOT_SERVED, "")
    asked = crew_asked(call)
    is_as_crew_wrote = asked is not None and asked.consent == answer
    consent = followup.Consented(answer, by_call=answer == "yes", phone=call.caller_phone)
    step = Step(
        "",
        f"{call.number} closed",
        lambda press: followup.close_call(
            call_id=call.pk,
            consent=None if is_as_crew_wrote else consent,
            not_served_reason=reason,
            by=press.by,
            command_id=press.command_id,
        ),
    )
    why = f", not served: {_plain(reason)}" if reason else ""
    ways = ", as the crew wrote" if is_as_crew_wrote else ", by call" if answer == "yes" else ""
    return Plan(f"Close {desk.says(call)}: follow-up consent {_plain(answer)}{ways}{why}", (step,))


def go(order: Order, desk: Desk) -> Plan:
    place = places(desk.user)[order.codes[Slot.PLACE]]
    return Plan(f"Go to {place.name}", opens=lambda _: place.path)


def show_help(order: Order, desk: Desk) -> Plan:
    return Plan("Show all keys and commands", opens=lambda _: "#cheat-sheet")


PLANNERS: dict[str, Planner] = {
    "new": new,
    "dispatch": send,
    "recommend": recommend,
    "received": move(safety.acknowledge, "has read the dispatch"),
    "enroute": move(dispatch.start, "en route"),
    "onscene": move(dispatch.arrive, "on scene"),
    "transporting": move(dispatch.transport, "transporting"),
    "clear": clear,
    "cancel": cancel,
    "welfare": move(safety.check_in, "is well"),
    "backup": backup,
    "available": duty(dispatch.into_service, "in service"),
    "outofservice": duty(dispatch.out_of_service, "out of service"),
    "acknowledge": take_alert,
    "hold": hold,
    "unhold": on_call(queue.end_hold, "End the hold of", "is not on hold any more"),
    "recontacted": on_call(queue.recontacted, "Contacted again:", "contacted again"),
    "raise": raise_level,
    "handoff": hand_off,
    "done": on_call(intake.release, "Leave the line of", "goes on without you"),
    "reopen": reopen,
    "own": own,
    "merge": merge,
    "note": note,
    "find": find,
    "open": open_call,
    "close": close,
    "go": go,
    "help": show_help,
}
"""By the long name of the command."""


def _on_runs(order: Order, desk: Desk, words: str, act: Callable[[Run, Press], Any]) -> Plan:
    """The same for the run of each unit; the run is looked up when the step is done."""
    units = units_named(order.units, desk)
    said = [f"{unit.code} {words}{_where(unit, desk)}" for unit in units]

    def step(unit: Unit) -> Step:
        return Step(unit.code, f"{unit.code} {words}", lambda press: act(run_of(unit), press))

    return Plan("; ".join(said), tuple(map(step, units)))


def _where(unit: Unit, desk: Desk) -> str:
    try:
        return f", {desk.says(run_of(unit).call)}"
    except Refused:
        return " (is on no call)"


def _busy(unit: Unit) -> str:
    try:
        return f" (is on {run_of(unit).call})"
    except Refused:
        return ""


def _codes(units: list[Unit]) -> str:
    return ", ".join(unit.code for unit in units)


def _plain(code: str) -> str:
    return code.replace("_", " ")
