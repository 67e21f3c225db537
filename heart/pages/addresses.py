"""The whole address map with who may use each address; a test holds it against every role."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from heart.live.audiences import NEEDS
from heart.roles import Permission


class Address(NamedTuple):
    """A route as written, its name, and the permission by HTTP method; ``*`` stands for all methods."""

    route: str
    name: str
    needs: dict[str, Permission | str | None]


def addresses() -> Iterator[Address]:
    """Every URL of the console."""
    yield from _walk(get_resolver().url_patterns, "/", is_panel=False)


def sockets() -> Iterator[tuple[str, Permission]]:
    """Every audience of the live screens."""
    yield from ((str(kind), permission) for kind, permission in NEEDS.items())


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, *, is_panel: bool
) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix(
            r"\Z"
        )
        if isinstance(pattern, URLResolver):
            inside = is_panel or pattern.app_name == "admin"
            yield from _walk(pattern.url_patterns, route, is_panel=inside)
        elif is_panel:  # HeartAdminSite.has_permission guards all of it, some pages ask for more
            needed = getattr(pattern.callback, "permission", Permission.ADMINISTER)
            yield Address(route, pattern.name or "", {"*": needed})
        else:
            yield Address(route, pattern.name or "", _needs(pattern.callback))


def _needs(view: Any) -> dict[str, Permission | str | None]:
    api_view = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if declared := getattr(api_view, "permissions", None):
        return dict(declared)
    return {"*": getattr(view, "permission", getattr(api_view, "permission", None))}
