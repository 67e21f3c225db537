"""The throw-away servers: real ones, safe settings, nothing left behind."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from heart.runner import servers
from heart.runner.accounts import open_folder
from heart.runner.failed import Failed
from heart.runner.postgres import Postgres
from heart.runner.processes import Keeper
from heart.runner.servers import embedded

BASE = Path("/var/tmp")
LEFT_ALONE = """
import sys, time
from pathlib import Path
from heart.runner.servers import embedded
with embedded(Path(sys.argv[1])) as urls:
    print(urls.database_url, urls.redis_url, flush=True)
    time.sleep(600)
"""


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == [(1,)]
    except psycopg2.OperationalError:
        return False


def soon(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder for data that PostgreSQL's account can reach, also when the tests run as root."""
    folder = open_folder((tmp_path, BASE)) / f"heart-test-{secrets.token_hex(4)}"
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_both_servers_answer_and_what_is_answered_is_on_disk(tmp_path: Path) -> None:
    with embedded(tmp_path) as urls:
        assert urls.database_url is not None
        assert urls.redis_url is not None
        settings = ask(
            urls.database_url,
            "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes',"
            " 'listen_addresses', 'max_connections', 'synchronous_commit') ORDER BY 1",
        )
        assert settings == [
            ("fsync", "on"),
            ("full_page_writes", "on"),
            ("listen_addresses", "127.0.0.1"),
            ("max_connections", "200"),
            ("synchronous_commit", "on"),
        ]
        assert ask(urls.database_url, "SELECT lower('ÁÑÉ')") == [("áñé",)]
        assert redis.Redis.from_url(urls.redis_url).ping()
    assert not answers(urls.database_url)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(urls.redis_url).ping()


def test_the_server_s_log_holds_nothing_of_the_row_that_was_refused(tmp_path: Path) -> None:
    with embedded(tmp_path) as urls:
        assert urls.database_url is not None
        ask(urls.database_url, "CREATE TABLE call (said text CHECK (said = '')); SELECT 1")
        with pytest.raises(psycopg2.errors.CheckViolation):
            ask(urls.database_url, "INSERT INTO call VALUES ('555-0142 hurt') RETURNING 1")
        log = (tmp_path / "log" / "postgresql.log").read_text()

    assert "violates check constraint" in log
    assert "555-0142" not in log


def test_nobody_gets_in_without_the_password(tmp_path: Path) -> None:
    with embedded(tmp_path) as urls:
        assert urls.database_url is not None
        assert urls.redis_url is not None
        wrong = urlsplit(urls.database_url)._replace(
            netloc=f"heart:wrong@127.0.0.1:{urlsplit(urls.database_url).port}"
        )
        assert not answers(wrong.geturl())
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=urlsplit(urls.redis_url).port or 0).ping()


def test_a_killed_owner_takes_its_servers_along_and_its_folder_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", LEFT_ALONE, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    database_url, redis_url = owner.stdout.readline().split()
    assert answers(database_url)
    [(data,)] = ask(database_url, "SHOW data_directory")
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert soon(lambda: not answers(database_url))
    assert soon(lambda: not _accepts(redis_url))
    monkeypatch.setattr(servers, "SETTLED", 0)

    def is_swept() -> bool:  # not while its last process is still writing
        with embedded(tmp_path / "next", postgres=False):
            return not Path(str(data)).exists()

    assert soon(is_swept)


def test_rows_survive_kill_9_and_a_pid_file_that_names_a_stranger(
    tmp_path: Path, home: Path
) -> None:
    server = Postgres.at(home, "secret")
    with Keeper(tmp_path) as keeper:
        server.start(keeper)
        ask(server.url(), "CREATE TABLE kept AS SELECT 42 AS number")
        keeper.running["postgresql"].process.kill()
        keeper.running["postgresql"].process.wait()
        keeper.revive()
        assert soon(lambda: (keeper.revive(), answers(server.url()))[1])
        assert ask(server.url(), "SELECT number FROM kept") == [(42,)]
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    again = Postgres.at(home, "secret", server.port)
    with Keeper(tmp_path) as keeper:
        again.start(keeper)
        assert ask(again.url(), "SELECT number FROM kept") == [(42,)]


def test_a_server_left_over_is_ended_before_the_next_one(tmp_path: Path, home: Path) -> None:
    first, second = Postgres.at(home, "secret"), Postgres.at(home, "secret")
    with Keeper(tmp_path / "a") as one, Keeper(tmp_path / "b") as other:
        first.start(one)
        second.start(other)
        assert answers(second.url())
        assert not answers(first.url())


def test_never_as_root(tmp_path: Path, home: Path) -> None:
    server = Postgres.at(home, "secret")
    with Keeper(tmp_path) as keeper:
        server.start(keeper)
        assert server.data.stat().st_uid != 0


def test_data_of_another_major_version_is_refused_in_words(tmp_path: Path, home: Path) -> None:
    server = Postgres.at(home, "secret")
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("17\n")
    with Keeper(tmp_path) as keeper, pytest.raises(Failed, match=r"written by PostgreSQL 17"):
        server.start(keeper)


def test_a_taken_port_is_left_to_whoever_has_it(tmp_path: Path, home: Path) -> None:
    with embedded(tmp_path, postgres=False) as urls:
        taken = urlsplit(urls.redis_url or "").port
        server = Postgres.at(home, "secret", taken)
        with Keeper(tmp_path / "b") as keeper:
            server.start(keeper)
            assert server.port != taken
            assert answers(server.url())


def _accepts(redis_url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(redis_url).ping())
    except redis.ConnectionError:
        return False
