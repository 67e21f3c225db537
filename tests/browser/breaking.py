"""How a supervisor could break each safety statement by changing one rule in the editor.

Every statement that a table can break is here, with the rule and what is done to it in its form.
"""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Locator

Gesture = Callable[[Locator], None]
"""What hands do in the form of a rule that is open."""


class Break(NamedTuple):
    rule: str
    does: Gesture


def route(unit: str, place: int = 0) -> Gesture:
    """Choose another route."""
    return lambda form: entry(form, "routes", place).locator("[data-value]").select_option(unit)


def level(number: int) -> Gesture:
    """Choose another level."""
    return lambda form: entry(form, "level", 0).locator("[data-value]").select_option(str(number))


def leave_out(part: str, place: int = 0) -> Gesture:
    """Press the cross beside a unit."""
    return lambda form: entry(form, part, place).locator("[data-does=remove-entry]").click()


def untick(value: str) -> Gesture:
    """Take one value out of a list in the condition of the rule."""
    return lambda form: form.locator(f"[data-part=when] input[value='{value}']").uncheck()


def instead(part: str, before: str, after: str) -> Gesture:
    """Choose another value in a condition."""

    def does(form: Locator) -> None:
        values = form.locator(f"[data-part={part}] [data-values] select").all()
        chosen = next(one for one in values if one.input_value() == before)
        chosen.select_option(after)

    return does


def leave_alternative_out(place: int) -> Gesture:
    """Press the crosses beside all conditions of one alternative."""

    def does(form: Locator) -> None:
        branch = form.locator("[data-part=when] [data-alternative]").nth(place)
        for cross in branch.locator("[data-does=remove-condition]").all()[::-1]:
            cross.click()

    return does


def adds_a_clinician_if(field: str, value: str) -> Gesture:
    """One more unit, with a condition."""

    def does(form: Locator) -> None:
        form.locator("[data-part=adds] [data-does=add-entry]").click()
        added = entry(form, "adds", 0)
        added.locator("[data-does=add-alternative]").click()
        only_if(added, field, value)

    return does


def lower_once_it_is_clarified(form: Locator) -> None:
    form.locator("[data-part=level] [data-does=add-entry]").click()
    first = entry(form, "level", 0)
    only_if(first, "clarified", "n")
    first.locator("[data-value]").select_option("3")
    entry(form, "level", 1).locator("[data-value]").select_option("2")


def only_if(added: Locator, field: str, value: str) -> None:
    added.locator("[data-field]").select_option(field)
    added.locator("[data-values] select").select_option(value)


def entry(form: Locator, part: str, place: int) -> Locator:
    return form.locator(f"[data-part={part}] [data-entry]").nth(place)


BREAKS: dict[str, Break] = {
    "weapon-in-hand-sends-police": Break("R04", route("COR")),
    "weapon-in-reach-sends-co-response": Break("R09", route("CCD")),
    "violence-now-sends-police": Break("R05", route("DISPATCHER")),
    "serious-medical-need-sends-ems": Break("R02", level(2)),
    "harm-now-sends-ems": Break("R03", level(2)),
    "person-down-sends-ems": Break("R02", leave_alternative_out(2)),
    "fire-sends-fire": Break("R01", route("DISPATCHER")),
    "deadly-place-sends-everybody": Break("R07", leave_out("adds")),
    "crime-sends-police": Break("R06", untick("dv")),
    "no-police-without-danger": Break("R20", route("POLICE", place=1)),
    "child-never-phone-only": Break("R14", leave_out("adds")),
    "lone-teen-never-phone-only": Break("R15", leave_out("adds")),
    "team-never-meets-weapon": Break("R09", route("CRT")),
    "team-never-meets-violence": Break("R10", route("CRT")),
    "team-never-alone-into-the-unknown": Break("R11", route("CRT")),
    "team-never-instead-of-ems": Break("R02", route("CRT")),
    "staged-team-has-a-clinician": Break("R11", leave_out("adds")),
    "intent-never-waits": Break("R12", route("CCD")),
    "unknown-is-level-3": Break("R11", level(2)),
    "plan-or-intent-is-level-3": Break("R13", level(1)),
    "unknown-still-gets-heart": Break("R11", leave_out("later_adds")),
    "health-worry-sends-ems": Break("R18", leave_out("later_adds")),
    "lost-line-never-phone-only": Break("R23", leave_out("later_adds")),
    "riskier-medical-never-lowers": Break("R02", level(1)),
    "riskier-harm-now-never-lowers": Break("R03", level(1)),
    "riskier-weapon-never-lowers": Break("R04", level(2)),
    "riskier-violence-never-lowers": Break("R10", level(2)),
    "riskier-crime-never-lowers": Break("R06", level(1)),
    "riskier-violence-target-never-lowers": Break("R10", instead("when", "y", "n")),
    "riskier-hazard-never-lowers": Break("R07", level(1)),
    "riskier-violence-flag-never-lowers": Break("R10", level(1)),
    "riskier-si-never-lowers": Break("R12", level(2)),
    "riskier-age-never-lowers": Break("R14", instead("when", "child", "adult")),
    "riskier-guardian-never-lowers": Break("R15", instead("when", "n", "y")),
    "riskier-health-worry-never-lowers": Break("R18", instead("level", "y", "n")),
    "riskier-contact-never-lowers": Break("L03", level(1)),
    "riskier-line-never-lowers": Break("R23", instead("when", "lost", "ok")),
    "riskier-clarified-never-lowers": Break("R11", lower_once_it_is_clarified),
    "minors-switch-sends-co-response": Break("L01", route("CCD")),
    "indoor-switch-keeps-the-team-outside": Break("L03", leave_out("later_adds")),
    "care-plan-never-outvotes-safety": Break("R10", adds_a_clinician_if("plan_on_file", "y")),
    "language-never-changes-the-response": Break("R10", adds_a_clinician_if("interpreter", "y")),
    "violent-natures-send-police": Break("R05", leave_alternative_out(1)),
    "threat-nature-sends-co-response": Break("R10", leave_alternative_out(3)),
    "team-never-meets-a-violent-nature": Break("R05", route("CRT")),
    "team-never-meets-a-crime": Break("R06", route("CRT")),
    "team-never-goes-to-a-deadly-place": Break("R07", route("CRT")),
}
