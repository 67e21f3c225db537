"""Who may do what: permissions, roles, and the one table that joins them.

Every view, API route and socket names its permission with ``needs``; a test walks all of them.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Self, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase


class Permission(StrEnum):
    """What a person may do, in plain words; the value is used in code, the label in the docs."""

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    label: str

    USE_CONSOLE = (
        "use_console",
        "sign in, keep own keys, type commands (each asks its own as well)",
    )
    VIEW_BOARD = "view_board", "see the board: waiting calls, teams, status"
    VIEW_CALL = "view_call", "open a call with caller, location, answers and history"
    TAKE_CALL = "take_call", "take a call, answer the triage questions, add notes"
    RAISE_LEVEL = "raise_level", "raise the level of a call"
    LOWER_LEVEL = "lower_level", "ask to lower a level 3 or 4 call, with a reason"
    AGREE_LOWERING = "agree_lowering", "agree to the lowering that another person asked for"
    CHOOSE_ROUTE = "choose_route", "choose or override the route of a call, with a reason"
    WORK_DESK = "work_desk", "accept and end calls in the clinician queue"
    READ_CLINICAL = "read_clinical", "read clinical notes"
    WRITE_CLINICAL = "write_clinical", "write clinical notes"
    DISPATCH = "dispatch", "assign teams, change their status, ask for backup, hand off"
    WORK_UNIT = "work_unit", "work the phone page of one's own team"
    MOVE_UNIT = "move_unit", "change a team's status: one's own, or for dispatch any"
    READ_CARE_PLAN = "read_care_plan", "read the care plan of a familiar neighbor"
    WRITE_CARE_PLAN = "write_care_plan", "write care plans and say who a call is about"
    CLOSE_CALL = "close_call", "close a call, with consent and reason"
    WORK_FOLLOWUP = "work_followup", "work the follow-up worklist"
    SUPERVISE = "supervise", "see people, decisions, journal and health of the service"
    ADMINISTER = "administer", "edit reference data and accounts in the admin panel"
    TEST_TRIAGE = "test_triage", "try answers against the triage rules; nothing is stored"
    READ_RULES = "read_rules", "read the triage rules as a document"
    EDIT_RULES = "edit_rules", "write and submit drafts of the triage rules, keep scenarios"
    APPROVE_RULES = (
        "approve_rules",
        "approve versions of the rules that others wrote, and activate",
    )
    REPLAY_RULES = "replay_rules", "replay versions of the rules over past calls"
    SEND_EIDO = "send_eido", "send incidents of another system as EIDO documents"


class Role(StrEnum):
    """The duty a person signs in for."""

    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    CLINICIAN = "clinician"
    TEAM_MEMBER = "team_member"
    CARE_NAVIGATOR = "care_navigator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


P = Permission
_EVERYBODY = {P.USE_CONSOLE, P.READ_RULES}
_FLOOR = {
    *(P.VIEW_BOARD, P.VIEW_CALL, P.TAKE_CALL, P.RAISE_LEVEL, P.CLOSE_CALL),
    P.TEST_TRIAGE,
    *_EVERYBODY,
}
_DISPATCH = {P.DISPATCH, P.MOVE_UNIT, P.LOWER_LEVEL, P.CHOOSE_ROUTE, P.SEND_EIDO}

_CARE = {P.READ_CARE_PLAN, P.WRITE_CARE_PLAN}
_RULES = {P.EDIT_RULES, P.APPROVE_RULES, P.REPLAY_RULES}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CALL_TAKER: frozenset(_FLOOR | {P.LOWER_LEVEL, P.SEND_EIDO}),
    Role.DISPATCHER: frozenset(_FLOOR | _DISPATCH),
    Role.CLINICIAN: frozenset(
        _FLOOR
        | {P.WORK_DESK, P.READ_CLINICAL, P.WRITE_CLINICAL, P.LOWER_LEVEL, P.AGREE_LOWERING}
        | {P.CHOOSE_ROUTE, P.DISPATCH, P.MOVE_UNIT, *_CARE}
    ),
    Role.TEAM_MEMBER: frozenset(_EVERYBODY | {P.WORK_UNIT, P.MOVE_UNIT, P.READ_CARE_PLAN}),
    Role.CARE_NAVIGATOR: frozenset(
        _EVERYBODY | {P.VIEW_CALL, P.WORK_FOLLOWUP, P.READ_CLINICAL, *_CARE}
    ),
    Role.SUPERVISOR: frozenset(
        _FLOOR | _DISPATCH | _RULES | {P.WORK_FOLLOWUP, P.SUPERVISE, P.ADMINISTER}
    ),
    Role.ADMINISTRATOR: frozenset(_EVERYBODY | {P.ADMINISTER, P.TEST_TRIAGE}),
}

PUBLIC = "public"
"""Mark of the few addresses that need no sign-in; each gives its reason where it is declared."""


def allowed(user: Any, permission: Permission) -> bool:
    """Whether a signed-in, active user's role carries the permission."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return permission in GRANTS.get(Role(user.role), frozenset())


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def needs(permission: Permission) -> Callable[[View], View]:
    """Guard a view: sign-in page for nobody, 403 for the wrong role."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return login_required(view)(request, *args, **kwargs)
            if not allowed(request.user, permission):
                raise PermissionDenied(f"Your role may not {permission.label}.")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the house test
        return guarded  # type: ignore[return-value]  # same signature as the view

    return guard


def public(reason: str) -> Callable[[View], View]:
    """Mark a view as open to nobody in particular, with the reason."""

    def mark(view: View) -> View:
        view.permission = PUBLIC  # type: ignore[attr-defined]  # read by the house test
        view.public_reason = reason  # type: ignore[attr-defined]
        view.login_required = False  # type: ignore[attr-defined]  # Django's LoginRequiredMiddleware
        return view

    return mark
