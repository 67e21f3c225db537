"""Tags and filters of every template: icons, times, what a role may do, the import map."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon

from heart.accounts.models import Preference
from heart.importmap import import_map
from heart.pages.commandline.table import COMMANDS, OF_MOVE, Command
from heart.roles import GRANTS, Permission, Role

register = template.Library()


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> SafeString:
    return mark_safe(_render_icon(name, size, aria_hidden="true"))  # noqa: S308 - markup of the icon set


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An icon that decorates words beside it; hidden from screen readers."""
    return _icon(str(name), size)


@register.simple_tag(name="import_map")
def import_map_tag() -> SafeString:
    """The map from module names to hashed files; must stand before the first module script."""
    text = import_map().text
    if not text:
        return mark_safe("")
    return mark_safe(f'<script type="importmap">{text}</script>')  # noqa: S308 - paths of our own files


@register.simple_tag
def module(name: str) -> SafeString:
    """Load a script module of ours."""
    return format_html('<script type="module" src="{}"></script>', static(name))


@register.simple_tag
def time_zone() -> str:
    """The agency's zone, for the clock of the room."""
    return str(settings.HEART_TIME_ZONE)


@register.simple_tag
def server_time() -> str:
    """The time on the server, from which a screen's clocks go on."""
    return timezone.now().isoformat(timespec="milliseconds")


@register.filter
def iso(at: datetime | None) -> str:
    """A moment for machines."""
    return at.isoformat(timespec="milliseconds") if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """A moment for people, in the agency's zone: 10:42:07, with the day when it is not today."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return f"{local:%H:%M:%S}"
    return f"{local:%b} {local.day} {local:%H:%M}"


@register.filter
def words(code: Any) -> str:
    """A stored code in words: en_route -> en route."""
    return str(code or "").replace("_", " ")


@register.filter
def permissions(user: Any) -> str:
    """The permissions of a person's role, for ``<body data-can>``."""
    role = getattr(user, "role", None)
    return " ".join(sorted(GRANTS.get(Role(role), frozenset()))) if role else ""


@register.filter
def own_keys(user: Any) -> str:
    """A person's own shortcuts, for ``<body data-own-keys>``: keys by name, and whether letters count."""
    if not getattr(user, "is_authenticated", False):
        return ""
    kept = Preference.objects.filter(user_id=user.pk).first() or Preference()
    return json.dumps({"keys": kept.keys, "letters": kept.letters})


@register.filter
def commands(user: Any) -> list[Command]:
    """What a person may type in the command line."""
    return [command for command in COMMANDS if may(user, command.permission)]


@register.filter
def command_of(move: str) -> str:
    """The word of the command that does the same as a press on a run."""
    return OF_MOVE[move]


@register.filter
def may(user: Any, permission: str) -> bool:
    """Whether a person's role carries the permission; never used inside pushed fragments."""
    wanted = Permission.__members__[permission.upper()]
    return bool(getattr(user, "is_authenticated", False)) and user.may(wanted)


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key that is itself a variable."""
    return mapping.get(key, "")


class Place(NamedTuple):
    """A part of the console that a role can go to."""

    name: str
    path: str
    key: str
    permission: Permission
    is_here: bool = False


PLACES = (
    Place("Board", "/board/", "b", Permission.VIEW_BOARD),
    Place("Clinician desk", "/desk/", "d", Permission.WORK_DESK),
    Place("My team", "/team/", "u", Permission.WORK_UNIT),
    Place("Hand over", "/handover/", "o", Permission.CLOSE_CALL),
    Place("Follow-up", "/worklist/", "w", Permission.WORK_FOLLOWUP),
    Place("Paper", "/paper/", "p", Permission.TAKE_CALL),
    Place("Supervisor", "/supervise/", "s", Permission.SUPERVISE),
    Place("Rules", "/rules/", "r", Permission.READ_RULES),
    Place("Admin", "/admin/", "a", Permission.ADMINISTER),
)


@register.filter
def places(request: HttpRequest) -> list[Place]:
    """The places of the signed-in role, the current one marked."""
    return [
        place._replace(is_here=request.path.startswith(place.path))
        for place in PLACES
        if may(request.user, place.permission)
    ]
