from heart.journal.facts import Fact, fact


@fact("call.taken", "began to take the call")
class CallTaken(Fact):
    """The first field of the form was filled: the call exists from here on."""


@fact("call.edited", "changed {columns}")
class CallEdited(Fact):
    """Fields of the call changed; ``columns`` names them, never their values."""

    columns: list[str]


@fact("call.noted", "added a note")
class CallNoted(Fact):
    """A note was added to the narrative."""

    note_id: int


@fact("call.released", "finished taking the call")
class CallReleased(Fact):
    """The call-taker left the line; the call goes on without them."""


@fact("premise_note.written", "wrote a note about the place: {kind}")
class PremiseNoteWritten(Fact):
    premise_note_id: int
    kind: str


@fact("premise_note.withdrawn", "withdrew a note about the place: {kind}")
class PremiseNoteWithdrawn(Fact):
    """The note stays readable, struck; it counts no more."""

    premise_note_id: int
    kind: str


@fact("neighbor.added", "made a card for the person the call is about")
class NeighborAdded(Fact):
    neighbor_id: int


@fact("neighbor.named", "said who the call is about")
class NeighborNamed(Fact):
    neighbor_id: int


@fact("neighbor.unnamed", "took back who the call is about")
class NeighborUnnamed(Fact):
    """``neighbor_id`` is who it was said to be about before."""

    neighbor_id: int


@fact("care_plan.written", "wrote the care plan of the person the call is about")
class CarePlanWritten(Fact):
    care_plan_id: int
    neighbor_id: int
