from django.contrib import admin

from heart.adminsite import ReferenceAdmin
from heart.paper.models import PhoneTreeLine


@admin.register(PhoneTreeLine)
class PhoneTreeAdmin(ReferenceAdmin):
    list_display = ("order", "name", "number", "is_active")
    list_display_links = ("name",)
    search_fields = ("name", "number")
