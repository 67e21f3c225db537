"""The people of the demo at work: each does what the script says, through the real actions.

A step that a person at a screen was quicker with is refused by the action, counted and left.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from dispatch import actions as dispatch
from dispatch import safety_actions as safety
from dispatch.models import Handoff, Run, Unit
from dispatch.queries import plan, readiness, roster
from dispatch.states import OPEN_RUN, RunStatus
from dispatch.steps import UnitTaken
from followup import actions as followup
from followup.actions import Consented
from followup.models import Attempt, FollowUp
from heart.accounts.models import User
from heart.demo.agenda import Agenda, Step
from heart.demo.chance import Chance
from heart.demo.city import some_phone, somewhere
from heart.journal.actor import Actor
from heart.moves import MoveRefused
from intake import actions as intake
from intake.models import Call
from intake.queries import UNKNOWN_NATURE
from intake.states import CallStatus
from intake.steps import Refused
from triage import actions as triage
from triage.models import Consult, Decision, Eligibility, Question, Route
from triage.states import OPEN_CONSULT, ConsultStatus, RuleSetStatus

OVERTAKEN = (Refused, MoveRefused, UnitTaken, ObjectDoesNotExist)
TEAMS = (Route.CRT, Route.COR)
AGENCIES = tuple(Handoff.Agency.values)
MARK = "traffic:"
"""Marks our calls, so that a later run finds what one that was killed has left."""
CLINICIANS = ("clinician", "clinician2")
AT_WORK = ("calltaker", "dispatcher", "navigator", *CLINICIANS)
LAST_QUESTIONS = frozenset({"si", "age", "guardian", "bh", "health_worry", "contact", "setting"})
MOST_LOOKS = 5
MOST_ATTEMPTS = 5


class Room:
    """Call-takers, clinicians, dispatchers, crews and navigators, each step on the agenda."""

    def __init__(self, agenda: Agenda, chance: Chance) -> None:
        self.agenda = agenda
        self.chance = chance
        self.tally: Counter[str] = Counter()
        self.is_closing_time = False
        self.people = {
            u.username: u.actor("demo") for u in User.objects.filter(username__in=AT_WORK)
        }
        self.questions = list(
            Question.objects.filter(rule_set__status=RuleSetStatus.ACTIVE).values(
                "key", "only_after"
            )
        )
        self.awaits_team: dict[int, str] = {}
        """Calls for which a unit is being looked for, and why none could go so far."""

    # --- the call-taker

    def call_comes_in(self, nature: str) -> None:
        place = somewhere(self.chance)
        call = intake.take_call(
            fields={
                "caller_phone": some_phone(self.chance),
                "location_text": place.text,
                "latitude": place.latitude,
                "longitude": place.longitude,
            },
            by=self.people["calltaker"],
            source=Call.Source.DEMO,
            external_ref=f"{MARK}{uuid4()}",
            is_synthetic=True,
        )
        self.tally["calls"] += 1
        answers = self.chance.answers(nature, self.questions)
        self.later("greeting", partial(self._ask, call.pk, nature, answers))

    def _ask(self, call_id: int, nature: str, answers: dict[str, str]) -> None:
        """Safety first; the last questions are left out when everything must go at once."""
        first = {key: value for key, value in answers.items() if key not in LAST_QUESTIONS}
        saved = triage.save(
            call_id=call_id,
            fields={"nature": nature, "narrative": "Demonstration call, invented."},
            answers=first,
            by=self.people["calltaker"],
        )
        if saved.decision is not None and saved.decision.level == 4:
            self.later("safety_questions", partial(self._leave_line, call_id))
            return
        rest = {key: value for key, value in answers.items() if key in LAST_QUESTIONS}
        self.later("safety_questions", partial(self._ask_rest, call_id, rest))

    def _ask_rest(self, call_id: int, answers: dict[str, str]) -> None:
        triage.save(call_id=call_id, fields={}, answers=answers, by=self.people["calltaker"])
        self.later("last_questions", partial(self._leave_line, call_id))

    def _leave_line(self, call_id: int) -> None:
        intake.release(call_id=call_id, by=self.people["calltaker"])
        self._serve(call_id)

    # --- the dispatcher

    def _serve(self, call_id: int) -> None:
        """Carry out the decision: agencies are told, a team is sent, a clinician takes the line."""
        units = _decision(call_id).units
        for agency in units:
            if agency in AGENCIES:
                self._hand_off(call_id, agency)
        if Route.DISPATCHER in units:
            self._hand_off(call_id, Handoff.Agency.POLICE)
        team = next((unit for unit in units if unit in TEAMS), None)
        if team:
            self.awaits_team[call_id] = ""
            self.later("dispatcher_sends", partial(self._send, call_id, team))
        if Consult.objects.filter(call_id=call_id, status=ConsultStatus.WAITING).exists():
            self.later("clinician_accepts", partial(self._accept, call_id))
        self.later("closes", partial(self._close, call_id))

    def _hand_off(self, call_id: int, agency: str) -> None:
        made = dispatch.hand_off(call_id=call_id, agency=agency, by=self.people["dispatcher"])
        self.tally["hand-offs"] += 1
        self.later("agency_answers", partial(self._close_loop, made.pk))

    def _close_loop(self, handoff_id: int) -> None:
        dispatch.confirm_handoff(
            handoff_id=handoff_id,
            outcome=self.chance.outcome("handoff"),
            by=self.people["dispatcher"],
        )

    def _send(self, call_id: int, kind: str, looks: int = 1) -> None:
        """Send the nearest unit of the kind that can go; look again while none can."""
        call = Call.objects.select_related("beat").get(pk=call_id)
        if call.status == CallStatus.CLOSED or _open_runs(call_id):
            self.awaits_team.pop(call_id, None)
            return
        units, now = roster(), timezone.now()
        free = [u for u in units if u.kind == kind and readiness(u, call, now).can_go]
        if not free:
            self.awaits_team[call_id] = plan(call, _decision(call_id), units).reason_code
            if looks < MOST_LOOKS and not self.is_closing_time:
                again = partial(self._send, call_id, kind, looks + 1)
                self.later("dispatcher_looks_again", again)
            else:
                self._give_up_on_teams(call_id)
            return
        unit = min(free, key=partial(_distance, call))
        run = dispatch.assign(call_id=call_id, unit_id=unit.pk, by=self.people["dispatcher"])
        self.awaits_team.pop(call_id, None)
        self.tally["teams sent"] += 1
        self.later("team_starts", partial(self._start, run.pk, self._crew(unit)))

    def _give_up_on_teams(self, call_id: int) -> None:
        """No unit could go for too long: police go instead, and the reason is kept for closing."""
        self._hand_off(call_id, Handoff.Agency.POLICE)
        reason = self.awaits_team.pop(call_id) or "all_units_busy"
        self.later("closes", partial(self._close, call_id, reason))

    # --- the crew

    def _start(self, run_id: int, crew: Actor) -> None:
        dispatch.start(run_id=run_id, by=crew)
        self.later("team_drives", partial(self._arrive, run_id, crew))

    def _arrive(self, run_id: int, crew: Actor) -> None:
        dispatch.arrive(run_id=run_id, by=crew)
        agency = self.chance.outcome("backup")
        if agency != "none":
            backup = safety.request_backup(run_id=run_id, agency=agency, by=crew)
            self.tally["backups"] += 1
            came = partial(safety.backup_arrived, backup_id=backup.pk, by=crew)
            self.later("backup_drives", came)
            self.later("clinician_accepts", partial(self._accept, backup.run.call_id))
        self.later("team_stays", partial(self._end_encounter, run_id, crew))

    def _end_encounter(self, run_id: int, crew: Actor) -> None:
        outcome = self.chance.outcome("encounter")
        if outcome == Run.Outcome.TRANSPORTED:
            dispatch.transport(run_id=run_id, by=crew)
            self.later("team_transports", partial(self._write_up, run_id, crew, outcome))
        else:
            self._write_up(run_id, crew, outcome)

    def _write_up(self, run_id: int, crew: Actor, outcome: str) -> None:
        dispatch.begin_clearing(run_id=run_id, by=crew)
        self.later("team_writes", partial(self._clear, run_id, crew, outcome))

    def _clear(self, run_id: int, crew: Actor, outcome: str) -> None:
        run = dispatch.clear(
            run_id=run_id, outcome=outcome, felt_safe=self.chance.outcome("felt_safe"), by=crew
        )
        self.tally["teams cleared"] += 1
        self.later("closes", partial(self._close, run.call_id))

    @staticmethod
    def _crew(unit: Unit) -> Actor:
        return unit.crew.all()[0].user.actor("demo")

    # --- the clinicians

    def _accept(self, call_id: int, looks: int = 1) -> None:
        """Whoever of the clinicians is free takes the line; when nobody is for long, a busy one."""
        consult = Consult.objects.filter(call_id=call_id, status=ConsultStatus.WAITING).first()
        if consult is None:
            return
        busy = Consult.objects.filter(status=ConsultStatus.ACCEPTED)
        names = set(busy.values_list("accepted_by__username", flat=True))
        free = [name for name in CLINICIANS if name not in names]
        if not free and looks < MOST_LOOKS:
            self.later("clinician_talks", partial(self._accept, call_id, looks + 1))
            return
        clinician = self.people[free[0] if free else CLINICIANS[0]]
        triage.accept_consult(consult_id=consult.pk, by=clinician)
        is_theirs = _decision(call_id).route == Route.CCD
        how_long = "clinician_talks" if is_theirs else "clinician_advises"
        outcome = self.chance.outcome("talk") if is_theirs else Consult.Outcome.RESOLVED
        self.later(how_long, partial(self._end_talk, consult.pk, outcome, clinician))

    def _end_talk(self, consult_id: int, outcome: str, clinician: Actor) -> None:
        consult = triage.end_consult(consult_id=consult_id, outcome=outcome, by=clinician)
        self.tally["talks"] += 1
        if outcome in (
            Consult.Outcome.SEND_CRT,
            Consult.Outcome.SEND_COR,
            Consult.Outcome.SEND_EMS,
        ):
            self._serve(consult.call_id)
        elif outcome == Consult.Outcome.TO_988:
            self._hand_off(consult.call_id, Handoff.Agency.LINE_988)
        elif outcome in (Consult.Outcome.CALL_BACK, Consult.Outcome.LINE_LOST):
            self.later("clinician_accepts", partial(self._accept, consult.call_id))
        self.later("closes", partial(self._close, consult.call_id))

    # --- whoever closes, and the navigator

    def _close(self, call_id: int, not_served_reason: str = "") -> None:
        """Close when nobody is on the call or wanted for it; the last one to leave closes."""
        call = Call.objects.get(pk=call_id)
        is_wanted = call_id in self.awaits_team or _open_runs(call_id)
        if is_wanted or call.consults.filter(status__in=OPEN_CONSULT).exists():
            return
        if call.status == CallStatus.CLOSED:
            return
        is_heart = Eligibility.objects.filter(call=call, state=Eligibility.State.ELIGIBLE).exists()
        answer = self.chance.outcome("consent") if is_heart else "not_asked"
        followup.close_call(
            call_id=call_id,
            consent=Consented(answer, by_call=answer == "yes", by_text=answer == "yes"),
            not_served_reason=not_served_reason or self.chance.outcome("not_served"),
            by=self.people["dispatcher"],
        )
        self.tally["closed"] += 1
        promised = FollowUp.objects.filter(call=call, closed_at__isnull=True).first()
        if promised is not None:
            self.tally["follow-ups"] += 1
            self.later("navigator_tries", partial(self._try_to_reach, promised.pk))

    def _try_to_reach(self, followup_id: int) -> None:
        navigator = self.people["navigator"]
        followup.take(followup_id=followup_id, by=navigator)
        attempt = followup.log_attempt(
            followup_id=followup_id,
            channel=self.chance.outcome("channel"),
            outcome=self.chance.outcome("attempt"),
            by=navigator,
        )
        self.tally["attempts"] += 1
        if attempt.outcome == Attempt.Outcome.CRISIS:
            self.later("clinician_accepts", partial(self._accept, attempt.followup.call_id))
        if attempt.outcome in Attempt.REACHED:
            reason = self.chance.outcome("after_contact")
        elif attempt.outcome == Attempt.Outcome.REFUSED:
            reason = FollowUp.CloseReason.DECLINED
        elif attempt.number >= MOST_ATTEMPTS:
            reason = FollowUp.CloseReason.UNREACHABLE
        else:
            self.later("navigator_tries", partial(self._try_to_reach, followup_id))
            return
        close = partial(followup.close_followup, followup_id=followup_id, reason=reason)
        self.later("navigator_closes", partial(close, by=navigator))

    # --- what an earlier run left

    def pick_up(self) -> int:
        """Go on with the calls of a run that was killed; gives how many there are."""
        left = Call.objects.filter(external_ref__startswith=MARK).exclude(status=CallStatus.CLOSED)
        for call in left:
            self.later("greeting", partial(self._pick_up, call))
        self.tally["calls"] += len(left)
        return len(left)

    def _pick_up(self, call: Call) -> None:
        if call.status == CallStatus.TAKING:
            self._ask(call.pk, UNKNOWN_NATURE, {})
            return
        for run in call.runs.filter(status__in=OPEN_RUN).prefetch_related("unit__crew__user"):
            steps: dict[str, Callable[[int, Actor], None]] = {
                RunStatus.DISPATCHED: self._start,
                RunStatus.EN_ROUTE: self._arrive,
                RunStatus.ON_SCENE: self._end_encounter,
                RunStatus.TRANSPORTING: partial(self._write_up, outcome=Run.Outcome.TRANSPORTED),
                RunStatus.CLEARING: partial(self._clear, outcome=Run.Outcome.RESOLVED),
            }
            step = partial(steps[run.status], run.pk, self._crew(run.unit))
            self.later("team_starts", step)
        for consult in call.consults.filter(status__in=OPEN_CONSULT).select_related("accepted_by"):
            if consult.accepted_by is None:
                self.later("clinician_accepts", partial(self._accept, call.pk))
                continue
            clinician = consult.accepted_by.actor("demo")
            done = partial(self._end_talk, consult.pk, Consult.Outcome.RESOLVED, clinician)
            self.later("clinician_advises", done)
        self.later("closes", partial(self._close, call.pk))

    # --- the agenda

    def later(self, how_long: str, step: Callable[[], Any]) -> None:
        """Put a step on the agenda; when the room winds down nobody starts a follow-up any more."""
        if self.is_closing_time and how_long.startswith("navigator"):
            return
        self.agenda.after(self.chance.seconds(how_long), self.tried(step))

    def tried(self, step: Callable[[], Any]) -> Step:
        """The step, given up when somebody was quicker, and tried again when the database is away."""

        def once() -> None:
            try:
                step()
            except OVERTAKEN:
                self.tally["overtaken"] += 1
            except (OperationalError, InterfaceError):
                connection.close()
                self.tally["retries"] += 1
                self.agenda.after(2 * self.agenda.speed, once)

        return once

    def wind_down(self) -> None:
        """Nobody calls any more: what is under way is brought to its end without waiting."""
        self.is_closing_time = True
        self.agenda.hurry()


def _decision(call_id: int) -> Decision:
    return Decision.objects.get(
        pk=Call.objects.values_list("assessment__decision").get(pk=call_id)[0]
    )


def _open_runs(call_id: int) -> bool:
    return Run.objects.filter(call_id=call_id, status__in=OPEN_RUN).exists()


def _distance(call: Call, unit: Unit) -> float:
    """Near enough for choosing: the square of the distance in degrees."""
    north = (unit.latitude or 0.0) - (call.latitude or 0.0)
    east = (unit.longitude or 0.0) - (call.longitude or 0.0)
    return north * north + east * east
