"""The job: batches, kills, cancels, faults; nothing is counted twice and nothing hangs."""

from collections.abc import Callable

import pytest
from django.db import transaction

from heart.clock.sweeps import run_sweep
from heart.journal.actor import Actor
from heart.journal.models import Entry
from heart.moves import MoveRefused
from heart.replay import actions, asking
from heart.replay.models import Flip, Replay
from heart.replay.states import ReplayStatus
from intake.steps import Refused
from tests.builders import CLOCK, Given, said
from tests.replay_jobs.history import imported, lines, table, version_with
from tests.replay_jobs.test_comparing import send_co_response

pytestmark = pytest.mark.django_db
Replayed = Callable[..., Replay]


def one_batch(size: int = 2) -> None:
    actions.run_replays(limit=9, by=CLOCK, seconds=0, batch=size)


def fresh(row: Replay) -> Replay:
    return Replay.objects.get(pk=row.pk)


@pytest.fixture
def sam(given: Given) -> Actor:
    return given.people.sam.actor("admin")


@pytest.fixture
def asked(given: Given, sam: Actor) -> Replay:
    """Five calls, two of which flip; a replay of both versions that nobody has begun."""
    for nature in ("TRESPASS", "ASSAULT"):
        imported(nature)
    given.call()
    imported("OTHER")
    given.call()
    draft = version_with(send_co_response, "R20", by=sam)
    wish = asking.wish(version=str(draft.version), against="1", source="", since="", until="")
    return actions.request_replay(**wish, by=sam)


def test_each_batch_moves_counts_and_resume_point_together(asked: Replay) -> None:
    one_batch()
    first = fresh(asked)
    one_batch()
    second = fresh(asked)

    assert (first.status, first.done, first.percent) == (ReplayStatus.RUNNING, 2, 40)
    assert (second.done, second.percent) == (4, 80)
    assert second.resume_after > first.resume_after
    assert lines(second, "changes")["flips"][0] == 1
    assert second.flips.count() == 1


def test_a_process_killed_inside_a_batch_leaves_no_trace_of_it(
    asked: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_batch()
    before = fresh(asked)

    class Killed(BaseException):
        """Nothing catches a kill."""

    def kill(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(Replay, "save", kill)  # the flips of the batch are written by then
    with pytest.raises(Killed), transaction.atomic():
        one_batch(9)
    monkeypatch.undo()

    after = fresh(asked)
    assert (after.done, after.resume_after) == (before.done, before.resume_after)
    assert after.flips.count() == before.flips.count()

    run_sweep("replays", by="clock")

    ended = fresh(asked)
    assert (ended.status, ended.done, ended.total) == (ReplayStatus.DONE, 5, 5)
    assert lines(ended, "changes")["flips"] == (2, 0.4)
    assert ended.flips.count() == 2


def test_whole_and_interrupted_give_the_same_report(asked: Replay, replayed: Replayed) -> None:
    while fresh(asked).status != ReplayStatus.DONE:
        one_batch(1)

    whole = replayed(version=asked.rule_set.version, against=1)

    assert table(whole, "shares").rows == table(fresh(asked), "shares").rows
    assert whole.tallies.keys() == fresh(asked).tallies.keys()


def test_calls_that_come_while_it_runs_are_not_of_the_span(asked: Replay, given: Given) -> None:
    one_batch()
    given.call()
    run_sweep("replays", by="worker")

    assert (fresh(asked).done, fresh(asked).total) == (5, 5)


def test_cancel_stops_it_and_keeps_what_was_counted(asked: Replay, sam: Actor) -> None:
    one_batch()

    actions.cancel_replay(replay_id=asked.pk, by=sam)
    run_sweep("replays", by="worker")

    row = fresh(asked)
    assert (row.status, row.done) == (ReplayStatus.CANCELLED, 2)
    assert row.finished_at is not None
    assert table(row, "shares").rows[0][2] == 2


def test_what_has_ended_cannot_be_cancelled(asked: Replay, sam: Actor) -> None:
    run_sweep("replays", by="worker")

    with pytest.raises(MoveRefused, match="replay is done"):
        actions.cancel_replay(replay_id=asked.pk, by=sam)


def test_an_empty_span_is_done_at_once(replayed: Replayed) -> None:
    row = replayed(since="1999-01-01", until="1999-12-31")

    assert (row.status, row.done, row.percent) == (ReplayStatus.DONE, 0, 100)
    assert row.data_from is None


def test_a_replay_that_cannot_go_on_fails_and_holds_up_no_other(
    asked: Replay, replayed: Replayed
) -> None:
    Replay.objects.filter(pk=asked.pk).update(tables=[{"from": "a later console"}])

    other = replayed()

    assert other.status == ReplayStatus.DONE
    failed = fresh(asked)
    assert (failed.status, failed.fault) == (
        ReplayStatus.FAILED,
        "stopped by a fault; the log says more",
    )


def test_a_table_too_tangled_fails_in_words(
    asked: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triage.replay import asking as kernel

    monkeypatch.setattr(kernel, "MOST_REGIONS", 10)
    actions.outcomes.version.cache_clear()

    run_sweep("replays", by="worker")

    assert "regions and cannot be replayed" in fresh(asked).fault


def test_they_take_turns_the_oldest_first(sam: Actor, asked: Replay, given: Given) -> None:
    given.replay()
    one_batch()

    assert [row.status for row in Replay.objects.order_by("pk")] == ["running", "queued"]


def test_journal_tells_who_asked_and_how_it_went(asked: Replay) -> None:
    run_sweep("replays", by="worker")

    told = [
        f"{e.actor_name}: {said(e)}" for e in Entry.objects.filter(subject=f"replay:{asked.pk}")
    ]

    assert sorted(told) == [
        "Sam Rook: asked for a replay of version 1, 2 over 5 calls",
        "the clock: began to replay the rules",
        "the clock: replayed 5 calls",
    ]


@pytest.mark.parametrize(
    ("wish", "problems"),
    [
        ({"version": ""}, {"version": "choose a version"}),
        ({"version": "nine"}, {"version": "'nine' is no version"}),
        ({"version": "²"}, {"version": "'²' is no version"}),
        ({"version": "99"}, {"version": "there is no version 99"}),
        ({"against": "99"}, {"against": "there is no version 99"}),
        ({"against": "1"}, {"against": "is the same version: choose another, or none"}),
        ({"since": "May"}, {"since": "'May' is no day like 2026-05-31"}),
        ({"since": "0001-01-01"}, {"since": "'0001-01-01' is no day like 2026-05-31"}),
        ({"since": "2026-05-02", "until": "2026-05-01"}, {"until": "ends before it begins"}),
        (
            {"source": "atlantis", "until": "x"},
            {
                "source": "'atlantis' is none of all, here, imported",
                "until": "'x' is no day like 2026-05-31",
            },
        ),
    ],
)
def test_what_cannot_be_replayed_is_said_at_its_field(
    wish: dict[str, str], problems: dict[str, str], sam: Actor
) -> None:
    texts = {"version": "1", "against": "", "source": "", "since": "", "until": "", **wish}

    with pytest.raises(Refused) as refused:
        actions.request_replay(**asking.wish(**texts), by=sam)

    assert refused.value.problems == problems
    assert not Replay.objects.exists()
    assert not Flip.objects.exists()
