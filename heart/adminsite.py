"""The supervisor's panel: who may use it, its own content policy, and edits that reach the journal."""

from collections.abc import Callable, Sequence
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.db import models, transaction
from django.forms import ModelForm
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite

from heart.accounts.actions import note_reference_change
from heart.roles import Permission, allowed

# The theme evaluates expressions and sets styles; nothing outside /admin/ has this policy.
relaxed = csp_update({"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]})


class HeartAdminSite(UnfoldAdminSite):
    """Roles decide, not Django's own staff flags; sign-in is the console's own."""

    def has_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, Permission.ADMINISTER)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        return relaxed(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            return redirect("home")
        return HttpResponseRedirect(f"{reverse('sign-in')}?next={request.get_full_path()}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("home")


class ByRole:
    """Everybody who may use the panel may see and edit; nothing is deleted from history."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, Permission.ADMINISTER)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request.user, Permission.ADMINISTER)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request.user, Permission.ADMINISTER)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request.user, Permission.ADMINISTER)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReferenceAdmin(ByRole, ModelAdmin):
    """Reference data: editable, every edit journalled in the same transaction."""

    list_per_page = 50
    compressed_fields = True
    warn_unsaved_form = True

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: "ModelForm[Any]", change: bool
    ) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self._note(request, obj, form.changed_data)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            changed = [*formset.new_objects, *formset.deleted_objects]
            changed += [row for row, _ in formset.changed_objects]
            if changed:
                self._note(request, form.instance, [formset.model._meta.model_name])

    def _note(self, request: HttpRequest, obj: models.Model, columns: list[str]) -> None:
        if columns:
            note_reference_change(
                by=request.user.actor("admin"),  # type: ignore[union-attr]  # the site demands one
                model=obj._meta.label_lower,
                pk=obj.pk,
                columns=columns,
            )


class ReadOnlyAdmin(ByRole, ModelAdmin):
    """History and frozen data: to be searched and read."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OwnPagesAdmin(ReadOnlyAdmin):
    """A model whose own pages stand in the place of the panel's list and form.

    ``pages`` are the address below the model's, the name in the admin site, and the view.
    """

    pages: Sequence[tuple[str, str, Callable[..., HttpResponseBase]]] = ()

    def list_page(self, request: HttpRequest) -> HttpResponseBase:
        raise NotImplementedError

    def address_of(self, row: Any) -> str:
        """Where the page of one row is."""
        raise NotImplementedError

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return self.list_page(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404(f"There is no such {self.opts.verbose_name}.")
        return redirect(self.address_of(found))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(route, self.admin_site.admin_view(view), name=name)
            for route, name, view in self.pages
        ]
        return own + super().get_urls()


class ReferenceInline(ByRole, TabularInline):
    """Rows that belong to their parent, edited with it."""

    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request.user, Permission.ADMINISTER)


class ReadOnlyInline(ReferenceInline):
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
