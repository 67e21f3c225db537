"""A profile or a mapping that cannot be used says why, before the first row is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from heart.history import natures, profiles
from heart.history.natures import MappingFault, Meaning
from heart.history.profiles import ProfileFault
from tests.importing.exports import PROFILE, write_mapping, write_profile

KNOWN = {"OTHER", "TRESPASS", "WELFURG", "WELFNON"}


def test_shipped_profiles_can_be_used() -> None:
    assert [profiles.load(name).name for name in profiles.shipped()] == ["alexandria", "milwaukee"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"columns": {"received": "t", "nature": "k"}},
            '/columns: "number" is a required property',
        ),
        ({"time_zone": "Mars/Olympus"}, "/time_zone: 'Mars/Olympus' is no time zone"),
        ({"encoding": "utf-99"}, "/encoding: 'utf-99' is no encoding"),
        ({"closed": ["never"]}, "/times: has no 'never', which is used"),
        ({"police_response": {"times": ["seen"]}}, "/times: has no 'seen', which is used"),
        ({"police_response": {}}, "/police_response: "),
        ({"delimiter": ";;"}, "/delimiter: "),
        ({"colour": "red"}, "/: Additional properties are not allowed"),
    ],
)
def test_faulty_profile_is_refused_with_a_pointer(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ProfileFault) as refused:
        profiles.load(str(write_profile(tmp_path, **changes)))

    assert words in str(refused.value)


def test_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ProfileFault, match="alexandria, milwaukee"):
        profiles.load("atlantis")


def test_profile_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")

    with pytest.raises(ProfileFault, match="is not JSON"):
        profiles.load(str(tmp_path / "x.json"))


def test_profile_name_marks_calls_and_must_be_plain(tmp_path: Path) -> None:
    path = tmp_path / "My City.json"
    path.write_text(json.dumps(PROFILE))

    with pytest.raises(ProfileFault, match="small letters"):
        profiles.load(str(path))


def test_mapping_prefers_the_direct_nature_over_the_apco_code(tmp_path: Path) -> None:
    assert natures.load(write_mapping(tmp_path), KNOWN) == {
        ("city:D1", "UNWANTED"): Meaning("TRESPASS", "TRESPASS"),
        ("", "CHECK"): Meaning("WELFNON", "WELFARE"),
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "line 1: needs the columns"),
        ("local_code,nature\nX,NOPE\n", "line 2: 'NOPE' is no nature code"),
        ("local_code,nature\n,OTHER\n", "line 2: no local_code"),
        ("local_code,nature\nX,OTHER\nX,TRESPASS\n", "line 3: 'X' stood further up"),
        ("local_code,nature,tier\nX,OTHER,far too long a tier\n", "line 2: the tier"),
        ('local_code,nature\n"X"y,OTHER\n', "cannot be read"),
    ],
)
def test_faulty_mapping_is_refused_with_its_line(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(MappingFault) as refused:
        natures.load(write_mapping(tmp_path, content), KNOWN)

    assert words in str(refused.value)


@pytest.mark.django_db
def test_every_nature_of_the_apco_table_is_one_of_ours() -> None:
    from intake.models import Nature
    from intake.queries import natures_of_apco

    assert set(natures_of_apco().values()) <= set(Nature.objects.values_list("code", flat=True))
