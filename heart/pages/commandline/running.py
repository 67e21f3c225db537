"""A line is read, permitted, planned and carried out; the answer says what was done and what was not."""

from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from uuid import UUID, uuid5

from django.http import Http404

from heart.pages.commandline.choices import choices
from heart.pages.commandline.finding import Choice
from heart.pages.commandline.grammar import Fault, Order, parse
from heart.pages.commandline.naming import Desk
from heart.pages.commandline.plans import PLANNERS, Plan, Step
from heart.pages.commands import REFUSALS, Command, done_before, problems_of, run
from intake.steps import Refused


@dataclass(slots=True)
class Answer:
    """``open`` is where to go, ``choices`` are lines to choose from; a problem has nothing done."""

    status: HTTPStatus = HTTPStatus.OK
    said: str = ""
    open: str = ""
    problems: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    column: int | None = None

    def body(self) -> dict[str, object]:
        """For the page; the tone is that of the toast."""
        told = asdict(self) | {"choices": [choice._asdict() for choice in self.choices]}
        del told["status"]
        return told | {"tone": "late" if self.problems else "ok"}


def carry_out(line: str, command_id: UUID, desk: Desk, shown: str = "") -> Answer:
    """Do what the line says. Repeating it with its id does only what is missing.

    ``shown`` is what the page said it would do: when that is not so any more, nothing is done.
    """
    order = read(line, desk)
    if isinstance(order, Answer):
        return order
    try:
        plan = PLANNERS[order.command.name](order, desk)
    except Refused as refused:
        if done_before(uuid5(command_id, "")):
            return Answer(said="Done before.")
        return _problems(HTTPStatus.UNPROCESSABLE_ENTITY, _words(refused))
    ids = [uuid5(command_id, step.key) for step in plan.steps]
    if shown and shown != plan.words and not any(map(done_before, ids)):
        return _problems(HTTPStatus.CONFLICT, f"Not done, it is different now: {plan.words}")
    answer = Answer()
    for step, step_id in zip(plan.steps, ids, strict=True):
        _do(step, desk, step_id, answer)
    if not answer.problems:
        _go_on(plan, uuid5(command_id, ""), answer)
    return answer


def read(line: str, desk: Desk) -> Order | Answer:
    """The order of the line, if it can be read and this person may give it."""
    known = choices(desk.user)
    order = parse(line, {slot: list(codes) for slot, codes in known.items()})
    if isinstance(order, Fault):
        refused = _problems(HTTPStatus.UNPROCESSABLE_ENTITY, order.said)
        refused.column = order.column
        return refused
    permission = order.command.permission
    if not desk.user.may(permission):
        return _problems(HTTPStatus.FORBIDDEN, f"Your role may not {permission.label}.")
    return order


def _do(step: Step, desk: Desk, command_id: UUID, answer: Answer) -> None:
    press = Command(desk.user.actor("console"), command_id)
    try:
        run(press, lambda: step.do(press))
    except REFUSALS as refused:
        is_late = not isinstance(refused, Refused)
        answer.status = HTTPStatus.CONFLICT if is_late else HTTPStatus.UNPROCESSABLE_ENTITY
        answer.problems.append(_about(step, _words(refused)))
    except Http404:
        answer.status = HTTPStatus.CONFLICT
        answer.problems.append(_about(step, "is not there any more"))
    else:
        answer.said = f"{answer.said}; {step.said}" if answer.said else step.said


def _go_on(plan: Plan, command_id: UUID, answer: Answer) -> None:
    if plan.opens:
        answer.open = plan.opens(command_id)
    if plan.lists:
        answer.choices = plan.lists()
        answer.said = f"{len(answer.choices)} found." if answer.choices else "Nothing found."


def _about(step: Step, why: str) -> str:
    return why if not step.key or why.startswith(step.key) else f"{step.key}: {why}"


def _words(refused: Exception) -> str:
    return "; ".join(problems_of(refused).values())


def _problems(status: HTTPStatus, *problems: str) -> Answer:
    return Answer(status, problems=list(problems))
