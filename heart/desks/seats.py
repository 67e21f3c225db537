"""Where a person sits: the position in their session, and the layout that is kept for it.

Somebody who chose no position arranges the panels for themselves, until they sign out.
"""

from typing import Any

from django.http import HttpRequest

from heart.desks.layout import Layout, LayoutFault, checked
from heart.desks.models import Position, normal

POSITION, LAYOUT = "position", "layout"


def has_chosen(request: HttpRequest) -> bool:
    """Whether this person has said where they sit, or that they sit nowhere."""
    return POSITION in request.session


def has_positions() -> bool:
    """Whether there is anything to choose from."""
    return Position.objects.filter(is_active=True).exists()


def sit(request: HttpRequest, position: Position | None) -> None:
    """Take a position for this session, or none."""
    request.session[POSITION] = (
        {"id": position.pk, "code": position.code} if position is not None else {}
    )


def layout(request: HttpRequest) -> Layout:
    """How the panels stand here; a kept layout that no longer fits gives way to the normal one."""
    position = _position(request)
    kept = position.layout if position else request.session.get(LAYOUT)
    try:
        return checked(kept)
    except LayoutFault:
        return normal()


def keep(request: HttpRequest, given: Layout) -> None:
    """Remember how the panels stand: for the position, or for this session without one."""
    position = _position(request)
    if position is None:
        request.session[LAYOUT] = given
    else:
        position.layout = given
        position.save(update_fields=["layout"])


def _position(request: HttpRequest) -> Position | None:
    seat: dict[str, Any] = request.session.get(POSITION, {})
    return Position.objects.filter(pk=seat["id"], is_active=True).first() if seat else None
