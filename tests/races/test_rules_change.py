"""A version comes into force while calls are being triaged: each decision names one version."""

from functools import partial
from typing import Any

import pytest

from tests.builders import NO_DANGER, Given
from tests.races.threads import at_once, refusals, winners
from triage import rule_set_actions as rule_sets
from triage.actions import receive_call
from triage.models import Decision, RuleSet
from triage.queries import decided_again
from triage.states import RuleSetStatus

pytestmark = pytest.mark.django_db(transaction=True)
CALLS, AT_A_TIME = 50, 10


def test_every_call_has_one_version_and_is_decided_again_by_it(given: Given) -> None:
    shadow = given.rule_set(RuleSetStatus.SHADOW)
    take = partial(
        receive_call,
        fields={"nature": "TRESPASS"},
        answers=NO_DANGER,
        source="api",
        by=given.people.rosa.actor("api"),
    )
    change = partial(
        rule_sets.activate, rule_set_id=shadow.pk, by=given.people.maya.actor("admin")
    )

    results: list[Any] = []
    for turn in range(CALLS // AT_A_TIME):
        everybody: list[Any] = [take] * AT_A_TIME
        results += at_once(*everybody, *([change] if turn == 1 else []))

    assert refusals(results) == []
    decisions = Decision.objects.select_related("call__assessment")
    assert len(decisions) == CALLS
    assert {d.rule_set_id for d in decisions} == set(RuleSet.objects.values_list("pk", flat=True))
    for decision in decisions:
        assert decision.rule_set_id == decision.call.assessment.rule_set_id
        assert decided_again(decision) == decision.said


def test_two_people_activate_and_it_happens_once(given: Given) -> None:
    shadow = given.rule_set(RuleSetStatus.SHADOW)

    results = at_once(
        *(
            partial(rule_sets.activate, rule_set_id=shadow.pk, by=person.actor("admin"))
            for person in (given.people.sam, given.people.maya)
        )
    )

    assert len(winners(results)) == 1
    assert RuleSet.objects.filter(status=RuleSetStatus.ACTIVE).count() == 1


def test_two_people_return_and_edit_at_once_and_one_version_is_in_force(given: Given) -> None:
    before = given.rule_set(RuleSetStatus.RETIRED)
    draft = given.rule_set()
    edit = partial(
        rule_sets.save_draft,
        rule_set_id=draft.pk,
        revision=0,
        edit=lambda files: files,
        what="title",
    )

    results = at_once(
        partial(rule_sets.roll_back, rule_set_id=before.pk, by=given.people.sam.actor("admin")),
        partial(edit, by=given.people.sam.actor("admin")),
        partial(edit, by=given.people.maya.actor("admin")),
    )

    assert len(winners(results)) == 2
    draft.refresh_from_db()
    assert draft.revision == 1
    assert RuleSet.objects.get(status=RuleSetStatus.ACTIVE) == before
