"""What versions of the rules make of past calls, side by side in one frame."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from heart.replay.reading import TOLD_BY_THE_RECORD, Past, local
from triage import protocol_files, replay, rules
from triage.protocol_files import ProtocolFiles
from triage.replay import MISSING, Compiled, Possible
from triage.replay.columns import Codes

WORD = 64


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the rules, ready to be put to many calls."""

    rule_set: rules.RuleSet
    compiled: Compiled

    def columns(self, calls: Sequence[Past]) -> dict[str, Codes]:
        """What is known of these calls, for the facts that this version reads."""
        read = [q for q in self.rule_set.questions if q.key in self.compiled.facts]
        if not any(call.is_here for call in calls):
            read = [question for question in read if question.key in TOLD_BY_THE_RECORD]
        known = {q.key: [call.known(q) for call in calls] for q in read}
        known["nature"] = [call.nature for call in calls]
        return {name: self.compiled.encode(name, values) for name, values in known.items()}

    def run(self, calls: Sequence[Past]) -> Possible:
        """What may come out of each call."""
        return self.compiled.run(self.columns(calls), threads=1)

    def rules_at(self, possible: Possible, row: int) -> list[str]:
        """The rules that may decide a row."""
        return [
            name
            for place, name in enumerate(self.compiled.rules)
            if int(possible.rules[place // WORD, row]) >> (place % WORD) & 1
        ]


def written(files: ProtocolFiles) -> str:
    """A version as it is kept with a replay."""
    return json.dumps(asdict(files), sort_keys=True)


@lru_cache(maxsize=6)
def version(text: str) -> Version:
    """A version as it was kept; takes about a second, once in each process."""
    rule_set = protocol_files.compiled(ProtocolFiles(**json.loads(text)))
    return Version(rule_set, replay.compile(rule_set))


def frame(calls: Sequence[Past], outcomes: Sequence[Possible]) -> pl.DataFrame:
    """A row for each call: what the record says of it, then for each version what may come out."""
    record = pl.DataFrame(
        {
            "community": [call.is_community for call in calls],
            "here": [call.is_here for call in calls],
            "police": [call.shows_police for call in calls],
            "tier": [call.tier for call in calls],
            "disorder": [call.is_disorder for call in calls],
            "nature": ["" if call.nature == MISSING else call.nature or "" for call in calls],
            "day": [f"{local(call.received_at):%Y-%m-%d}" for call in calls],
            "hour": [call.hour for call in calls],
            "beat": [call.beat for call in calls],
        },
        schema=RECORD,
    )
    return beside(record, outcomes)


RECORD = {
    "community": pl.Boolean,
    "here": pl.Boolean,
    "police": pl.Boolean,
    "tier": pl.String,
    "disorder": pl.Boolean,
    "nature": pl.String,
    "day": pl.String,
    "hour": pl.Int8,
    "beat": pl.String,
}
"""What the record says of a call, as columns; only police and hour may be null, not known."""


def beside(record: pl.DataFrame, outcomes: Sequence[Possible]) -> pl.DataFrame:
    """The record of some calls with what may come out of each, by each version."""
    return record.with_columns(
        pl.Series(f"{name} {side}", bits.astype(np.int32))
        for side, possible in enumerate(outcomes)
        for name, bits in (
            ("routes", possible.routes),
            ("levels", possible.levels),
            ("units", possible.units_possibly),
            ("sure units", possible.units_surely),
        )
    )
