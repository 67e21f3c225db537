from heart.journal.facts import Fact, fact


@fact("record.read", "opened {what} ({screen})")
class RecordRead(Fact):
    """A person's or clinical record was opened; ``what`` names the record, ``screen`` the place."""

    what: str
    screen: str
    record_id: int


@fact("reference.changed", "changed {model} {reference_id}: {columns}")
class ReferenceChanged(Fact):
    """Reference data was edited in the admin panel; ``columns`` names what, never the values."""

    model: str
    reference_id: int
    columns: list[str]
