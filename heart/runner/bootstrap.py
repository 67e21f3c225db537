"""Build .venv from uv.lock with nothing but Python's standard library; run by path.

usage: bootstrap.py [run | all]      "run" leaves out what only tests and checks need
"""

# Readable by any Python 3, so that an old one gets a sentence and not a traceback.
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

Done = subprocess.CompletedProcess
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "uv" / "bin" / "uv"  # beside the packages, so that a sync does not remove it
UV_PINNED = Path(__file__).with_name("uv.txt")
STAMP = VENV / "built-from"


def main(wanted: str) -> None:
    began = time.monotonic()
    use_new_enough_python()
    wanted = "all" if has_everything() else wanted
    if not is_built(wanted):
        print("  environment         building .venv from uv.lock ...", flush=True)
        create_venv()
        install_uv()
        sync(wanted)
        STAMP.write_text(stamp(wanted))
    print(f"  environment    {time.monotonic() - began:6.1f} s", flush=True)


def use_new_enough_python() -> None:
    if sys.version_info >= OLDEST:
        return
    for newer in filter(None, map(shutil.which, NEWER)):
        os.execv(newer, [newer, *sys.argv])
    have = ".".join(map(str, sys.version_info[:3]))
    give_up(f"Python 3.11 or newer is needed, and python3 here is {have}.")


def is_built(wanted: str) -> bool:
    """Whether .venv came from this very uv.lock; one with everything also serves "run"."""
    if not PYTHON.exists() or not STAMP.exists():
        return False
    return STAMP.read_text() in (stamp("all"), stamp(wanted))


def has_everything() -> bool:
    """Whether tests have used .venv, or a developer made it: then `make run` takes nothing away."""
    return PYTHON.exists() and not (STAMP.exists() and STAMP.read_text().endswith(" run\n"))


def stamp(wanted: str) -> str:
    return f"{hashlib.sha256((ROOT / 'uv.lock').read_bytes()).hexdigest()} {wanted}\n"


def create_venv() -> None:
    if PYTHON.exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import venv  # noqa: PLC0415  # some distributions leave it out
    except ImportError:
        give_up("Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv")
    venv.create(VENV, symlinks=True)


def install_uv() -> None:
    if UV.exists() and pinned_uv() in run([str(UV), "--version"]).stdout:
        return
    command = [*find_pip(), "install", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", f"--requirement={UV_PINNED}", "--upgrade"]
    done = run([*command, f"--target={UV.parent.parent}", "--retries=2"])
    if done.returncode != 0:
        give_up(f"The installer uv could not be fetched (is there a network?): {reason(done)}")


def pinned_uv() -> str:
    return UV_PINNED.read_text().partition("uv==")[2].split()[0]


def find_pip() -> "list[str]":
    """pip of this Python, else the one that Python carries inside."""
    for python in (sys.executable, str(PYTHON)):
        if run([python, "-m", "pip", "--version"]).returncode == 0:
            return [python, "-m", "pip"]
    if run([str(PYTHON), "-m", "ensurepip"]).returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    return give_up("Python's pip is missing; on Debian or Ubuntu: apt install python3-venv")


def sync(wanted: str) -> None:
    """What uv.lock names, each file checked against its hash there."""
    command = [str(UV), "sync", "--frozen", f"--python={PYTHON}", "--no-python-downloads"]
    # What only the tests need stays, so that a run beside them takes nothing away.
    command += [] if wanted == "all" else ["--no-dev", "--inexact"]
    command += [] if os.access(Path.home(), os.W_OK) else ["--no-cache"]
    ignored = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    environment = {key: value for key, value in os.environ.items() if key not in ignored}
    done = run(command, environment, show=sys.stderr.isatty())
    if done.returncode != 0:
        give_up(f"The packages of uv.lock could not be installed: {reason(done)}")


def run(
    command: "list[str]", environment: "dict[str, str] | None" = None, show: bool = False
) -> "Done[str]":
    """Quietly, unless a person wants to see the progress."""
    output = None if show else subprocess.PIPE
    return subprocess.run(
        command, stdout=output, stderr=output, text=True, check=False, cwd=ROOT, env=environment
    )


def reason(done: "Done[str]") -> str:
    lines = [line.strip() for line in (done.stderr or "").splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "× ", "caused by"))]
    return " ".join((errors or lines)[-1:]) or "see above"


def give_up(sentence: str) -> NoReturn:
    sys.exit(f"HEART console: {sentence}")


if __name__ == "__main__":
    main(*sys.argv[1:])
