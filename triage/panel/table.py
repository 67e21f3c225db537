"""The decision table as a table: rows opened in place, checked while typing, saved row by row."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from heart.journal.models import Entry
from heart.moves import MoveRefused
from heart.roles import Permission
from intake.steps import Refused
from triage import protocol_files, rule_set_actions, rules
from triage.models import RuleSet
from triage.panel import checking, forms, frame, lines
from triage.panel.checking import Broken
from triage.panel.edits import Named, read_edit
from triage.panel.requests import json_body, of, problem, told, whole_number
from triage.panel.vocabulary import vocabulary
from triage.protocol_files import ProtocolFault, ProtocolFiles, Row
from triage.queries import rows_of
from triage.wording.words import Words

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


@frame.guarded(Permission.ADMINISTER)
@require_GET
def editor(request: HttpRequest, version: int) -> HttpResponse:
    """The table of a version with the example beside it; frozen versions can only be read."""
    rule_set = frame.version_of(version)
    files = rows_of(rule_set)
    return frame.page(
        request,
        "triage/table.html",
        "table",
        rule_set,
        lines=lines.rule_lines(files),
        vocabulary=vocabulary(files),
        example=lines.example_lines(files, request.GET),
        scenarios=lines.scenarios(),
        addresses={
            name: frame.address(name, version) for name in ("check", "prove", "save", "keep")
        },
    )


@frame.guarded(Permission.ADMINISTER)
@require_POST
def check(request: HttpRequest, version: int) -> JsonResponse:
    """What is wrong with an edit, and what the example gets with it; nothing is stored."""
    rule_set = frame.version_of(version)
    try:
        body = json_body(request)
        files = rows_of(rule_set)
        tried = checking.attempt(files, _edit(body))
        answer: dict[str, Any] = {"revision": rule_set.revision, "faults": told(tried.faults)}
        if "example" in body:
            usable = files if tried.faults else tried.files
            compiled = protocol_files.compiled(usable)
            answer |= _example(usable, compiled, body["example"])
    except ProtocolFault as fault:
        return problem(INVALID, fault.message, [of(fault)])
    except ValueError as fault:
        return problem(INVALID, f"The version as it is saved cannot be used: {fault}")
    return JsonResponse(answer)


@frame.guarded(Permission.ADMINISTER)
@require_POST
def prove(request: HttpRequest, version: int) -> JsonResponse:
    """Whether every safety statement holds and every scenario passes, with an edit or without.

    An edit that cannot be read is left out: what is saved is proven instead.
    """
    rule_set = frame.version_of(version)
    files = rows_of(rule_set)
    try:
        tried = checking.attempt(files, _edit(json_body(request)))
    except ProtocolFault as fault:
        return problem(INVALID, fault.message, [of(fault)])
    shown = checking.shown(files if tried.faults else tried.files)
    table = frame.address("table", version)
    return JsonResponse(
        {
            "safe": shown.is_safe,
            "faults": told(tried.faults),
            "summary": shown.summary,
            "broken": [
                {"statement": one.words.code, "calls": [_calls(broken) for broken in one.broken]}
                for one in shown.broken
            ],
            "html": render_to_string("triage/_proof_strip.html", {"shown": shown, "table": table}),
        }
    )


def _calls(broken: Broken) -> list[Any]:
    return [broken.call.body, *([broken.other.body] if broken.other else [])]


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def save(request: HttpRequest, version: int) -> JsonResponse:
    """Store one edit of a draft; refused when somebody else was quicker, with what they did."""
    rule_set = frame.version_of(version)
    try:
        body = json_body(request)
        edit, revision = _needed(_edit(body)), whole_number(body, "revision")
        tried = checking.attempt(rows_of(rule_set), edit)
        if tried.faults and revision == rule_set.revision:
            return problem(INVALID, "Not saved: some fields cannot be accepted.", tried.faults)
        saved = rule_set_actions.save_draft(
            rule_set_id=rule_set.pk,
            revision=revision,
            edit=edit.apply,
            what=edit.what,
            by=frame.actor(request),
        )
    except ProtocolFault as fault:
        return problem(INVALID, fault.message, [of(fault)])
    except (Refused, MoveRefused) as refused:
        return _refused(rule_set.version, refused, edit.part, revision)
    answer = {"revision": saved.revision, "said": f"Saved: {edit.what}"}
    return JsonResponse({**answer, **_rows(saved, edit.part)})


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def keep(request: HttpRequest, version: int) -> JsonResponse:
    """Keep the example, with what this version decides about it, as a test of every version."""
    rule_set = frame.version_of(version)
    try:
        body = json_body(request)
        call = _as_decided(protocol_files.compiled(rows_of(rule_set)), body.get("example"))
        title = body.get("title")
        made = rule_set_actions.keep_scenario(
            title=title if isinstance(title, str) else "",
            nature=call.nature or "",
            answers=dict(call.answers),
            rule_set_id=rule_set.pk,
            by=frame.actor(request),
        )
    except ProtocolFault as fault:
        return problem(INVALID, fault.message, [of(fault)])
    except Refused as refused:
        return problem(INVALID, "; ".join(refused.problems.values()))
    told_level = f"level {made.level}"
    units = " + ".join([made.route, *made.added])
    return JsonResponse({"said": f"Kept as scenario {made.code}: {units}, {told_level}"})


def _as_decided(compiled: rules.RuleSet, example: object) -> rules.Call:
    """A call under the switches of the version itself: a scenario knows no others."""
    call = checking.read_call(compiled, example)
    for name, value in call.switches.items():
        if value != compiled.switches[name]:
            message = "a scenario is decided under the switches of the version: set this one back"
            raise ProtocolFault("example", f"/switches/{name}", message)
    return call


def _edit(body: Row) -> Named | None:
    return None if body.get("edit") is None else read_edit(body["edit"])


def _needed(edit: Named | None) -> Named:
    if edit is None:
        raise ProtocolFault("edit", "/edit", "is what is to be saved")
    return edit


def _example(files: ProtocolFiles, compiled: rules.RuleSet, example: object) -> dict[str, Any]:
    decided = checking.decide(files, compiled, checking.read_call(compiled, example))
    return {
        "decides": decided.outcome.rule,
        "summary": decided.summary,
        "holding": list(decided.outcome.matched),
        "outcome": {
            "route": decided.outcome.route,
            "added": list(decided.outcome.added),
            "level": decided.outcome.level,
        },
        "html": render_to_string(
            "triage/_example_decision.html", {"decided": decided, "words": Words(files, "en")}
        ),
    }


def _refused(version: int, refused: Refused | MoveRefused, part: str, seen: int) -> JsonResponse:
    """Nothing was stored: with what others did since, and the rows as they are now."""
    now = frame.version_of(version)
    if isinstance(refused, MoveRefused):
        return problem(HTTPStatus.CONFLICT, str(refused))
    words = "; ".join(refused.problems.values())
    if "revision" not in refused.problems:
        return problem(INVALID, words)
    return problem(
        HTTPStatus.CONFLICT,
        words,
        changes=_changes(now, seen),
        revision=now.revision,
        **_rows(now, part),
    )


def _changes(rule_set: RuleSet, since: int) -> list[str]:
    """What was saved after a revision, by whom."""
    entries = Entry.objects.filter(
        subject=f"rule_set:{rule_set.pk}",
        verb="rule_set.edited",
        payload__revision__gt=since,
    ).order_by("id")
    return [f"{entry.actor_name}: {entry.payload['what']}" for entry in entries[:20]]


def _rows(rule_set: RuleSet, part: str) -> dict[str, Any]:
    """The rows of the table that was edited, as they are now."""
    files, may_edit = rows_of(rule_set), not rule_set.is_frozen
    if part == "questions":
        return {"rows": forms.question_rows(files, may_edit=may_edit)}
    if part != "rules":
        return {}
    context = {"lines": lines.rule_lines(files), "may_edit": may_edit}
    return {"rows": render_to_string("triage/_rules.html", context)}
