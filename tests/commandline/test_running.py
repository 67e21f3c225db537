"""A typed line does what the button does: same actions, same permissions, same refusals, each once."""

import html
import json
import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dispatch.models import Backup, CallOwner, Hold, Run, Unit, Watch
from dispatch.safety_actions import panic
from dispatch.states import RunStatus, UnitStatus, WatchStatus
from followup.models import Consent
from heart.accounts.models import User
from heart.journal.models import Entry
from heart.pages.commandline.choices import choices
from heart.pages.commandline.grammar import Fault, parse
from heart.pages.commandline.plans import PLANNERS
from heart.pages.commandline.table import COMMANDS, Command
from heart.roles import GRANTS, Role
from heart.templatetags.heart import PLACES
from intake.models import Call, Note
from tests.builders import Given
from tests.people import People
from triage.models import Decision

pytestmark = pytest.mark.django_db


class Line:
    """The command line of one person."""

    def __init__(self, user: User, here: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.here = here

    def sends(self, path: str, **body: Any) -> Any:
        return self.client.post(path, json.dumps(body), content_type="application/json")

    def types(self, line: str, command_id: uuid.UUID | None = None, **more: Any) -> Any:
        command_id = command_id or uuid.uuid4()
        body = {"line": line, "here": self.here, "command_id": str(command_id), **more}
        return self.sends("/command/", **body)

    def ahead(self, line: str) -> Any:
        return self.sends("/command/complete/", line=line, here=self.here).json()


def digits(call: Call) -> str:
    return call.number.removeprefix(call.number[:3]).lstrip("0")


def run_of(unit: str) -> Run:
    return Run.objects.filter(unit__code=unit).latest("pk")


def test_every_command_of_the_table_can_be_carried_out() -> None:
    assert PLANNERS.keys() == {command.name for command in COMMANDS}


def test_several_units_are_sent_to_a_call_by_its_last_digits(given: Given, people: People) -> None:
    call = given.call()

    answer = Line(people.dev).types(f"d crt1, CRT2 {digits(call)}")

    assert answer.status_code == 200, answer.content
    assert answer.json()["said"] == f"CRT1 sent to {call.number}; CRT2 sent to {call.number}"
    assert {run.unit.code for run in call.runs.all()} == {"CRT1", "CRT2"}


def test_of_several_units_one_is_refused_and_the_other_sent(given: Given, people: People) -> None:
    taken = given.run(unit="CRT1").call
    call = given.call()

    answer = Line(people.dev).types(f"d CRT1 CRT2 {call.number}")

    assert answer.status_code == 409
    body = answer.json()
    assert body["said"] == f"CRT2 sent to {call.number}"
    assert len(body["problems"]) == 1
    assert f"CRT1 is on {taken.number} since" in body["problems"][0].replace(
        str(Unit.objects.get(code="CRT1")), "CRT1"
    )
    assert body["tone"] == "late"


def test_a_repeated_command_does_only_what_is_missing(given: Given, people: People) -> None:
    busy = given.run(RunStatus.ON_SCENE, unit="CRT1")
    call, line, command_id = given.call(), Line(people.dev), uuid.uuid4()
    assert line.types(f"d CRT1 CRT2 {call.number}", command_id).status_code == 409
    assert line.types("cl CRT1 resolved yes").status_code == 200
    busy.refresh_from_db()
    assert busy.status == RunStatus.CLEARED

    again = line.types(f"d CRT1 CRT2 {call.number}", command_id)
    once_more = line.types(f"d CRT1 CRT2 {call.number}", command_id)

    assert (again.status_code, once_more.status_code) == (200, 200)
    assert again.json()["said"] == once_more.json()["said"]
    assert call.runs.count() == 2


@pytest.mark.parametrize(
    "line",
    ["n {} the dog is loud", "close {} no", "bk CRT1", "cl CRT1 resolved yes", "new Mill Lane 3"],
)
def test_a_line_that_is_sent_twice_is_carried_out_once(
    line: str, given: Given, people: People
) -> None:
    given.run(RunStatus.ON_SCENE, unit="CRT1")
    call = given.taking()
    command_id, desk = uuid.uuid4(), Line(people.dev)
    text = line.format(digits(call))

    first, entries = (
        desk.types(text, command_id),
        Entry.objects.exclude(verb="record.read").count(),
    )
    second = desk.types(text, command_id)

    assert (first.status_code, second.status_code) == (200, 200), second.content
    assert Entry.objects.exclude(verb="record.read").count() == entries
    assert second.json()["open"] == first.json()["open"]


def test_ambiguous_digits_name_the_calls(given: Given, people: People) -> None:
    first, second = given.call(), given.call()
    ending = first.number[-3:]
    Call.objects.filter(pk=second.pk).update(number=f"25-1{first.number[-5:]}")

    answer = Line(people.dev).types(f"d CRT1 {ending}")

    assert answer.status_code == 422
    assert first.number in answer.json()["problems"][0]
    assert f"25-1{first.number[-5:]}" in answer.json()["problems"][0]
    assert not Run.objects.exists()


def test_digits_mean_calls_that_are_not_closed(given: Given, people: People) -> None:
    call = given.taking()
    line = Line(people.dev)
    assert line.types(f"close {digits(call)} no").status_code == 200

    answer = line.types(f"n {digits(call)} late")

    assert answer.json()["problems"] == [f"no open call ends in {digits(call)}"]


def test_without_a_number_it_is_the_call_that_is_shown(given: Given, people: People) -> None:
    call = given.call()

    shown = Line(people.dev, here=call.number).types("n the dog, is loud")
    nothing = Line(people.dev).types("n the dog is loud")

    assert shown.json()["said"] == f"Note added to {call.number}"
    assert Note.objects.get().text == "the dog, is loud"
    assert nothing.json()["problems"] == ["no call is shown here: say its number"]


def test_a_run_is_walked_to_its_end(given: Given, people: People) -> None:
    given.run(unit="CRT1")
    line = Line(people.dev)

    for text, status in (
        ("ac CRT1", RunStatus.DISPATCHED),
        ("crt1 en", RunStatus.EN_ROUTE),
        ("os CRT1", RunStatus.ON_SCENE),
        ("par CRT1", RunStatus.ON_SCENE),
        ("tr CRT1", RunStatus.TRANSPORTING),
        ("cl CRT1", RunStatus.CLEARING),
        ("cl CRT1 transported not-answered", RunStatus.CLEARED),
    ):
        answer = line.types(text)
        assert answer.status_code == 200, answer.content
        assert run_of("CRT1").status == status
    assert run_of("CRT1").felt_safe == "not_answered"


def test_a_move_that_is_not_possible_is_refused_with_the_unit(
    given: Given, people: People
) -> None:
    given.run(RunStatus.ON_SCENE, unit="CRT1")

    answer = Line(people.dev).types("en CRT1 CRT2")

    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        "CRT1: run is on scene: cannot start",
        "CRT2 is on no call",
    ]


def test_backup_is_police_unless_ems_is_said(given: Given, people: People) -> None:
    given.run(RunStatus.ON_SCENE, unit="CRT1")
    line = Line(people.dev)

    assert line.types("bk CRT1").status_code == line.types("bk crt1 ems").status_code == 200

    assert set(Backup.objects.values_list("agency", flat=True)) == {"POLICE", "EMS"}


def test_cancel_service_hold_and_own(given: Given, people: People) -> None:
    call = given.run(unit="CRT1").call
    line = Line(people.dev)

    assert line.types("ca CRT1 closer-unit").status_code == 200
    assert run_of("CRT1").cancel_reason == "closer_unit"
    assert line.types("oos CRT1 CRT2").status_code == 200
    assert Unit.objects.get(code="CRT2").status == UnitStatus.OUT_OF_SERVICE
    assert line.types("av CRT1").status_code == 200
    assert line.types(f"hold {digits(call)} 15 no_unit").status_code == 200
    assert (Hold.objects.get().reason, Hold.objects.get().ended_at) == ("no_unit", None)
    assert line.types(f"unhold {digits(call)}").status_code == 200
    assert line.types(f"own {digits(call)}").status_code == 200
    assert line.types(f"own {digits(call)} {people.omar.username}").status_code == 200
    assert CallOwner.objects.get().owner == people.omar
    nobody = line.types(f"own {digits(call)} nobody")
    assert nobody.json()["problems"] == ["there is nobody with the user name nobody"]


def test_alerts_are_taken_as_they_stand_in_the_strip_and_have_one_owner(
    given: Given, people: People
) -> None:
    for unit in ("CRT1", "CRT2", "CRT3"):
        pk = Unit.objects.get(code=unit).pk
        panic(unit_id=pk, by=people.imani.actor("phone"))

    second = Line(people.dev).types("ack 2")
    first = Line(people.omar).types("ack")
    too_many = Line(people.omar).types("ack 2")
    last = Line(people.omar).types("ack")
    none = Line(people.omar).types("ack")

    assert second.json()["said"] == "You have CRT2: PANIC"
    assert first.json()["said"] == "You have CRT1: PANIC"
    assert too_many.json()["problems"] == ["nobody has 1 of the alerts: there is no alert 2"]
    assert last.json()["said"] == "You have CRT3: PANIC"
    assert none.json()["problems"] == ["no alert is without somebody who has it"]
    owners = Watch.objects.filter(status=WatchStatus.RAISED, kind="panic").order_by("pk")
    assert [watch.owner for watch in owners] == [people.omar, people.dev, people.omar]


def test_level_handoff_release_and_reopening(given: Given, people: People) -> None:
    call, taking, line = given.call(), given.taking(), Line(people.dev)

    assert line.types(f"raise {digits(call)} 4").status_code == 200
    assert Decision.objects.filter(call=call).latest("pk").level == 4
    assert line.types(f"raise {digits(call)} 4").status_code == 422
    assert line.types(f"ho {digits(call)} ems E-77").status_code == 200
    assert (call.handoffs.get().agency, call.handoffs.get().reference) == ("EMS", "E-77")
    assert line.types(f"done {digits(taking)}").status_code == 200
    assert line.types(f"close {digits(taking)} no").status_code == 200
    assert line.types(f"reopen {taking.number} closed-by-mistake").status_code == 200
    taking.refresh_from_db()
    assert taking.status == "open"


def test_two_calls_become_one(given: Given, people: People) -> None:
    call, into = given.call(location_text="Mill Lane 3"), given.call(location_text="Mill Lane 4")
    line = Line(people.dev)
    text = f"merge {digits(call)} into {digits(into)}"

    assert line.ahead(text)["words"] == (
        f"Merge {call.number}, Mill Lane 3 into {into.number}, Mill Lane 4"
    )
    assert line.types(text).status_code == 200
    call.refresh_from_db()
    assert call.merged_into == into


def test_what_changed_since_it_was_shown_is_not_done(given: Given, people: People) -> None:
    call, line = given.call(), Line(people.dev)
    words = line.ahead(f"d CRT1 {digits(call)}")["words"]
    given.run(unit="CRT1")

    answer = line.types(f"d CRT1 {digits(call)}", words=words)

    assert answer.status_code == 409
    assert "it is different now" in answer.json()["problems"][0]


def test_new_brings_a_call_with_its_place(people: People) -> None:
    line = Line(people.rosa)

    empty, placed = line.types("new"), line.types("new Mill Lane 3")

    assert empty.json()["open"] == "/calls/new/"
    call = Call.objects.get(location_text="Mill Lane 3")
    assert placed.json()["open"] == f"/calls/{call.number}/intake/"


def test_new_with_a_nature_is_triaged_at_once_and_taken_once(people: People) -> None:
    line, command_id = Line(people.dev), uuid.uuid4()
    text = "new Mill Lane 3; tres"
    assert line.ahead(text)["words"] == "Begin a call at Mill Lane 3: Trespass or unwanted person"

    first, again = line.types(text, command_id), line.types(text, command_id)

    call = Call.objects.get(location_text="Mill Lane 3")
    assert call.nature is not None
    assert call.nature.code == "TRESPASS"
    assert call.assessment.decision is not None
    assert first.json() == again.json()


def test_finding_is_written_down_for_each_call_that_is_shown(given: Given, people: People) -> None:
    call = given.call(location_text="Mill Lane 3", caller_phone="(555) 014-8888")
    given.call(location_text="Weir Terrace 9", caller_phone="555-0149")
    line = Line(people.dev)

    for text in ("find mill lane", "find 0148888", f"find {digits(call)} mill", "f trespass MILL"):
        found = line.types(text).json()
        assert [choice["line"] for choice in found["choices"]] == [f"open {call.number}"], text
    assert line.types("find nothing like it").json()["said"] == "Nothing found."
    read = Entry.objects.filter(verb="record.read", actor_id=people.dev.pk)
    assert [(e.call_id, e.payload["what"]) for e in read] == [(call.pk, "search result")]


def test_recommended_teams_can_be_chosen_and_the_others_say_why_not(
    given: Given, people: People
) -> None:
    given.run(unit="CRT2")
    call, line = given.call(), Line(people.dev)

    told = line.types(f"rec {digits(call)}").json()

    lines = [choice["line"] for choice in told["choices"]]
    assert lines[0].startswith("d CRT")
    assert lines[0].endswith(call.number)
    busy = next(choice for choice in told["choices"] if "CRT2" in choice["words"])
    assert busy["line"] == ""
    assert "cannot go" in busy["words"]
    assert line.types(lines[0]).status_code == 200
    assert call.runs.count() == 1


def test_close_keeps_the_ways_that_the_crew_agreed_on(given: Given, people: People) -> None:
    run = given.met(by_call=False, by_text=True, consent_phone="555-0101")
    line = Line(people.dev)

    ahead = line.ahead(f"close {run.call.number} yes")
    answer = line.types(f"close {run.call.number} yes")

    consent = Consent.objects.get(call=run.call)
    assert "yes, as the crew wrote" in json.dumps(ahead)
    assert answer.status_code == 200
    assert (consent.by_call, consent.by_text, consent.phone) == (False, True, "555-0101")


def test_open_close_and_go_lead_to_pages(given: Given, people: People) -> None:
    call, line = given.call(), Line(people.dev)

    assert line.types(f"open {digits(call)}").json()["open"] == f"/calls/{call.number}/"
    assert line.types(f"close {digits(call)}").json()["open"] == f"/calls/{call.number}/#close"
    assert line.types("g board").json()["open"] == "/board/"
    assert line.types("?").json()["open"] == "#cheat-sheet"
    assert line.types("g desk").status_code == 422  # a dispatcher does not work the desk


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_role_may_give_only_its_own_commands(
    command: Command, role: Role, people: People, given: Given
) -> None:
    before = Entry.objects.count()

    answer = Line(people.by_role()[role]).types(command.example)

    assert answer.status_code != 500
    if command.permission not in GRANTS[role]:
        assert answer.status_code in (403, 422)
        assert answer.json()["problems"]
        assert Entry.objects.count() == before
    else:
        assert answer.status_code != 403


def test_a_team_member_moves_only_the_own_team(given: Given, people: People) -> None:
    given.run(unit="CRT1")
    given.run(unit="CRT2")
    line = Line(people.imani)

    own, other = line.types("en CRT1"), line.types("en CRT2")

    assert own.status_code == 200
    assert other.json()["problems"] == ["there is no unit of yours CRT2"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '"x"', '{"line": 1}', '{"line": "?"}', '{"line": "?", "here": []}', "\\u0000"],
)
@pytest.mark.parametrize("path", ["/command/", "/command/complete/", "/me/keys/"])
def test_what_cannot_be_read_is_said_calmly(path: str, body: str, people: People) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(people.dev)

    answer = client.post(path, body, content_type="application/json")

    assert answer.status_code == 422 or (path, body) == ("/command/complete/", '{"line": "?"}')
    assert answer.status_code == 200 or answer.json()["problems"]


# --- while it is typed ------------------------------------------------------------------------------


def test_the_command_is_shown_in_words_before_it_is_entered(given: Given, people: People) -> None:
    call = given.call(location_text="Mill Lane 3")
    line = Line(people.dev)

    ahead = line.ahead(f"d CRT1 {digits(call)}")

    assert ahead["words"] == f"Send CRT1 to {call.number}, Mill Lane 3"
    assert line.ahead("d CRT1 ")["problem"] == "no call is shown here: say its number"
    assert line.ahead("d")["problem"].startswith("Column 3: expected one or more units")
    assert not Entry.objects.filter(verb="run.assigned").exists()


def test_commands_units_calls_and_codes_are_completed(given: Given, people: People) -> None:
    call = given.call(location_text="Mill Lane 3")
    line = Line(people.dev)

    def values(text: str) -> list[str]:
        return [each["value"] for each in line.ahead(text)["completions"]]

    assert values("disp") == ["dispatch"]
    assert "CRT1" in values("d c")
    assert values(f"d CRT1 {digits(call)}") == [call.number]
    assert values("cl CRT1 res") == ["resolved"]
    assert values("g bo") == ["board"]
    assert values("crt1 enr") == ["enroute"]
    assert line.ahead(f"open {digits(call)}")["completions"][0]["at"] == 5


def test_only_own_commands_are_completed(people: People) -> None:
    told = Line(people.imani).ahead("")["completions"]

    assert {each["value"] for each in told} == {"ac", "en", "os", "tr", "cl", "par", "bk", "av"}


# --- keys -------------------------------------------------------------------------------------------


def test_own_keys_are_kept_and_stand_on_every_page(people: People) -> None:
    line = Line(people.dev)

    answer = line.sends("/me/keys/", keys={"note": "F7", "go-board": "g x"}, letters=False)
    page = line.client.get("/cheat-sheet/").content.decode()

    assert answer.status_code == 200
    assert "&quot;note&quot;: &quot;F7&quot;" in page
    assert "&quot;letters&quot;: false" in page
    other = Line(people.rosa).client.get("/cheat-sheet/").content.decode()
    assert "F7&quot;" not in other


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"note": "F5"}, "left to the browser"),
        ({"note": "a long story"}, "not a key"),
        ({"note": 7}, "not a key"),
        ({"Ä": "n"}, "no name"),
        ({f"name-{n}": "n" for n in range(101)}, "at most 100"),
    ],
)
def test_keys_that_cannot_be_kept(keys: dict[str, Any], why: str, people: People) -> None:
    answer = Line(people.dev).sends("/me/keys/", keys=keys, letters=True)

    assert answer.status_code == 422
    assert why in answer.json()["problems"][0]


def test_every_place_of_the_bar_has_its_keys_in_the_table_and_in_the_manual() -> None:
    table = (settings.BASE_DIR / "static" / "js" / "lib" / "keys.js").read_text(encoding="utf-8")
    manual = (settings.BASE_DIR / "docs" / "command-line.md").read_text(encoding="utf-8")

    keys = re.findall(r"""keys: "g (.)", does: "[^"]+", on: \["\[data-key-go='(.)'\]"\]""", table)

    assert sorted(keys) == sorted((place.key, place.key) for place in PLACES)
    assert [place.key for place in PLACES if f"`g {place.key}`" not in manual] == []


def test_the_sheet_to_print_lists_the_commands_of_the_role(people: People) -> None:
    dispatcher = Line(people.dev).client.get("/cheat-sheet/").content.decode()
    crew = Line(people.imani).client.get("/cheat-sheet/").content.decode()

    for command in COMMANDS:
        is_own = command.permission in GRANTS[Role.TEAM_MEMBER]
        assert (f"<code>{command.form}</code>" in crew) == is_own
        is_own = command.permission in GRANTS[Role.DISPATCHER]
        assert (f"<code>{command.form}</code>" in dispatcher) == is_own


def test_every_button_that_names_its_command_names_one_that_can_be_read(
    given: Given, people: People
) -> None:
    run = given.run(RunStatus.ON_SCENE, unit="CRT1")
    closed = given.taking()
    line = Line(people.dev)
    line.types(f"close {closed.number} no")
    known = {slot: list(codes) for slot, codes in choices(people.dev).items()}

    named = [
        html.unescape(command)
        for address in (f"/calls/{run.call.number}/", f"/calls/{closed.number}/", "/calls/new/")
        for command in re.findall(
            r'data-command="([^"]*)"', line.client.get(address).content.decode()
        )
    ]

    assert {command.split()[0] for command in named} >= {
        *("new", "d", "tr", "cl", "par", "bk", "n", "raise", "ho", "close", "reopen", "done")
    }
    assert [command for command in named if isinstance(parse(command, known), Fault)] == []
