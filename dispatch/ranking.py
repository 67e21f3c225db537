"""Which unit goes, and why: facts of each unit in, a ranked list with its reasons out. Pure.

The order is by steps: who can go; who is of the kind that was decided; who has rested; then minutes.
Minutes are those of the road, less or more for what each reason is worth (synthetic defaults).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from dispatch.states import RunStatus
from dispatch.travel import METERS_PER_MILE, Trip

LANGUAGE_MINUTES = -10
NEIGHBOR_MINUTES = -5
SKILL_MINUTES = -5
STALE_MINUTES = 2
SHIFT_END_MINUTES = 10
"""What reasons are worth in minutes of road; those below zero speak for a unit."""
SHIFT_END_SOON = timedelta(minutes=30)
"""A shift that ends within this time may end before the encounter does."""
UNKNOWN_MINUTES = 30
"""How long a way counts that nobody knows."""

ON_THE_WAY = timedelta(minutes=8)
ON_SCENE = timedelta(minutes=40)
TRANSPORTING = timedelta(minutes=25)
CLEARING = timedelta(minutes=10)
"""How long each part of a run takes (synthetic defaults); on scene only until it is measured."""

STANDS_IN = {"CRT": ("COR",)}
"""A better protected unit may serve where another was decided, never the reverse."""
KIND_WORDS = {"CRT": "a response team", "COR": "co-response"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Something for or against a unit; one that ``stops`` it keeps it from being recommended.

    One with ``until`` goes on being counted down on the screen: its words lead to "in 6 min".
    """

    code: str
    words: str
    minutes: int = 0
    stops: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the ranking knows of a unit."""

    unit_id: int
    code: str
    kind: str
    name: str = ""
    stops: tuple[Reason, ...] = ()
    is_free: bool = True
    """In service and on no call: the database would let it go, whatever else is said against it."""
    trip: Trip | None = None
    origin: str = ""
    """Where the trip begins: phone, phone_stale, station, or empty."""
    position_at: datetime | None = None
    languages: frozenset[str] = frozenset({"en"})
    skills: frozenset[str] = frozenset()
    knows_neighbor: bool = False
    rest_until: datetime | None = None
    shift_ends_at: datetime | None = None
    available_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call asks for at a moment; ``kinds`` is None while nothing is decided."""

    at: datetime
    kinds: frozenset[str] | None = None
    route: str = ""
    language: str = "en"
    language_name: str = "English"
    skills: frozenset[str] = frozenset()
    due_at: datetime | None = None
    """By when somebody should be on scene, if that has not passed."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit with what speaks for and against it."""

    unit: UnitFacts
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    is_asked_for: bool
    stands_in: bool

    @property
    def stops(self) -> list[Reason]:
        """What keeps it from going."""
        return [reason for reason in self.against if reason.stops]

    @property
    def can_go(self) -> bool:
        return not self.stops

    @property
    def is_resting(self) -> bool:
        return any(reason.code == "resting" for reason in self.against)

    @property
    def minutes(self) -> int | None:
        """How long the way takes; None when nobody knows."""
        return minutes_of(self.unit.trip)

    @property
    def cost(self) -> int:
        """Minutes of road with what the reasons are worth."""
        way = UNKNOWN_MINUTES if self.minutes is None else self.minutes
        return way + sum(reason.minutes for reason in (*self.reasons, *self.against))

    @property
    def way(self) -> str:
        """The way in words: about 6 min, 2.1 mi."""
        if self.unit.trip is None:
            return "way not known"
        return f"about {self.minutes} min, {self.unit.trip.meters / METERS_PER_MILE:.1f} mi"

    @property
    def order(self) -> tuple[bool, bool, bool, bool, float, int, int, str]:
        """Sorts from the unit that should go to the one that is farthest from going."""
        soon = 0.0
        if not self.can_go:
            at = self.unit.available_at
            soon = at.timestamp() if at else float("inf")
        seconds = self.unit.trip.seconds if self.unit.trip else 0
        return (
            not self.can_go,
            not self.is_asked_for,
            self.stands_in,
            self.is_resting,
            soon,
            self.cost,
            seconds,
            self.unit.code,
        )


def minutes_of(trip: Trip | None) -> int | None:
    """Whole minutes, at least one."""
    return None if trip is None else max(1, round(trip.seconds / 60))


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes, begun ones counted."""
    return max(0, ceil((end - start).total_seconds() / 60))


def rank(units: Iterable[UnitFacts], wanted: Wanted) -> list[Ranked]:
    """Every unit with its reasons, the one that should go first."""
    ranked = sorted((_weighed(unit, wanted) for unit in units), key=lambda each: each.order)
    ways = [each.unit.trip for each in ranked if each.can_go and each.unit.trip is not None]
    shortest = min((trip.seconds for trip in ways), default=None)
    return [
        _closest(each)
        if each.can_go and each.unit.trip is not None and each.unit.trip.seconds == shortest
        else each
        for each in ranked
    ]


def _closest(each: Ranked) -> Ranked:
    """Being closest is said, but worth nothing by itself: the road counts already."""
    return replace(each, reasons=(Reason("closest", "closest"), *each.reasons))


def _weighed(unit: UnitFacts, wanted: Wanted) -> Ranked:
    kinds = wanted.kinds
    is_exact = kinds is None or unit.kind in kinds
    stands_in = not is_exact and any(
        unit.kind in STANDS_IN.get(kind, ()) for kind in sorted(kinds or ())
    )
    return Ranked(
        unit=unit,
        reasons=tuple(_for(unit, wanted)),
        against=(
            *_of_kind(unit, wanted, is_exact, stands_in),
            *unit.stops,
            *_against(unit, wanted),
        ),
        is_asked_for=is_exact or stands_in,
        stands_in=stands_in,
    )


def _of_kind(unit: UnitFacts, wanted: Wanted, is_exact: bool, stands_in: bool) -> list[Reason]:
    if is_exact:
        return []
    if stands_in:
        return [Reason("stands_in", "stands in for a response team")]
    if wanted.kinds:
        asked = " and ".join(KIND_WORDS.get(kind, kind) for kind in sorted(wanted.kinds))
        return [Reason("kind_not_enough", f"{asked} was decided", stops=True)]
    return [Reason("not_asked_for", f"no team was decided: {wanted.route}", stops=True)]


def _for(unit: UnitFacts, wanted: Wanted) -> Iterable[Reason]:
    if wanted.language != "en" and wanted.language in unit.languages:
        words = f"speaks {wanted.language_name}"
        yield Reason(f"speaks_{wanted.language}", words, LANGUAGE_MINUTES)
    if unit.knows_neighbor:
        yield Reason("knows_neighbor", "has met the neighbor", NEIGHBOR_MINUTES)
    for skill in sorted(wanted.skills & unit.skills):
        yield Reason(f"skill_{skill}", f"trained: {skill.replace('_', ' ')}", SKILL_MINUTES)


def _against(unit: UnitFacts, wanted: Wanted) -> Iterable[Reason]:
    if unit.rest_until is not None and unit.rest_until > wanted.at:
        yield Reason("resting", "on rest, over", until=unit.rest_until)
    ends = unit.shift_ends_at
    if ends is not None and ends - wanted.at <= SHIFT_END_SOON:
        yield Reason("shift_ends", "shift ends", SHIFT_END_MINUTES, until=ends)
    if wanted.language != "en" and wanted.language not in unit.languages:
        yield Reason("language_not_spoken", f"nobody speaks {wanted.language_name}")
    if unit.origin == "phone_stale" and unit.position_at is not None:
        old = minutes_between(unit.position_at, wanted.at)
        yield Reason("position_stale", f"position is {old} min old", STALE_MINUTES)
    if unit.trip is None:
        yield Reason("way_unknown", "way not known")
    elif wanted.due_at and wanted.at + timedelta(seconds=unit.trip.seconds) > wanted.due_at:
        yield Reason("eta_over_target", "arrives after the target")


def because(first: Ranked, second: Ranked) -> str:
    """Why the one stands above the other, in one sentence."""
    one, two = first.unit.code, second.unit.code
    if first.can_go and not second.can_go:
        return f"{one} before {two}, which cannot go: {second.stops[0].words}."
    if first.stands_in != second.stands_in:
        return f"{one} before {two}, which only stands in for a response team."
    if first.is_resting != second.is_resting:
        return f"{one} before {two}, which is on rest."
    better, worse = _better(first, second), _better(second, first)
    if not better:
        return f"{one} and {two} are equally good; they stand in the order of their codes."
    said = f"{one} before {two}: {'; '.join(better)}"
    return f"{said} (for {two}: {'; '.join(worse)})." if worse else f"{said}."


def _better(one: Ranked, other: Ranked) -> list[str]:
    """What is better about one of two, as far as it counts in the order."""
    found = []
    closer = _minutes(other) - _minutes(one)
    if closer > 0:
        found.append(f"about {closer} min closer")
    elif closer == 0 and one.unit.trip and other.unit.trip:
        found += ["a little closer"] if one.unit.trip.seconds < other.unit.trip.seconds else []
    theirs = {reason.code for reason in other.reasons}
    found += [r.words for r in one.reasons if r.minutes and r.code not in theirs]
    mine = {reason.code for reason in one.against}
    found += [
        f"{other.unit.code}'s {reason.words}{' soon' if reason.until else ''}"
        for reason in other.against
        if reason.minutes and reason.code not in mine
    ]
    return found


def _minutes(each: Ranked) -> int:
    return UNKNOWN_MINUTES if each.minutes is None else each.minutes


def free_at(
    status: str, since: datetime, on_scene: timedelta | None, now: datetime
) -> datetime | None:
    """When a busy unit is probably free; None when it takes longer than usual already.

    ``on_scene`` is how long its kind usually is on scene, where that is known.
    """
    usual = on_scene or ON_SCENE
    if status in (RunStatus.DISPATCHED, RunStatus.EN_ROUTE):
        return max(since + ON_THE_WAY, now) + usual
    lasts = {RunStatus.TRANSPORTING: TRANSPORTING, RunStatus.CLEARING: CLEARING}
    end = since + lasts.get(RunStatus(status), usual)
    return end if end > now else None


def soonest(ranked: Sequence[Ranked]) -> Ranked | None:
    """Of the units that were asked for and cannot go, the one that can first."""
    coming = [each for each in ranked if each.is_asked_for and not each.can_go]
    known = [each for each in coming if each.unit.available_at is not None]
    return min(known, key=lambda each: each.order, default=None)
