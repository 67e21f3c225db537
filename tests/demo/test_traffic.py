"""Demonstration traffic: the rhythm of an export, and nothing else of it."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from dispatch.models import Run
from dispatch.states import OPEN_RUN
from followup.models import Attempt, Consent, FollowUp
from heart.demo.agenda import Agenda
from heart.demo.arrivals import arrivals
from heart.demo.chance import Chance, behaviour
from heart.demo.traffic import Limits, Traffic
from heart.history import profiles
from heart.history.natures import Meaning
from heart.journal.models import Entry
from intake.actions import release
from intake.models import Call, Nature
from triage.models import Consult, Question
from triage.queries import Protocol
from triage.rules import check_answers
from triage.states import OPEN_CONSULT

LOCAL_TYPES = [
    "TRESPASSING", "WELFARE CHECK", "SUICIDE THREAT", "NOISE COMPLAINT", "INTOXICATED PERSON",
    "MENTAL HEALTH CASE", "DISTURBANCE", "MOTOR THEFT", "UNCONSCIOUS PERSON", "OFFICER PATROL",
]  # fmt: skip
AS_FAST_AS_IT_GOES = 100_000.0


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The layout of an invented export."""
    file = tmp_path / "inventown.json"
    file.write_text(
        json.dumps(
            {
                "title": "Inventown",
                "time_zone": "America/Chicago",
                "time_formats": ["iso"],
                "columns": {
                    "number": "id", "received": "time", "nature": "type", "location": "place",
                },
                "officer_initiated": {"column": "type", "values": ["OFFICER PATROL"]},
            }
        )
    )  # fmt: skip
    return file


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Ninety invented rows, three minutes apart, the last ones first."""
    file = tmp_path / "export.csv"
    begin = datetime(2024, 3, 1, 9)  # noqa: DTZ001 - exports carry no zone
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "time", "place", "type"])
        for n in reversed(range(90)):
            at = begin + timedelta(minutes=3 * n)
            rows.writerow([f"S{n}", at.isoformat(), f"{n} Secret Road", LOCAL_TYPES[n % 10]])
    return file


def run(export: Path, profile: Path, *, calls: int, seed: int = 1) -> Traffic:
    traffic = Traffic(
        arrivals(export, profiles.load(str(profile)), {}),
        speed=AS_FAST_AS_IT_GOES,
        limits=Limits(calls=calls),
        chance=Chance(seed),
    )
    traffic.run(lambda _: None)
    return traffic


class TestArrivals:
    def test_they_come_in_the_order_of_their_times_without_the_officers_own(
        self, export: Path, profile: Path
    ) -> None:
        found = arrivals(export, profiles.load(str(profile)), {})

        assert found == sorted(found)
        assert len(found) == 81
        assert [arrival.nature for arrival in found[:9]] == [
            "TRESPASS", "WELFNON", "SUITHREAT", "NUISANCE", "INTOX", "MHCRISIS", "VERBDIST",
            "OTHER", "PERDOWN",
        ]  # fmt: skip

    def test_the_agency_s_own_mapping_wins_over_words(self, export: Path, profile: Path) -> None:
        mapping = {("", "TRESPASSING"): Meaning("SLEEPING", "")}

        found = arrivals(export, profiles.load(str(profile)), mapping)

        assert found[0].nature == "SLEEPING"


class TestBehaviour:
    def test_every_weighted_answer_is_an_answer_of_the_protocol(self, protocol: Protocol) -> None:
        for nature, table in behaviour()["answers"].items():
            for key, weights in table.items():
                for answer in weights:
                    assert check_answers(protocol.questions, {key: answer}) == [], (nature, key)

    @pytest.mark.django_db
    def test_every_nature_named_is_one(self) -> None:
        known = {"any", *Nature.objects.values_list("code", flat=True)}

        assert set(behaviour()["answers"]) <= known

    def test_every_outcome_named_is_one(self) -> None:
        outcomes = {name: set(weights) for name, weights in behaviour()["outcomes"].items()}

        assert outcomes["talk"] <= set(Consult.Outcome.values)
        assert outcomes["encounter"] <= set(Run.Outcome.values)
        assert outcomes["felt_safe"] <= set(Run.FeltSafe.values)
        assert outcomes["consent"] == set(Consent.Answer.values)
        assert outcomes["attempt"] <= set(Attempt.Outcome.values)
        assert outcomes["after_contact"] <= set(FollowUp.CloseReason.values)

    @pytest.mark.django_db
    def test_a_question_is_answered_only_where_it_is_asked(self) -> None:
        questions = list(Question.objects.values("key", "only_after"))

        drawn = [Chance(seed).answers("TRESPASS", questions) for seed in range(300)]

        assert all("health_worry" not in answers for answers in drawn)
        assert {a["violence"] for a in drawn if "violence_target" in a} == {"verbal"}


@pytest.mark.django_db
class TestTraffic:
    def test_every_call_is_brought_to_its_end(self, export: Path, profile: Path) -> None:
        traffic = run(export, profile, calls=30)

        tally = traffic.room.tally
        assert Call.objects.count() == tally["calls"] == tally["closed"] == 30
        assert not Call.objects.exclude(status="closed").exists()
        assert not Run.objects.filter(status__in=OPEN_RUN).exists()
        assert tally["overtaken"] == tally["retries"] == 0
        assert min(tally["teams sent"], tally["talks"], tally["hand-offs"], tally["attempts"]) > 0

    def test_nothing_of_the_file_but_times_and_types_is_shown(
        self, export: Path, profile: Path
    ) -> None:
        run(export, profile, calls=10)

        assert set(Call.objects.values_list("is_synthetic", "source")) == {(True, "demo")}
        theirs = Q(location_text__contains="Secret") | Q(narrative__contains="Secret")
        assert not Call.objects.filter(theirs).exists()
        assert not Call.objects.filter(beat__isnull=True).exists()

    def test_the_same_seed_gives_the_same_answers(self, export: Path, profile: Path) -> None:
        run(export, profile, calls=4, seed=5)
        run(export, profile, calls=4, seed=5)

        def what_was_decided(calls: Any) -> list[Any]:
            return list(calls.values_list("location_text", "nature__code"))

        calls = Call.objects.order_by("id")
        assert what_was_decided(calls[:3]) == what_was_decided(calls[4:7])

    def test_the_journal_says_who_of_the_demo_did_it(self, export: Path, profile: Path) -> None:
        run(export, profile, calls=10)

        of_calls = Entry.objects.filter(call_id__isnull=False)
        assert set(of_calls.values_list("source", flat=True)) == {"demo"}

    def test_a_person_who_is_quicker_is_left_in_peace(self, export: Path, profile: Path) -> None:
        traffic = Traffic(
            arrivals(export, profiles.load(str(profile)), {}),
            speed=AS_FAST_AS_IT_GOES,
            limits=Limits(calls=1),
            chance=Chance(1),
        )
        room = traffic.room
        room.call_comes_in("TRESPASS")
        release(call_id=Call.objects.get().pk, by=room.people["dispatcher"])

        traffic.agenda.run(lambda: True, lambda: None)

        assert room.tally["overtaken"] == 1
        assert Call.objects.get().status == "open"

    def test_what_a_killed_run_left_is_finished_by_the_next(
        self, export: Path, profile: Path
    ) -> None:
        killed = Traffic(
            arrivals(export, profiles.load(str(profile)), {}),
            speed=AS_FAST_AS_IT_GOES,
            limits=Limits(calls=20),
            chance=Chance(4),
        )
        killed._schedule(0)
        killed.agenda.run(lambda: killed.room.tally["calls"] < 15, lambda: None)
        left = Call.objects.exclude(status="closed").count()

        traffic = run(export, profile, calls=1)

        assert left > 3
        assert traffic.room.tally["calls"] == left + 1
        assert not Call.objects.exclude(status="closed").exists()
        assert not Run.objects.filter(status__in=OPEN_RUN).exists()
        assert not Consult.objects.filter(status__in=OPEN_CONSULT).exists()

    def test_an_interrupt_ends_the_calls_and_finishes_the_work(
        self, export: Path, profile: Path
    ) -> None:
        traffic = Traffic(
            arrivals(export, profiles.load(str(profile)), {}),
            speed=AS_FAST_AS_IT_GOES,
            limits=Limits(),
            chance=Chance(3),
        )
        said: list[str] = []
        traffic.agenda.after(3600, traffic.interrupt)

        traffic.run(said.append)

        assert "No more calls. Finishing what is under way; interrupt again to leave it." in said
        assert Call.objects.filter(status="closed").count() == Call.objects.count() == 18

    def test_a_second_interrupt_leaves_everything_as_it_is(
        self, export: Path, profile: Path
    ) -> None:
        traffic = Traffic(
            arrivals(export, profiles.load(str(profile)), {}),
            speed=AS_FAST_AS_IT_GOES,
            limits=Limits(),
            chance=Chance(3),
        )
        for seconds in (3600, 3601):
            traffic.agenda.after(seconds, traffic.interrupt)

        with pytest.raises(KeyboardInterrupt):
            traffic.run(lambda _: None)

        assert Call.objects.exclude(status="closed").exists()

    def test_time_that_is_up_ends_the_calls_and_finishes_the_work(
        self, export: Path, profile: Path
    ) -> None:
        traffic = Traffic(
            arrivals(export, profiles.load(str(profile)), {}),
            speed=2_000.0,
            limits=Limits(minutes=0.01),
            chance=Chance(2),
        )

        traffic.run(lambda _: None)

        assert 0 < traffic.room.tally["calls"] < 81
        assert not Call.objects.exclude(status="closed").exists()


class TestAgenda:
    def test_steps_come_in_the_order_of_their_seconds(self) -> None:
        agenda, done = Agenda(AS_FAST_AS_IT_GOES), []
        for seconds in (30, 10, 20):
            agenda.after(seconds, lambda seconds=seconds: done.append(seconds))

        agenda.run(lambda: True, lambda: None)

        assert (done, agenda.at) == ([10, 20, 30], 30)

    def test_a_step_counts_from_the_step_that_planned_it(self) -> None:
        agenda, at = Agenda(AS_FAST_AS_IT_GOES), []
        agenda.after(10, lambda: agenda.after(5, lambda: at.append(agenda.at)))

        agenda.run(lambda: True, lambda: None)

        assert at == [15]

    def test_in_a_hurry_nothing_is_waited_for(self) -> None:
        agenda, done = Agenda(0.001), []
        agenda.after(3600, lambda: done.append(1))
        agenda.hurry()

        agenda.run(lambda: True, lambda: None)

        assert done == [1]


@pytest.mark.django_db
class TestCommand:
    def test_it_says_what_is_real_and_what_is_invented(
        self, export: Path, profile: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command(
            "demo_traffic", export, profile=str(profile), speed=100_000.0, calls=3, seed=9
        )

        said = capsys.readouterr().out
        assert "81 calls of the public from 2024-03-01 15:00 on" in said
        assert "places, answers and outcomes are invented (seed 9)" in said
        assert "3 calls" in said.splitlines()[-1]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"speed": 0.0}, "--speed must be above 0"),
            ({"calls": 0}, "--calls and --minutes must be above 0"),
            ({"profile": "atlantis"}, "there is no profile 'atlantis'"),
            ({"mapping": Path("/nowhere.csv")}, "/nowhere.csv: cannot be read"),
        ],
    )
    def test_what_cannot_be_run_is_one_clear_line(
        self, options: dict[str, Any], message: str, export: Path, profile: Path
    ) -> None:
        with pytest.raises(CommandError, match=message):
            call_command("demo_traffic", export, **{"profile": str(profile), **options})

    def test_a_file_that_is_not_there_is_one_clear_line(self, profile: Path) -> None:
        with pytest.raises(CommandError, match="No such file"):
            call_command("demo_traffic", Path("/nowhere.csv"), profile=str(profile))
