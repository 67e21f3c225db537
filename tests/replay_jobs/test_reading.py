"""What is known of a past call, and that nothing else is."""

from datetime import date, timedelta

import pytest

from heart.history.models import ImportedCall
from heart.replay.models import Replay
from heart.replay.reading import Past, Span, read
from intake.models import Beat, Call
from tests.builders import Given
from tests.replay_jobs.history import NOON, imported
from triage.replay import MISSING
from triage.rules import Question

WEAPON = Question("weapon", "choice", ("none", "in_hand", "unknown"))
HOUR = Question("hour", "automatic", tuple(f"{hour:02}" for hour in range(24)))
BEAT = Question("beat", "automatic", ("N1", "N2"))


def past(**known: object) -> Past:
    return Past(call_id=1, received_at=NOON, nature="TRESPASS", **known)  # type: ignore[arg-type]


def test_answers_of_a_call_taken_here_are_known_and_the_rest_was_not_asked() -> None:
    call = past(is_here=True, answers={"weapon": "none"}, asked=frozenset({"weapon", "si"}))

    assert call.known(WEAPON) == "none"
    assert call.known(Question("si", "choice", ("none", "plan"))) is None


def test_a_question_that_came_later_is_missing_and_not_unasked() -> None:
    call = past(is_here=True, answers={"weapon": "none"}, asked=frozenset({"weapon"}))

    assert call.known(Question("pets", "yes_no", ("y", "n"))) == MISSING


def test_an_answer_that_the_version_does_not_have_is_missing() -> None:
    call = past(is_here=True, answers={"weapon": "sword"}, asked=frozenset({"weapon"}))

    assert call.known(WEAPON) == MISSING


def test_of_an_imported_call_only_hour_and_beat_are_known() -> None:
    call = past(hour=7, beat="N2")

    assert (call.known(HOUR), call.known(BEAT), call.known(WEAPON)) == ("07", "N2", MISSING)


def test_a_beat_of_an_imported_call_without_a_place_is_missing() -> None:
    assert past().known(BEAT) == MISSING


def test_a_beat_that_the_version_does_not_know_is_as_if_the_console_had_not_answered() -> None:
    assert past(beat="X9").known(BEAT) is None
    assert past(is_here=True).known(BEAT) is None


@pytest.mark.django_db
def test_reading_asks_the_database_as_often_for_twenty_calls_as_for_two(given: Given) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for n in (1, 9):
        for _ in range(n):
            given.call()
            imported()
        with CaptureQueriesContext(connection) as queries:
            calls = read(Span(), 100)
        counts.append(len(queries))

    assert len(calls) == 20
    assert counts[0] == counts[1] == 4


@pytest.mark.django_db
def test_span_is_of_whole_local_days_and_of_one_source(given: Given) -> None:
    here = given.call()
    Call.objects.filter(pk=here.pk).update(received_at=NOON)
    town = imported(at=NOON + timedelta(hours=11, minutes=59))
    other = imported(at=NOON + timedelta(hours=12), profile="village")  # midnight

    def found(**which: object) -> set[int]:
        return {call.call_id for call in read(Span(**which), 100)}  # type: ignore[arg-type]

    day = date(2026, 5, 4)
    assert found(since=day, until=day) == {here.pk, town.pk}
    assert found(since=day + timedelta(days=1)) == {other.pk}
    assert found(source=Replay.Source.HERE) == {here.pk}
    assert found(source=Replay.Source.IMPORTED) == {town.pk, other.pk}
    assert found(source=Replay.Source.IMPORTED, profile="village") == {other.pk}


@pytest.mark.django_db
def test_what_the_record_says_of_an_imported_call_comes_along() -> None:
    call = imported("TRESPASS", tier="core", shows_police=True, local_hour=23)
    Call.objects.filter(pk=call.pk).update(beat=Beat.objects.get(code="N1"))

    (found,) = read(Span(), 10)

    assert (found.nature, found.tier, found.hour, found.beat) == ("TRESPASS", "core", 23, "N1")
    assert found.shows_police
    assert found.is_community
    assert not found.is_here


@pytest.mark.django_db
def test_police_that_a_crew_asked_for_were_sent(given: Given) -> None:
    given.backup("POLICE")
    given.call()

    assert [call.shows_police for call in read(Span(), 10)] == [True, False]


@pytest.mark.django_db
def test_calls_that_were_imported_before_have_no_tier_and_no_word_of_police() -> None:
    imported()
    ImportedCall.objects.update(local_hour=None)

    (found,) = read(Span(), 10)

    assert (found.tier, found.shows_police, found.hour) == ("", None, 12)
