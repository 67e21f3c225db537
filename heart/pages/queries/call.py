"""One call as the call page and the intake form show it, in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from dispatch.models import Backup, Encounter, Handoff, Hold, Run, Service
from dispatch.needs import route_name
from dispatch.recommending import Recommendation, recommend
from dispatch.states import RUN, RunStatus
from followup.models import Consent, FollowUp
from followup.queries import crew_asked, first_service
from heart.journal.facts import sentence
from heart.journal.models import Entry
from heart.journal.queries import timeline
from heart.pages.queries.alike import Alike, alike
from heart.pages.queries.board import STATUS_CODES, BoardCall, board_call
from heart.pages.queries.place import Place, place_of
from intake.incident import notes_of
from intake.models import Call, Note
from triage import rules
from triage.models import Consult, Decision, Eligibility, Lowering, Question, Route
from triage.queries import active_rule_set_id, clinical_notes_of, protocol
from triage.states import LoweringStatus

CHANGES_SHOWN = 6
TIMELINE_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    at: datetime
    actor: str
    words: str
    source: str

    @property
    def by(self) -> str:
        """Who, and through what when it was not this console."""
        return self.actor if self.source == "console" else f"{self.actor}, {self.source}"


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """What another answer would bring: "weapon: accessible -> CoR, level 3"."""

    question: str
    answer: str
    route: str
    level: int


@dataclass(frozen=True, slots=True)
class RunLine:
    """A team on the call, with the buttons for what it can do next."""

    run: Run
    code: str
    moves: list[tuple[str, str]]
    backups: list[Backup]
    can_cancel: bool
    can_clear: bool
    can_ask_backup: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that was asked, in words, with its answer."""

    key: str
    asked: str
    value: str


@dataclass(frozen=True, slots=True)
class CallView:
    """Everything the call page shows, except clinical notes, which are read apart."""

    call: Call
    row: BoardCall
    decision: Decision | None
    latest: Decision | None
    would_change: list[OtherAnswer]
    answers: list[Answer]
    consults: list[Consult]
    lowerings: list[Lowering]
    eligibility: Eligibility | None
    service: Service | None
    served: tuple[str, datetime] | None
    runs: list[RunLine]
    recommended: Recommendation | None
    handoffs: list[Handoff]
    missing_agencies: list[tuple[str, str]]
    notes: list[Note]
    happenings: list[Happening]
    consent: Consent | None
    followup: FollowUp | None
    clinical_notes: int
    crew_asked: Encounter | None
    place: Place
    alike: list[Alike]
    merged: list[Call]
    merge: Happening | None

    @property
    def must_say_why(self) -> bool:
        """Whether closing asks for a reason: eligible, and nobody of HEART has met the person."""
        is_eligible = self.eligibility is not None and self.eligibility.state == "eligible"
        return is_eligible and self.served is None

    @property
    def served_by(self) -> str:
        """Who of HEART met the person first, as people say it."""
        return route_name(self.served[0]) if self.served else ""

    @property
    def open_lowering(self) -> Lowering | None:
        asked = [each for each in self.lowerings if each.status == LoweringStatus.ASKED]
        return asked[0] if asked else None

    @property
    def consult(self) -> Consult | None:
        return self.consults[-1] if self.consults else None


def call_view(call_id: int) -> CallView | None:
    """The whole call, or None when there is none."""
    call = (
        Call.objects.filter(pk=call_id)
        .select_related(
            "nature",
            "initial_nature",
            "beat",
            "taken_by",
            "assessment__decision__decided_by",
            "assessment__rule_set",
            "eligibility",
            "service__fallback_reason",
            "service__not_served_reason",
            "consent",
            "followup__owner",
            "neighbor__care_plan",
            "merged_into",
        )
        .prefetch_related(
            Prefetch("runs", Run.objects.select_related("unit", "dispatched_by").order_by("id")),
            "runs__backups",
            Prefetch("consults", Consult.objects.select_related("accepted_by").order_by("id")),
            Prefetch("handoffs", Handoff.objects.select_related("made_by").order_by("id")),
            Prefetch("lowerings", Lowering.objects.select_related("asked_by", "answered_by")),
            Prefetch("merged", Call.objects.select_related("nature").order_by("received_at")),
            "merged__runs__unit",
            "merged__consults",
            Prefetch("holds", Hold.objects.filter(ended_at__isnull=True), to_attr="open_holds"),
        )
        .first()
    )
    return _view(call) if call else None


def _view(call: Call) -> CallView:
    row = board_call(call)
    decision = row.decision
    assessment = getattr(call, "assessment", None)
    asked = questions(assessment.rule_set_id) if assessment else []
    latest = Decision.objects.filter(call=call).order_by("-id").first() if decision else None
    return CallView(
        call=call,
        row=row,
        decision=decision,
        latest=latest,
        would_change=_would_change(call, decision, asked),
        answers=_answers(call, asked),
        consults=list(call.consults.all()),
        lowerings=list(call.lowerings.all()),
        eligibility=getattr(call, "eligibility", None),
        service=getattr(call, "service", None),
        served=first_service(call),
        runs=[_run_line(run) for run in call.runs.all()],
        recommended=recommend(call, decision) if call.closed_at is None else None,
        handoffs=list(call.handoffs.all()),
        missing_agencies=_missing_agencies(call, decision),
        notes=list(notes_of(call)),
        happenings=_happenings(call.pk),
        consent=getattr(call, "consent", None),
        followup=getattr(call, "followup", None),
        clinical_notes=clinical_notes_of(call).count(),
        crew_asked=crew_asked(call),
        place=place_of(call),
        alike=alike(call),
        merged=list(call.merged.all()),
        merge=_merge_of(call),
    )


SHORT = {"si": "suicide", "bh": "behavioral health", "harm_now": "harming themselves"}
"""Questions whose keys say too little to a person; the others are said by their key."""


def _would_change(
    call: Call, decision: Decision | None, asked: list[Question]
) -> list[OtherAnswer]:
    """The most protective other answers: for each question the one that weighs most."""
    if decision is None or call.closed_at is not None:
        return []
    loaded = protocol(decision.rule_set_id)
    answers = decision.inputs.get("answers", {})
    nature = decision.inputs.get("nature")
    labels = {(q.key, each["value"]): each["label_en"] for q in asked for each in q.answers}
    shown: dict[str, OtherAnswer] = {}
    for change in rules.what_would_change(loaded.rule_set, answers, nature):
        then = change.outcome
        other = OtherAnswer(
            question=SHORT.get(change.question, change.question.replace("_", " ")),
            answer=labels.get((change.question, change.answer), change.answer),
            route=route_name(then.route),
            level=then.level,
        )
        shown.setdefault(change.question, other)
    return list(shown.values())[:CHANGES_SHOWN]


def _answers(call: Call, asked: list[Question]) -> list[Answer]:
    assessment = getattr(call, "assessment", None)
    if assessment is None:
        return []
    told = []
    for question in asked:
        if value := assessment.answers.get(question.key):
            labels = {each["value"]: each["label_en"] for each in question.answers}
            told.append(Answer(question.key, question.ask_en, labels.get(value, value)))
    return told


def questions(rule_set_id: int | None = None) -> list[Question]:
    """The questions of a rule set, or of the one in force, in order."""
    found = Question.objects.filter(rule_set_id=rule_set_id or active_rule_set_id())
    return list(found.select_related("rule_set"))


MOVES = {
    "start": "En route",
    "arrive": "On scene",
    "transport": "Transport",
    "begin_clearing": "Clearing",
}


def _presses(run: Run) -> list[tuple[str, str]]:
    """What a crew says by radio besides its moves."""
    if run.status == RunStatus.DISPATCHED and run.acknowledged_at is None:
        return [("acknowledge", "Acknowledged")]
    return [("check-in", "They are well")] if run.is_open else []


def _run_line(run: Run) -> RunLine:
    possible = {name for name, move in RUN.moves.items() if run.status in move.sources}
    return RunLine(
        run=run,
        code=STATUS_CODES.get(run.status, ""),
        moves=_presses(run) + [(name, words) for name, words in MOVES.items() if name in possible],
        backups=list(run.backups.all()),
        can_cancel="cancel" in possible,
        can_clear="clear" in possible,
        can_ask_backup=run.is_open,
    )


def _missing_agencies(call: Call, decision: Decision | None) -> list[tuple[str, str]]:
    """Agencies that the decision, or the fallback, names and that have no hand-off yet."""
    if decision is None or call.closed_at is not None:
        return []
    service = getattr(call, "service", None)
    given = {handoff.agency for handoff in call.handoffs.all()}
    wanted = [service.planned_route if service else decision.route, *decision.added]
    return [
        (agency, route_name(agency))
        for agency in dict.fromkeys(wanted)
        if agency in Handoff.Agency.values and agency not in given
    ]


def _happenings(call_id: int) -> list[Happening]:
    entries = timeline(call_id).exclude(verb="record.read").order_by("-id")[:TIMELINE_SHOWN]
    return [_happening(entry) for entry in entries]


def _happening(entry: Entry) -> Happening:
    words = sentence(entry.verb, entry.payload)
    return Happening(entry.happened_at, entry.actor_name, words, entry.source)


def _merge_of(call: Call) -> Happening | None:
    """The merge by which this call was closed, told on the call that goes on."""
    if call.merged_into_id is None:
        return None
    merges = timeline(call.merged_into_id).filter(verb="call.merged")
    entry = merges.filter(payload__merged_id=call.pk).last()
    return _happening(entry) if entry else None


ROUTES = [(route.value, f"{route_name(route)}: {route.label}") for route in Route]
