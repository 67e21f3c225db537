from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from heart.adminsite import OwnPagesAdmin
from heart.replay.models import Replay
from heart.replay.panel import PAGES, may_replay, pages


@admin.register(Replay)
class ReplayAdmin(OwnPagesAdmin):
    """Replays: who may start them sees them."""

    pages = PAGES

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_replay(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_replay(request)

    def list_page(self, request: HttpRequest) -> HttpResponseBase:
        return pages.replays(request)

    def address_of(self, row: Replay) -> str:
        return reverse("admin:replay_replay_replay", args=[row.pk])
