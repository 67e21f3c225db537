"""The lock file: Django must find psycopg2 alone, and every dependency says why it is there."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_psycopg_3_is_not_locked_because_django_would_prefer_it_silently() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))

    names = {package["name"] for package in lock["package"]}

    assert "psycopg" not in names
    assert "psycopg2-binary" in names


def test_every_dependency_has_a_reason_beside_it() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "([a-z].*?)",(.*)$', project.split("[tool.uv]")[0], re.MULTILINE)

    assert len(listed) > 30
    assert [name for name, reason in listed if not re.match(r"\s+# \w.{10,}", reason)] == []
