"""Who did something, as the journal keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through what: ``source`` is console, api, phone, import, demo or clock."""

    id: int | None
    name: str
    source: str

    @property
    def person_id(self) -> int:
        """The person's id; raises ValueError where the clock or an import cannot stand in for one."""
        if self.id is None:
            raise ValueError(f"{self.name} is not a person")
        return self.id
