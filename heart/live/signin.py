"""Who may open a socket, and whether they still may."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from heart.accounts.actions import log_read
from heart.accounts.models import User
from heart.live.audiences import NEEDS, Audience, Kind
from heart.live.registry import DOORS

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pass:
    """What let a person in: a session or a token, their role and team, and the password then."""

    user_id: int
    role: str
    audience: Audience
    name: str
    password: str = field(repr=False)
    session: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def origin_is_ours(headers: Headers) -> bool:
    """A browser must come from our own pages; only a program with a token may omit the origin."""
    origin = headers.get("origin")
    if origin is None:
        return "authorization" in headers
    host = headers.get("host", "").lower()
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    ours = (f"http://{host}", f"https://{host}", *settings.CSRF_TRUSTED_ORIGINS)
    return origin.lower() in ours


def admit(kind: Kind, name: str, headers: Headers) -> Pass | None:
    """Let a person in to an audience; opening a call's record is written down."""
    user, session, token = _sign_in(headers)
    if user is None or not user.may(NEEDS[kind]):
        return None
    audience = _audience(user, kind, name)
    if audience is None:
        return None
    if kind is Kind.CALL:
        source = "api" if token else "console"
        log_read(by=user.actor(source), call_id=audience.key, what="call", screen="live")
    return Pass(user.pk, user.role, audience, name, user.password, session, token)


def lapsed(passes: Collection[Pass]) -> set[Pass]:
    """Those whose session or token ended, or whose account, role, password or team changed."""
    now = timezone.now()
    sessions = set(
        Session.objects.filter(
            session_key__in={entry.session for entry in passes}, expire_date__gt=now
        ).values_list("session_key", flat=True)
    )
    tokens = set(
        AuthToken.objects.filter(digest__in={entry.token for entry in passes})
        .filter(Q(expiry=None) | Q(expiry__gt=now))
        .values_list("digest", flat=True)
    )
    people = get_user_model().objects.in_bulk({entry.user_id for entry in passes})
    return {
        entry
        for entry in passes
        if not (entry.session in sessions or entry.token in tokens)
        or not _is_unchanged(entry, people.get(entry.user_id))
    }


def _is_unchanged(entry: Pass, user: User | None) -> bool:
    if user is None or not user.is_active:
        return False
    if (user.role, user.password) != (entry.role, entry.password):
        return False
    return entry.audience.kind is not Kind.UNIT or (
        _audience(user, Kind.UNIT, entry.name) == entry.audience
    )


def _audience(user: User, kind: Kind, name: str) -> Audience | None:
    if not name:
        return Audience(kind)
    find = DOORS.get(kind)
    key = find(user, name) if find else None
    return None if key is None else Audience(kind, key)


def _sign_in(headers: Headers) -> tuple[User | None, str, str]:
    """The person with their session key or token digest."""
    try:
        if authorization := headers.get("authorization"):
            scheme, _, secret = authorization.partition(" ")
            if scheme.lower() != "token":
                return None, "", ""
            user, token = TokenAuthentication().authenticate_credentials(secret.encode())
            return user, "", token.digest
        request = HttpRequest()
        key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
        request.session = SessionStore(key)
        user = get_user(request)
    except (AuthenticationFailed, ValueError):  # ValueError: bytes that are no text
        return None, "", ""
    return (user, key or "", "") if isinstance(user, User) else (None, "", "")
