"""Which hashed file each script module comes from, as an import map keyed by URL.

Sources keep plain relative imports; the browser resolves them through the map, so every module is
cached for ever under its hashed name and no two versions mix (docs/decisions/0005).
"""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage


class ImportMap(NamedTuple):
    """The text of the map and the source expression that admits exactly this text."""

    text: str
    policy: str


@lru_cache(maxsize=1)
def import_map() -> ImportMap:
    """Computed once per process; empty where files are served without hashed names."""
    storage: Any = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return ImportMap("", "")
    modules = {
        f"{settings.STATIC_URL}{name}": storage.url(name)
        for name in sorted(storage.hashed_files)
        if name.startswith("js/") and name.endswith(".js")
    }
    if not modules:
        return ImportMap("", "")
    text = json.dumps({"imports": modules}, separators=(",", ":"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return ImportMap(text, f"'sha256-{digest}'")
