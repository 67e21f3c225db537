"""Health checks of containers: exits 0 when an address answers.

usage: python -m heart.runner.probe http://HOST:PORT/PATH | HOST:PORT
"""

import socket
import sys
import urllib.request

PATIENCE = 5.0  # seconds


def answers(url: str) -> bool:
    """Whether it says 200; asked as `localhost`, a name that settings always allow."""
    request = urllib.request.Request(url, headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError:
        return False
    return True


def main(target: str) -> int:
    host, _, port = target.rpartition(":")
    up = answers(target) if target.startswith("http:") else listens(host, int(port))
    return 0 if up else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
