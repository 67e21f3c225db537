"""What becomes of two calls when they are made one: said before it is done, and done as it was said."""

from dataclasses import dataclass, field

from dispatch.models import Handoff, Run
from dispatch.states import OPEN_RUN, HandoffStatus
from intake.models import Call
from intake.states import CallStatus
from intake.steps import Refused
from triage import merging, rules
from triage.models import PROTECTION, Assessment, Consult, Decision, Route
from triage.queries import invariant_rows, protocol
from triage.states import OPEN_CONSULT, ConsultStatus

BLANKS = ("nature", "location_text", "latitude", "longitude", "beat", "neighbor")
"""What the call that stays takes over from the other where it has nothing itself."""


@dataclass(frozen=True, slots=True)
class MergePlan:
    """``call`` goes into ``into``: the rows that go over, the answers that count."""

    call: Call
    into: Call
    runs: list[Run]
    handoffs: list[Handoff]
    consult: Consult | None
    gives_way: Consult | None
    answers: dict[str, str]
    weighed: list[merging.Weighed]
    decisions: list[Decision]
    taken_over: list[str] = field(default_factory=list)

    @property
    def lowest_level(self) -> int:
        """The level below which the call that stays cannot be, 1 when neither has one."""
        return max([1, *(each.level for each in self.decisions)])


def merge_plan(call: Call, into: Call) -> MergePlan:
    """The plan for two open calls; raises Refused with the reason when they cannot become one."""
    _can_be_one(call, into)
    ours, theirs = _assessment(into), _assessment(call)
    mine, other = _answers(ours), _fitting(theirs, ours)
    ladders = merging.ladders(invariant_rows())
    consult, gives_way = _consults(call, into)
    return MergePlan(
        call=call,
        into=into,
        runs=list(
            Run.objects.filter(call=call, status__in=OPEN_RUN)
            .select_related("unit")
            .order_by("pk")
        ),
        handoffs=list(Handoff.objects.filter(call=call, status=HandoffStatus.OPEN).order_by("pk")),
        consult=consult,
        gives_way=gives_way,
        answers=merging.riskier(mine, other, ladders),
        weighed=merging.weighed(mine, other, ladders),
        decisions=[each.decision for each in (ours, theirs) if each and each.decision],
        taken_over=_taken_over(call, into, ours, theirs),
    )


def _can_be_one(call: Call, into: Call) -> None:
    if call.pk == into.pk:
        raise Refused(into=f"{call} cannot be merged into itself")
    for each in (call, into):
        if each.merged_into_id is not None:
            raise Refused(into=f"{each} was merged into {each.merged_into} already")
        if each.status == CallStatus.CLOSED:
            raise Refused(into=f"{each} is closed: reopen it first")


def _assessment(call: Call) -> Assessment | None:
    return Assessment.objects.filter(call=call).select_related("decision").first()


def _answers(found: Assessment | None) -> dict[str, str]:
    return dict(found.answers) if found else {}


def _fitting(theirs: Assessment | None, ours: Assessment | None) -> dict[str, str]:
    """The other call's answers, as far as the version of the call that stays asks for them."""
    answers = _answers(theirs)
    if theirs is None or ours is None or theirs.rule_set_id == ours.rule_set_id:
        return answers
    return dict(rules.fitting(protocol(ours.rule_set_id).questions, answers))


def _consults(call: Call, into: Call) -> tuple[Consult | None, Consult | None]:
    """The other call's consult when it goes over, and the one that is withdrawn for it or for ours.

    A clinician who is talking keeps her caller. Two who are talking cannot both: one has to end
    first, because nothing here may cut off somebody in a crisis.
    """
    theirs, ours = _open_consult(call), _open_consult(into)
    if theirs is None or ours is None:
        return theirs, None
    if theirs.status == ours.status == ConsultStatus.ACCEPTED:
        raise Refused(
            into=f"{theirs.accepted_by} talks with the caller of {call}, {ours.accepted_by} with the"
            f" caller of {into}: one of them has to end first"
        )
    if theirs.status == ConsultStatus.ACCEPTED:
        return theirs, ours
    return None, theirs


def _open_consult(call: Call) -> Consult | None:
    found = Consult.objects.filter(call=call, status__in=OPEN_CONSULT)
    return found.select_related("accepted_by").first()


def _taken_over(
    call: Call, into: Call, ours: Assessment | None, theirs: Assessment | None
) -> list[str]:
    """The columns that come from the other call: what is blank here, and the riskier nature."""
    blank = [
        name
        for name in BLANKS
        if getattr(into, name) in (None, "") and getattr(call, name) not in (None, "")
    ]
    if "nature" not in blank and call.nature_id and _is_riskier(theirs, than=ours):
        blank.append("nature")
    return [name for name in blank if getattr(call, name) != getattr(into, name)]


def _is_riskier(theirs: Assessment | None, *, than: Assessment | None) -> bool:
    if theirs is None or theirs.decision is None:
        return False
    if than is None or than.decision is None:
        return True
    return _risk(theirs.decision) > _risk(than.decision)


def _risk(decision: Decision) -> tuple[int, int]:
    return decision.level, PROTECTION[Route(decision.route)]
