"""Where the data goes, and servers that somebody else provides."""

import os
from pathlib import Path

import pytest

from heart.runner import stores
from heart.runner.accounts import Account, reachable
from heart.runner.failed import Failed
from heart.runner.processes import Keeper
from heart.runner.servers import embedded, throwaway_folder
from heart.runner.state import State

STRANGER = Account(uid=65534, gid=65534)


def test_data_stays_inside_the_repository_where_the_account_gets_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with throwaway_folder() as folder:
        monkeypatch.setattr(stores, "VAR", folder)
        state = State(folder / "state.json")
        assert stores._home_of_data(state) == folder / "postgres"
        assert state.values == {}


def test_data_below_a_closed_folder_goes_outside_and_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As root below a 0700 home; an ordinary user is not concerned."""
    with throwaway_folder() as folder:
        (folder / "closed" / "var").mkdir(parents=True)
        (folder / "closed").chmod(0o700)
        (folder / "open").mkdir(mode=0o755)
        monkeypatch.setattr(stores, "VAR", folder / "closed" / "var")
        monkeypatch.setattr(stores, "OUTSIDE", (folder / "open",))
        monkeypatch.setattr(stores, "unprivileged", lambda _: STRANGER)
        state = State(folder / "state.json")
        home = stores._home_of_data(state)
        assert home.parent == folder / "open"
        assert stores._home_of_data(State(folder / "state.json")) == home


def test_what_is_reachable_depends_on_every_folder_above(tmp_path: Path) -> None:
    owner = Account(os.getuid(), os.getgid())
    with throwaway_folder() as folder:
        inner = folder / "a" / "b"
        inner.mkdir(parents=True, mode=0o755)
        (folder / "a").chmod(0o755)
        assert reachable(inner, STRANGER)
        (folder / "a").chmod(0o700)
        assert not reachable(inner, STRANGER)
        assert reachable(inner, owner)


def test_servers_that_are_given_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedded(tmp_path) as urls, Keeper(tmp_path) as keeper:
        monkeypatch.setenv("DATABASE_URL", urls.database_url or "")
        monkeypatch.setenv("REDIS_URL", urls.redis_url or "")
        state = State(tmp_path / "state.json")
        assert stores.database(keeper, state) == urls.database_url
        assert stores.broker(keeper, state) == urls.redis_url
        assert keeper.running == {}


@pytest.mark.parametrize(
    ("variable", "store", "url"),
    [
        ("DATABASE_URL", stores.database, "postgres://heart:secret@127.0.0.1:1/heart"),
        ("REDIS_URL", stores.broker, "redis://:secret@127.0.0.1:1/0"),
    ],
)
def test_given_servers_that_do_not_answer_are_named_without_their_password(
    variable: str, store: object, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, url)
    with pytest.raises(Failed, match=rf"^{variable} \(127\.0\.0\.1:1\): ") as failed:
        store(Keeper(tmp_path), State(tmp_path / "state.json"))  # type: ignore[operator]  # one of two
    assert "secret" not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_state_is_for_our_eyes_and_outlives_us(tmp_path: Path) -> None:
    state = State(tmp_path / "state.json")
    assert state.get("word", lambda: "first") == "first"
    assert state.get("word", lambda: "second") == "first"
    state.put("word", "third")
    assert State(tmp_path / "state.json").values == {"word": "third"}
    assert state.file.stat().st_mode & 0o077 == 0
