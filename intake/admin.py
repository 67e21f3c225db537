from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest

from heart.adminsite import ReferenceAdmin
from intake.models import Beat, Nature

BOX = ("south", "west", "north", "east")


@admin.register(Nature)
class NatureAdmin(ReferenceAdmin):
    fieldsets = (
        (None, {"fields": ("code", "name", "name_es", "upgrades", "basis", "is_active")}),
        (
            "For the triage rules",
            {
                "fields": ("category", "routes"),
                "description": "A change counts in versions of the rules that are put into review"
                " from now on. Those in review, in shadow and in force keep what they were proven"
                " with.",
            },
        ),
    )
    list_display = ("code", "name", "category", "routes", "basis", "is_active")
    list_filter = ("category", "is_active", "basis")
    search_fields = ("code", "name", "name_es")


@admin.register(Beat)
class BeatAdmin(ReferenceAdmin):
    """A beat by its box; the box of one with an outline follows the outline."""

    list_display = ("code", "name", *BOX)
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Beat | None = None) -> Sequence[str]:
        return BOX if obj and hasattr(obj, "outline") else ()
