"""The call page: opening is written down, every press is done once, refusals come with the call as it is."""

import re
import subprocess
import sys
import uuid
from collections.abc import Callable

import pytest

from dispatch.models import Run, Unit
from dispatch.states import RunStatus
from heart.journal.models import Entry
from heart.live.audiences import Audience, Kind
from heart.live.registry import render
from heart.pages.fragments import PARTS, part_id
from intake.models import Call
from tests.builders import Given, last_entry
from tests.builders import said as sentence_of
from tests.pages.screen import Screen, problems, said
from tests.people import People
from triage.models import Consult

pytestmark = pytest.mark.django_db
At = Callable[..., Screen]
QUERIES = 33


def unit(code: str) -> int:
    return Unit.objects.get(code=code).pk


def test_opening_a_call_is_written_down(given: Given, people: People, at: At) -> None:
    call = given.call()

    page = at(people.dev).get(f"/calls/{call.number}/")

    assert page.status_code == 200
    assert sentence_of(last_entry()) == "opened call (call)"
    assert last_entry().actor_id == people.dev.pk


@pytest.mark.parametrize("runs", [1, 3])
def test_call_page_takes_the_same_queries_for_one_and_three_runs(
    runs: int,
    given: Given,
    people: People,
    at: At,
    django_assert_num_queries: Callable[..., object],
) -> None:
    call = given.call()
    screen = at(people.dev)
    for code in ("CRT1", "CRT2", "COR1")[:runs]:
        given.run(unit=code, call=call)
        screen.press(f"/calls/{call.number}/notes/", text=f"{code} is on the way")

    with django_assert_num_queries(QUERIES):
        screen.get(f"/calls/{call.number}/")


def test_page_and_push_of_a_call_are_the_same_bytes(given: Given, people: People, at: At) -> None:
    run = given.run(RunStatus.ON_SCENE)

    page = at(people.dev).get(f"/calls/{run.call.number}/").content.decode()
    items = render(Audience(Kind.CALL, run.call_id), [part_id(name) for name in PARTS])

    assert [item["id"] for item in items if item["html"] not in page] == []


def test_a_call_that_is_not_there(people: People, at: At) -> None:
    assert at(people.dev).get("/calls/26-999999/").status_code == 404


def test_sending_a_team_twice_with_one_command_sends_it_once(
    given: Given, people: People, at: At
) -> None:
    call, command = given.call(), str(uuid.uuid4())
    screen = at(people.dev)

    first = screen.press(f"/calls/{call.number}/runs/", unit=unit("CRT1"), command_id=command)
    again = screen.press(f"/calls/{call.number}/runs/", unit=unit("CRT1"), command_id=command)

    assert [first.status_code, again.status_code] == [200, 200]
    assert said(again) == "Sent."
    assert Run.objects.count() == 1
    assert 'data-status="dispatched"' in again.content.decode()


def test_sending_a_team_that_is_taken_says_who_has_it(
    given: Given, people: People, at: At
) -> None:
    taken = given.run(unit="CRT1")
    call = given.call()

    answer = at(people.omar).press(f"/calls/{call.number}/runs/", unit=unit("CRT1"))

    assert answer.status_code == 409
    assert f"CRT1 is on {taken.call.number}" in problems(answer)[""]
    assert part_id("teams") in answer.content.decode()


@pytest.mark.parametrize("bad", ["", "CRT1", "-1", "9" * 30])
def test_sending_no_team_is_refused_by_field(
    bad: str, given: Given, people: People, at: At
) -> None:
    call = given.call()

    answer = at(people.dev).press(f"/calls/{call.number}/runs/", unit=bad)

    assert (answer.status_code, problems(answer)) == (422, {"unit": "choose a number"})


def test_a_team_that_is_not_there_is_404(given: Given, people: People, at: At) -> None:
    call = given.call()

    assert at(people.dev).press(f"/calls/{call.number}/runs/", unit=987654).status_code == 404


def test_the_whole_run_by_buttons(given: Given, people: People, at: At) -> None:
    run = given.run()
    screen, address = at(people.dev), f"/calls/{run.call.number}/runs/{run.pk}"

    told = [said(screen.press(f"{address}/{move}/")) for move in ("start", "arrive")]
    told.append(said(screen.press(f"{address}/backup/POLICE/")))
    told.append(said(screen.press(f"{address}/begin_clearing/")))
    unanswered = screen.press(f"{address}/clearing-up/", outcome="resolved")
    told.append(said(screen.press(f"{address}/clearing-up/", outcome="resolved", felt_safe="yes")))

    assert told == [
        "En route.",
        "On scene.",
        "Backup is asked for; the call is at level 4.",
        "Clearing.",
        "Cleared.",
    ]
    assert list(problems(unanswered)) == ["felt_safe"]


def test_a_run_of_another_call_is_not_moved_here(given: Given, people: People, at: At) -> None:
    run, other = given.run(), given.call()

    answer = at(people.dev).press(f"/calls/{other.number}/runs/{run.pk}/start/")

    assert answer.status_code == 404
    assert Run.objects.get(pk=run.pk).status == RunStatus.DISPATCHED


def test_a_move_that_no_table_has_is_404(given: Given, people: People, at: At) -> None:
    run = given.run()

    assert at(people.dev).press(f"/calls/{run.call.number}/runs/{run.pk}/fly/").status_code == 404


def test_raising_lowering_and_agreeing(given: Given, people: People, at: At) -> None:
    call = given.high_call()
    dev, noor, address = at(people.dev), at(people.noor), f"/calls/{call.number}"

    raised = dev.press(f"{address}/raising/", level=4)
    asked = dev.press(
        f"{address}/lowering/", route="CRT", level=2, reason="the rifle is at the neighbor's"
    )
    lowering = call.lowerings.get()
    agreed = noor.press(f"{address}/lowering/{lowering.pk}/agreement/")

    assert [said(each) for each in (raised, asked, agreed)] == [
        "The level is raised.",
        "Asked. A clinician has to agree; until then nothing changes.",
        "Agreed: the call is lowered.",
    ]
    assert Call.objects.get(pk=call.pk).assessment.decision.level == 2


def test_a_dispatcher_may_not_agree(given: Given, people: People, at: At) -> None:
    lowering = given.lowering()

    answer = at(people.omar).press(
        f"/calls/{lowering.call.number}/lowering/{lowering.pk}/agreement/"
    )

    assert answer.status_code == 403


def test_a_note_without_text_is_refused_by_field(given: Given, people: People, at: At) -> None:
    call = given.call()

    answer = at(people.rosa).press(f"/calls/{call.number}/notes/", text="  ")

    assert problems(answer) == {"text": "write between 1 and 4,000 characters"}


def test_clinical_notes_are_read_apart_and_every_reading_is_written_down(
    given: Given, people: People, at: At
) -> None:
    consult = given.accepted_consult()
    address = f"/calls/{consult.call.number}"
    at(people.noor).press(f"{address}/clinical/new/", text="Sleeps badly since spring.")

    page = at(people.noor).get(f"{address}/")
    opened = at(people.noor).get(f"{address}/clinical/")
    refused = at(people.dev).get(f"{address}/clinical/")

    assert "Sleeps badly" not in page.content.decode()
    assert "Sleeps badly" in opened.content.decode()
    assert refused.status_code == 403
    assert [sentence_of(entry) for entry in Entry.objects.order_by("id")][-2:] == [
        "opened call (call)",
        "opened clinical notes (call)",
    ]


def test_no_pushed_part_holds_a_clinical_note(given: Given, people: People, at: At) -> None:
    consult: Consult = given.accepted_consult()
    at(people.noor).press(f"/calls/{consult.call.number}/clinical/new/", text="Sleeps badly.")

    items = render(Audience(Kind.CALL, consult.call_id), [part_id(name) for name in PARTS])

    assert [item["id"] for item in items if "Sleeps badly" in item["html"]] == []


def test_closing_an_eligible_call_that_nobody_served_asks_why(
    given: Given, people: People, at: At
) -> None:
    call = given.call()
    screen, address = at(people.dev), f"/calls/{call.number}/closing/"

    silent = screen.press(address, consent="no")
    told = screen.press(address, consent="no", not_served_reason="not_located")

    assert list(problems(silent)) == ["not_served_reason"]
    assert said(told) == "Closed."


def test_closing_begins_with_what_the_crew_agreed_on(given: Given, people: People, at: At) -> None:
    ways = {"by_call": False, "by_text": True, "consent_phone": "555-0101"}
    run = given.met(**ways, preferred_time='after "5"')

    page = at(people.dev).get(f"/calls/{run.call.number}/").content.decode()

    opener = page[page.index('data-opens="dialog-close"') :].partition(">")[0]
    assert dict(re.findall(r'data-fill-(\w+)="([^"]*)"', opener)) == {
        "consent": "yes",
        "by_call": "",
        "by_voicemail": "",
        "by_text": "yes",
        "phone": "555-0101",
        "preferred_time": "after &quot;5&quot;",
    }


def test_closing_with_consent_needs_a_way_to_reach_them(
    given: Given, people: People, at: At
) -> None:
    run = given.run(RunStatus.CLEARED)
    screen, address = at(people.dev), f"/calls/{run.call.number}/closing/"

    no_way = screen.press(address, consent="yes")
    closed = screen.press(address, consent="yes", by_call="on", phone="555-0142")

    assert list(problems(no_way)) == ["by_call"]
    assert "contact due" in closed.content.decode()


def test_hand_off_and_closing_the_loop(given: Given, people: People, at: At) -> None:
    call = given.call("OVERDOSE", {"medical": "serious"})
    screen, address = at(people.rosa), f"/calls/{call.number}/handoffs/"

    made = screen.press(address, agency="EMS", agency_name="County EMS", reference="E-9")
    handoff = call.handoffs.get()
    confirmed = screen.press(f"{address}{handoff.pk}/confirmation/", outcome="reached")

    assert "not confirmed" in made.content.decode()
    assert said(confirmed) == "The loop is closed."


def test_the_part_beside_the_board_is_logged_once_and_refreshed_quietly(
    given: Given, people: People, at: At
) -> None:
    call = given.call()
    screen = at(people.dev)

    opened = screen.get(f"/calls/{call.number}/", headers={"HX-Request": "true"})
    screen.get(f"/calls/{call.number}/parts/")
    refreshed = screen.get(f"/calls/{call.number}/parts/")

    assert "<html" not in opened.content.decode()
    assert [item["id"] for item in refreshed.json()["items"]] == [part_id(name) for name in PARTS]
    assert Entry.objects.filter(verb="record.read").count() == 1


def test_a_process_that_only_reads_knows_the_words_of_every_fact() -> None:
    told = subprocess.run(
        [sys.executable, "-c", READER], capture_output=True, text=True, check=True
    ).stdout

    assert told.strip() == "added a note"


READER = """
import django
django.setup()
from heart.journal.facts import sentence
print(sentence("call.noted", {}))
"""
