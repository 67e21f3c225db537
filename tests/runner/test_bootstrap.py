"""Building the environment: what is missing is said in one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from heart.runner import bootstrap

SCRIPT = Path(bootstrap.__file__)
RUN_WITHOUT = (
    "import runpy, sys; sys.modules[{module!r}] = None; sys.argv = ['bootstrap.py', 'run'];"
    "runpy.run_path({script!r}, run_name='__main__')"
)
RUN_AS_3_10 = (
    "import runpy, sys; sys.version_info = (3, 10, 9); sys.argv = ['bootstrap.py', 'run'];"
    "runpy.run_path({script!r}, run_name='__main__')"
)
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_CACHE_DIR": "1",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository as the bootstrap sees it, below a folder with a space in its name."""
    root = tmp_path / "a copy"
    script = root / "heart" / "runner" / "bootstrap.py"
    script.parent.mkdir(parents=True)
    for source in (SCRIPT, SCRIPT.with_name("uv.txt")):
        shutil.copy(source, script.parent)
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy(bootstrap.ROOT / name, root)
    return script


def python(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys._base_executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_an_old_python_is_named(copy: Path) -> None:
    done = python(RUN_AS_3_10.format(script=str(copy)), PATH="")
    assert done.returncode == 1
    assert done.stderr == (
        "HEART console: Python 3.11 or newer is needed, and python3 here is 3.10.9.\n"
    )


def test_a_missing_venv_module_names_the_package(copy: Path) -> None:
    done = python(RUN_WITHOUT.format(module="venv", script=str(copy)))
    assert done.returncode == 1
    assert done.stderr == (
        "HEART console: Python's venv module is missing;"
        " on Debian or Ubuntu: apt install python3-venv\n"
    )


def test_no_network_is_one_line(copy: Path) -> None:
    done = subprocess.run(
        [sys._base_executable, str(copy), "run"],
        capture_output=True,
        text=True,
        env={**os.environ, **OFFLINE},
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("HEART console: The installer uv could not be fetched")
    assert done.stderr.count("\n") == 1


def test_an_environment_from_this_lock_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "built-from")
    assert not bootstrap.is_built("run")
    bootstrap.STAMP.write_text(bootstrap.stamp("all"))
    assert bootstrap.is_built("run")
    assert bootstrap.is_built("all")
    bootstrap.STAMP.write_text(bootstrap.stamp("run"))
    assert bootstrap.is_built("run")
    assert not bootstrap.is_built("all")
    bootstrap.STAMP.write_text("another lock run\n")
    assert not bootstrap.is_built("run")


def test_the_installer_is_pinned_by_hash() -> None:
    lines = bootstrap.UV_PINNED.read_text().splitlines()
    assert bootstrap.pinned_uv()[0].isdecimal()
    assert sum("--hash=sha256:" in line for line in lines) > 10
