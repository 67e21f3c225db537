from heart.journal.facts import Fact, fact


@fact("replay.requested", "asked for a replay of version {versions} over {calls} calls")
class ReplayRequested(Fact):
    """Somebody wants to know what one or two versions would have decided; nothing live changes."""

    replay_id: int
    versions: list[int]
    calls: int


@fact("replay.started", "began to replay the rules")
class ReplayStarted(Fact):
    replay_id: int


@fact("replay.finished", "replayed {calls} calls")
class ReplayFinished(Fact):
    replay_id: int
    calls: int


@fact("replay.cancelled", "stopped the replay after {calls} calls")
class ReplayCancelled(Fact):
    replay_id: int
    calls: int


@fact("replay.failed", "could not replay the rules")
class ReplayFailed(Fact):
    """The replay stopped by itself; why is on its row."""

    replay_id: int


@fact("replay.listed", "read the list of {calls} calls that two versions part")
class FlipsListed(Fact):
    """The flipped calls of a replay were read, on the screen or as a file."""

    replay_id: int
    calls: int
