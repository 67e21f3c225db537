"""A map file is good as a whole, or it is said which feature is wrong and how; never an accident."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from heart.maps.faults import MapFault
from heart.maps.geojson import read
from heart.maps.outlines import LAYER_BYTES, light, repaired, united
from tests.maps.files import feature, file_of, square

BOW_TIE = [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
DURHAM = (35.99, -78.9)


def problems(content: bytes, near: tuple[float, float] | None = None) -> list[str]:
    with pytest.raises(MapFault) as refused:
        read(content, near=near)
    return refused.value.problems


def turned(ring: list[list[float]]) -> list[list[float]]:
    return [[latitude, longitude] for longitude, latitude in ring]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON: Expecting value, line 1, column 1"),
        (b"\xff\xd8\xff\xe0 a picture", "not UTF-8 text (byte 0)"),
        (b"[1, 2]", "no GeoJSON"),
        (b'{"type": "Topology"}', "no GeoJSON"),
        (b'{"type": {"a": 1}}', "no GeoJSON"),
        (b'{"type": "FeatureCollection"}', "no list of features"),
        (b'{"type": "FeatureCollection", "features": []}', "no feature with a place"),
        (b'{"type": "Point", "coordinates": [NaN, 1]}', "NaN is no number"),
        (b'{"type": "Point", "coordinates": [1e999, 1]}', "[inf, 1] is in metres or feet"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"type": "Point", "coordinates": [' + b"9" * 5000 + b", 1]}", "not JSON"),
        (b" " * (9 * 1024 * 1024), "has 9.0 MB; at most 8 MB"),
        (file_of("nothing"), "feature 1 is not a GeoJSON feature"),
        (file_of({"type": "Feature", "geometry": 7}), "geometry that is not an object"),
        (file_of(*[feature("a", square())] * 5001), "has 5,001 features; at most 5,000"),
        (file_of(feature("a", square()), crs={"properties": {"name": "EPSG:2264"}}), "EPSG:2264"),
    ],
)
def test_a_file_that_is_no_map_is_refused_in_words(content: bytes, said: str) -> None:
    assert said in problems(content)[0]


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        ([], "a ring of positions has fewer than 3"),
        ([[0, 0], [1, 1], [0, 0], [0, 0]], "fewer than 3 different positions"),
        ([[0, 0], ["1", 1], [1, 0]], "is not a position of two numbers"),
        ([[0, 0], [True, 1], [1, 0]], "is not a position of two numbers"),
        ([[0, 0], [181, 91], [1, 0]], "[181, 91] is no place on earth"),
        ([[0, 0], [2034567.1, 812345.6], [1, 0]], "is in metres or feet"),
        ([[36.0, -101.5], [36.1, -101.4], [36.0, -101.4]], "latitude first"),
        ("text", "a ring of positions has fewer than 3"),
    ],
)
def test_a_wrong_feature_is_named_with_what_is_wrong(ring: list[list[float]], said: str) -> None:
    content = file_of(feature("good", square()), feature("D2", ring))

    [problem] = problems(content)

    assert problem.startswith("feature 2 (D2): ")
    assert said in problem


def test_every_wrong_feature_is_told_at_once_and_the_rest_counted() -> None:
    wrong = [feature(f"D{n}", [[200, 0], [1, 1], [2, 2]]) for n in range(8)]

    told = problems(file_of(*wrong))

    assert len(told) == 6
    assert told[-1] == "and 3 more like these"


def test_latitude_first_is_seen_where_no_number_is_out_of_range() -> None:
    durham, berlin = square(-78.9, 35.9), square(13.3, 52.4)

    assert "latitude first" in problems(file_of(feature("a", turned(durham))))[0]
    assert "latitude first" in problems(file_of(feature("a", turned(berlin))), (52.5, 13.4))[0]
    assert len(read(file_of(feature("a", durham)), near=DURHAM)[0]) == 1
    assert len(read(file_of(feature("far away", berlin)), near=DURHAM)[0]) == 1


def test_a_geometry_kind_that_cannot_be_drawn_is_refused() -> None:
    curve = {"type": "Feature", "properties": None, "geometry": {"type": "CircularString"}}

    assert problems(file_of(curve))[0].startswith("feature 1: has the geometry CircularString")


def test_an_open_ring_is_closed_and_a_crossed_one_repaired_with_its_area_kept() -> None:
    features, remarks = read(file_of(feature("open", square()[:-1]), feature("crossed", BOW_TIE)))

    good = repaired(features, remarks)

    assert all(each.geometry.is_valid for each in good)
    assert [round(each.geometry.area, 3) for each in good] == [0.01, 0.5]
    assert remarks == ["1 crossed themselves and were repaired: crossed"]


def test_an_outline_without_an_area_refuses_the_file() -> None:
    features, remarks = read(file_of(feature("line", [[0, 0], [1, 1], [2, 2], [0, 0]])))

    with pytest.raises(MapFault, match="line: no area is left of its outline"):
        repaired(features, remarks)


def test_features_without_a_place_are_left_out_and_told() -> None:
    features, remarks = read(
        file_of(feature("a", square()), {"type": "Feature", "geometry": None})
    )

    assert [each.name for each in features] == ["a"]
    assert remarks == ["1 without a place left out"]


def test_the_property_that_names_features_is_looked_up_or_asked_for() -> None:
    named = file_of(feature("Elm", square(), LAWDIST="D1", ID=7))

    assert read(named)[0][0].name == "Elm"
    assert read(named, named_by="LAWDIST")[0][0].name == "D1"
    with pytest.raises(MapFault, match="No feature has a property BEAT"):
        read(named, named_by="BEAT")


def test_neighbours_keep_their_common_border_when_they_are_made_coarser() -> None:
    wave = [[0.5 + (n % 2) * 0.00001, n / 40_000] for n in range(40_001)]
    west = [[0.0, 0.0], *wave, [0.0, 1.0], [0.0, 0.0]]
    east = [[1.0, 0.0], *wave, [1.0, 1.0], [1.0, 0.0]]
    features, remarks = read(file_of(feature("west", west), feature("east", east)))

    drawn = light(repaired(features, remarks), remarks)

    left, right = (shape(each["geometry"]) for each in drawn["features"])
    assert "positions became" in remarks[-1]
    assert len(json.dumps(drawn, separators=(",", ":"))) < LAYER_BYTES
    assert left.intersection(right).area == 0
    assert left.union(right).area == pytest.approx(1, abs=1e-9)


def test_a_layer_that_stays_too_heavy_is_refused() -> None:
    dots = [
        {
            "type": "Feature",
            "properties": {"name": f"a station with a long name {n}"},
            "geometry": {"type": "Point", "coordinates": [n / 1000, 0]},
        }
        for n in range(5000)
    ]
    features, remarks = read(file_of(*dots))

    with pytest.raises(MapFault, match="too detailed"):
        light(features, remarks)
    assert len(light(features[:2000], remarks)["features"]) == 2000


def test_pieces_of_one_name_are_united() -> None:
    pieces = [feature("D2", square()), feature("D1", square(-71)), feature("D2", square(-70.4))]
    features, remarks = read(file_of(*pieces))

    whole = united(features, remarks)

    assert [(each.name, round(each.geometry.area, 3)) for each in whole] == [
        ("D1", 0.01),
        ("D2", 0.02),
    ]
    assert remarks == ["3 pieces united into 2 areas"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "features", "geometry", "coordinates", "properties", "crs", "name"]
            ),
            inner
            | st.sampled_from(["FeatureCollection", "Feature", "Polygon", "Point", "LineString"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300)
@given(JSON, st.sampled_from(["", "name"]))
def test_no_file_is_an_accident(document: object, named_by: str) -> None:
    with suppress(MapFault):
        features, remarks = read(json.dumps(document).encode(), named_by=named_by)
        assert light(repaired(features, remarks), remarks)["features"]
