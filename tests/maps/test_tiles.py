"""Tiles come from one address or from none: nothing else is admitted by the policy."""

import pytest
from environs import ValidationError

from heart.maps.tiles import tile_address, tile_origin


@pytest.mark.parametrize(
    ("address", "admitted"),
    [
        ("", []),
        ("/tiles/{z}/{x}/{y}.png", []),
        ("https://tiles.example.org/{z}/{x}/{y}.png", ["https://tiles.example.org"]),
        ("https://{s}.tiles.example.org:8443/{z}/{x}/{y}", ["https://*.tiles.example.org:8443"]),
    ],
)
def test_an_address_admits_its_own_origin_only(address: str, admitted: list[str]) -> None:
    tile_address(address)

    assert tile_origin(address) == admitted


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example.org/",
        "tiles.example.org/{z}/{x}/{y}",
        "javascript:alert({z}{x}{y})",
        "https://tiles.example.org/{z}/{x}/{y}; script-src *",
        "https://tiles.example.org /{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_tiles_stops_the_start(address: str) -> None:
    with pytest.raises(ValidationError):
        tile_address(address)
