"""What must be the same at the next start: ports, passwords, places. Readable by us alone."""

import json
import os
from collections.abc import Callable
from pathlib import Path


class State:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.values: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def get(self, key: str, make: Callable[[], str]) -> str:
        """What was stored, else made now and stored."""
        if key not in self.values:
            self.put(key, make())
        return self.values[key]

    def put(self, key: str, value: str) -> None:
        self.values[key] = value
        fresh = self.file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(self.values, out, indent=2)
        fresh.replace(self.file)
