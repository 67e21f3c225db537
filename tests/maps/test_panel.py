"""The supervisor chooses a file: it becomes a layer, or stays beside the words that say why not."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from heart.maps.models import Layer
from intake.models import BeatOutline
from tests.builders import last_entry
from tests.maps.files import feature, file_of, square
from tests.pages.screen import Screen
from tests.people import People

pytestmark = pytest.mark.django_db
ADD = "/admin/maps/layer/add/"
LIST = "/admin/maps/layer/"


@pytest.fixture
def sam(people: People) -> Screen:
    return Screen(people.sam)


def chosen(content: bytes, **more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("layer.geojson", content)
    layer = {"name": "Parks", "kind": "areas", "order": 1, "source": "City", "year": 2026}
    return {**layer, "is_shown": "on", "named_by": "", "file": file, **more}


def test_a_good_file_becomes_a_layer_and_an_entry(sam: Screen, people: People) -> None:
    answer = sam.post(ADD, chosen(file_of(feature("Elm Park", square()))), follow=True)

    layer = Layer.objects.get()
    assert answer.status_code == 200
    assert [each["properties"] for each in layer.features] == [{"name": "Elm Park"}]
    assert last_entry().payload["model"] == "maps.layer"
    assert "1 features, 0 KB" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "The file is not JSON"),
        (b"\xff\xfe\x00", "The file is not UTF-8 text"),
        (file_of(feature("D2", [[200, 1], [2, 2], [3, 3]])), "feature 1 (D2): [200, 1]"),
        (file_of(feature("D2", [[36.1, -78.9], [36.2, -78.9], [36.2, -78.8]])), "latitude first"),
        (b"[" * 50_000, "nested too deeply"),
        (b'{"a": ' + b" " * (8 * 1024 * 1024) + b"1}", "at most 8 MB"),
    ],
)
def test_a_bad_file_is_refused_beside_the_field_and_what_was_typed_stays(
    sam: Screen, content: bytes, said: str
) -> None:
    answer = sam.post(ADD, chosen(content))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert 'value="Parks"' in page
    assert not Layer.objects.exists()


def test_a_new_layer_needs_a_file_and_an_old_one_keeps_its_own(sam: Screen) -> None:
    without = chosen(b"")
    del without["file"]
    refused = sam.post(ADD, without)
    sam.post(ADD, chosen(file_of(feature("Elm Park", square()))))
    layer = Layer.objects.get()

    sam.post(f"{LIST}{layer.pk}/change/", {**without, "name": "Green places"})

    assert "Choose the file of the layer." in refused.content.decode()
    kept = Layer.objects.get()
    assert (kept.name, kept.geojson) == ("Green places", layer.geojson)


def test_outlines_of_the_kind_beats_become_the_beats(sam: Screen) -> None:
    sam.post(ADD, chosen(file_of(feature("T1", square())), kind="beats"))
    layer = Layer.objects.get()

    answer = sam.post(
        LIST, {"action": "become_beats", "_selected_action": [layer.pk]}, follow=True
    )

    layer.refresh_from_db()
    assert "1 new beats, 0 beats with a new outline, 6 others stand" in answer.content.decode()
    assert BeatOutline.objects.get().beat.code == "T1"
    assert not layer.is_shown  # the beats draw themselves now


def test_other_layers_do_not_become_beats(sam: Screen) -> None:
    sam.post(ADD, chosen(file_of(feature("T1", square()))))

    answer = sam.post(
        LIST, {"action": "become_beats", "_selected_action": [Layer.objects.get().pk]}, follow=True
    )

    assert "Parks is not of the kind beats." in answer.content.decode()
    assert not BeatOutline.objects.exists()
