"""A version with an edit tried on it: what is wrong, what an example call gets, what is proven."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from triage import editing, evidence, protocol_files, rules
from triage.editing import Fault
from triage.evidence import Tried
from triage.exchange import json_file
from triage.panel.edits import Named
from triage.protocol_files import ProtocolFault, ProtocolFiles
from triage.queries import invariant_rows
from triage.rules import told
from triage.wording.words import InvariantWords, Line, Words


@dataclass(frozen=True, slots=True)
class Attempt:
    """The version with the edit, or why it cannot have it."""

    files: ProtocolFiles
    faults: tuple[Fault, ...] = ()


def attempt(files: ProtocolFiles, edit: Named | None) -> Attempt:
    """Try an edit on a version; nothing is stored."""
    if edit is None:
        return Attempt(files)
    try:
        changed = edit.apply(files)
    except ProtocolFault as fault:
        return Attempt(files, (Fault(edit.part, edit.row, fault.pointer, fault.message),))
    found = editing.faults(changed, edit.row if edit.part == "rules" else None)
    if not found:
        try:
            json_file.checked(changed)
        except ProtocolFault as fault:
            found = (located(changed, fault),)
    return Attempt(changed, found)


def located(files: ProtocolFiles, fault: ProtocolFault) -> Fault:
    """A fault that was found in the whole version, at its row: /rules/8/citation is R08 /citation."""
    _, part, *rest = f"{fault.pointer}//".split("/", 3)
    place, pointer = rest[0], f"/{rest[-1].strip('/')}" if rest[-1].strip("/") else ""
    rows = getattr(files, part, None)
    if part in editing.KEY and place.isdecimal() and isinstance(rows, list):
        return Fault(part, str(rows[int(place)][editing.KEY[part]]), pointer, fault.message)
    if part in protocol_files.COLUMNS:
        return Fault(part, "", f"/{place}{pointer}" if place else pointer, fault.message)
    return Fault("", "", fault.pointer.strip(), fault.message)


# --- one example call ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A rule that does not hold for the call, with the conditions that failed in each alternative."""

    rule: str
    branches: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a version says to one call, and why each other rule does not decide it."""

    outcome: rules.Outcome
    why_not: tuple[WhyNot, ...]
    beaten: tuple[str, ...]

    @property
    def summary(self) -> str:
        """In one line: "COR + CCD, level 3, by R08"."""
        return in_short(self.outcome)


def read_call(rule_set: rules.RuleSet, body: object) -> rules.Call:
    """A call as a page sends it; ProtocolFault names what cannot be one."""
    if not isinstance(body, dict):
        raise ProtocolFault("example", "", "must be an object")
    nature, answers, switches = (body.get(name) for name in ("nature", "answers", "switches"))
    if nature is not None and (not isinstance(nature, str) or nature not in rule_set.natures):
        raise ProtocolFault("example", "/nature", f"there is no nature {nature!r:.60}")
    if problems := rules.check_answers(rule_set.questions, answers):
        raise ProtocolFault("example", f"/answers{problems[0].pointer}", problems[0].message)
    if not isinstance(switches, dict):
        raise ProtocolFault("example", "/switches", "must be an object")
    for name, value in switches.items():
        if name not in rules.SWITCHES or value not in rules.SWITCHES[name]:
            raise ProtocolFault("example", f"/switches/{name:.60}", "is no setting of a switch")
    return rules.Call(nature, answers or {}, {**rule_set.switches, **switches})


def decide(files: ProtocolFiles, rule_set: rules.RuleSet, call: rules.Call) -> Decided:
    """Ask a version about a call."""
    outcome = call.decide(rule_set)
    words = Words(files, "en")
    under = replace(rule_set, switches=call.switches)
    tested = rules.trace(under, call.answers, call.nature)
    why_not = []
    for rule, rows in groupby(tested, lambda row: row.rule):
        found = list(rows)
        if not found[0].rule_holds:
            why_not.append(WhyNot(rule, tuple(_failed(found, words))))
    return Decided(outcome, tuple(why_not), outcome.matched[1:])


def _failed(rows: Iterable[rules.Tested], words: Words) -> Iterable[tuple[tuple[str, str], ...]]:
    for _, branch in groupby(rows, lambda row: row.alternative):
        yield tuple(
            (words.condition(_written(row)), words.value(_read(row), row.got))
            for row in branch
            if not row.passed
        )


def _written(row: rules.Tested) -> dict[str, Any]:
    wanted = list(row.wanted) if isinstance(row.wanted, tuple) else row.wanted
    return {"field": row.field, "op": row.op, "value": wanted}


def _read(row: rules.Tested) -> str:
    """Conditions about the kind of a nature read the nature itself."""
    return "nature" if row.field.startswith("nature") else row.field


# --- proof ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call in words, and ready to be opened in the example form."""

    lines: tuple[Line, ...]
    body: Mapping[str, Any]
    outcome: rules.Outcome | None

    @property
    def json(self) -> str:
        return json.dumps(self.body)

    @property
    def query(self) -> str:
        """The call in an address."""
        given = {**self.body["answers"], **self.body["switches"]}
        if self.body["nature"]:
            given["nature"] = self.body["nature"]
        return urlencode(given)

    @property
    def got(self) -> str:
        """What it is given: "COR + CCD, level 3, by R08"."""
        return in_short(self.outcome) if self.outcome else "cannot be asked"


@dataclass(frozen=True, slots=True)
class Broken:
    """A call, or two that should not differ, for which a statement is not true."""

    call: ShownCall
    other: ShownCall | None
    lost: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A safety statement with the calls that break it; none of them: it is true of every call."""

    words: InvariantWords
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class TriedCall:
    """A scenario with what it should get and what it gets."""

    tried: Tried
    call: ShownCall

    @property
    def wanted(self) -> str:
        row = self.tried.scenario
        return f"{' + '.join([row['route'], *row['added']])}, level {row['level']}"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a version is worth, in words."""

    statements: tuple[Statement, ...]
    tried: tuple[TriedCall, ...]
    calls: int
    problem: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def broken(self) -> list[Statement]:
        return [one for one in self.statements if one.broken]

    @property
    def worst_first(self) -> list[Statement]:
        """Broken statements before those that hold."""
        return [*self.broken, *(one for one in self.statements if not one.broken)]

    @property
    def failed(self) -> list[TriedCall]:
        return [one for one in self.tried if not one.tried.passes]

    @property
    def holding(self) -> int:
        return len(self.statements) - len(self.broken)

    @property
    def passing(self) -> int:
        return len(self.tried) - len(self.failed)

    @property
    def is_safe(self) -> bool:
        return not (self.problem or self.broken or self.failed or self.gaps)

    @property
    def summary(self) -> str:
        """In one line, for those who hear it."""
        if self.problem:
            return f"cannot be proven: {self.problem}"
        return (
            f"{self.holding} of {len(self.statements)} safety statements hold, "
            f"{self.passing} of {len(self.tried)} scenarios"
            + (f", {len(self.gaps)} seen by no statement" if self.gaps else "")
        )


def in_short(outcome: rules.Outcome) -> str:
    return f"{' + '.join(outcome.units)}, level {outcome.level}, by {outcome.rule}"


def shown(files: ProtocolFiles) -> Shown:
    """Prove a version and try its scenarios; what cannot be proven at all says why."""
    try:
        found = evidence.gather(files)
    except (ValueError, KeyError) as fault:
        return Shown((), (), 0, str(fault))
    words = Words(files, "en")
    broken: dict[str, list[Broken]] = {}
    for violation in found.proof.violations:
        call = ShownCall(
            words.call(violation.call), told.call_body(violation.call), violation.outcome
        )
        other = None
        if violation.other is not None:
            body = told.call_body(violation.other)
            other = ShownCall(words.call(violation.other), body, violation.other_outcome)
        broken.setdefault(violation.invariant.id, []).append(Broken(call, other, violation.lost))
    statements = (
        Statement(words.invariant(row), tuple(broken.get(row["id"], ())))
        for row in invariant_rows()
    )
    tried = (TriedCall(one, _scenario(one, files, words)) for one in found.tried)
    return Shown(tuple(statements), tuple(tried), found.proof.calls, gaps=found.gaps)


def _scenario(tried: Tried, files: ProtocolFiles, words: Words) -> ShownCall:
    row = tried.scenario
    call = rules.Call(row["nature"] or None, row["answers"], files.rule_set["switches"])
    return ShownCall(words.call(call), told.call_body(call), tried.got)
