"""What is proven of a version, with a call for whatever is broken, and what else stands out."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from heart.roles import Permission
from intake.steps import Refused
from triage import protocol_files, rule_set_actions, rules
from triage.models import Scenario
from triage.panel import checking, frame
from triage.panel.checking import ShownCall
from triage.protocol_files import ProtocolFiles
from triage.queries import rows_of
from triage.rules import told
from triage.wording.words import Words


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The later rules that can hold together with one rule, each with a call for which they do."""

    rule: str
    others: list[tuple[str, ShownCall]]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands out in a table, in words."""

    findings: rules.Findings
    overlaps: list[Overlaps]
    pairs: int
    uncaught: ShownCall | None
    uncaught_share: float
    unread: list[tuple[str, list[str]]]


@frame.guarded(Permission.ADMINISTER)
@require_GET
def proof(request: HttpRequest, version: int) -> HttpResponse:
    """Every statement, every scenario and every finding of a version, computed anew."""
    rule_set = frame.version_of(version)
    files = rows_of(rule_set)
    shown = checking.shown(files)
    own = set(
        Scenario.objects.filter(is_shipped=False, is_active=True).values_list("code", flat=True)
    )
    return frame.page(
        request,
        "triage/proof.html",
        "proof",
        rule_set,
        shown=shown,
        found=None if shown.problem else found_in(files),
        own=own,
        table=frame.address("table", version),
    )


def found_in(files: ProtocolFiles) -> Found:
    """The findings of a table; calls are ready to be opened in the example."""
    words = Words(files, "en")
    compiled = protocol_files.compiled(files)
    findings = rules.examine(compiled)

    def shown(call: rules.Call) -> ShownCall:
        return ShownCall(words.call(call), told.call_body(call), call.decide(compiled))

    overlaps = [
        Overlaps(rule, [(one.later, shown(one.example)) for one in pairs])
        for rule, pairs in groupby(findings.overlaps, lambda one: one.earlier)
    ]
    default = list(findings.decided.values())[-1]
    return Found(
        findings=findings,
        overlaps=overlaps,
        pairs=len(findings.overlaps),
        uncaught=shown(findings.uncaught) if findings.uncaught else None,
        uncaught_share=100 * default / findings.calls,
        unread=[
            (
                words.field(one.question),
                [] if one.whole else [words.value(one.question, value) for value in one.answers],
            )
            for one in findings.unread
        ],
    )


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def leave_out(request: HttpRequest, version: int) -> HttpResponse:
    """A scenario of the agency is no test any more."""
    rule_set = frame.version_of(version)
    code = request.POST.get("code", "")[:20]
    scenario = Scenario.objects.filter(code=code).first() if "\0" not in code else None
    if scenario is None:
        raise Http404("There is no such scenario.")
    try:
        rule_set_actions.leave_scenario_out(scenario_id=scenario.pk, by=frame.actor(request))
        messages.success(request, f"Scenario {scenario.code} is no test any more.")
    except Refused as refused:
        messages.error(request, "; ".join(refused.problems.values()))
    return redirect(frame.address("proof", rule_set.version))
