"""Which unit goes first: the order, its reasons, and the sentence; without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ranking import Ranked, Reason, UnitFacts, Wanted, because, free_at, rank, soonest
from dispatch.travel import Trip

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
CRT = frozenset({"CRT"})
BUSY = Reason("busy", "on scene on 26-000001", stops=True)
OUT = Reason("out_of_service", "out of service", stops=True)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def way(number: float) -> Trip:
    return Trip(meters=round(number * 500), seconds=round(number * 60), source="straight line")


def unit(code: str, away: float | None = 5, **facts: object) -> UnitFacts:
    trip = None if away is None else way(away)
    known = {"kind": code[:3], "trip": trip, "origin": "station", **facts}
    return UnitFacts(unit_id=hash(code), code=code, **known)


def wanted(kinds: frozenset[str] | None = CRT, **more: object) -> Wanted:
    return Wanted(at=NOW, kinds=kinds, route="community response team", **more)


SPANISH = wanted(language="es", language_name="Spanish")
YOUTH = wanted(skills=frozenset({"youth"}))
ES = frozenset({"en", "es"})

CASES = [
    ("the closer one", wanted(), [unit("CRT2", 4), unit("CRT1", 9)], "about 5 min closer"),
    (
        "by seconds within a minute",
        wanted(),
        [unit("CRT2", 4.1), unit("CRT1", 4.2)],
        "a little closer",
    ),
    ("who can go", wanted(), [unit("CRT2", 30), unit("CRT1", 1, stops=(BUSY,))], "cannot go"),
    ("the kind that was decided", wanted(), [unit("CRT1", 20), unit("COR1", 1)], "stands in"),
    (
        "a stand-in before one that cannot go",
        wanted(),
        [unit("COR1", 9), unit("CRT1", 1, stops=(OUT,))],
        "cannot go: out of service",
    ),
    (
        "who has rested",
        wanted(),
        [unit("CRT2", 20), unit("CRT1", 1, rest_until=NOW + minutes(6))],
        "which is on rest",
    ),
    (
        "one on rest before one that stands in",
        wanted(),
        [unit("CRT1", 1, rest_until=NOW + minutes(6)), unit("COR1", 1)],
        "stands in",
    ),
    (
        "who speaks the language, up to ten minutes away",
        SPANISH,
        [unit("CRT2", 14, languages=ES), unit("CRT1", 5)],
        "speaks Spanish (for CRT1: about 9 min closer)",
    ),
    (
        "the closer one, when the language is far away",
        SPANISH,
        [unit("CRT1", 5), unit("CRT2", 16, languages=ES)],
        "about 11 min closer (for CRT2: speaks Spanish)",
    ),
    (
        "who has met the neighbor",
        wanted(),
        [unit("CRT2", 9, knows_neighbor=True), unit("CRT1", 5)],
        "has met the neighbor",
    ),
    (
        "who is trained",
        YOUTH,
        [unit("CRT2", 9, skills=frozenset({"youth", "idd"})), unit("CRT1", 5)],
        "trained: youth",
    ),
    (
        "whose shift goes on",
        wanted(),
        [unit("CRT2", 9), unit("CRT1", 5, shift_ends_at=NOW + minutes(12))],
        "CRT1's shift ends soon (for CRT1: about 4 min closer)",
    ),
    (
        "whose position is known",
        wanted(),
        [
            unit("CRT2", 6, origin="phone", position_at=NOW),
            unit("CRT1", 5, origin="phone_stale", position_at=NOW - minutes(7)),
        ],
        "CRT1's position is 7 min old (for CRT1: about 1 min closer)",
    ),
    ("whose way is known", wanted(), [unit("CRT2", 29), unit("CRT1", None)], "1 min closer"),
    ("the code, when all is equal", wanted(), [unit("CRT1"), unit("CRT2")], "equally good"),
    (
        "who was asked for, of those that cannot go",
        wanted(frozenset({"COR"})),
        [unit("COR1", 9, stops=(OUT,)), unit("CRT1", 1)],
        "",
    ),
    (
        "who comes free first, of those that cannot go",
        wanted(),
        [
            unit("CRT2", 9, stops=(BUSY,), available_at=NOW + minutes(4)),
            unit("CRT1", 1, stops=(BUSY,), available_at=NOW + minutes(5)),
            unit("CRT0", 1, stops=(OUT,)),
        ],
        "",
    ),
]


@pytest.mark.parametrize(
    ("asks", "expected", "says"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_first_is(asks: Wanted, expected: list[UnitFacts], says: str) -> None:
    ranked = rank(reversed(expected), asks)

    assert [each.unit.code for each in ranked] == [each.code for each in expected]
    if says:
        assert says in because(*ranked[:2])


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("asks", "one", "expected"),
    [
        (wanted(), unit("CRT1"), []),
        (wanted(), unit("COR1"), ["stands_in"]),
        (wanted(frozenset({"COR"})), unit("CRT1"), ["kind_not_enough"]),
        (wanted(frozenset()), unit("CRT1"), ["not_asked_for"]),
        (wanted(None), unit("CRT1"), []),
        (wanted(), unit("CRT1", stops=(BUSY, OUT)), ["busy", "out_of_service"]),
        (SPANISH, unit("CRT1"), ["language_not_spoken"]),
        (wanted(), unit("CRT1", None), ["way_unknown"]),
        (wanted(due_at=NOW + minutes(4)), unit("CRT1", 5), ["eta_over_target"]),
        (wanted(due_at=NOW + minutes(6)), unit("CRT1", 5), []),
        (wanted(), unit("CRT1", rest_until=NOW), []),
        (wanted(), unit("CRT1", shift_ends_at=NOW + minutes(31)), []),
    ],
)
def test_what_speaks_against(asks: Wanted, one: UnitFacts, expected: list[str]) -> None:
    [ranked] = rank([one], asks)

    assert codes(ranked.against) == expected


def test_closest_is_said_of_one_that_can_go() -> None:
    ranked = rank([unit("CRT1", 1, stops=(BUSY,)), unit("CRT2", 4), unit("CRT3", 5)], wanted())

    assert {each.unit.code: codes(each.reasons) for each in ranked} == {
        "CRT1": [],
        "CRT2": ["closest"],
        "CRT3": [],
    }


def test_way_in_words() -> None:
    ranked = rank([unit("CRT1", 6.4), unit("CRT2", 0.1), unit("CRT3", None)], wanted())

    assert {each.unit.code: each.way for each in ranked} == {
        "CRT1": "about 6 min, 2.0 mi",
        "CRT2": "about 1 min, 0.0 mi",
        "CRT3": "way not known",
    }


def test_soonest_is_one_that_was_asked_for() -> None:
    ranked = rank(
        [
            unit("CRT1", stops=(BUSY,), available_at=NOW + minutes(20)),
            unit("CRT2", stops=(BUSY,)),
            unit("COR1", stops=(BUSY,), available_at=NOW + minutes(14)),
        ],
        wanted(frozenset({"COR"})),
    )

    coming = soonest(ranked)

    assert coming is not None
    assert coming.unit.code == "COR1"
    assert soonest(rank([unit("CRT1", stops=(OUT,))], wanted())) is None


@pytest.mark.parametrize(
    ("status", "since", "usual", "expected"),
    [
        ("dispatched", 0, None, 48),
        ("en_route", 3, None, 45),
        ("en_route", 20, None, 40),
        ("en_route", 3, 25, 30),
        ("on_scene", 10, None, 30),
        ("on_scene", 10, 25, 15),
        ("on_scene", 26, 25, None),
        ("transporting", 5, 90, 20),
        ("clearing", 4, 90, 6),
        ("clearing", 10, None, None),
    ],
)
def test_when_a_busy_unit_is_free(
    status: str, since: int, usual: int | None, expected: int | None
) -> None:
    on_scene = None if usual is None else minutes(usual)

    found = free_at(status, NOW - minutes(since), on_scene, NOW)

    assert found == (None if expected is None else NOW + minutes(expected))


# --- for every set of units -------------------------------------------------------------------------

moments = st.none() | st.integers(-60, 120).map(lambda n: NOW + minutes(n))
units = st.builds(
    UnitFacts,
    unit_id=st.integers(1, 99),
    code=st.integers(1, 99).map("U{:02}".format),
    kind=st.sampled_from(["CRT", "COR"]),
    stops=st.lists(st.sampled_from([BUSY, OUT]), max_size=2, unique=True).map(tuple),
    trip=st.none() | st.integers(0, 90).map(way),
    origin=st.sampled_from(["phone", "phone_stale", "station", ""]),
    position_at=moments,
    languages=st.sampled_from([frozenset({"en"}), ES]),
    skills=st.sampled_from([frozenset(), frozenset({"youth"})]),
    knows_neighbor=st.booleans(),
    rest_until=moments,
    shift_ends_at=moments,
    available_at=moments,
)
rosters = st.lists(units, max_size=8, unique_by=lambda each: each.code)
calls = st.builds(
    Wanted,
    at=st.just(NOW),
    kinds=st.none() | st.sets(st.sampled_from(["CRT", "COR"])).map(frozenset),
    language=st.sampled_from(["en", "es"]),
    skills=st.sampled_from([frozenset(), frozenset({"youth"})]),
    due_at=moments,
)


@given(rosters, calls, st.randoms())
def test_order_is_total_and_the_same_however_the_units_come(roster, asks, random) -> None:
    ranked = rank(roster, asks)
    random.shuffle(roster)

    assert rank(roster, asks) == ranked
    assert all(before.order < after.order for before, after in pairwise(ranked))


@given(rosters, calls)
def test_no_unit_that_cannot_go_stands_above_one_that_can(roster, asks) -> None:
    can_go = [each.can_go for each in rank(roster, asks)]

    assert can_go == sorted(can_go, reverse=True)


@given(rosters, calls)
def test_everyone_that_cannot_go_has_a_reason_in_words(roster, asks) -> None:
    for each in rank(roster, asks):
        assert each.can_go or each.stops[0].words


@given(rosters, calls)
def test_every_pair_has_its_sentence(roster, asks) -> None:
    for before, after in pairwise(rank(roster, asks)):
        if before.can_go:
            said = because(before, after)
            assert said.startswith(before.unit.code)
            assert said.endswith(".")
            assert after.unit.code in said


@given(rosters, calls, st.data())
def test_without_a_reason_against_it_no_unit_stands_lower(roster, asks, data) -> None:
    ranked = rank(roster, asks)
    troubled = [each for each in ranked if each.against]
    if not troubled:
        return
    each = data.draw(st.sampled_from(troubled))
    gone = data.draw(st.sampled_from(each.against))

    better = replace(each, against=tuple(r for r in each.against if r is not gone))

    assert place(better, ranked) <= place(each, ranked)


@given(rosters, calls, st.data())
def test_without_a_reason_for_it_no_unit_stands_higher(roster, asks, data) -> None:
    ranked = rank(roster, asks)
    favoured = [each for each in ranked if each.reasons]
    if not favoured:
        return
    each = data.draw(st.sampled_from(favoured))
    gone = data.draw(st.sampled_from(each.reasons))

    worse = replace(each, reasons=tuple(r for r in each.reasons if r is not gone))

    assert place(worse, ranked) >= place(each, ranked)


def place(one: Ranked, ranked: list[Ranked]) -> int:
    return sum(other.order < one.order for other in ranked if other.unit.code != one.unit.code)


def test_fifty_units_are_ranked_in_less_than_five_milliseconds() -> None:
    roster = [
        unit(f"CRT{n}", n % 17, languages=ES if n % 3 else frozenset(), knows_neighbor=n % 5 == 0)
        for n in range(50)
    ]

    assert min(_seconds(roster) for _ in range(20)) < 0.005


def _seconds(roster: list[UnitFacts]) -> float:
    began = perf_counter()
    rank(roster, SPANISH)
    return perf_counter() - began
