from django.contrib import admin

from heart.adminsite import ReferenceAdmin
from heart.desks.models import Position


@admin.register(Position)
class PositionAdmin(ReferenceAdmin):
    """The workstations of the room; how their panels stand is set at the workstation itself."""

    list_display = ("code", "name", "is_active")
    search_fields = ("code", "name")
