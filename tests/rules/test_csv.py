"""The table as CSV: there and back is the same table, and every fault has a line and a column."""

import csv
import io
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.default_table import FILES
from triage import protocol_files
from triage.exchange import cells, csv_file, json_file
from triage.exchange.cells import Cell, CellFault
from triage.protocol_files import ProtocolFault, ProtocolFiles

HEADER = ",".join(csv_file.COLUMNS)
LAST = "R99,no,,DISPATCHER,,,2,Nobody decides.,Nadie decide.,,,synthetic"


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *lines, ""]).encode()


def row(**changes: str) -> str:
    """A line that can be used, but for what is changed."""
    usual = {
        "code": "R01",
        "hard": "no",
        "when": "weapon is in_hand",
        "route": "POLICE",
        "adds": "",
        "later_adds": "",
        "level": "4",
        "reason_en": "A weapon.",
        "reason_es": "Un arma.",
        "notes": "",
        "citation": "",
        "basis": "synthetic",
    }
    out = io.StringIO()
    csv.writer(out).writerow((usual | changes).values())
    return out.getvalue().removesuffix("\r\n")


def read(body: bytes) -> ProtocolFiles:
    return csv_file.parsed(body, FILES, "table.csv")


def fault(*lines: str, header: str = HEADER) -> str:
    with pytest.raises(ProtocolFault) as refused:
        read(table(*lines, header=header))
    return str(refused.value)


# --- there and back ------------------------------------------------------------------------------


def test_shipped_table_comes_back_as_it_was() -> None:
    written = csv_file.encoded(FILES)

    assert read(written).rules == FILES.rules
    assert csv_file.encoded(read(written)) == written


def test_only_the_table_comes_from_the_file() -> None:
    base = replace(FILES, rule_set={**FILES.rule_set, "title": "Ours"})

    found = csv_file.parsed(csv_file.encoded(FILES), base, "table.csv")

    assert found == base


FIELDS = {q["key"]: [a["value"] for a in q["answers"]] for q in FILES.questions if q["answers"]}
UNITS = ["CCD", "CRT", "COR", "POLICE", "EMS", "FIRE", "988", "PSAP"]
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\r"), max_size=40
)
SENTENCES = TEXTS.map(lambda text: f"{text}.")
one_of = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda key: st.one_of(
        st.builds(
            lambda op, value: {"field": key, "op": op, "value": value},
            st.sampled_from(["is", "is_not"]),
            st.sampled_from(FIELDS[key]),
        ),
        st.builds(
            lambda op, values: {"field": key, "op": op, "value": values},
            st.sampled_from(["in", "not_in"]),
            st.lists(
                st.sampled_from(FIELDS[key]),
                min_size=1,
                max_size=min(3, len(FIELDS[key]) - 1),
                unique=True,
            ),
        ),
        st.builds(lambda op: {"field": key, "op": op}, st.sampled_from(["asked", "not_asked"])),
    )
)
branches = st.lists(one_of, min_size=1, max_size=3, unique_by=lambda c: c["field"])
whens = st.lists(branches, min_size=1, max_size=3)


def entries(key: str, values: Any) -> Any:
    plain = st.builds(lambda value: {key: value}, values)
    guarded = st.builds(lambda value, when: {key: value, "when": when}, values, whens)
    return st.one_of(plain, guarded)


def choices(key: str, values: Any) -> Any:
    guarded = st.builds(lambda value, when: {key: value, "when": when}, values, whens)
    return st.builds(
        lambda first, last: [*first, {key: last}], st.lists(guarded, max_size=2), values
    )


notes = st.builds(
    lambda en, es, when: {"en": en, "es": es, **({"when": when} if when else {})},
    SENTENCES,
    SENTENCES,
    st.one_of(st.just([]), whens),
)
bodies = st.builds(
    lambda when, routes, adds, later, level, said: {
        "when": when,
        "routes": routes,
        "level": level[0]["level"] if len(level) == 1 else level,
        **({"adds": adds} if adds else {}),
        **({"later_adds": later} if later else {}),
        **({"notes": said} if said else {}),
    },
    whens,
    choices("route", st.sampled_from(UNITS)),
    st.lists(entries("unit", st.sampled_from(UNITS)), max_size=3),
    st.lists(entries("unit", st.sampled_from(UNITS)), max_size=3),
    choices("level", st.integers(1, 4)),
    st.lists(notes, max_size=2),
)
rules = st.builds(
    lambda body, en, es, citation: {
        "is_hard": False,
        "body": body,
        "reason_en": en,
        "reason_es": es,
        "citation": citation,
        "basis": "synthetic",
    },
    bodies,
    SENTENCES,
    SENTENCES,
    TEXTS,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(rules, max_size=2))
def test_any_table_comes_back_as_it_was(made: list[dict[str, Any]]) -> None:
    numbered = [{**rule, "code": f"T{n}", "order": n} for n, rule in enumerate(made)]
    last = {**deepcopy(FILES.rules[-1]), "order": len(made)}
    files = replace(FILES, rules=[*numbered, last])

    assert read(csv_file.encoded(files)).rules == files.rules


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_name_and_any_value_comes_back(name: str, values: list[str]) -> None:
    when = [[{"field": name or "x", "op": "in", "value": values}, {"field": "if", "op": "asked"}]]

    assert Cell(cells.written_when(when)).when("") == when


# --- spreadsheets --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=x", "'", "''="])
def test_no_cell_is_a_formula_and_none_is_changed(text: str) -> None:
    files = deepcopy(FILES)
    files.rules[0]["citation"] = text
    files.rules[0]["reason_en"] = f"{text} now"

    written = csv_file.written(files)

    found = list(csv.reader(io.StringIO(written, newline="")))
    assert [cell for line in found for cell in line if cell[:1] in tuple("=+-@\t\r")] == []
    assert read(written.encode()).rules == files.rules


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_spreadsheets_write_is_read(delimiter: str, ending: str, mark: bytes) -> None:
    rows = csv.reader(io.StringIO(csv_file.written(FILES), newline=""))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ending).writerows(rows)

    assert read(mark + out.getvalue().encode()).rules == FILES.rules


def test_other_order_of_columns_and_empty_lines_are_read() -> None:
    lines = list(csv.DictReader(io.StringIO(csv_file.written(FILES), newline="")))
    out = io.StringIO()
    made = csv.DictWriter(out, sorted(csv_file.COLUMNS), lineterminator="\n")
    made.writeheader()
    for line in lines:
        made.writerow(line)
        out.write("," * 11 + "\n")

    assert read(out.getvalue().encode()).rules == FILES.rules


# --- faults --------------------------------------------------------------------------------------


def test_table_of_one_rule_and_the_last_is_read() -> None:
    found = read(table(row(), LAST)).rules

    assert [rule["code"] for rule in found] == ["R01", "R99"]
    assert found[0]["body"] == {
        "when": [[{"field": "weapon", "op": "is", "value": "in_hand"}]],
        "routes": [{"route": "POLICE"}],
        "level": 4,
    }


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"when": "weapon is hand"}, "line 2, when: character 1: 'hand' is not a value of weapon"),
        (
            {"when": "line is lost AND wepon is none"},
            "line 2, when: character 18: no field 'wepon'",
        ),
        ({"when": "weapon"}, "line 2, when: character 7: expected an operator"),
        ({"when": "weapon is"}, "line 2, when: character 10: expected a value"),
        ({"when": "weapon is in_hand OR"}, "line 2, when: character 21: expected a field"),
        ({"when": "AND weapon is none"}, "line 2, when: character 1: expected a field, not AND"),
        ({"when": "weapon is none|in_hand"}, "line 2, when: character 11: is takes one value"),
        ({"when": 'weapon is "none'}, "line 2, when: character 11: this double quote is never"),
        ({"when": "weapon is none;"}, "line 2, when: character 15: did not expect ';' here"),
        ({"when": "weapon is none none"}, "line 2, when: character 16: did not expect 'none'"),
        ({"when": ""}, "line 2, when: only the last rule may have no condition"),
        (
            {"when": "weapon is none AND weapon is in_hand"},
            "line 2, when: can never hold: no weapon passes",
        ),
        (
            {"when": "minors is cor AND minors is heart"},
            "line 2, when: can never hold: no minors passes",
        ),
        ({"when": "minor is cor"}, "line 2, when: character 1: no field 'minor'"),
        ({"route": "AMBULANCE"}, "line 2, route: character 1: 'AMBULANCE' is not one of CCD"),
        ({"route": ""}, "line 2, route: the last entry must have no condition"),
        ({"route": "EMS; POLICE"}, "line 2, route: character 6: can never be reached"),
        ({"route": "EMS;"}, "line 2, route: character 5: expected a route"),
        ({"adds": "EMS if"}, "line 2, adds: character 7: expected a field"),
        ({"adds": "EMS if route is CCD"}, "line 2, adds: character 8: the route is known only"),
        ({"level": "four"}, "line 2, level: character 1: 'four' is no level"),
        ({"level": "7"}, "line 2, level: must be a level from 1 to 4"),
        ({"level": ""}, "line 2, level: the last entry must have no condition"),
        ({"notes": "Careful."}, "line 2, notes: character 1: a sentence stands in double quotes"),
        ({"notes": '"Careful."'}, 'line 2, notes: character 11: expected "/"'),
        ({"hard": "maybe"}, "line 2, hard: character 1: 'maybe' is neither yes nor no"),
        ({"reason_en": ""}, "line 2, reason_en"),
        ({"reason_es": "x" * 301}, "line 2, reason_es"),
        ({"citation": "x" * 301}, "line 2, citation"),
        ({"code": ""}, "line 2, code"),
        ({"code": "R12345678"}, "line 2, code"),
        ({"code": "R99"}, "line 3, code: stands in the table twice"),
    ],
)
def test_fault_names_line_column_and_character(changes: dict[str, str], place: str) -> None:
    assert fault(row(**changes), LAST).startswith(f"table.csv {place}")


def test_line_is_counted_as_an_editor_counts_it() -> None:
    many = row(reason_en="A weapon\nin hand.", reason_es="Un arma\nen la mano.")

    assert fault(many, row(code="R02", route="X"), LAST).startswith("table.csv line 5, route")


def test_hard_rule_below_another_is_named() -> None:
    message = fault(row(), row(code="R02", hard="yes", when="line is lost"), LAST)

    assert message.startswith("table.csv line 3, hard: a hard disqualifier cannot stand below")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("level", "levels"), "line 1: lacks the column level"),
        (f"{HEADER},remark", "line 1: has the unknown column 'remark'"),
        (f"{HEADER},code", "line 1: has a column twice"),
        ("", "line 1: lacks the column code"),
        ("{}", "line 1: lacks the column code"),
    ],
)
def test_header_that_does_not_fit_is_told(header: str, message: str) -> None:
    assert fault(LAST, header=header) == f"table.csv {message}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "line 1: lacks the column code"),
        (table(), "has no rules below its header"),
        (table(row(), LAST) + b"\xe9", "line 4: is not UTF-8: save it as CSV UTF-8"),
        (table(LAST).decode().encode("utf-16"), "line 1: is not UTF-8: save it as CSV UTF-8"),
        (table(row()[:-20] + '"never closed'), "line 2: unexpected end of data"),
        (table(row() + ",,too many", LAST), "line 2: has more than 12 cells"),
        (table(row(reason_en="x" * 1_000_000), LAST), "has a cell of more than 100,000 char"),
        (table(row(reason_en="x" * 110_000), LAST), "line 2, reason_en: has more than 100,000"),
        (table(*[row(code=f"T{n}") for n in range(10_000)], LAST), "has 10001 rules; at most 500"),
        (table(row(reason_en="a\x00b"), LAST), "has a character that cannot be stored"),
    ],
    ids=[
        *("empty", "no rows", "latin-1", "utf-16", "truncated", "wide"),
        *("megabyte", "long cell", "10,000 rows", "control character"),
    ],
)
def test_file_that_cannot_be_used_says_why(body: bytes, message: str) -> None:
    with pytest.raises(ProtocolFault) as refused:
        read(body)
    assert message in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(ProtocolFault):
        read(body)


@given(st.text(max_size=60))
def test_any_condition_is_read_or_refused_at_a_character(text: str) -> None:
    found = refusal(text)

    assert found is None or 1 <= found.character <= len(text) + 1


def refusal(text: str) -> CellFault | None:
    try:
        Cell(text).when("")
    except CellFault as refused:
        return refused
    return None


def test_json_and_csv_say_the_same() -> None:
    as_json = json_file.written(FILES)

    again = read(csv_file.encoded(FILES))

    assert json_file.written(again) == as_json
    assert protocol_files.compiled(again).rules == protocol_files.compiled(FILES).rules
