"""What happens by chance in the demo: weights of answers and outcomes, all of them invented."""

import json
import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("data") / "behaviour.json"


@lru_cache(maxsize=1)
def behaviour() -> dict[str, Any]:
    """The table as it stands in its file."""
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


class Chance(random.Random):
    """Seeded chance: the same seed gives the same demonstration."""

    def one_of(self, weights: Mapping[str, int]) -> str:
        """One of the keys, as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def outcome(self, name: str) -> str:
        """How something ends."""
        return self.one_of(behaviour()["outcomes"][name])

    def seconds(self, name: str) -> float:
        """How long something takes, in the seconds of the demo."""
        shortest, longest = behaviour()["seconds"][name]
        return self.uniform(shortest, longest)

    def answers(self, nature: str, questions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """An answer to each question that is asked of this nature, in their order."""
        table = behaviour()["answers"]
        weights = {**table["any"], **table.get(nature, {})}
        answers: dict[str, str] = {}
        for question in questions:
            key, rule = question["key"], question["only_after"]
            before = {**answers, "nature": nature}
            if key in weights and (not rule or before.get(rule["field"]) in rule["in"]):
                answers[key] = self.one_of(weights[key])
        return answers
