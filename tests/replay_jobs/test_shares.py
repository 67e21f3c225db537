"""Definitions, on histories small enough to be counted on the fingers."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from dispatch.models import Unit, UnitHours
from heart.replay import staffing
from heart.replay.models import Replay
from heart.replay.results import tables
from intake.models import Call
from tests.builders import Given
from tests.replay_jobs.history import NOON, imported, lines, table
from triage import actions as triage

pytestmark = pytest.mark.django_db
Replayed = Callable[..., Replay]


def shares(row: Replay, of: str = "community calls") -> tuple[int, int, int, int]:
    """Calls, surely, questions decide, surely not."""
    for _, name, calls, sure, _, undecided, _, never, *_ in table(row, "shares").rows:
        if name == of:
            return calls, sure, undecided, never  # type: ignore[return-value]
    raise AssertionError(of)


def test_calls_taken_here_are_decided_and_imported_ones_are_left_to_the_questions(
    given: Given, replayed: Replayed
) -> None:
    given.call()  # trespass, all dangers ruled out: CRT
    given.call("OVERDOSE", {"medical": "serious"})  # EMS
    imported("TRESPASS")  # anything may have been answered
    imported("ASSAULT")  # police by its code, whatever is answered; or PSAP, fire, EMS

    assert shares(replayed()) == (4, 1, 1, 2)


def test_a_heart_unit_that_goes_along_with_police_is_supported_and_not_eligible(
    given: Given, replayed: Replayed
) -> None:
    given.call("WEAPON", {"weapon": "in_hand"})  # R04: police, with COR, EMS and CCD
    given.call("OTHER", {"hazard": "fire"})  # R01: fire and EMS alone
    given.call()

    first = table(replayed(), "shares").rows[0]

    assert first[7] == 2, "surely not"
    assert first[-1] == 1, "of these supported"


def test_officer_and_office_work_is_in_the_one_denominator_and_not_in_the_other(
    replayed: Replayed,
) -> None:
    imported("TRESPASS")
    imported("TRESPASS", is_officer_initiated=True)
    imported("TRESPASS", tier="excl")

    row = replayed()

    assert shares(row) == (1, 0, 1, 0)
    assert shares(row, "every call of the span") == (3, 0, 3, 0)


def test_without_the_mapping_the_nature_is_missing_and_not_other(replayed: Replayed) -> None:
    imported("OTHER", apco_code="")
    imported("OTHER", apco_code="UNKPROB")

    natures = lines(replayed(), "natures")

    assert natures["not known"][0] == natures["OTHER"][0] == 1


def test_a_call_never_triaged_has_its_nature_and_nothing_else(
    given: Given, replayed: Replayed
) -> None:
    given.taking(nature="TRESPASS")

    assert shares(replayed()) == (1, 0, 1, 0)


def test_a_question_that_the_call_was_asked_under_and_not_answered_is_not_asked(
    given: Given, replayed: Replayed
) -> None:
    given.call("PERDOWN", {})  # R02: a person down, medical not asked: EMS

    assert shares(replayed()) == (1, 0, 0, 1)


def test_a_person_over_the_rules_does_not_change_what_the_rules_say(
    given: Given, replayed: Replayed
) -> None:
    call = given.call()
    triage.choose_route(
        call_id=call.pk, route="POLICE", reason="he knows them", by=given.people.dev.actor("admin")
    )

    assert shares(replayed()) == (1, 1, 0, 0)


def test_divertible_and_truly_replaced_are_two_figures(given: Given, replayed: Replayed) -> None:
    for _ in range(3):
        given.call()  # CRT alone: surely divertible
    given.handoff(agency="POLICE", call=given.call())  # the same, and police were sent
    high = given.high_call()  # COR with CCD: divertible, but with an officer
    given.handoff(agency="POLICE", call=high)
    given.handoff(agency="POLICE", call=given.call("OVERDOSE", {"medical": "serious"}))  # EMS

    found = {row[1]: row[2:5] for row in table(replayed(), "replaced").rows}

    assert found["surely divertible"][:2] == (6, 5)
    assert found["the record shows that police were sent"][:2] == (6, 3)
    assert found["would truly have replaced a police response"][:2] == (3, 2)
    assert found["the same without any officer"][:2] == (3, 1)


def test_a_record_that_cannot_show_police_is_outside_that_figure(replayed: Replayed) -> None:
    imported("TRESPASS", shows_police=True)
    imported("TRESPASS", shows_police=False)
    imported("TRESPASS", shows_police=None)

    found = {row[1]: row[2:] for row in table(replayed(), "replaced").rows}

    assert found["the record shows that police were sent"][:2] == (2, 1)
    assert found["would truly have replaced a police response"] == (1, 0, 0.0, 1, 1.0)


def test_tiers_stand_in_their_order_with_their_part_of_the_community_calls(
    replayed: Replayed,
) -> None:
    for nature, tier in (
        ("TRESPASS", "core"),
        ("ASSAULT", "no"),
        ("ASSAULT", "no"),
        ("TRESPASS", "own"),
        ("OTHER", "excl"),
    ):
        imported(nature, tier=tier)

    rows = table(replayed(), "tiers").rows

    assert [row[:4] for row in rows] == [
        ("core", 1, 1, 0.25),
        ("no", 2, 2, 0.5),
        ("excl", 1, 0, 0.0),
        ("own", 1, 1, 0.25),
    ]
    assert [row[4:] for row in rows[:3]] == [(0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (None, None, None)]


def test_a_history_without_tiers_has_no_such_table(replayed: Replayed) -> None:
    imported()

    with pytest.raises(StopIteration):
        table(replayed(), "tiers")


def test_hours_are_those_of_the_city(replayed: Replayed) -> None:
    imported(local_hour=3)
    imported(local_hour=3)
    imported(local_hour=None)  # imported before the hour was kept: by the agency's own clock

    assert {hour: row[0] for hour, row in lines(replayed(), "hours").items()} == {"03": 2, "12": 1}


def test_routes_still_possible_count_a_call_in_every_line(
    given: Given, replayed: Replayed
) -> None:
    given.call()
    imported("TRESPASS")

    routes = lines(replayed(), "routes")

    assert routes["CRT"][1:] == (1, 0.5, 2, 1.0)
    assert routes["POLICE"][1:] == (0, 0.0, 1, 0.5)


def test_load_is_the_mean_of_the_days_with_calls_beside_the_units_planned(
    given: Given, replayed: Replayed
) -> None:
    calls = [given.call(), given.call(), given.call()]
    for call, day in zip(calls, (0, 0, 1), strict=True):
        Call.objects.filter(pk=call.pk).update(received_at=NOON + timedelta(days=day))

    row = replayed()

    planned, surely, possibly, per_unit = lines(row, "load-crt")["12"]
    assert planned == staffing.planned()["CRT"][12]
    assert (surely, possibly) == (1.5, 1.5)
    assert per_unit == round(1.5 / float(planned or 0), 3)


def test_staffing_is_the_mean_over_the_week_of_hours_that_may_pass_midnight() -> None:
    UnitHours.objects.all().delete()
    unit = Unit.objects.get(code="CRT1")
    for weekday in range(7):
        UnitHours.objects.create(unit=unit, weekday=weekday, opens=time(22, 30), closes=time(2))
    UnitHours.objects.create(unit=unit, weekday=0, opens=time(9), closes=time(10))

    found = staffing.planned()["CRT"]

    assert [found[hour] for hour in (21, 22, 23, 0, 1, 2)] == [0, 0.5, 1, 1, 1, 0]
    assert found[9] == round(1 / 7, 3)


def test_a_report_is_the_same_in_whatever_batches_it_was_counted(
    given: Given, replayed: Replayed
) -> None:
    for nature in ("TRESPASS", "ASSAULT", "OTHER", "TRESPASS", "OVERDOSE"):
        imported(nature)
    given.call()

    whole, by_one = replayed(), replayed(batch=1)

    assert [t.rows for t in tables(whole)] == [t.rows for t in tables(by_one)]
