"""The database and the broker: those the environment names, else servers of our own in var/."""

import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

from heart.runner.accounts import open_folder, reachable, unprivileged
from heart.runner.env import VAR
from heart.runner.failed import Failed
from heart.runner.ports import free_port
from heart.runner.postgres import Postgres
from heart.runner.processes import Keeper
from heart.runner.state import State
from heart.runner.valkey import Valkey

# Where root's PostgreSQL keeps its data when var/ is below a folder closed to other accounts.
OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))


def database(keeper: Keeper, state: State) -> str:
    """The address of a PostgreSQL that has answered."""
    if given := os.environ.get("DATABASE_URL"):
        try:
            psycopg2.connect(given, connect_timeout=5).close()
        except psycopg2.Error as error:
            raise Failed(f"DATABASE_URL ({_where(given)}): {_first_line(error)}") from None
        return given
    server = Postgres.at(
        _home_of_data(state),
        password=state.get("postgres_password", _password),
        port=_port(state, "postgres_port"),
    )
    server.start(keeper)
    state.put("postgres_port", str(server.port))
    return server.url()


def broker(keeper: Keeper, state: State) -> str:
    """The address of a Redis or Valkey that has answered."""
    if given := os.environ.get("REDIS_URL"):
        try:
            redis.Redis.from_url(given, socket_timeout=5, socket_connect_timeout=5).ping()
        except (redis.RedisError, ValueError) as error:
            raise Failed(f"REDIS_URL ({_where(given)}): {_first_line(error)}") from None
        return given
    server = Valkey(
        VAR / "valkey",
        password=state.get("valkey_password", _password),
        port=_port(state, "valkey_port"),
    )
    server.start(keeper)
    state.put("valkey_port", str(server.port))
    return server.url()


def _home_of_data(state: State) -> Path:
    """Where the data is, else where it can be: inside var/ if PostgreSQL's account gets there."""
    inside = VAR / "postgres"
    outside = state.values.get("postgres_home")
    if outside and Path(outside).exists():
        return Path(outside)
    account = unprivileged(inside)
    if account is None or reachable(VAR, account):
        return inside
    if inside.exists():
        raise Failed(f"The account that owns {inside} cannot reach it; open the folders above it.")
    home = tempfile.mkdtemp(prefix="heart-console-", dir=open_folder(OUTSIDE))
    state.put("postgres_home", home)
    return Path(home)


def _port(state: State, key: str) -> int:
    return int(state.get(key, lambda: str(free_port())))


def _password() -> str:
    return secrets.token_hex(16)


def _where(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or 'a socket'}:{parts.port or 'default port'}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
