"""Puts millions of calls to one version of the rules, and says what may come out of each.

The answer is exact: for a call of which everything is known it is what ``evaluate`` decides; where
the record has gaps, it is the set of all that ``evaluate`` could decide if they were filled.

``compile(rule_set)`` takes about a second and is worth keeping, by version. What came out is ready
to be run from several threads at once:

compiled.facts    the facts that matter: question keys and "nature". Switches are those of the version
compiled.rules    the ids of the rules by place, the default last
compiled.encode(column, values)
                  one column of codes, of a sequence of texts, None (not asked, or no nature) and
                  MISSING (the record does not tell). Of an open question a rule can only know
                  whether there was a text. A nature that the version does not know passes no
                  condition, as in ``evaluate``; a missing one is any that it knows, or none
compiled.run({column: codes})
                  a ``Possible``: numpy arrays with a place for each row. A fact without a column is
                  missing everywhere; columns that no rule reads are skipped
read_parquet(path, compiled)
                  ``Part`` after ``Part`` of a file: ``columns`` for ``run``, ``others`` a polars
                  frame of the columns that are no facts (beat, hour of receipt, ...), to group by.
                  Facts are texts or categories (a category reads five times as fast); null is
                  MISSING and "(not asked)" None

Possible
routes            uint16, bit n: the primary route may be ROUTES[n]
levels            uint8, bit n: the level may be n + 1
units_possibly    uint16, bit n: ROUTES[n] may be sent, as primary route or added
units_surely      uint16, bit n: ROUTES[n] is sent, whatever the gaps
rule              int16, the place in ``compiled.rules`` of the rule that decides; -1: not certain
rules             uint64 [word, row], bit n of word w: rule 64 w + n may decide

Codes are uint8, or uint16 where a fact has more than 253 values: 0 is MISSING, 1 NOT_ASKED, then
the values in the order of the version (``compiled.books``).

ColumnError       names column, row and value of what cannot be understood
FileError         the file is not Parquet
TooManyRegions, TooManyStates
                  the table is too tangled to be replayed
"""

from triage.replay.asking import TooManyRegions
from triage.replay.automaton import TooManyStates
from triage.replay.columns import MISSING, NOT_ASKED, NOT_ASKED_TEXT, Codes, ColumnError
from triage.replay.compiled import Compiled, Possible, compile  # noqa: A004
from triage.replay.parquet import FileError, Part, read_parquet

__all__ = [
    "MISSING",
    "NOT_ASKED",
    "NOT_ASKED_TEXT",
    "Codes",
    "ColumnError",
    "Compiled",
    "FileError",
    "Part",
    "Possible",
    "TooManyRegions",
    "TooManyStates",
    "compile",
    "read_parquet",
]
