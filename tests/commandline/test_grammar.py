"""The grammar: every example of the table, every form a dispatcher types, and never a fault without words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heart.pages.commandline.grammar import Fault, Order, commands_named, expecting, parse
from heart.pages.commandline.table import CODES, COMMANDS, Command, Slot

CODES_KNOWN = {
    Slot.AGENCY: ["police", "ems"],
    Slot.NATURE: ["TRESPASS", "TRAFFIC", "WELFARE"],
    Slot.TO_AGENCY: ["ems", "police", "fire"],
    Slot.REOPEN_REASON: ["new_information", "closed_by_mistake"],
    Slot.OUTCOME: ["resolved", "transported", "referred", "not_located"],
    Slot.CANCEL_REASON: ["not_needed", "closer_unit"],
    Slot.FELT_SAFE: ["yes", "no", "not_answered"],
    Slot.HOLD_REASON: ["no_unit", "caller_asked"],
    Slot.CONSENT: ["yes", "no", "not_asked"],
    Slot.NOT_SERVED: ["no_unit_on_duty", "outside_hours"],
    Slot.PLACE: ["board", "desk"],
}


def order(line: str) -> Order:
    read = parse(line, CODES_KNOWN)
    assert isinstance(read, Order), read
    return read


def fault(line: str) -> Fault:
    read = parse(line, CODES_KNOWN)
    assert isinstance(read, Fault), read
    return read


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_example_of_the_table_is_an_order_of_its_command(command: Command) -> None:
    assert order(command.example).command == command


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_word_and_every_unique_beginning_means_its_command(command: Command) -> None:
    for word in command.words:
        assert commands_named(word) == [command]
        for end in range(1, len(word)):
            named = commands_named(word[:end])
            assert named, word[:end]
            if len(named) == 1 and word[:end] not in {w for c in COMMANDS for w in c.words}:
                assert named == [command]


def test_no_two_commands_share_a_word() -> None:
    words = [word for command in COMMANDS for word in command.words]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("line", "name", "units", "call"),
    [
        ("d CRT1 123", "dispatch", ("CRT1",), "123"),
        ("d crt1, CRT2 123", "dispatch", ("CRT1", "CRT2"), "123"),
        ("D CRT1 CRT1 26-000123", "dispatch", ("CRT1",), "26-000123"),
        ("d 21 22 123", "dispatch", ("21", "22"), "123"),
        ("d CRT1", "dispatch", ("CRT1",), ""),
        ("d CRT1 .", "dispatch", ("CRT1",), ""),
        ("/dispatch CRT1 123", "dispatch", ("CRT1",), "123"),
        ("crt1 crt2 d 123", "dispatch", ("CRT1", "CRT2"), "123"),
        ("crt1 en", "enroute", ("CRT1",), ""),
        ("en CRT1 CRT2", "enroute", ("CRT1", "CRT2"), ""),
        ("ac CRT1", "received", ("CRT1",), ""),
        ("rc", "recontacted", (), ""),
    ],
)
def test_units_and_calls(line: str, name: str, units: tuple[str, ...], call: str) -> None:
    read = order(line)

    assert (read.command.name, read.units, read.call) == (name, units, call)


def test_codes_may_be_shortened_and_written_with_a_hyphen() -> None:
    assert order("cl CRT1 res yes").codes == {Slot.OUTCOME: "resolved", Slot.FELT_SAFE: "yes"}
    assert order("cl CRT1 not-located no").codes[Slot.OUTCOME] == "not_located"
    assert order("bk CRT1 e").codes == {Slot.AGENCY: "ems"}
    assert order("crt1 crt2 cl ref no").units == ("CRT1", "CRT2")
    assert order("cl CRT1").codes == {}


def test_text_is_kept_as_it_was_typed() -> None:
    assert order("n 123 dog,  in the yard ").text == "dog,  in the yard"
    assert order("n dog in the yard").call == ""
    assert order("n . 2 dogs").text == "2 dogs"
    assert order("new Mill Lane 3, back door").text == "Mill Lane 3, back door"


def test_a_new_call_may_have_its_nature_behind_a_semicolon() -> None:
    both = order("new Mill Lane / Weir Terrace; tres")

    assert (both.text, both.codes) == ("Mill Lane / Weir Terrace", {Slot.NATURE: "TRESPASS"})
    assert order("new Mill Lane 3;welfare").codes == {Slot.NATURE: "WELFARE"}
    assert (order("new ; wel").text, order("new").text) == ("", "")
    assert order("n 1 loud; all quiet").text == "loud; all quiet"
    assert fault("new Mill Lane; ").expected == str(Slot.NATURE)
    assert (fault("new Mill Lane; tr").column, expecting("new A 3; tr", CODES_KNOWN).slots) == (
        *(16,),
        (Slot.NATURE,),
    )


def test_a_level_is_told_from_a_call() -> None:
    assert (order("raise 123 4").call, order("raise 123 4").number) == ("123", 4)
    assert (order("raise 4").call, order("raise 4").number) == ("", 4)
    assert fault("raise 123").expected == "a level, 2 to 4"


def test_a_hold_knows_its_minutes_from_the_call() -> None:
    with_call, shown = order("hold 123 15 no_unit"), order("hold 15 no_unit")

    assert (with_call.call, with_call.number) == ("123", 15)
    assert (shown.call, shown.number, shown.codes) == ("", 15, {Slot.HOLD_REASON: "no_unit"})


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("", 1, "a command: ? shows them all"),
        ("xyz 123", 1, "a command instead of “xyz”"),
        ("c CRT1", 1, "clear or cancel or close"),
        ("d", 3, "one or more units"),
        ("n 123", 7, "some text"),
        ("cl CRT1 resolved", 18, "whether the crew felt safe (yes, no, not_answered)"),
        ("cl CRT1 r yes", 9, "an outcome (resolved, transported, referred, not_located)"),
        ("hold 123 900 no_unit", 10, "minutes, 1 to 240"),
        ("hold 123 15", 13, "a reason for the hold (no_unit, caller_asked)"),
        ("open", 6, "a call number or its last digits"),
        ("open mill", 6, "a call number or its last digits"),
        ("g nowhere", 3, "a place of the console (board, desk)"),
        ("cl CRT1 yes resolved", 22, "whether the crew felt safe"),
        (
            "close 123 no_unit_on_duty",
            11,
            "whether HEART may call in 48 hours (yes, no, not_asked) instead",
        ),
        ("open 123 456", 10, "nothing instead of “456”"),
        ("? now", 3, "nothing instead of “now”"),
        ("ca CRT1", 9, "a reason for the cancelling (not_needed, closer_unit)"),
    ],
)
def test_faults_say_what_was_expected_and_where(line: str, column: int, expected: str) -> None:
    read = fault(line)

    assert read.column == column
    assert expected in read.said


def test_a_line_that_is_too_long_is_a_fault() -> None:
    assert "at most 4,200 characters" in fault("n 1 " + "x" * 4300).expected


WORDS = [
    *(word for command in COMMANDS for word in command.words),
    *(code for codes in CODES_KNOWN.values() for code in codes),
    *("CRT1", "crt2", "123", "26-000123", "15", ".", "into", "0", "9999999", "é", ","),
]
LINES = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=6).map(" ".join),
)


@given(LINES)
def test_any_line_is_an_order_or_a_fault_that_says_what_was_expected(line: str) -> None:
    read = parse(line, CODES_KNOWN)

    if isinstance(read, Fault):
        assert 1 <= read.column <= len(line) + 2
        assert re.match(r"Column \d+: expected .{4}", read.said)
        return
    wanted = set(read.command.slots) - set(read.command.optional)
    assert not (Slot.UNITS in wanted and not read.units)
    assert not (Slot.TEXT in wanted and not read.text)
    assert wanted & CODES <= read.codes.keys()
    for slot, code in read.codes.items():
        assert code in CODES_KNOWN[slot]
    for number in (read.call, read.into):
        assert re.fullmatch(r"|\d{1,6}|\d\d-\d{6}|\.", number, re.ASCII)


@given(LINES)
def test_any_unfinished_line_has_an_end_that_can_be_completed(line: str) -> None:
    wanted = expecting(line, CODES_KNOWN)

    assert line[wanted.at :].rstrip(" ,").startswith(wanted.typed.rstrip()) or not wanted.typed
    assert wanted.at <= len(line)


@pytest.mark.parametrize(
    ("line", "typed", "slots"),
    [
        ("d ", "", (Slot.UNITS,)),
        ("d CRT1 ", "", (Slot.UNITS, Slot.CALL)),
        ("d CRT1 1", "1", (Slot.UNITS, Slot.CALL)),
        ("cl CRT1 ", "", (Slot.UNITS, Slot.OUTCOME)),
        ("cl CRT1 res ", "", (Slot.FELT_SAFE,)),
        ("n 12", "12", (Slot.CALL, Slot.TEXT)),
        ("g b", "b", (Slot.PLACE,)),
        ("? ", "", ()),
    ],
)
def test_what_may_come_next(line: str, typed: str, slots: tuple[Slot, ...]) -> None:
    wanted = expecting(line, CODES_KNOWN)

    assert (wanted.typed, wanted.slots) == (typed, slots)
