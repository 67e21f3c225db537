"""Modules come from their hashed names through a map that the policy admits by its hash."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from heart import importmap

MODULES = Path(__file__).parents[2] / "static" / "js"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Files as production serves them."""
    names = {
        "js/app.js": "js/app.0123456789ab.js",
        "css/app.css": "css/app.0123456789ab.css",
        "admin/js/x.js": "admin/js/x.0123456789ab.js",
    }
    (tmp_path / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "paths": names, "hash": ""})
    )
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    monkeypatch.setattr(importmap, "staticfiles_storage", storage)
    importmap.import_map.cache_clear()
    yield
    importmap.import_map.cache_clear()


def test_import_map_names_our_modules_only(hashed: None) -> None:
    text, policy = importmap.import_map()

    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert json.loads(text) == {"imports": {"/static/js/app.js": "/static/js/app.0123456789ab.js"}}
    assert policy == f"'sha256-{digest}'"


def test_import_map_is_empty_where_names_are_not_hashed() -> None:
    importmap.import_map.cache_clear()

    assert importmap.import_map() == ("", "")


def test_every_import_is_relative_and_leads_to_a_file() -> None:
    lost = [
        f"{module.relative_to(MODULES)}: {line}"
        for module in MODULES.rglob("*.js")
        for line in module.read_text().splitlines()
        if line.startswith(("import ", "} from ")) and '"' in line
        if not (module.parent / line.split('"')[1]).is_file()
    ]

    assert lost == []
