"""The ordinary account that PostgreSQL runs under when we are root, which it refuses to be."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from heart.runner.failed import Failed

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


def unprivileged(home: Path) -> Account | None:
    """None: run as ourselves. As root: the folder's owner, else an existing ordinary account."""
    if os.geteuid() != 0:
        return None
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Failed(
        "PostgreSQL refuses to run as root and there is no account "
        f"{' or '.join(CANDIDATES)}: run as an ordinary user, or set DATABASE_URL."
    )


def open_folder(candidates: Iterable[Path]) -> Path:
    """The first folder where we may write and the account of PostgreSQL may walk in."""
    for folder in candidates:
        account = unprivileged(folder)
        if os.access(folder, os.W_OK) and (account is None or reachable(folder, account)):
            return folder
    raise Failed("Found no folder for PostgreSQL's data: set DATABASE_URL.")


def reachable(path: Path, account: Account) -> bool:
    """Whether the account can walk to a folder and into it, or to a program and run it."""
    path = path.resolve()
    return all(_grants_execute(one, account) for one in (path, *path.parents))


def _grants_execute(path: Path, account: Account) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def give_all(top: Path, account: Account | None) -> None:
    """The folder and everything in it."""
    for folder, folders, files in os.walk(top):
        give(Path(folder), account)
        for name in folders + files:
            give(Path(folder, name), account)
