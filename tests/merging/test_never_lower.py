"""Whatever two calls answered, the call that stays is at least as protected as either was."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from dispatch.merging import merge
from tests.builders import Given, decision_of
from triage.models import PROTECTION, Route
from triage.queries import Protocol

pytestmark = pytest.mark.django_db
NATURES = st.sampled_from(["TRESPASS", "SUITHREAT", "OVERDOSE", "EMOTDIST", "PANIC", "PERDOWN"])


def test_merged_call_is_never_less_protected(given: Given, protocol: Protocol) -> None:
    questions = {
        q.key: list(q.values) for q in protocol.questions if q.values and q.kind != "automatic"
    }
    answers = st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values) for key, values in questions.items()}
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @examples(NATURES, answers, NATURES, answers)
    def holds(
        nature: str, told: dict[str, str], into_nature: str, into_told: dict[str, str]
    ) -> None:
        with transaction.atomic():
            call, into = given.call(nature, told), given.call(into_nature, into_told)
            before = [decision_of(each) for each in (call, into)]
            done = merge(call_id=call.pk, into_id=into.pk, by=given.people.dev.actor("console"))
            transaction.set_rollback(True)
        made = done.decision
        assert made is not None
        assert made.level >= max(each.level for each in before)
        assert PROTECTION[Route(made.route)] >= max(PROTECTION[Route(b.route)] for b in before)
        for each in before:
            assert set(each.added) <= {*made.units, "DISPATCHER"}

    holds()
