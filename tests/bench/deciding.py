"""(d) Single decisions with all reasons, beside two general engines that find rule and route only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

from tests.bench import engines
from tests.bench.calls import calls
from tests.rules.default_table import table
from triage.rules import evaluate

COUNT = 20_000
FOR_ENGINES = 2_000
REPEATS = 7


@dataclass(frozen=True, slots=True)
class Deciding:
    """Decisions per second of one processor, the best of all repeats.

    ``hard`` are calls in which every question is answered, at random.
    """

    console: float
    hard: float
    cel: float
    zen: float


def measure() -> Deciding:
    """All in turn, so that they see the same machine; the engines have to agree first."""
    rule_set = table()
    usual, hard = calls(rule_set, COUNT), calls(rule_set, COUNT, asked=1, harmless=0)
    read = dict.fromkeys(fact for line in engines.lines(rule_set) for fact in line.tests)
    facts = [{**read, **_within(read, rule_set.facts(*call))} for call in usual[:FOR_ENGINES]]
    cel, zen = engines.with_cel(rule_set), engines.with_zen(rule_set)
    for call, known in zip(usual, facts, strict=False):
        outcome = evaluate(rule_set, *call)
        if not cel(known) == zen(known) == f"{outcome.rule} {outcome.route}":
            raise SystemExit(f"the engines do not agree about {call}: {cel(known)}, {zen(known)}")

    def console(call: tuple[dict[str, str], str | None]) -> None:
        evaluate(rule_set, call[0], call[1])

    turns = [
        (_rate(console, usual), _rate(console, hard), _rate(cel, facts), _rate(zen, facts))
        for _ in range(REPEATS)
    ]
    return Deciding(*map(max, zip(*turns, strict=True)))


def _within(read: dict[str, Any], facts: dict[str, str | None]) -> dict[str, str | None]:
    return {fact: value for fact, value in facts.items() if fact in read}


def _rate(decide: Callable[[Any], object], asked: Sequence[Any]) -> float:
    began = process_time()
    for one in asked:
        decide(one)
    return len(asked) / (process_time() - began)
