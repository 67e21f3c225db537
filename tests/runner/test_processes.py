"""The keeper: what dies is started again, what ends leaves nothing."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from heart.runner.failed import Failed
from heart.runner.processes import Keeper, Program

SLEEPS = "import time; print('awake', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPS
WITH_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}])"


def program(code: str, name: str = "one", **more: float) -> Program:
    return Program(name, (sys.executable, "-c", code), stop_within=more.get("stop_within", 5))


def is_gone(pid: int) -> bool:
    """Also when whoever adopted it has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def group(leader: int) -> list[int]:
    stats = [file.read_text() for file in Path("/proc").glob("[0-9]*/stat") if file.exists()]
    fields = [(stat.split()[0], *stat.rpartition(")")[2].split()) for stat in stats]
    return [int(pid) for pid, state, _, pgrp, *_ in fields if int(pgrp) == leader and state != "Z"]


def test_what_is_killed_is_started_again(tmp_path: Path) -> None:
    with Keeper(tmp_path) as keeper:
        keeper.start(program(SLEEPS))
        keeper.wait("one", lambda: keeper.says("one", "awake"), 10)
        first = keeper.running["one"].process
        first.kill()
        first.wait()
        assert keeper.revive() == ["one"]
        assert keeper.revive() == []
        time.sleep(0.15)
        keeper.revive()
        assert keeper.running["one"].process.poll() is None
        assert keeper.running["one"].process.pid != first.pid


def test_what_dies_young_again_and_again_is_held_back(tmp_path: Path) -> None:
    with Keeper(tmp_path) as keeper:
        keeper.start(program("raise SystemExit(1)"))
        pauses = []
        while len(pauses) < 3:
            if keeper.revive():
                pauses.append(keeper.running["one"].pause)
            time.sleep(0.01)
        assert pauses == [0.1, 0.2, 0.4]


def test_a_stubborn_program_is_killed_in_the_end(tmp_path: Path) -> None:
    with Keeper(tmp_path) as keeper:
        keeper.start(program(STUBBORN, stop_within=0.2))
        keeper.wait("one", lambda: keeper.says("one", "awake"), 10)
        process = keeper.running["one"].process
    assert process.returncode == -signal.SIGKILL


def test_children_of_a_dead_program_do_not_stay(tmp_path: Path) -> None:
    with Keeper(tmp_path) as keeper:
        keeper.start(program(WITH_CHILD))
        deadline = time.monotonic() + 20
        while not keeper.says("one", "awake") and time.monotonic() < deadline:
            time.sleep(0.02)  # not by waiting for the program, which has stopped by now
        leader = keeper.running["one"].process.pid
        assert group(leader)
    deadline = time.monotonic() + 5
    while group(leader) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert group(leader) == []


def test_a_program_that_stops_while_awaited_shows_its_last_words(tmp_path: Path) -> None:
    with Keeper(tmp_path) as keeper:
        keeper.start(program("print('no such table'); raise SystemExit(3)"))
        with pytest.raises(Failed, match=r"one stopped with code 3\.\n.*\n    no such table"):
            keeper.wait("one", lambda: False, 10)


def test_a_step_that_fails_shows_its_last_words(tmp_path: Path) -> None:
    with (
        Keeper(tmp_path) as keeper,
        pytest.raises(Failed, match=r"one ended with code 1\.\n.*\n    no such table"),
    ):
        keeper.run(program("raise SystemExit('no such table')"))


def test_a_step_that_ends_well_is_forgotten(tmp_path: Path) -> None:
    with Keeper(tmp_path) as keeper:
        keeper.run(program("print('done')"))
        assert keeper.running == {}
        assert keeper.log("one").read_text() == "done\n"


def test_the_log_of_the_run_before_stays_beside(tmp_path: Path) -> None:
    for word in ("first", "second"):
        with Keeper(tmp_path) as keeper:
            keeper.run(program(f"print({word!r})"))
    assert (tmp_path / "one.log").read_text() == "second\n"
    assert (tmp_path / "one.before.log").read_text() == "first\n"


def test_a_killed_keeper_takes_its_programs_along(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    keeping = os.fork()
    if keeping == 0:
        keeper = Keeper(tmp_path)
        keeper.start(program(SLEEPS))
        keeper.wait("one", lambda: keeper.says("one", "awake"), 10)
        os.write(writer, str(keeper.running["one"].process.pid).encode())
        time.sleep(600)
    kept = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    os.kill(keeping, signal.SIGKILL)
    os.waitpid(keeping, 0)
    deadline = time.monotonic() + 5
    while not is_gone(kept) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert is_gone(kept)
