"""How the pages about the rules write things."""

from typing import NamedTuple

from django import template

register = template.Library()


class Powers(NamedTuple):
    """A number too large to be read, as thousands, millions and so on: 26.8 times 10 to the 15."""

    mantissa: str
    power: int


@register.filter
def powers(number: int) -> Powers:
    """The number in the notation of the proof."""
    power = (len(str(number)) - 1) // 3 * 3
    return Powers(f"{number / 10**power:.1f}", power)
