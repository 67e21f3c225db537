"""Every command of the line in one table: the grammar, the cheat sheet and the tests are made of it."""

from dataclasses import dataclass
from enum import StrEnum

from heart.roles import Permission


class Slot(StrEnum):
    """What may stand at a place of a command; the value says it to a person."""

    UNITS = "one or more units"
    CALL = "a call number or its last digits"
    INTO = "the call to keep, by its number or last digits"
    MINUTES = "minutes, 1 to 240"
    LEVEL = "a level, 2 to 4"
    NTH = "which alert, as they stand in the strip: 1, 2, 3"
    TEXT = "some text"
    PERSON = "a user name"
    NATURE = "a nature, by its code or the beginning of it"
    AGENCY = "police or ems"
    TO_AGENCY = "an agency to hand it to"
    REOPEN_REASON = "a reason for the reopening"
    OUTCOME = "an outcome"
    CANCEL_REASON = "a reason for the cancelling"
    FELT_SAFE = "whether the crew felt safe"
    HOLD_REASON = "a reason for the hold"
    CONSENT = "whether HEART may call in 48 hours"
    NOT_SERVED = "why HEART did not serve it"
    PLACE = "a place of the console"


CODES = frozenset(
    {
        *(Slot.AGENCY, Slot.OUTCOME, Slot.FELT_SAFE, Slot.HOLD_REASON, Slot.CONSENT),
        *(Slot.TO_AGENCY, Slot.REOPEN_REASON),
        *(Slot.NOT_SERVED, Slot.PLACE, Slot.CANCEL_REASON, Slot.NATURE),
    }
)
"""Slots that take one word of a list which the agency or the program keeps."""
NUMBERS = {Slot.MINUTES: range(1, 241), Slot.LEVEL: range(2, 5), Slot.NTH: range(1, 100)}
"""Slots that take a number, with what it can be."""


AFTER = {Slot.FELT_SAFE: Slot.OUTCOME, Slot.NOT_SERVED: Slot.CONSENT}
"""Slots that are said only with another one before them."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: ``words`` are its names, the shortest first; optional slots can be left out.

    ``usage`` says what follows the word; ``twin`` is where the mouse does the same.
    """

    words: tuple[str, ...]
    does: str
    usage: str
    example: str
    twin: str
    permission: Permission
    slots: tuple[Slot, ...] = ()
    optional: tuple[Slot, ...] = ()

    @property
    def name(self) -> str:
        """The long name, which nobody else has."""
        return self.words[-1]

    @property
    def form(self) -> str:
        """As it is typed, for the cheat sheet."""
        return f"{self.words[0]} {self.usage}".strip()


P, S = Permission, Slot
COMMANDS = (
    Command(
        words=("new",),
        does="begin a call",
        usage="[location] [; nature]",
        example="new Mill Lane 3; tres",
        twin="New call, in the bar",
        permission=P.TAKE_CALL,
        slots=(S.TEXT, S.NATURE),
        optional=(S.TEXT, S.NATURE),
    ),
    Command(
        words=("d", "dispatch"),
        does="send one unit or several to a call",
        usage="UNIT… [call]",
        example="d CRT1 CRT2 123",
        twin="Send, among the teams of the call",
        permission=P.DISPATCH,
        slots=(S.UNITS, S.CALL),
        optional=(S.CALL,),
    ),
    Command(
        words=("rec", "recommend"),
        does="the teams that can go, why, and why not; choose one to send it",
        usage="[call]",
        example="rec 123",
        twin="The teams of the call",
        permission=P.VIEW_CALL,
        slots=(S.CALL,),
        optional=(S.CALL,),
    ),
    Command(
        words=("ac", "received"),
        does="has read the dispatch",
        usage="UNIT…",
        example="ac CRT1",
        twin="Acknowledged, at the team of the call",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("en", "enroute"),
        does="on the way",
        usage="UNIT…",
        example="en CRT1",
        twin="En route, at the team of the call",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("os", "onscene"),
        does="with the neighbor",
        usage="UNIT…",
        example="os CRT1",
        twin="On scene, at the team of the call",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("tr", "transporting"),
        does="takes the neighbor somewhere",
        usage="UNIT…",
        example="tr CRT1",
        twin="Transporting, at the team of the call",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("cl", "clear"),
        does="clearing; with outcome and felt safe: free again",
        usage="UNIT… [outcome safe]",
        example="cl CRT1 resolved yes",
        twin="Clearing and Clear…, at the team of the call",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS, S.OUTCOME, S.FELT_SAFE),
        optional=(S.OUTCOME, S.FELT_SAFE),
    ),
    Command(
        words=("ca", "cancel"),
        does="call a unit back before it arrives",
        usage="UNIT… reason",
        example="ca CRT1 not_needed",
        twin="Cancel…, at the team of the call",
        permission=P.DISPATCH,
        slots=(S.UNITS, S.CANCEL_REASON),
    ),
    Command(
        words=("par", "welfare"),
        does="is well: the next welfare check counts from now",
        usage="UNIT…",
        example="par CRT1",
        twin="They are well, in the alerts",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("bk", "backup"),
        does="backup: police, unless EMS is said",
        usage="UNIT [police|ems]",
        example="bk CRT1 ems",
        twin="Police and EMS, at the team of the call",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS, S.AGENCY),
        optional=(S.AGENCY,),
    ),
    Command(
        words=("av", "available"),
        does="back in service",
        usage="UNIT…",
        example="av CRT2",
        twin="In service, on the page of the team",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("oos", "outofservice"),
        does="out of service; refused while on a call",
        usage="UNIT…",
        example="oos CRT2",
        twin="Out of service, on the page of the team",
        permission=P.MOVE_UNIT,
        slots=(S.UNITS,),
    ),
    Command(
        words=("ack", "acknowledge"),
        does="I have it: the first alert that nobody has, or the nth",
        usage="[n]",
        example="ack",
        twin="I have it, in the alerts",
        permission=P.DISPATCH,
        slots=(S.NTH,),
        optional=(S.NTH,),
    ),
    Command(
        words=("hold",),
        does="let a call wait on purpose",
        usage="[call] minutes reason",
        example="hold 123 15 no_unit",
        twin="Hold…, on the call",
        permission=P.DISPATCH,
        slots=(S.CALL, S.MINUTES, S.HOLD_REASON),
        optional=(S.CALL,),
    ),
    Command(
        words=("unhold",),
        does="end the hold of a call",
        usage="[call]",
        example="unhold 123",
        twin="End the hold, on the call",
        permission=P.DISPATCH,
        slots=(S.CALL,),
        optional=(S.CALL,),
    ),
    Command(
        words=("rc", "recontacted"),
        does="spoke with the waiting caller again",
        usage="[call]",
        example="rc 123",
        twin="Contacted, in the alerts",
        permission=P.DISPATCH,
        slots=(S.CALL,),
        optional=(S.CALL,),
    ),
    Command(
        words=("own",),
        does="answer for a call, or let somebody else",
        usage="[call] [user]",
        example="own 123",
        twin="Hand over, in the bar",
        permission=P.CLOSE_CALL,
        slots=(S.CALL, S.PERSON),
        optional=(S.CALL, S.PERSON),
    ),
    Command(
        words=("raise",),
        does="raise the level; lowering takes two people and the page",
        usage="[call] level",
        example="raise 123 4",
        twin="Raise to level, on the call",
        permission=P.RAISE_LEVEL,
        slots=(S.CALL, S.LEVEL),
        optional=(S.CALL,),
    ),
    Command(
        words=("ho", "handoff"),
        does="write down that another agency has it",
        usage="[call] agency [reference]",
        example="ho 123 ems E-77",
        twin="Hand off…, on the call",
        permission=P.TAKE_CALL,
        slots=(S.CALL, S.TO_AGENCY, S.TEXT),
        optional=(S.CALL, S.TEXT),
    ),
    Command(
        words=("done",),
        does="leave the line; the call goes on",
        usage="[call]",
        example="done 123",
        twin="Finish, on the form",
        permission=P.TAKE_CALL,
        slots=(S.CALL,),
        optional=(S.CALL,),
    ),
    Command(
        words=("n", "note"),
        does="write a note",
        usage="[call] text",
        example="n 123 dog in the yard",
        twin="Add a note, on the call",
        permission=P.TAKE_CALL,
        slots=(S.CALL, S.TEXT),
        optional=(S.CALL,),
    ),
    Command(
        words=("f", "find"),
        does="calls of 90 days by number, phone, place, nature",
        usage="text",
        example="find mill lane",
        twin="The rows of the board",
        permission=P.VIEW_CALL,
        slots=(S.TEXT,),
    ),
    Command(
        words=("open",),
        does="open a call",
        usage="call",
        example="open 123",
        twin="The row of the call",
        permission=P.VIEW_CALL,
        slots=(S.CALL,),
    ),
    Command(
        words=("close",),
        does="close a call; without consent the page asks",
        usage="[call] [consent [reason]]",
        example="close 123 no",
        twin="Close the call…, on the call",
        permission=P.CLOSE_CALL,
        slots=(S.CALL, S.CONSENT, S.NOT_SERVED),
        optional=(S.CALL, S.CONSENT, S.NOT_SERVED),
    ),
    Command(
        words=("merge",),
        does="one incident: the first call becomes a part of the other",
        usage="call into call",
        example="merge 123 into 120",
        twin="Merge…, at the calls nearby",
        permission=P.DISPATCH,
        slots=(S.CALL, S.INTO),
    ),
    Command(
        words=("reopen",),
        does="open a closed call again, by its whole number",
        usage="call reason",
        example="reopen 26-000123 new_information",
        twin="Reopen, on the call",
        permission=P.CLOSE_CALL,
        slots=(S.CALL, S.REOPEN_REASON),
    ),
    Command(
        words=("g", "go"),
        does="go to a place",
        usage="place",
        example="g board",
        twin="The places in the bar",
        permission=P.USE_CONSOLE,
        slots=(S.PLACE,),
    ),
    Command(
        words=("?", "help"),
        does="all keys and commands",
        usage="",
        example="?",
        twin="Keyboard, in the bar",
        permission=P.USE_CONSOLE,
    ),
)

OF_MOVE = {
    "acknowledge": "ac",
    "start": "en",
    "arrive": "os",
    "transport": "tr",
    "begin_clearing": "cl",
    "check-in": "par",
}
"""The command of each press on a run, by the name the press has in its address."""
