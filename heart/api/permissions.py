"""API routes name their permission per method; without one nobody may use them."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from heart.roles import PUBLIC, allowed

if TYPE_CHECKING:
    # Views read their settings, and these name this module, before APIView exists.
    from rest_framework.views import APIView


class NeedsPermission(BasePermission):
    """Reads ``permissions = {"GET": Permission.X}`` from the view; denies what is not listed."""

    message = "Your role may not do this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        declared: dict[str, Any] = getattr(view, "permissions", {})
        if request.method == "OPTIONS":
            return request.user.is_authenticated
        needed = declared.get(request.method or "")
        if needed == PUBLIC:
            return True
        return needed is not None and allowed(request.user, needed)
