"""The twenty scenarios of the handbook, with the answers that matter written out.

Where the table is one part of the story only, the comment says which part of the console does the
rest: the fallback chain (13, 14), closing and consent (17), units in the field (18, 20).
"""

import pytest

from tests.rules.default_table import decide, told

NO_DANGER = {
    "in_area": "y",
    "medical": "none",
    "harm_now": "no",
    "weapon": "none",
    "violence": "none",
    "crime": "none",
    "hazard": "none",
    "si": "none",
}


def test_1_man_asleep_in_a_doorway_gets_the_team():
    sleeping = decide(
        "TRESPASS", caller="third_absent", weapon="none", violence="none", si="none", bh="y"
    )

    assert told(sleeping) == ("R20", "CRT", set(), 2)


def test_2_woman_who_thinks_of_dying_and_wants_to_talk_gets_a_clinician():
    call = decide("EMOTDIST", caller="self", si="thoughts", contact="willing")

    assert told(call) == ("R16", "CCD", set(), 2)


def test_3_rifle_in_the_closet_and_intent_gets_co_response_and_not_the_team():
    call = decide("SUITHREAT", caller="with_person", weapon="accessible", si="intent")

    assert told(call) == ("R08", "COR", {"CCD"}, 3)


def test_4_machete_picked_up_during_the_call_turns_it_to_police():
    shouting = decide("VERBDIST", weapon="none", violence="none")
    armed = decide("VERBDIST", weapon="in_hand", violence="none")

    assert told(shouting) == ("R20", "CRT", set(), 2)
    assert told(armed) == ("R04", "POLICE", {"COR", "EMS", "CCD"}, 4)


@pytest.mark.parametrize("nature", ["OVERDOSE", "SUIATTEMPT", "SUITHREAT"])
def test_5_swallowed_pills_are_ems_first_with_co_response_and_a_clinician(nature):
    call = decide(nature, medical="serious", harm_now="yes")

    assert told(call) == ("R02", "EMS", {"CCD", "COR"}, 4)


def test_6_man_with_blue_lips_gets_ems():
    assert told(decide("PERDOWN", medical="serious")) == ("R02", "EMS", {"CCD"}, 4)


def test_7_drunk_patron_gets_the_team_until_he_cannot_be_woken():
    assert told(decide("INTOX", medical="none")) == ("R20", "CRT", set(), 2)
    assert told(decide("INTOX", medical="minor")) == ("R19", "CRT", set(), 2)
    assert told(decide("INTOX", medical="serious")) == ("R02", "EMS", {"CCD"}, 4)


def test_8_aunt_whose_silence_is_explained_gets_an_unhurried_visit():
    call = decide("WELFELDER", caller="third_absent", age="older", health_worry="n")

    assert told(call) == ("R20", "CRT", set(), 2)


def test_9_boy_of_nine_is_not_served_by_phone_only():
    throwing = decide("JUVBEH", caller="agency", age="child", violence="none", weapon="none")
    striking = decide("JUVBEH", caller="agency", age="child", violence="physical_now")

    assert told(throwing) == ("R14", "CCD", {"CRT"}, 2)
    assert told(striking) == ("R05", "POLICE", {"COR", "CCD"}, 4)


def test_10_man_on_a_bridge_rail_gets_everybody():
    call = decide("SUITHREAT", hazard="height", si="intent")

    assert told(call) == ("R07", "POLICE", {"FIRE", "EMS", "COR", "CCD"}, 4)


def test_11_driver_who_wants_to_crash_gets_everybody():
    call = decide("SUITHREAT", caller="self", hazard="driving")

    assert told(call) == ("R07", "POLICE", {"FIRE", "EMS", "COR", "CCD"}, 4)


@pytest.mark.parametrize("contact", [{}, {"contact": "willing"}])
def test_12_familiar_caller_with_a_plan_is_called_first_and_visited_if_asked(contact):
    call = decide("PSYCHOSIS", **NO_DANGER, plan_on_file="y", violence_flag="n", **contact)

    assert told(call) == ("R20", "CCD", {"CRT"}, 2)


def test_13_panic_at_night_is_for_a_clinician_and_the_fallback_chain_gives_988():
    call = decide("PANIC", caller="self", medical="none", si="none", contact="willing")

    assert told(call) == ("R21", "CCD", set(), 1)


def test_14_trespass_is_eligible_even_when_every_team_is_busy():
    assert told(decide("TRESPASS", **NO_DANGER)) == ("R20", "CRT", set(), 2)


def test_15_caller_over_the_county_line_is_transferred():
    assert told(decide("EMOTDIST", in_area="n")) == ("R00", "PSAP", set(), 1)
    assert told(decide("EMOTDIST", in_area="n", contact="willing")) == ("R00", "988", set(), 1)


def test_16_line_dies_with_weapon_unknown_and_co_response_goes_without_waiting():
    whispering = decide("SUITHREAT", si="unknown", weapon="unknown")
    dead = decide("SUITHREAT", si="unknown", weapon="unknown", line="lost")

    assert told(whispering) == ("R11", "CCD", set(), 3)
    assert told(dead) == ("R11", "COR", {"CCD"}, 3)


def test_16_line_dies_with_nothing_known_and_the_team_looks_in():
    assert told(decide("HANGUP", line="lost")) == ("R23", "CRT", set(), 2)


def test_17_refusing_follow_up_does_not_touch_the_route():
    assert told(decide("MHCRISIS", **NO_DANGER)) == ("R20", "CRT", set(), 2)


def test_18_officer_finds_a_suicidal_child_and_the_team_comes():
    call = decide("OFFREQ", caller="agency", age="child", weapon="none", violence="none")

    assert told(call) == ("R14", "CCD", {"CRT"}, 2)


def test_19_only_a_verified_flag_changes_the_route():
    assert told(decide("TRESPASS", **NO_DANGER)) == ("R20", "CRT", set(), 2)
    assert told(decide("TRESPASS", **NO_DANGER, violence_flag="n")) == ("R20", "CRT", set(), 2)
    assert told(decide("TRESPASS", **NO_DANGER, violence_flag="y")) == ("R10", "COR", set(), 3)


def test_20_neighbor_becomes_threatening_and_the_answers_ask_for_police():
    """The backup button sends police by itself; this is what triage says when answers follow."""
    threatening = {**NO_DANGER, "violence": "verbal", "violence_target": "y"}
    attacking = {**NO_DANGER, "violence": "physical_now"}

    assert told(decide("NEIGHDISP", **threatening)) == ("R10", "COR", set(), 3)
    assert told(decide("NEIGHDISP", **attacking)) == ("R05", "POLICE", {"COR"}, 4)
