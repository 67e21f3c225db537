"""Become another program that cannot outlive its parent; run by path, before any package exists.

usage: child.py PARENT_PID SIGNAL UID GID PROGRAM [ARGUMENT ...]
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def become(parent: int, stop_signal: int, uid: int, gid: int, command: list[str]) -> None:
    if os.geteuid() == 0 and uid != 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after setuid, which clears it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop_signal)
    if os.getppid() != parent:  # it died before the line above
        sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    parent, stop_signal, uid, gid = map(int, sys.argv[1:5])
    become(parent, stop_signal, uid, gid, command=sys.argv[5:])
