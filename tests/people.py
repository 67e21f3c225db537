"""The people of the demo city by their first names, so that tests read as a story."""

from dataclasses import dataclass

from heart.accounts.models import User


@dataclass(frozen=True, slots=True)
class People:
    """One person per role, and the second ones that races and agreements need."""

    rosa: User
    """takes calls"""
    dev: User
    """dispatches"""
    noor: User
    """is the clinician at the desk"""
    imani: User
    """is on the street team CRT1"""
    ana: User
    """is the care navigator"""
    sam: User
    """supervises"""
    maya: User
    """is the second supervisor, who approves what Sam wrote"""
    kai: User
    """administers"""
    lena: User
    """is the second clinician"""
    omar: User
    """is the second dispatcher"""

    @classmethod
    def present(cls) -> "People":
        """Everybody, as they stand in the database now."""
        names = cls.__dataclass_fields__
        found = {user.first_name.lower(): user for user in User.objects.all()}
        return cls(**{name: found[name] for name in names})

    def by_role(self) -> dict[str, User]:
        """One person for each role."""
        first = (self.rosa, self.dev, self.noor, self.imani, self.ana, self.sam, self.kai)
        return {user.role: user for user in first}
