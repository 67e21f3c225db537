from django.contrib import admin

from dispatch.models import CrewMember, Unit, UnitHours, WatchRule
from heart.adminsite import ReferenceAdmin, ReferenceInline


class CrewInline(ReferenceInline):
    model = CrewMember
    autocomplete_fields = ("user",)
    tab = True


class HoursInline(ReferenceInline):
    model = UnitHours
    tab = True


@admin.register(Unit)
class UnitAdmin(ReferenceAdmin):
    """A unit with its crew, hours and area; its status moves on the board, not here."""

    list_display = ("code", "name", "kind", "status", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    readonly_fields = ("status", "status_since")
    filter_horizontal = ("beats",)
    inlines = (CrewInline, HoursInline)


@admin.register(WatchRule)
class WatchRuleAdmin(ReferenceAdmin):
    """The agency's own times for acknowledgements, welfare checks and waiting calls.

    A watch that is running keeps the times that it began with.
    """

    list_display = (
        "kind",
        "situation",
        "lowest_level",
        "warn_seconds",
        "due_seconds",
        "supervisor_seconds",
        "page_seconds",
    )
    list_filter = ("kind",)
