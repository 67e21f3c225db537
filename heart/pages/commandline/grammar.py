"""What a typed line means: an order, or a fault that says what was expected and where.

Pure: knows the table of commands and the codes it is given, no rows and no people. It never raises.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from heart.pages.commandline.table import AFTER, CODES, COMMANDS, NUMBERS, Command, Slot

Codes = Mapping[Slot, Sequence[str]]
"""The words that may stand in each slot of ``CODES``."""

LONGEST_LINE = 4200
SHOWN_CALL = "."
_CALL = re.compile(r"\d{1,6}|\d\d-\d{6}|\.", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_WORD = re.compile(r"[^\s,]+")
STATUS_COMMANDS = frozenset(
    word for each in COMMANDS if each.slots[:1] == (Slot.UNITS,) for word in each.words
)
"""Words that may stand after the units as well: ``crt1 en``."""


class Word(NamedTuple):
    """A word of the line; ``at`` counts characters from zero."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Order:
    """What the line asks for. An empty call is the one that is shown."""

    command: Command
    units: tuple[str, ...] = ()
    call: str = ""
    into: str = ""
    text: str = ""
    number: int = 0
    codes: Mapping[Slot, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be carried out: what was expected, and from which column on (from 1)."""

    expected: str
    column: int
    command: Command | None = None

    @property
    def said(self) -> str:
        """The whole of it, for a person."""
        example = f" Like: {self.command.example}" if self.command else ""
        return f"Column {self.column}: expected {self.expected}.{example}"


class Expecting(NamedTuple):
    """What may come at the end of an unfinished line: its beginning, its column, and what it can be."""

    typed: str
    at: int
    slots: tuple[Slot, ...]
    command: Command | None


def words_of(line: str) -> list[Word]:
    """Blanks and commas part the words."""
    return [Word(found[0], found.start()) for found in _WORD.finditer(line)]


def parse(line: str, codes: Codes) -> Order | Fault:
    """The order of a line."""
    if len(line) > LONGEST_LINE:
        return Fault(f"at most {LONGEST_LINE:,} characters", LONGEST_LINE + 1)
    words = words_of(line)
    if not words:
        return Fault("a command: ? shows them all", 1)
    found = _command(words)
    if isinstance(found, Fault):
        return found
    command, rest = found
    return _Reader(line, command, rest, codes).order()


def expecting(line: str, codes: Codes) -> Expecting:
    """What may stand where the line ends now."""
    words = words_of(line)
    is_begun = bool(words) and line[-1:] not in (" ", ",")
    typed = words.pop() if is_begun else Word("", len(line))
    if not words:
        return Expecting(typed.text, typed.at, (), None)
    found = _command(words)
    if isinstance(found, Fault):  # units first: the status word may come
        return Expecting(typed.text, typed.at, (Slot.UNITS,), None)
    command, rest = found
    slots = _Reader(line[: typed.at], command, rest, codes).next_slots()
    return Expecting(typed.text, typed.at, slots, command)


def commands_named(word: str) -> list[Command]:
    """The commands that this word means: the one with exactly this name, or all that begin with it."""
    plain = word.casefold().removeprefix("/") or word
    exact = [each for each in COMMANDS if plain in each.words]
    return exact or [each for each in COMMANDS if any(w.startswith(plain) for w in each.words)]


def code_named(word: str, known: Sequence[str]) -> list[str]:
    """The codes that this word means, ``-`` for ``_``: exactly this one, or all that begin with it."""
    plain = word.casefold().replace("-", "_")
    exact = [code for code in known if code.casefold() == plain]
    return exact or [code for code in known if code.casefold().startswith(plain)]


def _command(words: list[Word]) -> tuple[Command, list[Word]] | Fault:
    """The command of the line and the words that are left for it."""
    first = words[0]
    named = commands_named(first.text)
    if len(named) == 1:
        return named[0], words[1:]
    if not named:
        for at, word in enumerate(words[1:], start=1):
            if word.text.casefold() in STATUS_COMMANDS:
                return commands_named(word.text)[0], words[:at] + words[at + 1 :]
        return Fault(f"a command instead of “{first.text[:40]}”: ? shows them all", first.at + 1)
    choices = " or ".join(each.name for each in named)
    return Fault(f"more of the word “{first.text}”: {choices}", first.at + 1)


class _Reader:
    """Gives the words of a line to the slots of its command, from left to right."""

    def __init__(self, line: str, command: Command, words: list[Word], codes: Codes) -> None:
        self.line, self.command, self.codes = line, command, codes
        self.words = words
        self.used = 0
        self.units: list[str] = []
        self.found: dict[Slot, str] = {}
        self.has_nature = False

    def order(self) -> Order | Fault:
        for slot in self.command.slots:
            if not self._take(slot) and not self._may_lack(slot):
                return self._fault(slot)
        if self.used < len(self.words):
            return self._too_much()
        return Order(
            command=self.command,
            units=tuple(self.units),
            call=self.found.get(Slot.CALL, "").replace(SHOWN_CALL, ""),
            into=self.found.get(Slot.INTO, ""),
            text=self.found.get(Slot.TEXT, "") or self.found.get(Slot.PERSON, ""),
            number=next((int(self.found[slot]) for slot in NUMBERS if slot in self.found), 0),
            codes={slot: code for slot, code in self.found.items() if slot in CODES},
        )

    def next_slots(self) -> tuple[Slot, ...]:
        """The slots that the next word could fill."""
        slots = self.command.slots
        for index, slot in enumerate(slots):
            is_taken = self._take(slot)
            if self.used < len(self.words):
                continue
            more = [slot] if slot == Slot.UNITS or not is_taken else []
            is_needed = not is_taken and not self._may_lack(slot)
            for following in slots[index + 1 :]:
                if is_needed:
                    break
                if self._is_idle(following):
                    continue
                more.append(following)
                is_needed = not self._may_lack(following)
            return tuple(more)
        return ()

    def _take(self, slot: Slot) -> bool:
        left = self.words[self.used :]
        if not left or self._is_idle(slot):
            return False
        if slot == Slot.UNITS:
            return self._take_units(left)
        if slot in (Slot.TEXT, Slot.PERSON):
            self._take_text(slot, left[0].at)
            return True
        if slot == Slot.INTO and left[0].text.casefold() == "into":
            self.used += 1
            left = left[1:]
        taken = self._value(slot, left)
        if taken is None:
            return False
        self.found[slot] = taken
        self.used += 1
        return True

    def _take_text(self, slot: Slot, start: int) -> None:
        """The rest of the line; where a nature may follow, up to the last semicolon."""
        text, end = self.line[start:], len(self.line)
        if Slot.NATURE in self.command.slots and ";" in text:
            text, _, _ = text.rpartition(";")
            end = start + len(text) + 1
            self.has_nature = True
        self.found[slot] = text.strip(" ,\t")
        self.words = [Word(word.text, word.at + end) for word in words_of(self.line[end:])]
        self.used = 0

    def _value(self, slot: Slot, left: list[Word]) -> str | None:
        if not left:
            return None
        text = left[0].text
        if slot in CODES:
            named = code_named(text, self.codes.get(slot, ()))
            return named[0] if len(named) == 1 else None
        if slot in (Slot.CALL, Slot.INTO):
            return text if _CALL.fullmatch(text) and not self._is_number_of(slot, left) else None
        return text if _NUMBER.fullmatch(text) and int(text) in NUMBERS[slot] else None

    def _is_number_of(self, slot: Slot, left: list[Word]) -> bool:
        """Whether a number is no call but what has to follow it: nothing else could be that."""
        if slot not in self.command.optional or not NUMBERS.keys() & set(self.command.slots):
            return False
        return not (len(left) > 1 and _NUMBER.fullmatch(left[1].text))

    def _take_units(self, left: list[Word]) -> bool:
        """All words but a call at the end, or up to a code that follows the units."""
        following = self.command.slots[1:]
        count = 1
        if following[:1] == (Slot.CALL,):
            is_call = len(left) > 1 and _CALL.fullmatch(left[-1].text)
            count = len(left) - 1 if is_call else len(left)
        else:
            while count < len(left) and not self._is_code(following, left[count]):
                count += 1
        self.units = list(dict.fromkeys(word.text.upper() for word in left[:count]))
        self.used += count
        return True

    def _is_code(self, following: tuple[Slot, ...], word: Word) -> bool:
        return bool(following) and bool(code_named(word.text, self.codes.get(following[0], ())))

    def _is_idle(self, slot: Slot) -> bool:
        """Whether it has no place without another one that is not there."""
        if slot == Slot.NATURE:
            return not self.has_nature
        return slot in AFTER and AFTER[slot] not in self.found

    def _may_lack(self, slot: Slot) -> bool:
        if slot == Slot.FELT_SAFE and Slot.OUTCOME in self.found:
            return False  # whether it felt safe is asked every time
        if slot == Slot.NATURE and self.has_nature:
            return False
        return slot in self.command.optional

    def _fault(self, slot: Slot) -> Fault:
        return Fault(self._words_for(slot), self._column(), self.command)

    def _too_much(self) -> Fault:
        slots = self.command.slots
        lacking = [slot for slot in slots if slot not in self.found and not self._is_idle(slot)]
        possible = [self._words_for(slot) for slot in lacking if slot != Slot.UNITS]
        more = " or ".join(possible) or "nothing"
        word = self.words[self.used]
        return Fault(f"{more} instead of “{word.text[:40]}”", word.at + 1, self.command)

    def _words_for(self, slot: Slot) -> str:
        known = self.codes.get(slot, ()) if slot in CODES else ()
        if not known or slot in (Slot.AGENCY, Slot.NATURE):
            return str(slot)
        return f"{slot} ({', '.join(known)})"

    def _column(self) -> int:
        if self.used < len(self.words):
            return self.words[self.used].at + 1
        return len(self.line.rstrip()) + 2
