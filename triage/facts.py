from heart.journal.facts import Fact, fact


@fact("call.received", "received the call: {route} at level {level} by {rule}")
class CallReceived(Fact):
    """A call came in whole, from another system, with or without triage answers."""

    route: str | None
    added: list[str]
    level: int | None
    rule: str | None
    decision_id: int | None


@fact("call.imported", "imported the call from history")
class CallImported(Fact):
    """A historical call was loaded; it was never on the board."""


@fact("decision.made", "changed {columns} and decided {route} at level {level} by {rule}")
class DecisionMade(Fact):
    """Answers or nature changed and the rules were asked again."""

    decision_id: int
    columns: list[str]
    route: str
    added: list[str]
    level: int
    rule: str
    rule_set: int
    is_held: bool


@fact("decision.raised", "raised the level to {level}")
class LevelRaised(Fact):
    """A person raised the level of a call."""

    decision_id: int
    level: int


@fact("decision.overridden", "chose {route} instead of {instead_of}")
class RouteChosen(Fact):
    """A person chose the route; the reason is on the decision."""

    decision_id: int
    route: str
    instead_of: str
    level: int


@fact("decision.help_asked", "asked for {route} now: level {level}")
class HelpAsked(Fact):
    """Help was asked for during a contact, on top of what was decided."""

    decision_id: int
    route: str
    level: int


@fact("lowering.asked", "asked to lower to {route} at level {level}")
class LoweringAsked(Fact):
    """Somebody asks to lower a level 3 or 4 call; a clinician has to agree."""

    lowering_id: int
    route: str
    level: int


@fact("lowering.agreed", "agreed: now {route} at level {level}")
class LoweringAgreed(Fact):
    lowering_id: int
    decision_id: int
    route: str
    level: int


@fact("lowering.refused", "refused to lower the call")
class LoweringRefused(Fact):
    lowering_id: int


@fact("consult.accepted", "accepted the call at the clinician's desk")
class ConsultAccepted(Fact):
    consult_id: int
    clinician_id: int


@fact("consult.ended", "ended at the clinician's desk: {outcome}")
class ConsultEnded(Fact):
    """The clinician is done; ``outcome`` says how, a decision says where the call goes next."""

    consult_id: int
    outcome: str
    decision_id: int | None


@fact("note.written", "wrote a clinical note")
class ClinicalNoteWritten(Fact):
    """A clinical note was added; only clinical roles can read it."""

    note_id: int


@fact("assessment.expired", "the clarifying pass is over: {route} at level {level}")
class ClarifyingOver(Fact):
    """Ninety seconds passed and weapon or violence is still unknown."""

    assessment_id: int
    decision_id: int
    route: str
    level: int


@fact("assessment.line_lost", "lost the line: {route} at level {level}")
class LineLost(Fact):
    """The line broke; the call is to be called back, and the last answers still count."""

    assessment_id: int
    decision_id: int
    route: str
    level: int


@fact("rule_set.drafted", "began version {version} of the rules from version {based_on}")
class RuleSetDrafted(Fact):
    """A draft was begun as a copy; it decides nothing."""

    rule_set_id: int
    version: int
    based_on: int


@fact("rule_set.imported", "imported version {version} of the rules as a draft")
class RuleSetImported(Fact):
    """A file of questions, rules, targets and fallback chain became a draft; it decides nothing."""

    rule_set_id: int
    version: int


@fact("rule_set.edited", "edited version {version} of the rules: {what}")
class RuleSetEdited(Fact):
    """A draft was changed; ``what`` names the rule, question or part."""

    rule_set_id: int
    version: int
    revision: int
    what: str


@fact("rule_set.submitted", "put version {version} of the rules into review")
class RuleSetSubmitted(Fact):
    """A draft was proven and frozen; somebody else has to approve it."""

    rule_set_id: int
    version: int


@fact("rule_set.withdrawn", "withdrew version {version} of the rules")
class RuleSetWithdrawn(Fact):
    """A version that never counted was given up; the reason is on the version."""

    rule_set_id: int
    version: int


@fact("rule_set.approved", "approved version {version} of the rules: now in shadow")
class RuleSetApproved(Fact):
    """A second person approved a version; it runs beside the active one and decides nothing."""

    rule_set_id: int
    version: int


@fact("rule_set.scheduled", "set version {version} of the rules to count from {active_from}")
class RuleSetScheduled(Fact):
    """A version in shadow comes into force by itself at this time, in ISO 8601."""

    rule_set_id: int
    version: int
    active_from: str


@fact("rule_set.activated", "activated version {version} of the rules")
class RuleSetActivated(Fact):
    """A version of questions, rules, targets and fallback chain came into force."""

    rule_set_id: int
    version: int
    instead_of: int | None


@fact("rule_set.returned", "returned to version {version} of the rules instead of {instead_of}")
class RuleSetReturned(Fact):
    """An earlier version came into force again."""

    rule_set_id: int
    version: int
    instead_of: int


@fact("scenario.kept", "kept a scenario for the rules: {route} at level {level}")
class ScenarioKept(Fact):
    """A call that was thought through became a test that every version has to pass."""

    scenario_id: int
    route: str
    level: int


@fact("scenario.left_out", "left a scenario for the rules out")
class ScenarioLeftOut(Fact):
    """A scenario of the agency is no test any more."""

    scenario_id: int
