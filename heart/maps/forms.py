"""A layer as the panel edits it: the file is read when it is chosen, and only what is good is kept."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from heart.maps.faults import MapFault
from heart.maps.geojson import MOST_BYTES, Remarks
from heart.maps.models import Layer
from heart.maps.reading import read_layer


class LayerForm(forms.ModelForm):  # type: ignore[type-arg]
    file = forms.FileField(
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="GeoJSON, longitude first, WGS 84, up to 8 MB; a new one replaces the old",
    )
    named_by = forms.CharField(
        label="Named by the property",
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget,
        help_text="empty: name, label, title, code or id; of beats it is the code",
    )
    remarks: Remarks = []

    class Meta:
        model = Layer
        fields = ("name", "kind", "file", "named_by", "order", "is_shown", "source", "year")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is None:
            if not self.instance.pk and "file" not in self.errors:
                self.add_error("file", "Choose the file of the layer.")
            return cleaned
        if (file.size or 0) > MOST_BYTES:
            self.add_error(
                "file", f"The file has {(file.size or 0) / 1024**2:.1f} MB; at most 8 MB."
            )
            return cleaned
        try:
            self.instance.geojson, self.remarks = read_layer(
                file.read(), kind=cleaned.get("kind", ""), named_by=cleaned.get("named_by", "")
            )
        except MapFault as fault:
            self.add_error("file", fault.problems)
        return cleaned
