from django.contrib import admin

from heart.adminsite import ReferenceAdmin
from intake.models import Beat, Nature


@admin.register(Nature)
class NatureAdmin(ReferenceAdmin):
    list_display = ("code", "name", "category", "routes", "basis", "is_active")
    list_filter = ("category", "is_active", "basis")
    search_fields = ("code", "name", "name_es")


@admin.register(Beat)
class BeatAdmin(ReferenceAdmin):
    list_display = ("code", "name", "south", "west", "north", "east")
    search_fields = ("code", "name")
