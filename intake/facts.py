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
