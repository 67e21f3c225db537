"""The address of map tiles from elsewhere: checked at start, admitted by the policy only when set."""

import re

from environs import ValidationError

ADDRESS = re.compile(r"(?:(https?://)(\{s\}\.)?([A-Za-z0-9.-]+(?::\d+)?))?/[^\s;,]*")
PLACES = ("{z}", "{x}", "{y}")


def tile_address(address: str) -> None:
    """Refuse an address that is neither empty nor one of tiles; environs asks this."""
    is_whole = all(place in address for place in PLACES) and ADDRESS.fullmatch(address)
    if address and not is_whole:
        raise ValidationError("Not an address of map tiles like https://host/{z}/{x}/{y}.png.")


def tile_origin(address: str) -> list[str]:
    """Where images may come from because of it: nowhere else without one, or with one of our own."""
    found = ADDRESS.fullmatch(address or "")
    if not found or not found[3]:
        return []
    scheme, parts, host = found.groups()
    return [f"{scheme}{'*.' if parts else ''}{host}"]
