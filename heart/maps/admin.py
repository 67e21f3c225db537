import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from heart.adminsite import ReferenceAdmin
from heart.maps.beats import make_beats
from heart.maps.faults import MapFault
from heart.maps.forms import LayerForm
from heart.maps.models import Layer


@admin.register(Layer)
class LayerAdmin(ReferenceAdmin):
    """The layers of the map; one of the kind beats can also become the beats themselves."""

    form = LayerForm
    list_display = ("name", "kind", "holds", "is_shown", "order", "source", "year")
    list_filter = ("kind", "is_shown")
    search_fields = ("name", "source")
    readonly_fields = ("holds",)
    actions = ("become_beats",)

    @admin.display(description="Holds")
    def holds(self, layer: Layer) -> str:
        if not layer.pk:
            return ""
        size = len(json.dumps(layer.geojson, separators=(",", ":")))
        return f"{len(layer.features):,} features, {size / 1024:,.0f} KB"

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.remarks:
            self.message_user(request, "The file was read: " + "; ".join(form.remarks) + ".")

    @admin.action(description="Make these outlines the beats", permissions=["change"])
    def become_beats(self, request: HttpRequest, layers: QuerySet[Layer]) -> None:
        """Afterwards the beats draw themselves, so the layer need not."""
        for layer in layers:
            if layer.kind != Layer.Kind.BEATS:
                self.message_user(request, f"{layer} is not of the kind beats.", messages.ERROR)
                continue
            try:
                by = request.user.actor("admin")  # type: ignore[union-attr]  # the site demands one
                made = make_beats(collection=layer.geojson, by=by)
            except MapFault as fault:
                self.message_user(request, f"{layer}: {fault}", messages.ERROR)
                continue
            Layer.objects.filter(pk=layer.pk).update(is_shown=False)
            self.message_user(request, f"{layer}: {made}", messages.SUCCESS)
