"""Units and calls as they are typed: a code in any case, a number or its last digits."""

import re
from dataclasses import dataclass

from dispatch.models import Run, Unit
from dispatch.states import OPEN_RUN
from heart.accounts.models import User
from heart.pages.queries.alerts import Alert, alerts
from heart.pages.queries.team import units_for
from heart.roles import Permission
from intake.models import Call
from intake.states import CallStatus
from intake.steps import Refused

MOST_NAMED = 5
_WHOLE_NUMBER = re.compile(r"\d\d-\d{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who types, and the number of the call on their screen, if there is one."""

    user: User
    here: str = ""

    def says(self, call: Call) -> str:
        """A call in words; where it is only to those who see the board."""
        if call.location_text and self.user.may(Permission.VIEW_BOARD):
            return f"{call.number}, {call.location_text}"
        return call.number


def call_named(typed: str, desk: Desk) -> Call:
    """The call of a whole number, or the one open call that ends in these digits."""
    if not typed and not desk.here:
        raise Refused(call="no call is shown here: say its number")
    if not typed or _WHOLE_NUMBER.fullmatch(typed):
        call = Call.objects.filter(number=typed or desk.here).first()
        if call is None:
            raise Refused(call=f"there is no call {typed or desk.here}")
        return call
    ending = Call.objects.exclude(status=CallStatus.CLOSED).filter(number__endswith=typed)
    found = list(ending.order_by("-id")[: MOST_NAMED + 1])
    if not found:
        raise Refused(call=f"no open call ends in {typed}")
    if len(found) > 1:
        named = ", ".join(call.number for call in found[:MOST_NAMED])
        more = " and more" if len(found) > MOST_NAMED else ""
        raise Refused(call=f"{typed} is the end of {named}{more}: type more digits")
    return found[0]


def units_named(codes: tuple[str, ...], desk: Desk) -> list[Unit]:
    """The units of these codes, in this order; all that cannot be found are named at once."""
    known = {unit.code.upper(): unit for unit in units_for(desk.user).distinct()}
    if missing := [code for code in codes if code not in known]:
        whose = "" if desk.user.may(Permission.DISPATCH) else " of yours"
        raise Refused(unit=f"there is no unit{whose} {', '.join(missing)}")
    return [known[code] for code in codes]


def run_of(unit: Unit) -> Run:
    """The run a unit is on."""
    runs = Run.objects.filter(unit=unit, status__in=OPEN_RUN).select_related("call")
    run = runs.first()
    if run is None:
        raise Refused(run=f"{unit.code} is on no call")
    return run


def alert_named(nth: int) -> Alert:
    """The nth alert that nobody has, as they stand in the strip."""
    free = [alert for alert in alerts() if alert.watch.owner_id is None]
    if not free:
        raise Refused(watch="no alert is without somebody who has it")
    if nth > len(free):
        raise Refused(watch=f"nobody has {len(free)} of the alerts: there is no alert {nth}")
    return free[max(nth, 1) - 1]


def person_named(typed: str, desk: Desk) -> User:
    """Somebody by their user name; whoever types, when no name is said."""
    if not typed:
        return desk.user
    person = User.objects.filter(username__iexact=typed, is_active=True).first()
    if person is None:
        raise Refused(owner=f"there is nobody with the user name {typed}")
    return person
