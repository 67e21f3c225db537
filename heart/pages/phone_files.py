"""The files that a phone keeps so that its page opens without a signal: found by following imports."""

import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django.contrib.staticfiles import finders
from django.templatetags.static import static

BEGIN = ("css/app.css", "css/screens/team.css", "js/theme.js", "js/screens/team/offline.js")
IMPORTED = re.compile(r"""^(?:import\s[^"]*|\} from |@import )"([^"]+)\"""", re.MULTILINE)


@lru_cache(maxsize=1)
def phone_files() -> list[str]:
    """Their addresses, once per process."""
    return [static(name) for name in _closure(list(BEGIN))]


def _closure(names: list[str]) -> list[str]:
    for name in names:  # grows while it is walked
        found = finders.find(name)
        assert isinstance(found, str), name  # noqa: S101 - our own files
        for other in IMPORTED.findall(Path(found).read_text(encoding="utf-8")):
            address = normpath(join(dirname(name), other))
            if address not in names:
                names.append(address)
    return names
