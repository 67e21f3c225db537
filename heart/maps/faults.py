"""What is wrong with a map file, in words for the person who chose it."""

from collections.abc import Sequence

SHOWN = 5


class MapFault(ValueError):
    """A file cannot be used; ``problems`` say where and why, a few by name and the rest by number."""

    def __init__(self, *problems: str) -> None:
        more = len(problems) - SHOWN
        self.problems = [
            *problems[:SHOWN],
            *([f"and {more:,} more like these"] if more > 0 else []),
        ]
        super().__init__("; ".join(self.problems))


def named(names: Sequence[str], shown: int = SHOWN) -> str:
    """``D1, D2, D3 and 4 more``."""
    different = list(dict.fromkeys(names))
    more = len(different) - shown
    return ", ".join(different[:shown]) + (f" and {more:,} more" if more > 0 else "")
