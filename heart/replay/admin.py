from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path

from heart.adminsite import ReadOnlyAdmin
from heart.replay.models import Replay
from heart.replay.panel import PAGES, may_replay, pages


@admin.register(Replay)
class ReplayAdmin(ReadOnlyAdmin):
    """Replays have pages of their own in the place of the panel's list and form."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_replay(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_replay(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return pages.replays(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404("There is no such replay.")
        return redirect("admin:replay_replay_replay", found.pk)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(route, self.admin_site.admin_view(view), name=name) for route, name, view in PAGES
        ]
        return own + super().get_urls()
