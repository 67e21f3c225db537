from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from heart.accounts.models import User
from heart.adminsite import ReferenceAdmin

admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin, ReferenceAdmin):  # type: ignore[type-arg, misc]  # both are ModelAdmins
    """People are switched off, never deleted: history keeps their name."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "role", "languages", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name", "last_name")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "languages")}),
        ("Duty", {"fields": ("role", "is_active")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "first_name",
                    "last_name",
                    "role",
                    "languages",
                    "password1",
                    "password2",
                ),
            },
        ),
    )
