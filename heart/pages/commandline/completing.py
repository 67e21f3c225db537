"""What can follow what is typed so far, and what the line would do, in words, before Enter."""

from collections.abc import Iterator
from typing import NamedTuple

from heart.pages.commandline.choices import Choices, choices
from heart.pages.commandline.grammar import Expecting, commands_named, expecting
from heart.pages.commandline.naming import Desk
from heart.pages.commandline.plans import PLANNERS
from heart.pages.commandline.running import Answer, read
from heart.pages.commandline.table import CODES, COMMANDS, Command, Slot
from heart.pages.queries.team import units_for
from intake.models import Call
from intake.states import CallStatus
from intake.steps import Refused

MOST = 8


class Completion(NamedTuple):
    """``value`` takes the place of what is typed from ``at`` on."""

    value: str
    at: int
    words: str


class Ahead(NamedTuple):
    """What the page shows while somebody types."""

    completions: list[Completion]
    words: str
    problem: str


def ahead(line: str, desk: Desk) -> Ahead:
    """Completions of the end of the line, and what the line as it stands would do."""
    known = choices(desk.user)
    wanted = expecting(line, {slot: list(codes) for slot, codes in known.items()})
    completions = [
        Completion(value, wanted.at, words) for value, words in _candidates(wanted, known, desk)
    ][:MOST]
    words, problem = _meaning(line, desk) if line.strip() else ("", "")
    return Ahead(completions, words, problem)


def _meaning(line: str, desk: Desk) -> tuple[str, str]:
    order = read(line, desk)
    if isinstance(order, Answer):
        return "", "; ".join(order.problems)
    try:
        return PLANNERS[order.command.name](order, desk).words, ""
    except Refused as refused:
        return "", str(refused)


def _candidates(wanted: Expecting, known: Choices, desk: Desk) -> Iterator[tuple[str, str]]:
    if wanted.command is None:
        yield from _commands(wanted, desk)
    typed = wanted.typed.casefold()
    for slot in sorted(wanted.slots, key=lambda slot: slot == Slot.UNITS):  # more units come last
        if slot == Slot.UNITS:
            units = units_for(desk.user).filter(code__istartswith=typed).distinct()
            yield from ((unit.code, unit.get_kind_display()) for unit in units)
        elif slot in (Slot.CALL, Slot.INTO):
            yield from _calls(wanted.typed, desk)
        elif slot in CODES:
            plain = typed.replace("-", "_")
            yield from (pair for pair in known[slot].items() if _fits(pair, plain))


def _fits(pair: tuple[str, str], typed: str) -> bool:
    """A code that begins so, or a word of what it says."""
    code, words = pair
    return any(word.startswith(typed) for word in (code.casefold(), *words.casefold().split()))


def _commands(wanted: Expecting, desk: Desk) -> Iterator[tuple[str, str]]:
    """Those this person may give; after units only the ones that take units."""
    fitting = commands_named(wanted.typed) if wanted.typed else COMMANDS
    for command in fitting:
        is_after_units = not wanted.slots or command.slots[:1] == (Slot.UNITS,)
        if is_after_units and desk.user.may(command.permission):
            yield _word(command, wanted.typed), command.does


def _word(command: Command, typed: str) -> str:
    plain = typed.casefold()
    return next((word for word in command.words if word.startswith(plain)), command.words[0])


def _calls(typed: str, desk: Desk) -> Iterator[tuple[str, str]]:
    """Open calls that end in these digits or begin so, the newest first."""
    calls = Call.objects.exclude(status=CallStatus.CLOSED).order_by("-id")
    for call in calls.filter(number__contains=typed)[:MOST]:
        yield call.number, desk.says(call)
