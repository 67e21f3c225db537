"""The table of processes that make up a running console."""

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from heart.runner.env import ROOT, VAR
from heart.runner.ports import LOOPBACK
from heart.runner.processes import Program

BIN = Path(sys.executable).parent
BOOT_LIMIT = 90.0  # seconds; five processes import at once, also on a slow machine


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the processes listen: the front door for people, the others for the front door."""

    front_hosts: tuple[str, ...]
    front: int
    web: int
    live: int

    @property
    def for_people(self) -> str:
        return f"http://localhost:{self.front}"


@dataclass(frozen=True, slots=True)
class Secrets:
    database_url: str
    redis_url: str
    secret_key: str
    demo_password: str
    push_key: str


def environment(secrets: Secrets) -> dict[str, str]:
    """What settings read; whatever the caller has set already wins."""
    hosts = ("localhost", LOOPBACK, "[::1]", socket.gethostname())
    return {
        "DATABASE_URL": secrets.database_url,
        "REDIS_URL": secrets.redis_url,
        "SECRET_KEY": secrets.secret_key,
        "HEART_DEMO_PASSWORD": secrets.demo_password,
        "HEART_PUSH_PRIVATE_KEY": secrets.push_key,
        "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS", ",".join(hosts)),
        # The front door speaks plain http to this machine; browsers drop Secure cookies there.
        "HEART_SECURE_COOKIES": os.environ.get("HEART_SECURE_COOKIES", "false"),
    }


def manage(name: str, *arguments: str, env: dict[str, str]) -> Program:
    return _program(name, sys.executable, str(ROOT / "manage.py"), *arguments, env=env)


def web(addresses: Addresses, env: dict[str, str]) -> Program:
    return _program(
        "web",
        f"{BIN}/gunicorn",
        "heart.wsgi",
        f"--bind={LOOPBACK}:{addresses.web}",
        "--worker-class=gthread",
        "--workers=2",
        "--threads=4",
        "--graceful-timeout=3",
        "--no-control-socket",
        env=env,
    )


def live(addresses: Addresses, env: dict[str, str]) -> Program:
    return _program(
        "live",
        f"{BIN}/uvicorn",
        "heart.asgi:application",
        f"--host={LOOPBACK}",
        f"--port={addresses.live}",
        "--ws=websockets-sansio",
        "--ws-per-message-deflate=false",
        "--ws-max-size=16384",
        "--log-level=warning",  # no addresses of sockets in the log
        "--timeout-graceful-shutdown=1",
        # Connections belong to threads, and an ASGI server changes threads all the time.
        env=env | {"HEART_CONN_MAX_AGE": "0"},
    )


def worker(env: dict[str, str]) -> Program:
    # Threads: a killed worker leaves no child processes behind.
    celery = (f"{BIN}/celery", "--app=heart", "worker", "--pool=threads", "--concurrency=2")
    return _program("worker", *celery, "--loglevel=INFO", "--without-mingle", env=env)


def beat(env: dict[str, str]) -> Program:
    celery = (f"{BIN}/celery", "--app=heart", "beat", "--loglevel=INFO")
    return _program("beat", *celery, f"--schedule={VAR}/beat-schedule", "--pidfile=", env=env)


def clock(env: dict[str, str]) -> Program:
    return manage("clock", "clock", env=env)


def front(addresses: Addresses) -> Program:
    return _program(
        "front",
        f"{BIN}/caddy",
        "run",
        f"--config={ROOT}/Caddyfile",
        "--adapter=caddyfile",
        env={
            "HEART_SITE": f"http://:{addresses.front}",
            "HEART_BIND": " ".join(addresses.front_hosts),
            "HEART_WEB": f"{LOOPBACK}:{addresses.web}",
            "HEART_LIVE": f"{LOOPBACK}:{addresses.live}",
            "XDG_DATA_HOME": str(VAR / "caddy"),
            "XDG_CONFIG_HOME": str(VAR / "caddy"),
            "HOME": str(VAR / "caddy"),
        },
    )


def _program(name: str, *command: str, env: dict[str, str]) -> Program:
    shared = {**os.environ, "DJANGO_SETTINGS_MODULE": "heart.settings", "PYTHONUNBUFFERED": "1"}
    return Program(name, command, environment=shared | env, directory=ROOT)
