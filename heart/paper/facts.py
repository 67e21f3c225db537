from heart.journal.facts import Fact, fact


@fact("paper_pack.printed", "printed paper cards {first} to {last}")
class PaperPackPrinted(Fact):
    """Numbers were given to blank call cards; no later print has them."""

    paper_pack_id: int
    first: str
    last: str


@fact("call.caught_up", "entered the paper call {paper}")
class CallCaughtUp(Fact):
    """A call that was taken on paper: it happened when the card says, it was recorded later.

    Its effects are the whole way that its rows went on paper. ``served`` and ``reason_code`` are as
    in ``call.closed``, empty while the call goes on.
    """

    paper: str
    note_id: int | None
    decision_id: int | None
    route: str | None
    level: int | None
    rule: str | None
    rule_set: int | None
    run_id: int | None
    unit_id: int | None
    unit: str | None
    served: str | None
    reason_code: str | None
    consent: str | None
    followup_id: int | None
