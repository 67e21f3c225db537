"""``rules prove``: over every combination of answers, with counter-examples and findings."""

import json
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from heart.replay.management.rules.terminal import BROKEN, console
from triage import protocol_files, rules
from triage.exchange import json_file
from triage.models import RuleSet
from triage.queries import active_rule_set_id, invariant_rows, protocol
from triage.rules import told
from triage.rules.invariants import Excused, Monotone


def add_arguments(prove: CommandParser) -> None:
    prove.add_argument("what", nargs="?", help="a version, file or folder; else what is in force")
    prove.add_argument("--invariants", type=Path, help="a file of its own instead of the shipped")
    prove.add_argument("--json", action="store_true", help="with all findings, for machines")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    rule_set = _rule_set(options["what"])
    invariants = rules.load_invariants(_statements(options), rule_set)
    start = perf_counter()
    proof = rules.prove(rule_set, invariants)
    seconds = perf_counter() - start
    findings = rules.examine(rule_set)
    if options["json"]:
        body = {
            **told.proof_body(proof),
            "seconds": round(seconds, 3),
            "findings": told.findings_body(findings),
        }
        command.stdout.write(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        out = console(command)
        _print_proof(out, proof, invariants, seconds)
        _print_findings(out, findings)
    if not proof.holds:
        names = dict.fromkeys(violation.invariant.id for violation in proof.violations)
        raise CommandError(f"not true of every call: {_listed(names)}", returncode=BROKEN)


def _statements(options: dict[str, Any]) -> object:
    """Those of the file that is named; of a stored version the agency's; of a file the shipped."""
    if options["invariants"]:
        return protocol_files.read_invariants(options["invariants"])
    what = options["what"]
    return (
        invariant_rows() if what is None or _is_version(what) else protocol_files.read_invariants()
    )


def _is_version(what: str) -> bool:
    return what.isascii() and what.isdigit() and len(what) < 7


def _rule_set(what: str | None) -> rules.RuleSet:
    if what is None:
        return protocol(active_rule_set_id()).rule_set
    if _is_version(what):
        return protocol(RuleSet.objects.only("pk").get(version=int(what)).pk).rule_set
    path = Path(what)
    files = protocol_files.read(path) if path.is_dir() else json_file.read(path)
    return protocol_files.compiled(files)


def _print_proof(
    console: Console, proof: rules.Proof, invariants: tuple[rules.Invariant, ...], seconds: float
) -> None:
    broken = {violation.invariant.id for violation in proof.violations}
    table = Table(title=f"{proof.calls:,} calls in {seconds:.2f} s", title_justify="left")
    table.add_column("holds")
    table.add_column("of every call")
    for invariant in invariants:
        table.add_row("no" if invariant.id in broken else "yes", invariant.statement.en)
        for excused in _exceptions(invariant):
            table.add_row("but", excused.reason.en)
    console.print(table)
    for violation in proof.violations:
        console.print(f"\n{violation.invariant.statement.en}", style="bold")
        console.print(f"  {_call(violation.call)}\n    {_outcome(violation.outcome)}")
        if violation.other is not None and violation.other_outcome is not None:
            console.print(f"  {_call(violation.other)}\n    {_outcome(violation.other_outcome)}")


def _print_findings(console: Console, findings: rules.Findings) -> None:
    console.print(f"\nRules that never decide: {_listed(f.rule for f in findings.shadowed)}")
    for found in findings.shadowed:
        does = "it still adds to them" if found.adds else "it can be left out"
        console.print(f"  {found.rule} is covered by {_listed(found.by)}; {does}")
    console.print(f"Pairs of rules that can hold together: {len(findings.overlaps)}")
    default, count = list(findings.decided.items())[-1]
    console.print(f"Left to {default}: {count / findings.calls:.3%} of all combinations")
    if findings.uncaught:
        console.print(f"  such as {_call(findings.uncaught)}")
    whole = (found.question for found in findings.unread if found.whole)
    console.print(f"Questions that no rule reads: {_listed(whole)}")
    parts = (f"{f.question} {'/'.join(f.answers)}" for f in findings.unread if not f.whole)
    console.print(f"Answers that no rule tells from not asked: {_listed(parts)}")


def _exceptions(invariant: rules.Invariant) -> list[Excused]:
    return [e for claim in invariant.then if isinstance(claim, Monotone) for e in claim.exceptions]


def _call(call: rules.Call) -> str:
    told = [
        call.nature or "any nature",
        *(f"{key} {value}" for key, value in call.answers.items()),
    ]
    return ", ".join([*told, *(f"{name} {value}" for name, value in call.switches.items())])


def _outcome(outcome: rules.Outcome) -> str:
    return f"{outcome.rule}: {' + '.join(outcome.units)}, level {outcome.level}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
