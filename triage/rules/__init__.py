"""The decision table as data: answers in, route with its reasons out. Pure; knows no Django.

One rule set version is loaded once (``load``) and then only read. Everything below is plain JSON,
kept in the database and, for the default protocol, in ``triage/defaults/*.json``, where the rows
have the columns of the tables.

Question   {"key", "kind", "answers": [{"value", "label_en", "label_es"}]}; the kinds are
           ``choice`` and ``yes_no`` (one of the answers), ``text``, ``language`` (a code) and
           ``automatic`` (one of the answers, set by the console and never asked).
           Screens also read "only_after": {"field": "age", "in": ["child", "teen"]}, {} = always
Nature     {"code", "category", "routes": ["CCD", "CRT"]}
Switches   {"unknown_safety_policy": "cor" | "crt_staged" | "police", "minors": "heart" | "cor",
           "third_party": "accepted" | "dispatcher", "indoor": "accepted" | "cor"}
Rule       {"id": "R08", "hard"?: true, "when": When, "routes": [{"route": "COR", "when"?: When}],
           "adds"?: [{"unit": "CCD", "when"?}], "later_adds"?: [{"unit", "when"?}],
           "level": 3 or [{"level": 3, "when"?}], "notes"?: [{"en", "es", "when"?}],
           "reason_en", "reason_es"}
When       [[Condition, ... all of these], ... or all of these]
Condition  {"field": "weapon", "op": "in", "value": ["accessible", "in_hand"]}; the operators are
           ``is`` ``is_not`` (one value), ``in`` ``not_in`` (a list), ``contains`` (one value, for
           ``nature_routes``), ``asked`` ``not_asked`` (no value)
Fields     every question key, ``nature``, ``nature_category``, ``nature_routes``, every switch,
           and in ``later_adds`` only ``route``, the primary route

Hard rules stand on top, so that no rule below can take back what they decide. Rules are read in
order. The first that holds decides: the first of its ``routes`` that holds is the primary route, the
first of its levels the level, and its ``adds`` go along. Every later rule
that holds may only add its ``later_adds`` and raise the level. The last rule has an empty ``when``:
it is the default and decides only when nothing else holds.

A reason reads "fact: consequence". The rule that decides tells all of it and appends its ``notes``
that hold; a later rule tells the fact only, because its consequence is not what was decided.

Invariant  {"id": "child-never-phone-only", "en", "es", "when": When, "unless"?: When,
           "then": [Claim, ...]}: of every call for which ``when`` holds and ``unless`` does not,
           all claims are true. It knows the fields of rules but ``route``.
Claim      {"claim": "units_include", "any_of": ["CRT", ...]}, or "all_of"
           {"claim": "units_exclude", "units": ["CRT"]}
           {"claim": "not_alone", "unit": "CRT", "without": ["COR", "POLICE"]}: CRT goes only
           together with one of these
           {"claim": "route_in", "routes": [...]}, or "route_not_in"; {"claim": "has_route"}
           {"claim": "level_at_least", "level": 3}
           {"claim": "monotone", "field": "weapon", "ladder": [["none", null], "elsewhere", ...],
           "keeps": ["level", "EMS"], "exceptions"?: [{"loses": ["level"], "before": When, "after":
           When, "reason_en", "reason_es"}]}: no step up the ladder, short or long, lowers the level
           or takes EMS away, but from calls like ``before`` to calls like ``after``. Answers on one
           rung are not compared; null is "not asked"
           {"claim": "independent", "field": "plan_on_file", "rules": "hard" | "all"}: another
           answer changes nothing that a hard rule, or any rule, has decided

An absent answer means "not asked" and matches no comparison, ``is_not`` and ``not_in`` included;
only ``not_asked`` matches it. The answer ``unknown`` is an answer like any other.
"""

from triage.rules.answers import Problem, Question, check_answers, fitting, load_questions
from triage.rules.changes import Change, Inputs, differences, what_would_change
from triage.rules.counter_examples import TooManyRegions, Violation
from triage.rules.evaluation import Outcome, Reason, evaluate
from triage.rules.fields import ROUTES, SWITCHES
from triage.rules.findings import Findings, examine
from triage.rules.invariants import Invariant, InvariantError, load_invariants
from triage.rules.proof import Proof, prove
from triage.rules.reading import RuleError, load
from triage.rules.rule_set import RuleSet
from triage.rules.space import Call
from triage.rules.table import Rule
from triage.rules.tracing import Tested, trace

__all__ = [
    "ROUTES",
    "SWITCHES",
    "Call",
    "Change",
    "Findings",
    "Inputs",
    "Invariant",
    "InvariantError",
    "Outcome",
    "Problem",
    "Proof",
    "Question",
    "Reason",
    "Rule",
    "RuleError",
    "RuleSet",
    "Tested",
    "TooManyRegions",
    "Violation",
    "check_answers",
    "differences",
    "evaluate",
    "examine",
    "fitting",
    "load",
    "load_invariants",
    "load_questions",
    "prove",
    "trace",
    "what_would_change",
]
