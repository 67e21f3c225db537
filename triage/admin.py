from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from heart.accounts.actions import log_read
from heart.adminsite import ReadOnlyAdmin, ReadOnlyInline, ReferenceAdmin
from triage.models import Decision, FallbackStep, Question, ReasonCode, Rule, RuleSet, Target


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ("order", "key", "ask_en", "ask_es", "kind")
    tab = True


class RuleInline(ReadOnlyInline):
    model = Rule
    fields = ("code", "reason_en", "reason_es", "basis", "citation")
    tab = True


class TargetInline(ReadOnlyInline):
    model = Target
    fields = ("key", "level", "seconds", "label_en", "basis")
    tab = True


class FallbackInline(ReadOnlyInline):
    model = FallbackStep
    fields = ("order", "action", "highest_level", "label_en")
    tab = True


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    """Rule set versions as they stand; synthetic defaults until clinical and legal sign-off."""

    list_display = ("version", "title", "status", "is_synthetic", "activated_at")
    inlines = (QuestionInline, RuleInline, TargetInline, FallbackInline)


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
