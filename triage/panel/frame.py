"""What every page about a version has: the version, its tabs, who may do what."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from heart.accounts.models import User
from heart.journal.actor import Actor
from heart.roles import Permission, allowed
from triage.models import RuleSet
from triage.states import RuleSetStatus

View = Callable[..., HttpResponseBase]

TABS = (
    ("Overview", "admin:triage_ruleset_version", Permission.ADMINISTER),
    ("Table", "admin:triage_ruleset_table", Permission.ADMINISTER),
    ("Questions", "admin:triage_ruleset_questions", Permission.ADMINISTER),
    ("Switches, targets, fallback", "admin:triage_ruleset_settings", Permission.ADMINISTER),
    ("Proof", "admin:triage_ruleset_proof", Permission.ADMINISTER),
    ("Compare", "admin:triage_ruleset_compare", Permission.ADMINISTER),
    ("Replay", "admin:triage_ruleset_replay", Permission.REPLAY_RULES),
    ("Document", "rules-version", Permission.READ_RULES),
)
"""The pages of a version in the order of the tabs; one that has no address is not shown."""

SHAPES = {
    RuleSetStatus.DRAFT: "pencil",
    RuleSetStatus.IN_REVIEW: "users",
    RuleSetStatus.SHADOW: "copy",
    RuleSetStatus.ACTIVE: "circle-check",
    RuleSetStatus.RETIRED: "archive",
}


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    address: str
    is_here: bool


def guarded(permission: Permission) -> Callable[[View], View]:
    """Guard a page inside the panel, which has let the role in already."""

    def guard(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allowed(request.user, permission):
                raise PermissionDenied(f"Your role may not {permission.label}.")
            return view(request, *args, **kwargs)

        inside.permission = permission  # type: ignore[attr-defined]  # read by the address map
        return inside

    return guard


def actor(request: HttpRequest) -> Actor:
    """Who presses, in the panel."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the panel demands a sign-in
    return user.actor("admin")


def version_of(number: int) -> RuleSet:
    """The version of this number; 404 without it."""
    found = (
        RuleSet.objects.select_related("author", "approved_by", "based_on", "edited_by")
        .filter(version=number)
        .first()
    )
    if found is None:
        raise Http404(f"There is no version {number} of the rules.")
    return found


def address(name: str, *args: Any) -> str:
    """The address of a page of the workshop."""
    return reverse(f"admin:triage_ruleset_{name}", args=args)


def page(
    request: HttpRequest, template: str, here: str, rule_set: RuleSet | None, **context: Any
) -> HttpResponse:
    """A page of the workshop in the frame of the panel."""
    title = str(rule_set).capitalize() if rule_set else "Triage rules"
    return render(
        request,
        template,
        {
            **admin.site.each_context(request),
            "title": title,
            "is_fullwidth": "1",
            "rule_set": rule_set,
            "status_shape": SHAPES[RuleSetStatus(rule_set.status)] if rule_set else "",
            "tabs": _tabs(request, rule_set, here) if rule_set else [],
            "may_edit": may_edit(request, rule_set),
            "may_edit_rules": allowed(request.user, Permission.EDIT_RULES),
            **context,
        },
    )


def may_edit(request: HttpRequest, rule_set: RuleSet | None) -> bool:
    """Whether this person can change this version now."""
    is_open = rule_set is not None and not rule_set.is_frozen
    return is_open and allowed(request.user, Permission.EDIT_RULES)


def _tabs(request: HttpRequest, rule_set: RuleSet, here: str) -> list[Tab]:
    found = []
    for title, name, permission in TABS:
        if allowed(request.user, permission):
            with suppress(NoReverseMatch):
                to = reverse(name, args=[rule_set.version])
                found.append(Tab(title, to, name.endswith(f"_{here}")))
    return found
