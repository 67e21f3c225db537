"""All versions, one version with where it stands, and the moves from a draft into force and back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from heart.journal.facts import sentence
from heart.journal.models import Entry
from heart.moves import MoveRefused
from heart.roles import Permission, allowed
from intake.states import CallStatus
from intake.steps import Refused
from triage import rule_set_actions
from triage.models import Assessment, RuleSet
from triage.panel import frame
from triage.queries import had_a_hand_in
from triage.states import RuleSetStatus

Status = RuleSetStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One station of a version, passed or not, by whom and when."""

    status: str
    who: str
    at: datetime | None
    is_here: bool
    is_passed: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What may be done with a version now: who, what it means, and why not by this person."""

    does: str
    title: str
    means: str
    permission: Permission
    kind: str = ""
    asks: str = ""
    why_not: str = ""


@frame.guarded(Permission.ADMINISTER)
@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, newest first."""
    return versions_page(request)


def versions_page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    """The list, with what could not be imported."""
    rows = RuleSet.objects.select_related("author", "approved_by", "based_on").defer(
        "evidence", "natures"
    )
    page = frame.page(
        request,
        "triage/versions.html",
        "versions",
        None,
        versions=[(row, frame.SHAPES[Status(row.status)]) for row in rows],
        **context,
    )
    page.status_code = status
    return page


@frame.guarded(Permission.ADMINISTER)
@require_GET
def version(request: HttpRequest, version: int) -> HttpResponse:
    """One version: where it stands, what comes next, what is known of it."""
    return _page(request, frame.version_of(version))


def _page(
    request: HttpRequest, rule_set: RuleSet, status: int = 200, **context: Any
) -> HttpResponse:
    entries = Entry.objects.filter(subject=f"rule_set:{rule_set.pk}").order_by("-id")[:12]
    page = frame.page(
        request,
        "triage/version.html",
        "version",
        rule_set,
        steps=_steps(rule_set),
        nexts=[one for one in _nexts(request, rule_set) if allowed(request.user, one.permission)],
        open_calls=_open_calls(rule_set),
        history=[(entry, sentence(entry.verb, entry.payload)) for entry in entries],
        counts={part: getattr(rule_set, part).count() for part in ("rules", "questions")},
        **context,
    )
    page.status_code = status
    return page


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def begin(request: HttpRequest, version: int) -> HttpResponse:
    """A new draft from this version."""
    made = rule_set_actions.begin_draft(
        based_on=frame.version_of(version).pk, by=frame.actor(request)
    )
    messages.success(request, f"Version {made.version} is a draft, a copy of version {version}.")
    return redirect(frame.address("version", made.version))


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def submit(request: HttpRequest, version: int) -> HttpResponse:
    return _move(request, version, rule_set_actions.submit, "is in review")


@frame.guarded(Permission.EDIT_RULES)
@require_POST
def withdraw(request: HttpRequest, version: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _move(request, version, rule_set_actions.withdraw, "is withdrawn", reason=reason)


@frame.guarded(Permission.APPROVE_RULES)
@require_POST
def approve(request: HttpRequest, version: int) -> HttpResponse:
    return _move(request, version, rule_set_actions.approve, "is approved and runs in shadow")


@frame.guarded(Permission.APPROVE_RULES)
@require_POST
def activate(request: HttpRequest, version: int) -> HttpResponse:
    """Now, or at a time of the agency's zone."""
    try:
        at = _moment(request.POST.get("at", ""))
    except ValueError:
        problems = {"at": "must be a day and a time"}
        return _page(
            request, frame.version_of(version), 422, problems=problems, typed=request.POST
        )
    said = (
        "is in force"
        if at is None
        else f"comes into force on {timezone.localtime(at):%b %-d at %H:%M}"
    )
    return _move(request, version, rule_set_actions.activate, said, at=at)


@frame.guarded(Permission.APPROVE_RULES)
@require_POST
def roll_back(request: HttpRequest, version: int) -> HttpResponse:
    return _move(request, version, rule_set_actions.roll_back, "is in force again")


def _move(
    request: HttpRequest, version: int, action: Callable[..., RuleSet], said: str, **given: Any
) -> HttpResponse:
    """Make a move and show the version as it is then; a refusal keeps what was typed."""
    rule_set = frame.version_of(version)
    try:
        action(rule_set_id=rule_set.pk, by=frame.actor(request), **given)
    except Refused as refused:
        problems = dict(refused.problems)
        return _page(
            request,
            frame.version_of(version),
            HTTPStatus.UNPROCESSABLE_ENTITY,
            problems=problems,
            typed=request.POST,
        )
    except MoveRefused as refused:
        return _page(
            request, frame.version_of(version), HTTPStatus.CONFLICT, problems={"": str(refused)}
        )
    messages.success(request, f"Version {version} {said}.")
    return redirect(frame.address("version", version))


def _moment(text: str) -> datetime | None:
    """A day and time as a form sends it; empty is now."""
    if not text.strip():
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(text.strip()[:30]))
    except (ValueError, OverflowError):
        raise ValueError(text) from None


def _steps(row: RuleSet) -> list[Step]:
    """The stations on the way, those that were passed with who and when."""
    shadow_since = row.approved_at
    found = [
        (Status.DRAFT, row.author, row.created_at),
        (Status.IN_REVIEW, row.author, row.submitted_at),
        (Status.SHADOW, row.approved_by, shadow_since),
        (Status.ACTIVE, None, row.activated_at),
        (Status.RETIRED, None, row.retired_at),
    ]
    return [
        Step(
            status=status.value,
            who=str(who) if who and at else "",
            at=at,
            is_here=row.status == status,
            is_passed=at is not None,
        )
        for status, who, at in found
    ]


def _nexts(request: HttpRequest, row: RuleSet) -> list[Next]:
    """What comes next, in the order in which people think of it."""
    edit, approve_rules = Permission.EDIT_RULES, Permission.APPROVE_RULES
    giving_up = Next(
        "withdraw",
        "Withdraw" if row.status == Status.DRAFT else "Drop",
        "It never counts; a correction is a new draft from it.",
        edit,
        "danger",
        asks="reason",
    )
    match row.status:
        case Status.DRAFT:
            review = Next(
                "submit",
                "Submit for review",
                "It is proven, then frozen. Refused while a safety statement is broken or a"
                " scenario is decided otherwise.",
                edit,
                "primary",
            )
            return [review, giving_up]
        case Status.IN_REVIEW:
            wrote = had_a_hand_in(row, frame.actor(request).person_id)
            approval = Next(
                "approve",
                "Approve",
                "From then on it runs in shadow: it is evaluated beside the version in force on"
                " every call, and decides nothing.",
                approve_rules,
                "primary",
                why_not="You had a hand in this version: somebody else has to approve it."
                if wrote
                else "",
            )
            return [approval, giving_up]
        case Status.SHADOW:
            active = RuleSet.objects.filter(status=Status.ACTIVE).first()
            counting = Next(
                "activate", "Activate now", _effect(row, active), approve_rules, "primary"
            )
            later = Next(
                "activate",
                "Activate at that time",
                "It comes into force by itself.",
                approve_rules,
                asks="at",
            )
            return [counting, later, giving_up]
        case Status.RETIRED if row.was_active:
            active = RuleSet.objects.filter(status=Status.ACTIVE).first()
            title = f"Return to version {row.version}"
            return [Next("roll_back", title, _effect(row, active), approve_rules, "primary")]
    return []


def _effect(row: RuleSet, active: RuleSet | None) -> str:
    """What an activation means for calls, in one sentence."""
    told = f"Calls that begin from now on are triaged by version {row.version}"
    if active is None:
        return f"{told}."
    count = _open_calls(active)
    keep = "1 open call keeps" if count == 1 else f"{count} open calls keep"
    return f"{told}; {keep} version {active.version}."


def _open_calls(rule_set: RuleSet) -> int:
    """Calls that are not closed and were begun with this version."""
    return (
        Assessment.objects.filter(rule_set=rule_set)
        .exclude(call__status=CallStatus.CLOSED)
        .count()
    )
