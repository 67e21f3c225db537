"""Beats get the outlines that their agency gave: who lies in a beat is decided by the true shape."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from heart.maps.beats import make_beats
from heart.maps.faults import MapFault
from heart.maps.outlines import BEATS_BYTES
from heart.maps.queries import ground
from heart.maps.reading import read_layer
from intake.models import Beat, BeatOutline
from intake.queries import beat_at, beats_at
from tests.builders import last_entry
from tests.maps.files import feature, file_of, square
from tests.people import People
from tests.shared_data import FOLDER, needs_shared_data

pytestmark = pytest.mark.django_db
DISTRICTS = FOLDER / "geo" / "durham_police_districts.geojson"
CORNER = [[-70.5, 31.2], [-70.4, 31.2], [-70.5, 31.3], [-70.5, 31.2]]
"""A triangle: the south-west half of its box."""


def code_at(latitude: float, longitude: float) -> str | None:
    beat = beat_at(latitude, longitude)
    assert beats_at([(latitude, longitude)]) == [beat]
    return beat.code if beat else None


def import_beats(path: Path, content: bytes, *options: str) -> None:
    file = path / "beats.geojson"
    file.write_bytes(content)
    call_command("import_beats", file, *options)


def test_the_outline_decides_and_no_longer_the_box(tmp_path: Path) -> None:
    import_beats(tmp_path, file_of(feature("T1", CORNER)))

    assert code_at(31.21, -70.49) == "T1"
    assert code_at(31.29, -70.41) is None
    assert code_at(31.075, -70.04) == "N1"  # a beat of the demo city is still its box


def test_a_beat_keeps_its_name_and_each_edit_is_in_the_journal(people: People) -> None:
    by = people.sam.actor("admin")
    old = Beat.objects.get(code="N1")
    collection, _ = read_layer(
        file_of(feature("N1", square()), feature("T1", square(-71))), kind="beats", named_by=""
    )

    made = make_beats(collection=collection, by=by)

    n1 = Beat.objects.get(code="N1")
    assert (made.new, made.changed, len(made.untouched)) == (["T1"], ["N1"], 5)
    assert (n1.name, n1.west, n1.north) == (old.name, -70.5, 31.3)
    entry = last_entry()
    assert (entry.verb, entry.payload["model"], entry.actor_id) == (
        "reference.changed",
        "intake.beat",
        people.sam.pk,
    )


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        import_beats(tmp_path, file_of(feature("T1", CORNER)))

    assert BeatOutline.objects.count() == 1
    assert Beat.objects.filter(code="T1").count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (file_of(feature("a code that is too long", CORNER)), "a code has 1 to 12 signs"),
        (file_of(feature("", CORNER)), "has no name"),
        (
            file_of({"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}),
            "is a Point, not an area",
        ),
        (file_of(feature("T1", [[1, 2], [3, 400], [4, 5]])), r"feature 1 \(T1\)"),
    ],
)
def test_a_file_that_holds_no_beats_changes_nothing(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        import_beats(tmp_path, content)

    assert not BeatOutline.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_beats", tmp_path / "nothing.geojson")


@needs_shared_data
def test_a_city_s_115_pieces_become_its_6_districts(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_beats", DISTRICTS, "--code", "LAWDIST")

    said = capsys.readouterr().out
    assert "1 crossed themselves and were repaired: DSO" in said
    assert "115 pieces united into 6 areas" in said
    codes = set(BeatOutline.objects.values_list("beat__code", flat=True))
    assert codes == {"D1", "D2", "D3", "D4", "D5", "DSO"}
    assert code_at(35.9966, -78.8986) == "D5"  # the middle of the city
    assert code_at(36.18, -78.8660) == "D2"
    assert code_at(31.075, -70.04) == "N1"
    [beats, *_] = ground()
    assert len(str(beats["geojson"])) < BEATS_BYTES * 1.5


@needs_shared_data
def test_real_files_of_a_city_are_layers_that_a_browser_can_carry() -> None:
    for file in sorted((FOLDER / "geo").glob("*.geojson")):
        collection, _ = read_layer(file.read_bytes(), kind="areas", named_by="")
        assert collection["features"]
        assert len(str(collection)) < 400_000


def test_a_layer_with_too_long_codes_does_not_become_beats(people: People) -> None:
    collection, _ = read_layer(
        file_of(feature("T1", square()), feature("x" * 13, square(-71))),
        kind="beats",
        named_by="",
    )

    with pytest.raises(MapFault):
        make_beats(collection=collection, by=people.sam.actor("admin"))

    assert not Beat.objects.filter(code="T1").exists()
