from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from unfold.decorators import display

from heart.accounts.actions import log_read
from heart.adminsite import OwnPagesAdmin, ReadOnlyAdmin, ReferenceAdmin
from triage.models import Decision, ReasonCode, RuleSet
from triage.panel import PAGES, versions


@admin.register(RuleSet)
class RuleSetAdmin(OwnPagesAdmin):
    """The workshop of the rules."""

    pages = tuple((route, f"triage_ruleset_{name}", view) for route, name, view in PAGES)

    def list_page(self, request: HttpRequest) -> HttpResponseBase:
        return versions.versions(request)

    def address_of(self, row: RuleSet) -> str:
        return reverse("admin:triage_ruleset_version", args=[row.version])


@admin.register(ReasonCode)
class ReasonCodeAdmin(ReferenceAdmin):
    list_display = ("code", "label_en", "label_es", "is_active")
    search_fields = ("code", "label_en")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Each decision with everything it rested on; opening one is written down."""

    list_display = (
        "decided_at",
        "call",
        "rule",
        "route",
        "with_units",
        "level",
        "source",
        "is_held",
    )
    list_filter = ("route", "level", "rule", "source", "is_held")
    search_fields = ("call__number", "rule")
    search_help_text = "call number or rule"
    list_select_related = ("call",)
    ordering = ("-id",)
    show_full_result_count = False

    @display(description="added")
    def with_units(self, decision: Decision) -> str:
        return ", ".join(decision.added)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        decision = self.get_object(request, object_id)
        if decision is not None:
            by = request.user.actor("admin")  # type: ignore[union-attr]  # the site demands one
            log_read(by=by, call_id=decision.call_id, what="decision", screen="admin")
        return super().change_view(request, object_id, form_url, extra_context)
