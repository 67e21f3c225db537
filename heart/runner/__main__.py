"""`make run`: everything from an empty folder to a signed-in board, until Ctrl-C."""

import ctypes
import fcntl
import os
import secrets
import signal
import sys
import time
from functools import partial
from typing import NoReturn, TextIO

from heart.runner import programs, static_files, stores
from heart.runner.child import PR_SET_PDEATHSIG
from heart.runner.env import VAR, running_environment
from heart.runner.failed import Failed
from heart.runner.ports import LOOPBACK, can_bind, free_port
from heart.runner.probe import answers, listens
from heart.runner.processes import Keeper
from heart.runner.report import say, step
from heart.runner.state import State

SIGN_INS = {
    "calltaker": "takes the calls",
    "dispatcher": "sends the teams",
    "clinician": "answers the clinician queue",
    "team": "is on the street team",
    "navigator": "follows up after 48 hours",
    "supervisor": "sees everything, admin panel, writes the triage rules",
    "supervisor2": "approves rules that the other one wrote",
    "admin": "administers accounts and reference data",
}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def main() -> None:
    end_on_signals()
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        with only_one_here(), Keeper(VAR / "log") as servers, Keeper(VAR / "log") as processes:
            addresses = front_door()
            env = start_servers(servers, State(VAR / "state.json"))
            with running_environment(env):
                with static_files.alone():
                    prepare(processes, env)
                start_processes(processes, addresses, env)
                welcome(addresses, env)
                watch(servers, processes)
    except Failed as failed:
        sys.exit(f"HEART console: {failed}")
    except PermissionError as error:
        sys.exit(f"HEART console: {error.filename}: permission denied; whose folder is it?")


def end_on_signals() -> None:
    """Ctrl-C, TERM and a closed terminal leave through the ordinary exit, once."""
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(*_: object) -> NoReturn:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        say("\nStopping; the data stays.")
        sys.exit(0)

    for name in names:
        signal.signal(name, end)
    if "MAKELEVEL" in os.environ and sys.platform == "linux":  # make killed: end as well
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def only_one_here() -> TextIO:
    """Hold var/lock, or say who does."""
    lock = (VAR / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise Failed(f"already running from this folder, as process {lock.read()}.") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def front_door() -> programs.Addresses:
    given = os.environ.get("PORT") or "8000"
    if not (given.isdecimal() and 0 < int(given) < 65536):
        raise Failed(f"PORT={given} is not a port number.")
    port = int(given)
    hosts = tuple(os.environ.get("HEART_BIND", LOOPBACK).split())
    if not all(can_bind(port, host) for host in hosts):
        raise Failed(f"port {port} is taken; choose another one: make run PORT={port + 1}")
    return programs.Addresses(hosts, port, web=free_port(), live=free_port())


def start_servers(keeper: Keeper, state: State) -> dict[str, str]:
    """The environment for everything that follows."""
    with step("PostgreSQL"):
        database_url = stores.database(keeper, state)
    with step("Redis"):
        redis_url = stores.broker(keeper, state)
    if given := os.environ.get("HEART_DEMO_PASSWORD"):
        state.put("demo_password", given)
    return programs.environment(
        programs.Secrets(
            database_url,
            redis_url,
            os.environ.get("SECRET_KEY")
            or state.get("secret_key", partial(secrets.token_hex, 32)),
            state.get("demo_password", readable_password),
            os.environ.get("HEART_PUSH_PRIVATE_KEY")
            or state.get("push_key", partial(secrets.token_urlsafe, 32)),
        )
    )


def prepare(keeper: Keeper, env: dict[str, str]) -> None:
    collecting = not static_files.are_current()
    if collecting:  # compresses for many seconds, and needs no database
        keeper.start(programs.manage("static", "collectstatic", "--noinput", env=env))
    with step("migrate"):
        keeper.run(programs.manage("migrate", "migrate", "--noinput", env=env))
    with step("demo city"):
        keeper.run(programs.manage("seed", "seed_demo", env=env))
    with step("static files"):
        if collecting:
            keeper.finish("static")
            static_files.mark_current()


def start_processes(keeper: Keeper, addresses: programs.Addresses, env: dict[str, str]) -> None:
    """All at once, because each spends its first seconds importing; then each is waited for."""
    ready = {
        programs.web(addresses, env): partial(
            answers, f"http://{LOOPBACK}:{addresses.web}/healthz"
        ),
        programs.live(addresses, env): partial(listens, LOOPBACK, addresses.live),
        programs.worker(env): partial(keeper.says, "worker", " ready."),
        programs.beat(env): partial(keeper.says, "beat", "beat: Starting"),
        programs.clock(env): partial(keeper.says, "clock", "watching"),
        programs.front(addresses): partial(
            answers, f"http://{addresses.front_hosts[0]}:{addresses.front}/readyz"
        ),
    }
    for program in ready:
        keeper.start(program)
    for program, check in ready.items():
        with step("front door" if program.name == "front" else program.name):
            keeper.wait(program.name, check, programs.BOOT_LIMIT)


def welcome(addresses: programs.Addresses, env: dict[str, str]) -> None:
    say(f"\nHEART console is ready: {addresses.for_people}\n")
    say(f"Sign in with the password {env['HEART_DEMO_PASSWORD']} as")
    for username, does in SIGN_INS.items():
        say(f"  {username:<11} {does}")
    say("\nThe city, its people and its calls are made up. Ctrl-C stops everything.")


def watch(*keepers: Keeper) -> NoReturn:
    while True:
        for keeper in keepers:
            for name in keeper.revive():
                say(f"{name} has died; starting it again (log: {keeper.log(name)})")
        time.sleep(0.1)


def readable_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


if __name__ == "__main__":
    main()
