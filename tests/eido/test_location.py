"""PIDF-LO: order of coordinates, uncertainty, several places, and documents that mean harm."""

import pytest

from heart.eido.location import Place, parse
from heart.eido.xml import NotReadable
from tests.eido.documents import circle, civic, point, presence


def test_point_is_latitude_then_longitude() -> None:
    found = parse(presence(point("-34.407 150.883")))

    assert found.places == (Place(-34.407, 150.883),)


def test_altitude_is_left_out() -> None:
    found = parse(presence(point("12.345 67.89 36.7")))

    assert found.places == (Place(12.345, 67.89),)


def test_circle_keeps_its_radius_and_says_it() -> None:
    found = parse(presence(circle("48.123 14.456", "24")))

    assert found.places == (Place(48.123, 14.456, 24.0),)
    assert found.places[0].words() == "48.123, 14.456, within 24 m"


def test_several_locations_are_all_kept_in_order() -> None:
    found = parse(presence(point("1 2"), circle("3 4", "5")))

    assert [(p.latitude, p.longitude) for p in found.places] == [(1, 2), (3, 4)]


def test_civic_address_reads_like_an_address() -> None:
    found = parse(presence(civic(HNO="42", RD="Elm", STS="Street", A3="Durham", A1="NC")))

    assert found.places[0].words() == "42 Elm Street, Durham NC"


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("<gml:Point><gml:pos>0 0 xxxxxxx</gml:pos></gml:Point>", "two or three numbers"),
        ("<gml:Point><gml:pos>91 0</gml:pos></gml:Point>", "outside latitude 90"),
        ("<gml:Point><gml:pos>1_0 nan</gml:pos></gml:Point>", "two or three numbers"),
        ("<gs:Circle><gs:radius>24</gs:radius></gs:Circle>", "no point or circle"),
        (
            "<gml:Polygon><gml:pos>1 1</gml:pos><gml:pos>2 2</gml:pos></gml:Polygon>",
            "no point or circle",
        ),
        (
            '<gml:Point srsName="urn:ogc:def:crs:EPSG::25832"><gml:pos>1 1</gml:pos></gml:Point>',
            "is not WGS 84",
        ),
    ],
)
def test_unusable_position_is_named_and_never_guessed(block: str, fault: str) -> None:
    found = parse(presence(block))

    assert found.places == ()
    assert [fault in words for words in found.faults] == [True]


def test_radius_in_another_unit_is_left_out_and_the_point_kept() -> None:
    found = parse(presence(circle("1 2", "24").replace("9001", "9002")))

    assert found.places == (Place(1.0, 2.0),)
    assert found.faults == ("location 1: the radius is not in metres and is left out",)


@pytest.mark.parametrize(
    ("word", "may"), [("yes", True), ("true", True), ("FAlse", False), ("?", False)]
)
def test_leave_to_pass_on_is_no_unless_it_is_clearly_yes(word: str, may: bool) -> None:
    rules = f"<gp:usage-rules><gp:retransmission-allowed>{word}</gp:retransmission-allowed></gp:usage-rules>"

    assert parse(presence(point("1 2"), extra=rules)).may_be_passed_on is may


BILLION = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><l>&b;</l>"
OUTSIDE = "<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><l>&x;</l>"


@pytest.mark.parametrize(
    "text",
    ["", "not xml", "<open>", BILLION, OUTSIDE, "<a>" * 30_000, "<a/>" + "x" * 200_000],
)
def test_hostile_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotReadable):
        parse(text)


def test_document_that_names_its_own_encoding_is_read_as_the_text_it_is() -> None:
    text = presence(civic(A3="Schärding")).replace("UTF-8", "ISO-8859-1")

    assert parse(text).places[0].address == "Schärding"


def test_deeply_nested_document_has_no_location() -> None:
    assert parse("<a>" * 10_000 + "</a>" * 10_000).places == ()
